#include "retrain/stats/distributions.h"

#include <cmath>
#include <limits>
#include <numbers>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "retrain/base/result.h"

namespace retrain::stats {
namespace {

// Doubles all through: series would else be summed in long doubles, at twice the time, and fail where those are no
// longer than doubles.
using InDoubles = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
using ChiSquare = boost::math::chi_squared_distribution<double, InDoubles>;
using NoncentralChiSquare = boost::math::non_central_chi_squared_distribution<double, InDoubles>;
using Student = boost::math::students_t_distribution<double, InDoubles>;
using Binomial = boost::math::binomial_distribution<double, InDoubles>;

}  // namespace

double NormalCdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

double NormalQuantile(double p) {
  RETRAIN_ALWAYS(p >= 0 && p <= 1);
  if (p == 0 || p == 1) return (p == 0 ? -1 : 1) * std::numeric_limits<double>::infinity();
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * p, InDoubles());
}

double ChiSquareUpperTail(double x, double degrees) {
  RETRAIN_ALWAYS(degrees > 0 && x >= 0);
  return boost::math::gamma_q(degrees / 2, x / 2, InDoubles());
}

double StudentCdf(double t, double degrees) {
  RETRAIN_ALWAYS(degrees > 0);
  return boost::math::cdf(Student(degrees), t);
}

double StudentQuantile(double p, double degrees) {
  RETRAIN_ALWAYS(degrees > 0 && p > 0 && p < 1);
  return boost::math::quantile(Student(degrees), p);
}

double NoncentralChiSquareCdf(double x, double degrees, double noncentrality) {
  RETRAIN_ALWAYS(x >= 0 && degrees > 0 && noncentrality >= 0);
  if (noncentrality == 0) return boost::math::cdf(ChiSquare(degrees), x);
  return boost::math::cdf(NoncentralChiSquare(degrees, noncentrality), x);
}

double NoncentralChiSquareUpperTail(double x, double degrees, double noncentrality) {
  RETRAIN_ALWAYS(x >= 0 && degrees > 0 && noncentrality >= 0);
  if (noncentrality == 0) return boost::math::cdf(complement(ChiSquare(degrees), x));
  return boost::math::cdf(complement(NoncentralChiSquare(degrees, noncentrality), x));
}

double BinomialPmf(std::int64_t k, std::int64_t n, double p) {
  RETRAIN_ALWAYS(n >= 0 && p >= 0 && p <= 1);
  if (k < 0 || k > n) return 0;
  return boost::math::pdf(Binomial(static_cast<double>(n), p), static_cast<double>(k));
}

double BinomialCdf(std::int64_t k, std::int64_t n, double p) {
  RETRAIN_ALWAYS(n >= 0 && p >= 0 && p <= 1);
  if (k < 0) return 0;
  if (k >= n) return 1;
  return boost::math::cdf(Binomial(static_cast<double>(n), p), static_cast<double>(k));
}

}  // namespace retrain::stats
