#pragma once

#include <deque>
#include <vector>

#include "retrain/base/random.h"
#include "retrain/drift/streams/detector.h"

namespace retrain::drift::streams {

// The Kolmogorov-Smirnov distance of two samples that change by one value at a time (dos Reis, Flach, Matwin and
// Batista 2016): a treap of the values, each with the difference of the two counts up to it. O(log n) a change, O(1)
// for the distance.
class IncrementalKs {
 public:
  enum class Side { kFirst, kSecond };
  void Insert(Side side, double value);
  void Remove(Side side, double value);  // REQUIRES: the value was inserted on that side

  // D, when both samples have `size` values. REQUIRES: size > 0.
  double Distance(std::int64_t size) const;

 private:
  using Index = std::int32_t;
  static constexpr Index kNone = -1;
  struct Node {
    double value = 0;
    std::uint64_t priority = 0;
    std::int64_t copies = 0;      // on both sides
    std::int64_t difference = 0;  // of the counts of values up to this one, first less second
    std::int64_t pending = 0;     // to be added to the differences of both subtrees
    std::int64_t highest = 0;     // difference in the subtree
    std::int64_t lowest = 0;
    Index left = kNone;
    Index right = kNone;
  };

  void Change(double value, std::int64_t copies, std::int64_t difference);
  Index NewNode(double value, std::int64_t difference);
  void AddTo(Index index, std::int64_t difference);
  void Push(Index index);
  void Pull(Index index);
  Index Join(Index low, Index high);
  void Split(Index root, double value, bool keep_equal, Index& low, Index& high);  // values < or <= `value`, the rest

  std::vector<Node> nodes_;
  std::vector<Index> free_;
  Index root_ = kNone;
  Rng priorities_{DeriveSeed(0, "priorities of the treap")};  // no stream of values is drawn from it
};

// The newest `window` values against the first `window` ones. Tests with each value; `alpha` is the level of one test.
class IncrementalKsDetector final : public Detector {
 public:
  struct Settings {
    double alpha = 0.001;
    std::int64_t window = 200;
  };
  explicit IncrementalKsDetector(const Settings& settings);

 private:
  Outcome Step(double value) override;
  void Restart() override { *this = IncrementalKsDetector(settings_); }

  Settings settings_;
  double critical_;  // the smallest distance that alarms
  IncrementalKs distance_;
  std::int64_t reference_ = 0;
  std::deque<double> newest_;
};

}  // namespace retrain::drift::streams
