// Whether the champion has become worse, on rows with labels or by an estimate without them.
#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/duration.h"
#include "retrain/base/text.h"
#include "retrain/decide/conditions.h"

namespace retrain::decide {
namespace {

std::vector<std::pair<std::string, double>> NumbersOf(const PerformanceDrop& drop, const TriggerOptions& trigger,
                                                      Instant now) {
  std::vector<std::pair<std::string, double>> numbers = {{"baseline", drop.baseline},
                                                         {"now", drop.now},
                                                         {"drop", drop.drop},
                                                         {"drop_lower", drop.lower},
                                                         {"confidence", drop.confidence},
                                                         {"threshold", trigger.threshold},
                                                         {"baseline_rows", static_cast<double>(drop.baseline_rows)},
                                                         {"min_labelled", static_cast<double>(trigger.min_labelled)}};
  if (const auto& estimated = drop.estimated) {
    numbers.emplace_back("rows", static_cast<double>(drop.rows));
    numbers.emplace_back("sampling_error", estimated->sampling_error);
    numbers.emplace_back("model_error", estimated->model_error);
    numbers.emplace_back("unlike_share", estimated->unlike_share);
  } else {
    numbers.emplace_back("labelled_rows", static_cast<double>(drop.rows));
    numbers.emplace_back("label_age_seconds", static_cast<double>((now - drop.newest).count()) / 1000);
  }
  return numbers;
}

// Why these rows tell nothing yet; empty because: they do.
struct Silence {
  std::string because;
  std::string waits_for;
};

Silence SilenceOf(const PerformanceDrop& drop, const TriggerOptions& trigger, Instant now) {
  if (drop.rows < trigger.min_labelled) {
    const std::string kind = drop.estimated ? "" : " with a label";
    const auto missing = trigger.min_labelled - drop.rows;
    return {fmt::format("{}{}, {} short of min_labelled ({})", Counted(drop.rows, "new row"), kind, Grouped(missing),
                        Grouped(trigger.min_labelled)),
            fmt::format("{} more{}", Counted(missing, "row"), kind)};
  }
  if (drop.estimated && !drop.estimated->unlike.empty()) {
    return {fmt::format("{} cannot be estimated without labels: {:.1f} % of {} are in {} unlike all that the champion "
                        "was judged on",
                        trigger.metric, 100 * drop.estimated->unlike_share, Counted(drop.rows, "row"),
                        drop.estimated->unlike),
            "labels, or rows like those that the champion was judged on"};
  }
  if (trigger.max_label_delay.count() > 0 && now - drop.newest > trigger.max_label_delay) {
    return {fmt::format("the newest labels came {}, longer ago than max_label_delay ({})", TimeText(drop.newest),
                        DurationText(trigger.max_label_delay)),
            "newer labels"};
  }
  return {};
}

// How many rows are predicted a day, as far as those tell that have arrived since the champion was made.
double RowsPerDay(const TriggerSnapshot& seen) {
  const std::chrono::duration<double, std::chrono::days::period> since = seen.now - seen.champion_since;
  return static_cast<double>(seen.pending.rows) / std::max(1.0, since.count());
}

// Holds a drop that would fire against the value rule.
void HoldAgainstCost(const TriggerOptions& trigger, const TriggerSnapshot& seen, double drop, Condition& condition) {
  const auto forecast = seen.costs.find(trigger.strategy.empty() ? seen.strategy : trigger.strategy);
  if (forecast == seen.costs.end() || forecast->second.runs == 0) {
    condition.because += "; what a training costs is not known yet";
    return;
  }
  const double rows = trigger.value.rows_per_day > 0 ? trigger.value.rows_per_day : RowsPerDay(seen);
  const auto worth = Weigh(trigger.value, drop, rows, forecast->second);
  condition.because += "; " + worth.because;
  condition.numbers.insert(condition.numbers.end(), worth.numbers.begin(), worth.numbers.end());
  if (!condition.met || worth.pays) return;
  condition.met = false;
  condition.clear = true;
  condition.waits_for = "a drop, or so many rows, that retraining is worth its cost";
}

}  // namespace

Condition PerformanceDropped(const TriggerOptions& trigger, const TriggerSnapshot& seen, const Measured& measured) {
  if (!measured.drop) return CannotTell(measured.why_not);
  const auto& drop = *measured.drop;
  Condition condition{.value = fmt::format("{:.4f}", drop.drop), .threshold = fmt::format("{:g}", trigger.threshold)};
  condition.numbers = NumbersOf(drop, trigger, seen.now);
  if (const auto silence = SilenceOf(drop, trigger, seen.now); !silence.because.empty()) {
    condition.because = silence.because;
    condition.waits_for = silence.waits_for;
    return condition;
  }
  const bool reaches = drop.drop >= trigger.threshold;
  condition.met = reaches && drop.lower > 0;
  condition.clear = !reaches;
  const std::string kind = drop.estimated ? "row" : "labelled row";
  const std::string certain = drop.lower > 0 ? fmt::format("at least {:.4f} of it certain", drop.lower)
                                             : fmt::format("which may be nothing (lower bound {:.4f})", drop.lower);
  condition.because = fmt::format("{} fell by {:.4f} from {:.4f} to {:.4f} on {}, {}", trigger.metric, drop.drop,
                                  drop.baseline, drop.now, Counted(drop.rows, kind), certain);
  if (drop.drop <= 0) {
    condition.because = fmt::format("{} has not fallen: {:.4f} then, {:.4f} on {}", trigger.metric, drop.baseline,
                                    drop.now, Counted(drop.rows, kind));
  }
  if (drop.estimated) condition.because += ", estimated without labels";
  condition.waits_for = reaches ? fmt::format("more {}s: they do not yet exclude that nothing fell", kind)
                                : fmt::format("a drop of {:g} in {}", trigger.threshold, trigger.metric);
  if (trigger.value.is_on() && drop.drop > 0) HoldAgainstCost(trigger, seen, drop.drop, condition);
  return condition;
}

}  // namespace retrain::decide
