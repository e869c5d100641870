#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "retrain/eval/comparison.h"

namespace retrain::eval {

// How often each class was said, was true, and was both. Weighted rows count by their weight. The set of classes is
// the contract's, whether or not all of them occur.
struct Confusion {
  struct Counts {
    double hits = 0;
    double predicted = 0;
    double actual = 0;
  };
  std::vector<Counts> classes;
  double total = 0;

  explicit Confusion(std::size_t count) : classes(count) {}
  void Clear() {
    std::fill(classes.begin(), classes.end(), Counts{});
    total = 0;
  }
  void Add(std::int32_t actual, std::int32_t predicted, double weight) {
    classes[actual].actual += weight;
    classes[predicted].predicted += weight;
    if (actual == predicted) classes[actual].hits += weight;
    total += weight;
  }
};

// Accuracy, precision, recall and F1 out of counts. Without a suffix, two classes mean the second one and more mean
// the plain mean over the classes. A ratio 0/0 counts as `when_undefined`, as scikit-learn's zero_division does; the
// result is `undefined` when no class has a ratio. F1 is 2 hits/(predicted + actual): 0, and defined, for a model that
// never says the positive class although there are positive rows.
MetricValue CountMetric(Metric metric, const Confusion& seen, double when_undefined = 0);

// By how much a row moves CountMetric, times the number of rows (its influence): a function of what the row is and
// what it was taken for. The weighted mean over the rows that were counted is 0.
class CountInfluence {
 public:
  CountInfluence(Metric metric, const Confusion& seen);
  double At(std::int32_t actual, std::int32_t predicted) const;

 private:
  double OfClass(std::int32_t one, bool actual, bool predicted) const;

  struct Slope {
    double ratio = 0;
    double weight = 0;  // of the class in the average
    double scale = 0;   // 1 / mean of the denominator; 0: the ratio has no value
  };
  Metric metric_;
  std::vector<Slope> slopes_;
  double average_ = 0;
};

}  // namespace retrain::eval
