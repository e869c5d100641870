#include "retrain/stats/binomial_sampler.h"

#include <cmath>

namespace retrain::stats {
namespace {

constexpr double kFewSuccesses = 10;  // mean below which inversion is the faster way

// Walks up the probabilities from 0. Here p <= 1/2 and n p < kFewSuccesses.
std::int64_t DrawByInversion(Rng& rng, std::int64_t n, double p) {
  const double odds = p / (1 - p);
  const double scale = odds * static_cast<double>(n + 1);
  const double none = std::exp(static_cast<double>(n) * std::log1p(-p));
  for (;;) {
    double left = rng.Uniform();
    double probability = none;
    for (std::int64_t k = 0; k <= n; ++k) {
      if (left < probability) return k;
      left -= probability;
      probability *= scale / static_cast<double>(k + 1) - odds;
      if (k > 200) break;  // beyond every double: the rounding of the sum was drawn; draw again
    }
  }
}

// ln k! - (Stirling's approximation at k), for k = 0, 1, …
double StirlingRemainder(double k) {
  static constexpr double kSmall[] = {
      0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509,  0.01664469118982119,
      0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.008330563433362871};
  if (k < 10) return kSmall[static_cast<int>(k)];
  const double next = k + 1;
  const double square = next * next;
  return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / next;
}

// Rejection from a transformed uniform. Here p <= 1/2 and n p >= kFewSuccesses.
std::int64_t DrawByRejection(Rng& rng, std::int64_t trials, double p) {
  const auto n = static_cast<double>(trials);
  const double spread = std::sqrt(n * p * (1 - p));
  const double b = 1.15 + 2.53 * spread;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double centre = n * p + 0.5;
  const double quick = 0.92 - 4.2 / b;
  for (;;) {
    const double u = rng.Uniform() - 0.5;
    double v = rng.Uniform();
    const double edge = 0.5 - std::fabs(u);
    const double k = std::floor((2 * a / edge + b) * u + centre);
    if (edge >= 0.07 && v <= quick) return static_cast<std::int64_t>(k);
    if (!(k >= 0 && k <= n)) continue;
    const double mode = std::floor((n + 1) * p);
    const double odds = p / (1 - p);
    v = std::log(v * (2.83 + 5.1 / b) * spread / (a / (edge * edge) + b));
    const double bound = (mode + 0.5) * std::log((mode + 1) / (odds * (n - mode + 1))) +
                         (n + 1) * std::log((n - mode + 1) / (n - k + 1)) +
                         (k + 0.5) * std::log(odds * (n - k + 1) / (k + 1)) + StirlingRemainder(mode) +
                         StirlingRemainder(n - mode) - StirlingRemainder(k) - StirlingRemainder(n - k);
    if (v <= bound) return static_cast<std::int64_t>(k);
  }
}

}  // namespace

std::int64_t DrawBinomial(Rng& rng, std::int64_t n, double p) {
  if (n == 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - DrawBinomial(rng, n, 1 - p);
  return static_cast<double>(n) * p < kFewSuccesses ? DrawByInversion(rng, n, p) : DrawByRejection(rng, n, p);
}

}  // namespace retrain::stats
