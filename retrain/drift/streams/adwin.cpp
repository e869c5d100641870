#include "retrain/drift/streams/adwin.h"

#include <cmath>

namespace retrain::drift::streams {
namespace {

// What joining n values and m others, of these means, adds to their sums of squares (Chan, Golub and LeVeque 1979).
double Between(double n, double mean, double m, double other_mean) {
  return n * m * (mean - other_mean) * (mean - other_mean) / (n + m);
}

double SizeOf(std::size_t row) { return std::ldexp(1.0, static_cast<int>(row)); }

}  // namespace

Outcome Adwin::Step(double value) {
  Insert(value);
  ++ticks_;
  if (ticks_ % options_.clock != 0 || width_ <= options_.grace_period) return {};
  bool drift = false;
  while (CutOnce()) drift = true;
  return {.drift = drift};
}

void Adwin::Restart() { *this = Adwin(options_); }

void Adwin::Insert(double value) {
  rows_.front().push_back({.total = value});
  ++width_;
  if (width_ > 1) {
    const auto before = static_cast<double>(width_ - 1);
    variance_ += Between(before, total_ / before, 1, value);
  }
  total_ += value;
  Compress();
}

void Adwin::Compress() {
  for (std::size_t r = 0; r < rows_.size() && std::ssize(rows_[r]) > options_.max_buckets; ++r) {
    if (r + 1 == rows_.size()) rows_.emplace_back();
    const double n = SizeOf(r);
    const Bucket older = rows_[r][0];
    const Bucket newer = rows_[r][1];
    rows_[r + 1].push_back(
        {.total = older.total + newer.total,
         .variance = older.variance + newer.variance + Between(n, older.total / n, n, newer.total / n)});
    rows_[r].erase(rows_[r].begin(), rows_[r].begin() + 2);
  }
}

void Adwin::DropOldest() {
  const double n = SizeOf(rows_.size() - 1);
  const Bucket oldest = rows_.back().front();
  width_ -= static_cast<std::int64_t>(n);
  total_ -= oldest.total;
  const auto left = static_cast<double>(width_);
  variance_ -= oldest.variance + Between(n, oldest.total / n, left, total_ / left);
  rows_.back().pop_front();
  while (rows_.size() > 1 && rows_.back().empty()) rows_.pop_back();
}

bool Adwin::CutOnce() {
  const std::size_t skipped = options_.skips_last_bucket ? 1 : 0;
  double older = 0;
  double older_total = 0;
  for (std::size_t r = rows_.size(); r-- > 0;) {
    for (std::size_t b = 0; b + skipped < rows_[r].size(); ++b) {
      older += SizeOf(r);
      older_total += rows_[r][b].total;
      const double newer = static_cast<double>(width_) - older;
      if (newer <= 0) return false;
      const double difference = older_total / older - (total_ - older_total) / newer;
      if (!Parts(static_cast<std::int64_t>(older), static_cast<std::int64_t>(newer), difference)) continue;
      DropOldest();
      return true;
    }
  }
  return false;
}

bool Adwin::Parts(std::int64_t older, std::int64_t newer, double difference) const {
  const std::int64_t least = options_.min_window_length;
  if (older < least || newer < least) return false;
  const double level = std::log(2 * std::log(static_cast<double>(width_)) / options_.delta);
  const double inverse = 1 / static_cast<double>(older - least + 1) + 1 / static_cast<double>(newer - least + 1);
  const double variance = variance_ / static_cast<double>(width_);
  return std::fabs(difference) > std::sqrt(2 * inverse * variance * level) + 2.0 / 3 * level * inverse;
}

}  // namespace retrain::drift::streams
