#include "retrain/stats/divergences.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "retrain/base/result.h"

namespace retrain::stats {
namespace {

template <class Term>
double SumOver(std::span<const double> p, std::span<const double> q, Term term) {
  RETRAIN_ALWAYS(p.size() == q.size());
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) sum += term(p[i], q[i]);
  return sum;
}

double Total(std::span<const double> shares) {
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  RETRAIN_ALWAYS(total > 0);
  return total;
}

double RelativeEntropy(double p, double q) {
  if (p == 0) return 0;
  if (q == 0) return std::numeric_limits<double>::infinity();
  const double ratio = p / q;
  return p * (ratio > 0.5 && ratio < 2 ? std::log1p((p - q) / q) : std::log(ratio));
}

}  // namespace

double PopulationStability(std::span<const double> p, std::span<const double> q) {
  return SumOver(p, q, [](double a, double b) { return a == b ? 0 : (a - b) * std::log(a / b); });
}

double KullbackLeibler(std::span<const double> p, std::span<const double> q) {
  const double of_p = Total(p);
  const double of_q = Total(q);
  return SumOver(p, q, [&](double a, double b) { return RelativeEntropy(a / of_p, b / of_q); });
}

double JensenShannonDistance(std::span<const double> p, std::span<const double> q, LogBase base) {
  const double of_p = Total(p);
  const double of_q = Total(q);
  const auto middle = [&](double a, double b) { return (a / of_p + b / of_q) / 2; };
  const double first = SumOver(p, q, [&](double a, double b) { return RelativeEntropy(a / of_p, middle(a, b)); });
  const double second = SumOver(p, q, [&](double a, double b) { return RelativeEntropy(b / of_q, middle(a, b)); });
  const double unit = base == LogBase::kBits ? std::numbers::ln2 : 1;
  return std::sqrt(std::max(0.0, (first + second) / unit / 2));
}

double HellingerDistance(std::span<const double> p, std::span<const double> q) {
  return std::sqrt(SumOver(p, q,
                           [](double a, double b) {
                             const double gap = std::sqrt(a) - std::sqrt(b);
                             return gap * gap;
                           }) /
                   2);
}

double TotalVariation(std::span<const double> p, std::span<const double> q) {
  return SumOver(p, q, [](double a, double b) { return std::fabs(a - b); }) / 2;
}

double LargestDifference(std::span<const double> p, std::span<const double> q) {
  RETRAIN_ALWAYS(p.size() == q.size());
  double largest = 0;
  for (std::size_t i = 0; i < p.size(); ++i) largest = std::max(largest, std::fabs(p[i] - q[i]));
  return largest;
}

}  // namespace retrain::stats
