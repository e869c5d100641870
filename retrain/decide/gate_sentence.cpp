#include "retrain/decide/gate_sentence.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/stats/distributions.h"

namespace retrain::decide {
namespace {

using eval::Comparison;
using eval::Metric;

bool IsShare(Metric metric) { return metric <= Metric::kRocAuc; }

// Prints the numbers of one metric alike: in percent points or in its own units.
class Figures {
 public:
  Figures(Metric metric, std::vector<double> told) : share_(IsShare(metric)) {
    told.push_back(0);
    for (double& value : told) value *= share_ ? 100 : 1;
    double largest = 0;
    for (const double value : told) largest = std::max(largest, std::fabs(value));
    decimals_ = share_ || largest == 0 ? 1 : std::clamp(1 - static_cast<int>(std::floor(std::log10(largest))), 0, 9);
    const int most = decimals_ + 3;
    while (decimals_ < most && !AllApart(told)) ++decimals_;
  }

  std::string Size(double value) const {
    return fmt::format("{:.{}f}", std::fabs(value) * (share_ ? 100 : 1), decimals_);
  }
  std::string Signed(double value) const {
    const std::string size = Size(value);
    return size.find_first_not_of("0.") == std::string::npos ? size : (value < 0 ? "-" : "+") + size;
  }
  std::string Amount(double value) const { return Size(value) + (share_ ? " points" : ""); }

 private:
  // Different numbers look different.
  bool AllApart(const std::vector<double>& told) const {
    for (std::size_t i = 0; i < told.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const bool same = std::fabs(told[i] - told[j]) <= 1e-10 * (1 + std::fabs(told[i]));
        if (!same && fmt::format("{:.{}f}", told[i], decimals_) == fmt::format("{:.{}f}", told[j], decimals_))
          return false;
      }
    }
    return true;
  }

  bool share_;
  int decimals_ = 1;
};

Figures FiguresOf(const GateOptions& options, const Comparison& c, bool primary) {
  std::vector<double> told = {c.difference};
  if (options.evidence != Evidence::kPoint) told.insert(told.end(), {c.lower, c.upper});
  if (primary) told.push_back(options.minimum_improvement);
  return {c.metric, told};
}

// "1.3 points above champion 3", "0.0123 worse than champion 3".
std::string Standing(const Figures& figures, const Comparison& c, std::string_view versus) {
  if (c.difference == 0) return fmt::format("equal to that of {}", versus);
  const bool better = c.difference > 0;
  const char* relation =
      eval::LargerIsBetter(c.metric) ? (better ? "above" : "below") : (better ? "better than" : "worse than");
  return fmt::format("{} {} {}", figures.Amount(c.difference), relation, versus);
}

std::string Confidence(const Comparison& c) { return fmt::format("{:.4g} % confidence", 100 * c.confidence); }

// "a", "a and b", "a, b and c".
std::string Enumerate(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

// What became of the further metrics, for a promotion: ", and f1 did not get worse".
std::string Others(const GateOptions& options, const std::vector<Comparison>& comparisons, std::string_view versus) {
  std::vector<std::string> kept;
  std::vector<std::string> worse;
  for (std::size_t i = 1; i < comparisons.size(); ++i) {
    const auto& c = comparisons[i];
    if (c.undefined) continue;
    const bool regressed = options.evidence == Evidence::kPoint ? c.difference < 0 : c.upper < 0;
    if (regressed)
      worse.push_back(fmt::format("{} is {}", Name(c.metric), Standing(FiguresOf(options, c, false), c, versus)));
    if (!regressed) kept.emplace_back(Name(c.metric));
  }
  std::string text;
  if (!kept.empty()) text += fmt::format(", and {} did not get worse", Enumerate(kept));
  if (!worse.empty()) text += fmt::format(", although {}", Enumerate(worse));
  return text;
}

// Two significant digits, upwards: 4,200.
std::int64_t RoundedUp(double rows) {
  const double unit = std::pow(10.0, std::max(0.0, std::floor(std::log10(rows)) - 1));
  return static_cast<std::int64_t>(std::ceil(rows / unit) * unit);
}

std::string TooLittle(const GateOptions& options, const Comparison& c, std::string_view versus) {
  const Figures figures = FiguresOf(options, c, true);
  const std::string standing = fmt::format("{} of the candidate is {}", Name(c.metric), Standing(figures, c, versus));
  if (IsShare(c.metric) && c.lower <= -1 && c.upper >= 1) return fmt::format("{}: {}", standing, c.note);
  std::string text = fmt::format("{} (at least {} and at most {}, each at {})", standing, figures.Signed(c.lower),
                                 figures.Signed(c.upper), Confidence(c));
  const double minimum = options.minimum_improvement;
  const bool about_minimum = minimum > 0 && (options.evidence == Evidence::kStrict || c.difference < minimum);
  text += about_minimum ? fmt::format(", too little evidence for or against the {} asked for", figures.Size(minimum))
                        : ", too little evidence that it is better";
  const double rows = RowsToDecide(options, c);
  const auto judged = static_cast<double>(c.rows);
  if (rows > 1000 * judged) return text + fmt::format(": more than {} rows would be needed", Grouped(1000 * c.rows));
  if (rows > judged) {
    text += fmt::format(": about {} rows would decide, {} were judged", Grouped(RoundedUp(rows)), Grouped(c.rows));
  }
  return text;
}

std::string Proven(const GateOptions& options, const std::vector<Comparison>& comparisons, std::string_view versus) {
  const Comparison& c = comparisons.front();
  const Figures figures = FiguresOf(options, c, true);
  std::string proof = options.evidence == Evidence::kPoint
                          ? "a bare estimate"
                          : fmt::format("at least {} at {}", figures.Signed(c.lower), Confidence(c));
  if (options.minimum_improvement > 0)
    proof += fmt::format(", {} asked for", figures.Size(options.minimum_improvement));
  return fmt::format("{} of the candidate is {} ({}){}", Name(c.metric), Standing(figures, c, versus), proof,
                     Others(options, comparisons, versus));
}

std::string Refused(const Finding& finding, const GateOptions& options, const std::vector<Comparison>& comparisons,
                    std::string_view versus) {
  const Comparison& c = comparisons[finding.about];
  const bool primary = finding.about == 0;
  const Figures figures = FiguresOf(options, c, primary);
  std::string text = fmt::format("{} of the candidate is {} ({})", Name(c.metric), Standing(figures, c, versus),
                                 options.evidence == Evidence::kPoint
                                     ? "a bare estimate"
                                     : fmt::format("at most {} at {}", figures.Signed(c.upper), Confidence(c)));
  if (finding.ground == Ground::kBelowMinimum) {
    text += fmt::format(", less than the {} asked for", figures.Size(options.minimum_improvement));
  }
  const Comparison& first = comparisons.front();
  if (!primary && !first.undefined && first.difference > 0) {
    text += fmt::format(", although {} is {}", Name(first.metric),
                        Standing(FiguresOf(options, first, true), first, versus));
  }
  return text;
}

// "accuracy of the candidate is 2.1 points below champion 3 in `carrier = UA` (at most -0.4 at 95 % confidence)".
std::string InSlice(const GateOptions& options, const SliceComparison& slice, std::string_view versus) {
  const Comparison& c = slice.comparison;
  const std::string where =
      slice.kind == SliceKind::kAnchor ? fmt::format("on {}", slice.name) : fmt::format("in `{}`", slice.name);
  if (slice.outcome == SliceOutcome::kInsufficient) {
    return c.undefined ? fmt::format("{} {} cannot be judged: {}", Name(c.metric), where, c.note)
                       : fmt::format("{} has {} of the {} rows that a slice takes (min_slice_rows)", where.substr(3),
                                     Grouped(c.rows), Grouped(options.min_slice_rows));
  }
  const Figures figures(c.metric, {c.difference, c.lower, c.upper, slice.tolerance.value_or(0)});
  const bool worse = slice.outcome == SliceOutcome::kWorse;
  std::string text =
      fmt::format("{} of the candidate is {} {} ({} {} at {}", Name(c.metric), Standing(figures, c, versus), where,
                  worse ? "at most" : "at least", figures.Signed(worse ? c.upper : c.lower), Confidence(c));
  if (worse && c.confidence > options.confidence + 1e-9)
    text += fmt::format(", {:g} % for all slices together", 100 * options.confidence);
  const double tolerance = slice.tolerance.value_or(0);
  if (tolerance > 0) text += fmt::format("; a loss of {} is accepted", figures.Size(tolerance));
  return text + ")";
}

std::string AboutSlice(const Finding& finding, const GateOptions& options, const std::vector<Comparison>& comparisons,
                       const std::vector<SliceComparison>& slices, std::string_view versus) {
  std::string text = InSlice(options, slices[finding.about], versus);
  if (finding.ground == Ground::kSliceUnproven) return "a critical slice is not shown to hold: " + text;
  const Comparison& first = comparisons.front();
  if (first.undefined || first.difference <= 0) return text;
  return fmt::format("{}, although on all rows it is {}", text,
                     Standing(FiguresOf(options, first, true), first, versus));
}

}  // namespace

double RowsToDecide(const GateOptions& options, const Comparison& primary) {
  if (!primary.note.empty() || primary.undefined) return 0;
  const double z = stats::NormalQuantile(primary.confidence);
  const double minimum = options.minimum_improvement;
  const double boundary = options.evidence == Evidence::kStrict || primary.difference < minimum ? minimum : 0;
  const double gap = std::fabs(primary.difference - boundary);
  const double error = (primary.upper - primary.lower) / (2 * z);
  if (gap <= 1e-12 || error <= 0) return 0;
  const double ratio = (z + stats::NormalQuantile(0.8)) * error / gap;
  return static_cast<double>(primary.rows) * ratio * ratio;
}

std::string Sentence(const Finding& finding, const GateOptions& options, const GateEvidence& evidence,
                     std::string_view versus) {
  const auto& [comparisons, slices, again] = evidence;
  if (finding.ground >= Ground::kSliceWorse) return AboutSlice(finding, options, comparisons, slices, versus);
  const Comparison& c = comparisons[finding.about];
  switch (finding.ground) {
    case Ground::kProven: return Proven(options, comparisons, versus);
    case Ground::kWorse:
    case Ground::kBelowMinimum: return Refused(finding, options, comparisons, versus);
    case Ground::kNoValue:
      return fmt::format("{} cannot be judged on these {} rows: {}", Name(c.metric), Grouped(c.rows), c.note);
    case Ground::kReused:
      return fmt::format(
          "{}, but these rows have judged or will judge others: at the {} that is left for this verdict it "
          "is at least {}",
          Proven(options, {c}, versus), Confidence(*again),
          Figures(c.metric, {c.lower, again->lower}).Signed(again->lower));
    default: break;
  }
  return TooLittle(options, comparisons.front(), versus);
}

}  // namespace retrain::decide
