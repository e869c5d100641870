#include "retrain/pipeline/trigger_fields.h"

#include <fmt/format.h>

#include "retrain/base/time_zone.h"
#include "retrain/decide/cron.h"

namespace retrain::pipeline {
namespace {

using decide::TriggerOptions;
using Triggers = std::vector<TriggerOptions>;

const std::vector<std::string> kParts = {"scheduled", "drift_detected", "performance_drop", "new_data"};
const std::vector<std::string> kTypes = {"manual",   "scheduled", "drift_detected", "performance_drop",
                                         "new_data", "any_of",    "all_of"};

void DescribeScheduled(Fields& fields, TriggerOptions& trigger) {
  fields.Parsed({.name = "cron", .doc = "five fields: minute hour day month weekday", .required = true}, trigger.cron,
                [&](const std::string& text) -> Status {
                  TRY_OK(decide::Cron::Parse(text));
                  trigger.cron = text;
                  return Ok();
                });
  fields.Parsed({.name = "time_zone", .doc = "IANA name, as Europe/Berlin"}, trigger.time_zone,
                [&](const std::string& text) -> Status {
                  TRY_OK(TimeZone::Find(text));
                  trigger.time_zone = text;
                  return Ok();
                });
  fields.Choice({.name = "missed", .doc = "times at which nothing looked: none runs, one for all, or each"},
                {"skip", "once", "all"}, std::string(Name(trigger.missed)), [&](const std::string& name) {
                  if (auto missed = decide::MissedFromName(name); missed.ok()) trigger.missed = *missed;
                });
  fields.Duration({.name = "grace", .doc = "how late a time still counts as met"}, trigger.grace);
  fields.Duration({.name = "jitter", .doc = "most that a run starts later than planned, so that not all start at once"},
                  trigger.jitter);
}

void DescribeDrift(Fields& fields, TriggerOptions& trigger) {
  fields.Number({.name = "threshold", .doc = "smallest PSI that matters", .least = 0, .most = 100}, trigger.threshold);
  fields.Texts({.name = "columns", .doc = "that are compared; left out: all features"}, trigger.columns);
  fields.Number({.name = "share", .doc = "of the columns that must drift; 0: one is enough", .least = 0, .most = 1},
                trigger.share);
  fields.Text({.name = "method", .doc = "how drift is told: default, domain_classifier, or PEER/TEST of another tool"},
              trigger.method);
  fields.Parsed({.name = "windows", .doc = "how many of the last ones must drift"}, decide::ToText(trigger.windows),
                [&](const std::string& text) -> Status {
                  const auto windows = decide::ParseWindows(text);
                  if (!windows) {
                    return Error{.code = "E0102",
                                 .message = fmt::format("`windows` is `{}`, it must be as `2 of 3`", text)};
                  }
                  trigger.windows = *windows;
                  return Ok();
                });
}

void DescribeValue(Fields& fields, decide::ValueRule& value) {
  fields.Number({.name = "loss_per_row",
                 .doc = "what one unit of the metric costs on one row, in your currency; 0: what a drop costs is not "
                        "weighed",
                 .least = 0},
                value.loss_per_row);
  fields.Number({.name = "cost_per_hour", .doc = "of training, in that currency", .least = 0}, value.cost_per_hour);
  fields.Number({.name = "cost_per_run", .doc = "of each training besides: labels, review", .least = 0},
                value.cost_per_run);
  fields.Number({.name = "rows_per_day", .doc = "that are predicted; 0: as many as have arrived a day", .least = 0},
                value.rows_per_day);
  fields.Duration({.name = "horizon", .doc = "how long a new champion helps", .least = 1}, value.horizon);
}

void DescribePerformance(Fields& fields, TriggerOptions& trigger) {
  fields.Choice({.name = "metric", .doc = "watched metric", .required = true}, MetricNames(), trigger.metric,
                [&](const std::string& name) { trigger.metric = name; });
  fields.Number({.name = "threshold", .doc = "smallest drop that matters, in units of the metric", .least = 0},
                trigger.threshold);
  fields.OptionalNumber(
      {.name = "baseline", .doc = "what it is held against; left out: the champion's on its validation rows"},
      trigger.baseline);
  fields.Integer({.name = "min_labelled", .doc = "rows with a label (estimated: rows) before it speaks", .least = 2},
                 trigger.min_labelled);
  fields.Duration({.name = "max_label_delay", .doc = "labels that came longer ago say nothing; 0: any age"},
                  trigger.max_label_delay);
  fields.Section({.name = "value", .doc = "fire only when that saves more than the training costs"},
                 [&](Fields& inner) { DescribeValue(inner, trigger.value); });
  fields.Flag({.name = "estimated", .doc = "from the champion's scores, without labels"}, trigger.estimated);
}

void DescribeNewData(Fields& fields, TriggerOptions& trigger) {
  fields.Integer(
      {.name = "min_new_samples", .doc = "rows that no run has tried; 1000 when no other key is given", .least = 0},
      trigger.min_new_samples);
  fields.Integer({.name = "min_bytes", .doc = "bytes of such files; 0: do not count", .least = 0}, trigger.min_bytes);
  fields.Duration({.name = "max_age", .doc = "of the oldest such row; 0: any age"}, trigger.max_age);
  const bool counts = trigger.min_new_samples > 0 || trigger.min_bytes > 0 || trigger.max_age.count() > 0;
  if (!counts) trigger.min_new_samples = 1000;
}

// A list of triggers under `key`. `add` and the bodies work on one list.
void DescribeList(Fields& fields, const Key& key, const std::vector<std::string>& types, Triggers& list,
                  const std::function<void(Fields&, const std::string&, TriggerOptions&)>& describe) {
  std::vector<std::string> current;
  for (const auto& trigger : list) current.push_back(trigger.type);
  fields.Variants(
      key, types, current,
      [&](std::size_t index, const std::string& type) {
        list.resize(std::max(list.size(), index + 1));
        list[index] = decide::DefaultTrigger(type);
      },
      [&](std::size_t index, const std::string& type, Fields& inner) {
        TriggerOptions unused = decide::DefaultTrigger(type);
        describe(inner, type, index < list.size() ? list[index] : unused);
      });
}

void DescribePart(Fields& fields, const std::string& type, TriggerOptions& trigger) {
  fields.Text({.name = "name", .doc = "in runs and in the journal; left out: its type"}, trigger.name);
  if (type == "scheduled") DescribeScheduled(fields, trigger);
  if (type == "drift_detected") DescribeDrift(fields, trigger);
  if (type == "performance_drop") DescribePerformance(fields, trigger);
  if (type == "new_data") DescribeNewData(fields, trigger);
}

void DescribeTrigger(Fields& fields, const std::string& type, TriggerOptions& trigger) {
  DescribePart(fields, type, trigger);
  if (type == "manual") return;
  if (type == "any_of" || type == "all_of")
    DescribeList(fields, {.name = "of", .doc = "the triggers that it is made of", .required = true}, kParts, trigger.of,
                 DescribePart);
  fields.Duration({.name = "cooldown", .doc = "how long it rests after it fired"}, trigger.cooldown);
  fields.Flag({.name = "hysteresis", .doc = "having fired, it must have been clear before it fires again"},
              trigger.hysteresis);
  fields.Choice({.name = "strategy", .doc = "of the run it starts; left out: the config's"},
                {"incremental", "full", "transfer"}, trigger.strategy,
                [&](const std::string& name) { trigger.strategy = name; });
}

void DescribeLimits(Fields& fields, decide::TriggerLimits& limits) {
  fields.Integer({.name = "max_runs_per_day", .doc = "in 24 hours, by triggers; 0: no limit", .least = 0},
                 limits.max_runs_per_day);
  fields.Integer({.name = "max_training_seconds_per_day", .doc = "in 24 hours; 0: no limit", .least = 0},
                 limits.max_training_seconds_per_day);
  fields.Choice({.name = "overlap", .doc = "what a trigger does that fires while a run is under way"},
                {"queue", "skip", "replace"}, std::string(Name(limits.overlap)), [&](const std::string& name) {
                  if (auto overlap = decide::OverlapFromName(name); overlap.ok()) limits.overlap = *overlap;
                });
  fields.Duration({.name = "max_model_age", .doc = "an older champion is a reason to retrain; 0: none is too old"},
                  limits.max_model_age);
}

}  // namespace

std::vector<std::string> MetricNames() {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(eval::Metric::kR2); ++i) names.emplace_back(Name(static_cast<eval::Metric>(i)));
  return names;
}

void DescribeTriggers(Fields& fields, Config& config) {
  DescribeList(fields, {.name = "triggers", .doc = "what may start a run besides a person"}, kTypes, config.triggers,
               DescribeTrigger);
  fields.Section({.name = "limits", .doc = "of all triggers together"},
                 [&](Fields& inner) { DescribeLimits(inner, config.limits); });
}

}  // namespace retrain::pipeline
