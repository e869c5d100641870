#pragma once

#include <cstdint>
#include <span>

#include "retrain/data/row_hash.h"

namespace retrain::data {

// Rows of one table that stand in another too, by their hashes: first all of the one, then the other as it streams by.
// Knows how many of them chance explains, from how often the streamed rows repeat among themselves (on a sample of at
// most a million distinct ones). Not safe from many threads.
class Repeats {
 public:
  void SeeValidation(std::span<const std::uint64_t> rows);

  // True: this row stands in validation and was not met before.
  bool SeeTraining(std::uint64_t row);

  std::int64_t found() const { return static_cast<std::int64_t>(found_.size()); }  // distinct rows in both
  double explained() const;  // how many chance may bring: expectation and three standard deviations

 private:
  HashSet64 validation_;
  HashSet64 found_;
  HashSet64 sample_;  // of the training rows: those with no bit of mask_
  std::uint64_t mask_ = 0;
  std::int64_t validation_rows_ = 0;
  std::int64_t training_rows_ = 0;
  double repeats_ = 0;  // among the training rows
};

}  // namespace retrain::data
