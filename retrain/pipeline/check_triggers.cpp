// Triggers that contradict themselves, each other or the rest of the config.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/drift/domain_classifier.h"
#include "retrain/drift/method.h"
#include "retrain/pipeline/predictions.h"
#include "retrain/pipeline/trigger_fields.h"
#include "retrain/pipeline/unlabelled.h"

namespace retrain::pipeline {
namespace {

using decide::TriggerOptions;

void CheckEstimated(const TriggerOptions& trigger, const std::string& key, const Config& config,
                    std::vector<Error>& found) {
  const auto known = EstimableMetrics(config.data.task);
  if (std::find(known.begin(), known.end(), trigger.metric) == known.end()) {
    found.push_back({.code = "E0105",
                     .message = fmt::format("{} cannot be estimated without labels", trigger.metric),
                     .where = {.key = key + ".metric"},
                     .hint = "those that can: " + ListNames(known) + "; or leave `estimated` out"});
  }
  if (config.data.weight) {
    found.push_back(
        {.code = "E0105",
         .message = "rows weigh differently (data_config.weight), which no estimate without labels knows of",
         .where = {.key = key + ".estimated"},
         .hint = "leave `estimated` out; the trigger then waits for rows with labels"});
  }
  if (trigger.max_label_delay.count() > 0) {
    found.push_back({.code = "E0105",
                     .message = "max_label_delay says how old labels may be, and `estimated` looks at none",
                     .where = {.key = key + ".max_label_delay"},
                     .hint = "leave one of the two out"});
  }
}

// A loss a row has a meaning only for metrics that are means over rows.
void CheckValue(const TriggerOptions& trigger, const std::string& key, std::vector<Error>& found) {
  const std::vector<std::string> known = {"accuracy", "log_loss", "brier", "mae"};
  const auto& value = trigger.value;
  const std::string_view lost = value.cost_per_hour > 0  ? "cost_per_hour"
                                : value.cost_per_run > 0 ? "cost_per_run"
                                : value.rows_per_day > 0 ? "rows_per_day"
                                                         : "";
  if (!value.is_on() && !lost.empty()) {
    found.push_back({.code = "E0105",
                     .message = fmt::format("`{}` weighs nothing without `loss_per_row`", lost),
                     .where = {.key = key + ".value.loss_per_row"},
                     .hint = "write what one unit of the metric costs on one row"});
  }
  if (value.is_on() && std::find(known.begin(), known.end(), trigger.metric) == known.end()) {
    found.push_back(
        {.code = "E0105",
         .message = fmt::format("{} is no mean over rows, so that a row has no share in its loss", trigger.metric),
         .where = {.key = key + ".value"},
         .hint = "those that are: " + ListNames(known)});
  }
}

void CheckPerformance(const TriggerOptions& trigger, const std::string& key, const Config& config,
                      std::vector<Error>& found) {
  const auto metric = eval::MetricFromName(trigger.metric);
  if (config.data.task && metric.ok() && !eval::Fits(*metric, *config.data.task)) {
    found.push_back({.code = "E0105",
                     .message = fmt::format("a {} task has no metric `{}` that could drop",
                                            data::Name(*config.data.task), trigger.metric),
                     .where = {.key = key + ".metric"}});
  }
  CheckValue(trigger, key, found);
  if (trigger.estimated) CheckEstimated(trigger, key, config, found);
}

// That the method exists and can call rows drifted.
void CheckMethod(const TriggerOptions& trigger, const std::string& key, std::vector<Error>& found) {
  const auto& method = trigger.method;
  if (method == drift::kDefaultMethod) return;
  auto known = drift::CheckMethod(method);
  if (!known.ok()) {
    auto error = std::move(known).error();
    error.where.key = key + ".method";
    found.push_back(std::move(error));
    return;
  }
  const auto refuse = [&](std::string message, std::string hint, const char* at) {
    found.push_back(
        {.code = "E0105", .message = std::move(message), .where = {.key = key + at}, .hint = std::move(hint)});
  };
  if (method == drift::kFullMethod)
    refuse("method `full` decides as `default` does and only tells more", "leave the method out", ".method");
  if (!drift::NamesThreshold(method))
    refuse(fmt::format("`{}` names no threshold, so it would never fire", method), "take a test with a p-value",
           ".method");
  if (method == drift::kDomainClassifier && trigger.share > 0)
    refuse("domain_classifier looks at all columns together: there is no `share` of them", "leave it out", ".share");
  if (std::ranges::find(trigger.columns, kPrediction) != trigger.columns.end())
    refuse(fmt::format("`{}` looks at columns of the data, and predictions are none", method),
           "watch them by the default method, in a trigger of their own", ".columns");
}

void CheckColumns(const TriggerOptions& trigger, const std::string& key, const Config& config,
                  std::vector<Error>& found) {
  const auto& features = config.data.features;
  for (const auto& column : trigger.columns) {
    const bool known = features.empty() || column == kPrediction ||
                       std::find(features.begin(), features.end(), column) != features.end();
    const auto& excluded = config.data.exclude;
    const bool left_out = std::find(excluded.begin(), excluded.end(), column) != excluded.end();
    if (known && !left_out) continue;
    const auto near = NearName(column, features);
    found.push_back({.code = "E0105",
                     .message = fmt::format("drift is watched in column `{}`, which data_config {}", column,
                                            left_out ? "excludes" : "does not list among its features"),
                     .where = {.key = key + ".columns"},
                     .hint = near.empty() ? "" : fmt::format("did you mean `{}`?", near)});
  }
}

void CheckTrigger(const TriggerOptions& trigger, const std::string& key, const Config& config,
                  std::vector<Error>& found) {
  if (trigger.type == "performance_drop") CheckPerformance(trigger, key, config, found);
  if (trigger.type == "drift_detected") {
    CheckMethod(trigger, key, found);
    CheckColumns(trigger, key, config, found);
  }
  const bool composed = trigger.type == "any_of" || trigger.type == "all_of";
  if (composed && trigger.of.empty()) {
    found.push_back({.code = "E0105",
                     .message = fmt::format("{} of no triggers never fires", trigger.type),
                     .where = {.key = key + ".of"}});
  }
  for (std::size_t i = 0; i < trigger.of.size(); ++i)
    CheckTrigger(trigger.of[i], fmt::format("{}.of[{}]", key, i), config, found);
}

void CheckNames(const std::vector<TriggerOptions>& triggers, const std::string& key, std::vector<Error>& found) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < triggers.size(); ++i) {
    const auto& name = triggers[i].name;
    const auto where = fmt::format("{}[{}]", key, i);
    if (name == "max_model_age" || name.find('/') != std::string::npos) {
      found.push_back({.code = "E0102",
                       .message = fmt::format("a trigger cannot be named `{}`", name),
                       .where = {.key = where + ".name"},
                       .hint = "take a name without `/`, other than max_model_age"});
    } else if (!name.empty() && !names.insert(name).second) {
      found.push_back({.code = "E0105",
                       .message = fmt::format("two triggers are named `{}`", name),
                       .where = {.key = where + ".name"}});
    }
    CheckNames(triggers[i].of, where + ".of", found);
  }
}

}  // namespace

void CheckTriggers(const Config& config, std::vector<Error>& found) {
  CheckNames(config.triggers, "triggers", found);
  for (std::size_t i = 0; i < config.triggers.size(); ++i)
    CheckTrigger(config.triggers[i], fmt::format("triggers[{}]", i), config, found);
}

}  // namespace retrain::pipeline
