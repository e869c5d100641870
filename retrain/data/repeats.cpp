#include "retrain/data/repeats.h"

#include <cmath>

namespace retrain::data {
namespace {

constexpr std::size_t kMostSampled = 1 << 20;

}  // namespace

void Repeats::SeeValidation(std::span<const std::uint64_t> rows) {
  for (const auto row : rows) validation_.Insert(row);
  validation_rows_ += std::ssize(rows);
}

bool Repeats::SeeTraining(std::uint64_t row) {
  if (validation_rows_ == 0) return false;
  ++training_rows_;
  if ((row & mask_) == 0 && !sample_.Insert(row)) repeats_ += static_cast<double>(mask_ + 1);
  if (sample_.size() > kMostSampled) {
    mask_ = 2 * mask_ + 1;
    sample_.KeepIf(mask_, 0);
  }
  return validation_.Contains(row) && found_.Insert(row);
}

double Repeats::explained() const {
  if (training_rows_ < 2) return 0;
  const double expected =
      2 * repeats_ * static_cast<double>(validation_rows_) / static_cast<double>(training_rows_ - 1);
  return expected + 3 * std::sqrt(expected);
}

}  // namespace retrain::data
