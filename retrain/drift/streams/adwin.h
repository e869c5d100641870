#pragma once

#include <deque>
#include <vector>

#include "retrain/drift/streams/detector.h"

namespace retrain::drift::streams {

struct AdwinOptions {
  double delta = 0.002;  // chance of a false cut, as the method states it
  std::int64_t clock = 32;
  std::int64_t max_buckets = 5;
  std::int64_t min_window_length = 5;  // of either side of a cut
  std::int64_t grace_period = 10;
  bool skips_last_bucket = false;  // of each row, as river 0.21 did
};

// ADWIN2 (Bifet and Gavaldà 2007): a window of the last values, as long as no cut splits it into parts with different
// means; kept as buckets of 1, 2, 4 … values, so that memory and time grow with the logarithm of its length.
class Adwin final : public Detector {
 public:
  explicit Adwin(const AdwinOptions& options) : options_(options) {}

  std::int64_t width() const { return width_; }
  double mean() const { return width_ == 0 ? 0 : total_ / static_cast<double>(width_); }

 private:
  struct Bucket {
    double total = 0;
    double variance = 0;  // times the number of its values
  };
  using Row = std::deque<Bucket>;  // oldest first; row r has buckets of 2^r values

  Outcome Step(double value) override;
  void Restart() override;

  void Insert(double value);
  void Compress();
  void DropOldest();
  bool CutOnce();  // drops the oldest bucket when some cut parts the window
  bool Parts(std::int64_t older, std::int64_t newer, double difference) const;

  AdwinOptions options_;
  std::vector<Row> rows_ = {Row()};
  std::int64_t width_ = 0;
  std::int64_t ticks_ = 0;
  double total_ = 0;
  double variance_ = 0;  // times width
};

}  // namespace retrain::drift::streams
