#pragma once

#include <span>

#include "retrain/data/files.h"

namespace retrain::data {

struct SplitOptions {
  double stopping_fraction = 0.15;           // of all rows
  double recent_fraction = 0.10;             // of all rows; 0 when validation rows come from elsewhere
  std::int64_t most_stopping_rows = 50'000;  // more do not make the stopping loss any surer, only slower

  bool operator==(const SplitOptions&) const = default;
};

// A slice cut in time, older to newer: `training` learns, `stopping` says when to stop, `recent` judges.
struct Split {
  std::vector<FileRange> training;
  std::vector<FileRange> stopping;
  std::vector<FileRange> recent;

  bool operator==(const Split&) const = default;
};

struct FileRows {
  std::string path;
  std::int64_t rows = 0;

  bool operator==(const FileRows&) const = default;
};

// Cuts at rows, never at random: the order is that of the files, then of the rows in each. The newest
// recent_fraction of all rows is recent, the stopping_fraction before them stopping, the rest training; each share is
// rounded to the nearest row and is at least one row when its fraction is above 0. E0214 when no row is left to train.
Result<Split> SplitByTime(std::span<const FileRows> files, const SplitOptions& options = {});

std::int64_t CountRows(std::span<const FileRange> ranges);  // REQUIRES: every end is set

}  // namespace retrain::data
