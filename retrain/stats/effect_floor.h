#pragma once

#include <cstdint>
#include <optional>
#include <span>

// Are two laws further apart than matters? The distance is the population stability index over cells,
// PSI = sum (q - p) ln(q / p) (Jeffreys 1946), in nats: 0 for equal laws.
namespace retrain::stats {

// A chi-square-like measure T of how far two samples are apart, with what is known of it when their laws are equal. At
// a true effect e, T - mean + variance / 2 is about noncentral chi-square with variance / 2 degrees of freedom and
// noncentrality e · rows (Patnaik 1949 for the law; matched to the two moments here).
struct Discrepancy {
  double value = 0;     // T
  double mean = 0;      // of T when the laws are equal
  double variance = 0;  // the same; 0: the samples say nothing about the effect
  double rows = 0;      // n m / (n + m) of samples with n and m rows: what an effect of 1 adds to the mean

  bool operator==(const Discrepancy&) const = default;
};

// Over cells that are all well filled (5 rows expected in each): T = rows · PSI of the counts, half a row added to each
// (the prior of Jeffreys), mean = cells - 1, variance = 2 (cells - 1). REQUIRES: as many counts here as there; some
// rows on either side.
Discrepancy OfStability(std::span<const std::int64_t> reference, std::span<const std::int64_t> current);
double StabilityIndex(std::span<const std::int64_t> reference, std::span<const std::int64_t> current);

// Over cells that may be nearly empty: T = Pearson's chi-square of homogeneity, with its exact mean and variance over
// all tables with the same margins (Haldane 1940, in the form of Dawson 1954). Cells with one row add no variance: they
// say nothing. `variance` is 0 when one side is empty. REQUIRES: no cell without a row.
Discrepancy OfSparseCells(std::span<const std::int64_t> reference, std::span<const std::int64_t> current);

// Of "the effect is at most `floor`": the interval null, under which harmless shifts raise no alarm however many rows
// there are. With floor 0 the usual test of equality. REQUIRES: variance > 0; floor >= 0.
double FloorPValue(const Discrepancy& seen, double floor);

// value: the estimate without the part that chance adds, at least 0. lower, upper: one-sided bounds at `confidence`
// each, so both together are an interval of 2 · confidence - 1. The upper one is taken relative to how often equal laws
// would give so small a T (Read 2002, "CLs"): a T that is smaller than it should be is luck, no proof of equality.
// REQUIRES: variance > 0; 0.5 < confidence < 1.
struct EffectBounds {
  double value = 0;
  double lower = 0;
  double upper = 0;

  bool operator==(const EffectBounds&) const = default;
};
EffectBounds BoundsOf(const Discrepancy& seen, double confidence);

// When all rows of both samples lie in one cell: the estimate is 0, and `upper` is the index that a second cell would
// have whose share of either sample is as large as `confidence` allows, 1 - (1 - confidence)^(1/rows) ("rule of three",
// Hanley and Lippman-Hand 1983), while the other sample has half a row of it.
EffectBounds BoundsOfOneCell(std::int64_t reference_rows, std::int64_t current_rows, double confidence);

// `rows` (as above) with which an effect like the one seen would be told from `floor`, on whichever side it lies, with
// a chance of `power`. Empty when it equals the floor, or below it when the floor is 0. Normal approximation.
std::optional<double> RowsToTell(const Discrepancy& seen, double floor, double confidence, double power);

// Two-sided p-value of "both shares are equal" for few events: twice the smaller tail of the hypergeometric law (Fisher
// 1935), at most 1. Time grows with the smallest of the four margins.
double ExactSharesPValue(std::int64_t events_reference, std::int64_t rows_reference, std::int64_t events_current,
                         std::int64_t rows_current);

}  // namespace retrain::stats
