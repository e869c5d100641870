#pragma once

#include <set>
#include <string>
#include <vector>

#include "retrain/data/frame.h"

namespace retrain::pipeline {

// What the columns of a reference hold, and how many rows lie outside of it: beyond the least or largest number, with a
// level that it does not have, or null where it has no null.
class ColumnRanges final {
 public:
  explicit ColumnRanges(std::vector<data::Field> columns) : columns_(std::move(columns)), seen_(columns_.size()) {}

  // REQUIRES of both: the frame has the columns.
  void Learn(const data::Frame& reference);
  void Count(const data::Frame& rows);

  struct Outside {
    std::string column;
    double share = 0;  // of the rows counted
  };
  Outside Worst() const;  // of all columns

 private:
  struct Seen {
    double least = 0, largest = 0;
    bool has_numbers = false, has_nulls = false;
    std::set<std::string, std::less<>> levels;
    std::int64_t outside = 0;
  };
  static bool IsOutside(const Seen& seen, const data::Column& column, std::int64_t row);

  std::vector<data::Field> columns_;
  std::vector<Seen> seen_;
  std::int64_t rows_ = 0;
};

}  // namespace retrain::pipeline
