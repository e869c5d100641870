#include "retrain/decide/conditions.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "retrain/base/duration.h"
#include "retrain/base/random.h"
#include "retrain/base/text.h"
#include "retrain/decide/cron.h"

namespace retrain::decide {
namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

double Seconds(std::chrono::milliseconds length) { return static_cast<double>(length.count()) / 1000; }

template <class Range, class Text>
std::string Joined(const Range& range, std::string_view between, Text text) {
  std::string all;
  for (const auto& item : range) all += (all.empty() ? "" : std::string(between)) + text(item);
  return all;
}

Condition AnyOrAll(const TriggerOptions& trigger, const std::string& name, const TriggerSnapshot& seen,
                   const TriggerStates& states) {
  const bool all = trigger.type == "all_of";
  const auto names = NameTriggers(trigger.of);
  std::vector<Condition> parts;
  for (std::size_t i = 0; i < trigger.of.size(); ++i) {
    auto part = trigger.of[i];
    part.strategy = trigger.strategy;
    parts.push_back(ConditionOf(part, fmt::format("{}/{}", name, names[i]), seen, states));
  }
  const auto met = std::count_if(parts.begin(), parts.end(), [](const auto& part) { return part.met; });
  const auto clear = std::count_if(parts.begin(), parts.end(), [](const auto& part) { return part.clear; });
  const auto count = static_cast<std::ptrdiff_t>(parts.size());
  Condition whole{.met = all ? met == count : met > 0, .clear = all ? clear > 0 : clear == count};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto& part = parts[i];
    whole.is_time |= part.is_time && (all || part.met);
    whole.is_edge |= part.is_edge && (all || part.met);
    if (!all && whole.met && !part.met) continue;
    whole.because += fmt::format("{}{}: {}",
                                 whole.because.empty() ? ""
                                 : all                 ? "; and "
                                                       : "; ",
                                 names[i], part.because);
    if (!part.met) whole.waits_for += fmt::format("{}{}", whole.waits_for.empty() ? "" : "; ", part.waits_for);
    if (part.looks_again && (!whole.looks_again || *part.looks_again < *whole.looks_again))
      whole.looks_again = part.looks_again;
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (const auto& [number, value] : parts[i].numbers) whole.numbers.emplace_back(names[i] + "." + number, value);
    whole.dealt_with.merge(parts[i].dealt_with);
  }
  whole.value = fmt::format("{} of {}", met, count);
  whole.threshold = all ? "all" : "any";
  return whole;
}

}  // namespace

std::string TimeText(Instant at) { return retrain::ToText(at).substr(0, 16).replace(10, 1, " ") + " UTC"; }

TriggerState StateOf(const TriggerStates& states, const std::string& name, Instant now) {
  const auto found = states.find(name);
  return found == states.end() ? TriggerState{.name = name, .since = now} : found->second;
}

Condition Scheduled(const TriggerOptions& trigger, const TriggerSnapshot& seen, const TriggerState& state) {
  const auto cron = Cron::Parse(trigger.cron);
  const auto zone = TimeZone::Find(trigger.time_zone);
  RETRAIN_ALWAYS(cron.ok() && zone.ok());
  const auto seed = DeriveSeed(seen.seed, state.name);
  const auto starts = [&](Instant planned) { return planned + JitterOf(seed, planned, trigger.jitter); };
  const Instant from = state.planned_until.value_or(state.since);
  auto due = DueBetween(*cron, *zone, from, seen.now);
  if (due.last && starts(*due.last) > seen.now) {  // its jitter holds it back
    due = DueBetween(*cron, *zone, from, *due.last - seconds(1));
  }
  Condition condition{.is_time = true, .is_edge = true, .threshold = trigger.cron};
  condition.numbers = {{"planned_times_due", static_cast<double>(due.count)}};
  const auto next = cron->NextAfter(*zone, due.last.value_or(from));
  if (next) condition.looks_again = starts(*next);
  condition.value = condition.looks_again ? TimeText(*condition.looks_again) : "-";
  condition.because =
      condition.looks_again ? fmt::format("next at {}", TimeText(*condition.looks_again)) : "never again";
  condition.waits_for = condition.because;
  if (due.count == 0) {
    condition.clear = true;
    return condition;
  }
  const Instant answered = trigger.missed == Missed::kAll ? *due.first : *due.last;
  const auto late = seen.now - starts(answered);
  const bool missed = late > trigger.grace;
  condition.numbers.emplace_back("late_seconds", Seconds(late));
  condition.met = !missed || trigger.missed != Missed::kSkip;
  auto after = state;
  after.planned_until = answered;
  condition.dealt_with.emplace(state.name, std::move(after));
  const auto others = due.count - 1;
  std::string how = "on time";
  if (missed) how = condition.met ? "missed then and caught up" : "missed, and missed times are skipped";
  condition.because = fmt::format("planned for {}, {}", TimeText(answered), how);
  if (others > 0 && trigger.missed == Missed::kAll) condition.because += fmt::format("; {} more to catch up", others);
  if (others > 0 && trigger.missed == Missed::kOnce)
    condition.because += fmt::format("; {} before it missed too, one run stands for all", others);
  return condition;
}

Condition NewData(const TriggerOptions& trigger, const TriggerSnapshot& seen) {
  const auto& waiting = seen.untried;
  Condition condition{.is_edge = true};
  std::vector<std::string> short_of;
  std::vector<std::string> reached;
  const auto hold = [&](bool is_reached, std::string text) {
    (is_reached ? reached : short_of).push_back(std::move(text));
  };
  condition.numbers = {{"untried_rows", static_cast<double>(waiting.rows)},
                       {"untried_files", static_cast<double>(waiting.files)},
                       {"untried_bytes", static_cast<double>(waiting.bytes)}};
  if (trigger.min_new_samples > 0) {
    hold(waiting.rows >= trigger.min_new_samples,
         fmt::format("{} of {}", Grouped(waiting.rows), Counted(trigger.min_new_samples, "row")));
    condition.numbers.emplace_back("min_new_samples", static_cast<double>(trigger.min_new_samples));
  }
  if (trigger.min_bytes > 0) {
    hold(waiting.bytes >= trigger.min_bytes, fmt::format("{} of {}", Bytes(waiting.bytes), Bytes(trigger.min_bytes)));
    condition.numbers.emplace_back("min_bytes", static_cast<double>(trigger.min_bytes));
  }
  if (trigger.max_age.count() > 0) {
    const bool old = waiting.oldest && seen.now - *waiting.oldest >= trigger.max_age;
    hold(old, waiting.oldest ? fmt::format("the oldest row waits since {}, {} is the limit", TimeText(*waiting.oldest),
                                           DurationText(trigger.max_age))
                             : "no row waits");
    if (waiting.oldest && !old) condition.looks_again = *waiting.oldest + trigger.max_age;
    condition.numbers.emplace_back("max_age_seconds", static_cast<double>(trigger.max_age.count()));
  }
  condition.met = !reached.empty();
  condition.clear = !condition.met;
  const auto& told = condition.met ? reached : short_of;
  condition.because =
      fmt::format("{} in {} that no run has tried: {}", Counted(waiting.rows, "new row"),
                  Counted(waiting.files, "file"), Joined(told, ", ", [](const std::string& text) { return text; }));
  condition.waits_for = "more data";
  condition.value = Grouped(waiting.rows);
  condition.threshold = trigger.min_new_samples > 0 ? Grouped(trigger.min_new_samples)
                        : trigger.min_bytes > 0     ? Bytes(trigger.min_bytes)
                                                    : DurationText(trigger.max_age);
  return condition;
}

Condition ConditionOf(const TriggerOptions& trigger, const std::string& name, const TriggerSnapshot& seen,
                      const TriggerStates& states) {
  static const Measured kNothing{.why_not = "nothing was measured"};
  const auto found = seen.measured.find(name);
  const Measured& measured = found == seen.measured.end() ? kNothing : found->second;
  if (trigger.type == "scheduled") return Scheduled(trigger, seen, StateOf(states, name, seen.now));
  if (trigger.type == "drift_detected") return DriftDetected(trigger, measured);
  if (trigger.type == "performance_drop") return PerformanceDropped(trigger, seen, measured);
  if (trigger.type == "new_data") return NewData(trigger, seen);
  if (trigger.type == "any_of" || trigger.type == "all_of") return AnyOrAll(trigger, name, seen, states);
  RETRAIN_ALWAYS(trigger.type == "manual");
  return {.because = "fires when somebody asks for a run", .waits_for = "somebody who asks"};
}

}  // namespace retrain::decide
