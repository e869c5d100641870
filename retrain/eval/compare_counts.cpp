// Metrics that are functions of how often each class was true and said.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "retrain/base/random.h"
#include "retrain/eval/joint_cells.h"
#include "retrain/eval/pair.h"
#include "retrain/stats/cell_bootstrap.h"
#include "retrain/stats/influence.h"
#include "retrain/stats/tango.h"

namespace retrain::eval {
namespace {

constexpr std::int32_t kClassesTried = 32;  // as mistaken for, by the rule of three: keeps many classes affordable

struct Judgements {
  Classes actual;
  Classes champion;
  Classes candidate;
};

void CompareAccuracy(const Pair& pair, const Judgements& seen, Comparison& comparison) {
  std::vector<double> gains(seen.actual.size());
  stats::Discordance discordance{.n = pair.rows()};
  for (std::size_t row = 0; row < gains.size(); ++row) {
    const bool by_champion = seen.champion[row] == seen.actual[row];
    const bool by_candidate = seen.candidate[row] == seen.actual[row];
    discordance.wins += by_candidate && !by_champion ? 1 : 0;
    discordance.losses += by_champion && !by_candidate ? 1 : 0;
    gains[row] = static_cast<double>(by_candidate) - static_cast<double>(by_champion);
  }
  if (pair.weighted()) {
    SetMeanGain(comparison, pair, gains, 2);
  } else {
    SetInterval(comparison, stats::TangoInterval(discordance, pair.options.confidence), "tango");
  }
}

double Difference(Metric metric, const Confusion& champion, const Confusion& candidate) {
  return CountMetric(metric, candidate).value - CountMetric(metric, champion).value;
}

// By the rows' influences: for rows that weigh differently, or hardly ever look alike.
stats::Interval DeltaMethod(Metric metric, const Pair& pair, const Judgements& seen, const Confusion& champion,
                            const Confusion& candidate) {
  const CountInfluence of_champion(metric, champion);
  const CountInfluence of_candidate(metric, candidate);
  std::vector<double> influences(seen.actual.size());
  for (std::size_t row = 0; row < influences.size(); ++row) {
    const double scale = WeightOf(pair.truth, row) * static_cast<double>(pair.rows()) / champion.total;
    influences[row] = scale * (of_candidate.At(seen.actual[row], seen.candidate[row]) -
                               of_champion.At(seen.actual[row], seen.champion[row]));
  }
  return stats::InfluenceInterval(Difference(metric, champion, candidate), influences, pair.options.confidence);
}

// Where no resample tells the models apart, rows of a kind that was not seen still may: with the asked confidence
// their share is below 1 - alpha^(1/n) (the "rule of three" of Hanley and Lippman-Hand 1983). The bounds are what the
// difference would be if all of that share were the one kind of row that hurts, or helps, the candidate most.
stats::Interval RuleOfThree(Metric metric, const Pair& pair, const Confusion& champion, const Confusion& candidate) {
  double squares = 0;
  for (std::size_t row = 0; row < pair.truth.values.size(); ++row)
    squares += WeightOf(pair.truth, row) * WeightOf(pair.truth, row);
  const double effective_rows = champion.total * champion.total / squares;
  const double share = 1 - std::pow(1 - pair.options.confidence, 1 / effective_rows);
  const double weight = champion.total * share / (1 - share);

  const double seen = Difference(metric, champion, candidate);
  stats::Interval interval{.value = seen, .lower = seen, .upper = seen, .n = pair.rows()};
  const auto try_cell = [&](std::int32_t actual, std::int32_t by_champion, std::int32_t by_candidate) {
    auto more_champion = champion;
    auto more_candidate = candidate;
    more_champion.Add(actual, by_champion, weight);
    more_candidate.Add(actual, by_candidate, weight);
    const double difference = Difference(metric, more_champion, more_candidate);
    interval.lower = std::min(interval.lower, difference);
    interval.upper = std::max(interval.upper, difference);
  };
  const auto classes = static_cast<std::int32_t>(champion.classes.size());
  for (std::int32_t actual = 0; actual < classes; ++actual) {
    for (std::int32_t other = 0; other < std::min(classes, kClassesTried); ++other) {
      if (other == actual) continue;
      try_cell(actual, actual, other);
      try_cell(actual, other, actual);
      try_cell(actual, other, other);
    }
  }
  return interval;
}

void CompareRatio(const Pair& pair, const Judgements& seen, const Confusion& champion, const Confusion& candidate,
                  Comparison& comparison) {
  const Metric metric = comparison.metric;
  const std::size_t classes = pair.truth.labels.classes.size();
  const auto cells = CellsOf(seen.actual, seen.champion, seen.candidate, static_cast<std::int64_t>(classes));
  if (!pair.weighted() && std::ssize(cells.counts) * 4 <= pair.rows()) {
    CellDifference difference(metric, cells, classes);
    const auto bootstrap = stats::BootstrapCells(cells.counts, [&](auto counts) { return difference(counts); },
                                                 {.resamples = pair.options.resamples,
                                                  .confidence = pair.options.confidence,
                                                  .seed = DeriveSeed(pair.options.seed, Name(metric))});
    if (!bootstrap.degenerate) return SetInterval(comparison, bootstrap.interval, "cell bootstrap BCa");
  }
  auto interval = DeltaMethod(metric, pair, seen, champion, candidate);
  if (interval.error == 0) {
    SetInterval(comparison, RuleOfThree(metric, pair, champion, candidate), "rule of three");
    comparison.note = "no resample of the rows tells the models apart: the bounds allow for rows not seen";
    return;
  }
  interval.lower = std::max(interval.lower, -1.0);
  interval.upper = std::min(interval.upper, 1.0);
  SetInterval(comparison, interval, "delta method");
}

// Only the candidate has to have a value: a champion that never says the positive class counts as 0.
void NoteUndefined(const MetricValue& champion, const MetricValue& candidate, Comparison& comparison) {
  comparison.undefined = candidate.undefined;
  if (comparison.metric != Metric::kPrecision) {
    comparison.note = fmt::format("no row is of the positive class: there is no {}", Name(comparison.metric));
  } else if (candidate.undefined) {
    comparison.note = "the candidate never says the positive class: there is no precision";
  } else if (champion.undefined) {
    comparison.note = "the champion never says the positive class: its precision counts as 0";
  }
}

}  // namespace

Comparison CompareCounts(Metric metric, const Pair& pair) {
  const Judgements seen{.actual = ActualClasses(pair.truth),
                        .champion = PredictedClasses(pair.truth, pair.champion, pair.options.threshold),
                        .candidate = PredictedClasses(pair.truth, pair.candidate, pair.options.threshold)};
  Confusion champion(pair.truth.labels.classes.size());
  Confusion candidate(pair.truth.labels.classes.size());
  for (std::size_t row = 0; row < seen.actual.size(); ++row) {
    champion.Add(seen.actual[row], seen.champion[row], WeightOf(pair.truth, row));
    candidate.Add(seen.actual[row], seen.candidate[row], WeightOf(pair.truth, row));
  }
  const auto by_champion = CountMetric(metric, champion);
  const auto by_candidate = CountMetric(metric, candidate);
  Comparison comparison = Blank(metric, pair);
  comparison.champion = by_champion.value;
  comparison.candidate = by_candidate.value;
  if (metric == Metric::kAccuracy) {
    CompareAccuracy(pair, seen, comparison);
  } else {
    CompareRatio(pair, seen, champion, candidate, comparison);
    if (by_champion.undefined || by_candidate.undefined) NoteUndefined(by_champion, by_candidate, comparison);
  }
  return comparison;
}

}  // namespace retrain::eval
