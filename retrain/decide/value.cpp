#include "retrain/decide/value.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/duration.h"
#include "retrain/base/text.h"
#include "retrain/stats/distributions.h"

namespace retrain::decide {
namespace {

// The largest r for which the r-th smallest and the r-th largest of n values hold the median between them at 95 %: the
// number of values below the median is binomial with 1/2 (Thompson 1936). 1 when none does.
std::int64_t RankOfBounds(std::int64_t n) {
  std::int64_t rank = 1;
  while (2 * (rank + 1) <= n && stats::BinomialCdf(rank, n, 0.5) <= 0.025) ++rank;
  return rank;
}

}  // namespace

CostForecast ForecastCost(const std::vector<PastRun>& runs) {
  if (runs.empty()) return {};
  std::vector<double> seconds;
  for (const auto& run : runs) seconds.push_back(run.training_seconds);
  std::sort(seconds.begin(), seconds.end());
  const auto n = std::ssize(seconds);
  const auto rank = RankOfBounds(n);
  return {.seconds = (seconds[(n - 1) / 2] + seconds[n / 2]) / 2,
          .lower = seconds[rank - 1],
          .upper = seconds[n - rank],
          .runs = n,
          .promoted = std::count_if(runs.begin(), runs.end(), [](const PastRun& run) { return run.promoted; })};
}

Worth Weigh(const ValueRule& rule, double drop, double rows_per_day, const CostForecast& forecast) {
  RETRAIN_ALWAYS(forecast.runs > 0);
  const double days = std::chrono::duration<double, std::chrono::days::period>(rule.horizon).count();
  Worth worth;
  worth.promotion_chance = (static_cast<double>(forecast.promoted) + 1) / (static_cast<double>(forecast.runs) + 2);
  worth.saved = drop * rule.loss_per_row * rows_per_day * days * worth.promotion_chance;
  worth.cost = rule.cost_per_run + rule.cost_per_hour * forecast.upper / 3600;
  worth.pays = worth.saved > worth.cost;
  worth.because = fmt::format(
      "retraining is expected to save {:.4g} in {} ({:.4g} rows a day, promoted with a chance of {:.0f} %) and to cost "
      "at most {:.4g} ({:.3g} s of training, between {:.3g} and {:.3g} by {})",
      worth.saved, DurationText(rule.horizon), rows_per_day, 100 * worth.promotion_chance, worth.cost, forecast.seconds,
      forecast.lower, forecast.upper, Counted(forecast.runs, "past run"));
  worth.numbers = {{"expected_saving", worth.saved},
                   {"expected_cost", worth.cost},
                   {"rows_per_day", rows_per_day},
                   {"promotion_chance", worth.promotion_chance},
                   {"training_seconds", forecast.seconds},
                   {"training_seconds_lower", forecast.lower},
                   {"training_seconds_upper", forecast.upper},
                   {"past_runs", static_cast<double>(forecast.runs)}};
  return worth;
}

}  // namespace retrain::decide
