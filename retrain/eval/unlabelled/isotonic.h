#pragma once

#include <span>
#include <vector>

namespace retrain::eval {

// A rising curve through points: the closest one in squares that never falls (Ayer and others 1955, pooling adjacent
// violators), straight between its points and level beyond them, as scikit-learn's IsotonicRegression with clipping.
class IsotonicCurve {
 public:
  IsotonicCurve() = default;  // the identity

  // REQUIRES: equal lengths, not empty; x ascends, values may repeat; weights not negative, one of them above 0.
  IsotonicCurve(std::span<const double> x, std::span<const double> y, std::span<const double> weights);

  double At(double x) const;
  bool is_identity() const { return x_.empty(); }

 private:
  std::vector<double> x_;
  std::vector<double> y_;
};

}  // namespace retrain::eval
