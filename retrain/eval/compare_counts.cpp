// Metrics that are functions of how often each class was true and said.
#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/random.h"
#include "retrain/eval/joint_cells.h"
#include "retrain/eval/pair.h"
#include "retrain/stats/cell_bootstrap.h"
#include "retrain/stats/influence.h"
#include "retrain/stats/tango.h"

namespace retrain::eval {
namespace {

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
  const double difference = CountMetric(metric, candidate).value - CountMetric(metric, champion).value;
  return stats::InfluenceInterval(difference, influences, pair.options.confidence);
}

void CompareRatio(const Pair& pair, const Judgements& seen, const Confusion& champion, const Confusion& candidate,
                  Comparison& comparison) {
  const std::size_t classes = pair.truth.labels.classes.size();
  const auto cells = CellsOf(seen.actual, seen.champion, seen.candidate, static_cast<std::int64_t>(classes));
  const bool by_cells = !pair.weighted() && std::ssize(cells.counts) * 4 <= pair.rows();
  const std::string no_variance = "no resample of the rows tells the models apart, so there are no bounds";
  if (by_cells) {
    CellDifference difference(comparison.metric, cells, classes);
    const auto bootstrap = stats::BootstrapCells(cells.counts, [&](auto counts) { return difference(counts); },
                                                 {.resamples = pair.options.resamples,
                                                  .confidence = pair.options.confidence,
                                                  .seed = DeriveSeed(pair.options.seed, Name(comparison.metric))});
    if (bootstrap.degenerate) return SetNoInterval(comparison, "cell bootstrap BCa", no_variance);
    return SetInterval(comparison, bootstrap.interval, "cell bootstrap BCa");
  }
  auto interval = DeltaMethod(comparison.metric, pair, seen, champion, candidate);
  if (interval.error == 0) return SetNoInterval(comparison, "delta method", no_variance);
  interval.lower = std::max(interval.lower, -1.0);
  interval.upper = std::min(interval.upper, 1.0);
  SetInterval(comparison, interval, "delta method");
}

// "hit": only the candidate has to have a value; a champion without one counts as 0.
void NoteUndefined(const MetricValue& champion, const MetricValue& candidate, Comparison& comparison) {
  comparison.undefined = candidate.undefined;
  const auto say = [&](std::string_view whose) {
    return comparison.metric == Metric::kRecall ||
                   (champion.undefined && candidate.undefined && comparison.metric != Metric::kPrecision)
               ? std::string("no row is of the positive class")
               : fmt::format("the {} never says the positive class", whose);
  };
  if (candidate.undefined) {
    comparison.note = fmt::format("{}: there is no {}", say("candidate"), Name(comparison.metric));
  } else if (champion.undefined) {
    comparison.note = fmt::format("{}: its {} counts as 0", say("champion"), Name(comparison.metric));
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
