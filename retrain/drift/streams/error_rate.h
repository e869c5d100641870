#pragma once

#include <limits>

#include "retrain/drift/streams/detector.h"

// Detectors of a stream of errors, 1, and hits, 0.
namespace retrain::drift::streams {

// A mean, updated.
struct RunningMean {
  std::int64_t n = 0;
  double mean = 0;

  void Add(double value) {
    ++n;
    mean += (value - mean) / static_cast<double>(n);
  }
};

// Gama, Medas, Castillo and Rodrigues (2004): the error rate p and its deviation s against the point where p + s was
// smallest.
class Ddm final : public Detector {
 public:
  struct Settings {
    std::int64_t warm_start = 30;
    double warning_threshold = 2;  // deviations
    double drift_threshold = 3;
  };
  explicit Ddm(const Settings& settings) : settings_(settings) {}

 private:
  Outcome Step(double value) override;
  void Restart() override { *this = Ddm(settings_); }

  Settings settings_;
  RunningMean errors_;
  double least_rate_ = 0;
  double least_deviation_ = 0;
  double least_sum_ = std::numeric_limits<double>::infinity();
};

// Baena-García and others (2006): the distance between errors, mean and two deviations, against its largest.
class Eddm final : public Detector {
 public:
  struct Settings {
    std::int64_t warm_start = 30;
    double alpha = 0.95;  // of the largest: a warning below
    double beta = 0.9;    // drift
  };
  explicit Eddm(const Settings& settings) : settings_(settings) {}

 private:
  Outcome Step(double value) override;
  void Restart() override { *this = Eddm(settings_); }

  Settings settings_;
  std::int64_t n_ = 0;
  std::int64_t last_error_ = 0;
  RunningMean distances_;
  double squares_ = 0;  // of the distances from their mean, summed
  double largest_ = -1;
  bool warning_ = false;  // stands until the next error says otherwise
};

// Frías-Blanco and others (2015), A-test: two means are told apart by Hoeffding's bound.
class HddmA final : public Detector {
 public:
  struct Settings {
    double drift_confidence = 0.001;
    double warning_confidence = 0.005;
    bool two_sided = false;  // also an error rate that falls
  };
  explicit HddmA(const Settings& settings) : settings_(settings) {}

 private:
  Outcome Step(double value) override;
  void Restart() override { *this = HddmA(settings_); }
  bool Rose(double confidence) const;
  bool Fell(double confidence) const;

  Settings settings_;
  RunningMean all_;
  RunningMean lowest_;
  RunningMean highest_;
};

// The same authors' W-test: exponentially weighted means and McDiarmid's bound.
class HddmW final : public Detector {
 public:
  struct Settings {
    double drift_confidence = 0.001;
    double warning_confidence = 0.005;
    double lambda = 0.05;  // weight of the newest value
    bool two_sided = false;
  };
  explicit HddmW(const Settings& settings) : settings_(settings) {}

 private:
  struct Weighted {
    double mean = 0;
    double squared_weights = 1;
    bool any = false;

    void Add(double value, double lambda);
  };
  // Before and after the point where the bound of the mean was lowest, or highest.
  struct Cut {
    double bound;
    Weighted before = {};
    Weighted after = {};
  };
  Outcome Step(double value) override;
  void Restart() override { *this = HddmW(settings_); }
  static bool Above(const Weighted& low, const Weighted& high, double confidence);

  Settings settings_;
  Weighted all_;
  Cut lowest_{std::numeric_limits<double>::infinity()};
  Cut highest_{-std::numeric_limits<double>::infinity()};
};

}  // namespace retrain::drift::streams
