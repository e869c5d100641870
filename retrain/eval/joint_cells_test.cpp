#include "retrain/eval/joint_cells.h"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retrain/base/random.h"

namespace retrain::eval {
namespace {

constexpr Metric kOfCounts[] = {Metric::kAccuracy, Metric::kPrecision, Metric::kRecall,
                                Metric::kF1,       Metric::kF1Macro,   Metric::kF1Weighted};

RC_GTEST_PROP(JointCells, MetricsFromCellsAreMetricsFromRows, ()) {
  const auto classes = *rc::gen::inRange(2, 40);  // counted in a table below 33 classes, sorted above
  const auto rows = *rc::gen::inRange(1, 300);
  const auto any = rc::gen::container<Classes>(rows, rc::gen::inRange<std::int32_t>(0, classes));
  const Classes actual = *any;
  const Classes champion = *any;
  const Classes candidate = *any;
  const auto cells = CellsOf(actual, champion, candidate, classes);
  Confusion by_champion(classes);
  Confusion by_candidate(classes);
  for (int row = 0; row < rows; ++row) {
    by_champion.Add(actual[row], champion[row], 1);
    by_candidate.Add(actual[row], candidate[row], 1);
  }
  for (const Metric metric : kOfCounts) {
    const double from_rows = CountMetric(metric, by_candidate).value - CountMetric(metric, by_champion).value;
    RC_ASSERT(std::fabs(CellDifference(metric, cells, classes)(cells.counts) - from_rows) < 1e-12);
  }
}

// An influence is a derivative: a little more weight on a row moves the metric by weight × influence / rows.
RC_GTEST_PROP(CountInfluence, IsTheDerivativeByTheWeightOfARow, ()) {
  const auto classes = *rc::gen::inRange(2, 5);
  const auto rows = *rc::gen::inRange(5, 60);
  Rng rng(*rc::gen::arbitrary<std::uint64_t>());
  Confusion seen(classes);
  for (int row = 0; row < rows; ++row) {
    seen.Add(static_cast<std::int32_t>(rng.Below(classes)), static_cast<std::int32_t>(rng.Below(classes)),
             0.5 + rng.Uniform());
  }
  for (const Metric metric : kOfCounts) {
    const CountInfluence influence(metric, seen);
    for (std::int32_t actual = 0; actual < classes; ++actual) {
      for (std::int32_t predicted = 0; predicted < classes; ++predicted) {
        if (seen.classes[actual].actual == 0 || seen.classes[predicted].predicted == 0) continue;
        constexpr double kStep = 1e-6;
        auto more = seen;
        more.Add(actual, predicted, kStep);
        const double slope = (CountMetric(metric, more).value - CountMetric(metric, seen).value) / kStep * seen.total;
        RC_ASSERT(std::fabs(slope - influence.At(actual, predicted)) < 1e-3 * (1 + std::fabs(slope)));
      }
    }
  }
}

}  // namespace
}  // namespace retrain::eval
