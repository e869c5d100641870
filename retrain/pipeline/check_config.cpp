#include "retrain/pipeline/check_config.h"

#include <fmt/format.h>

#include "retrain/eval/slice_rule.h"
#include "retrain/pipeline/trigger_fields.h"

namespace retrain::pipeline {
namespace {

bool IsShare(eval::Metric metric) {
  return metric != eval::Metric::kLogLoss && metric != eval::Metric::kRmse && metric != eval::Metric::kMae &&
         metric != eval::Metric::kBrier;
}

void CheckGate(const Config& config, std::vector<Error>& found) {
  const auto& gate = config.gate;
  if (!gate.metrics.empty() && IsShare(gate.metrics[0]) && gate.minimum_improvement >= 1) {
    found.push_back({.code = "E0102",
                     .message = fmt::format("minimum_improvement is {}, which {} can never improve by",
                                            gate.minimum_improvement, Name(gate.metrics[0])),
                     .where = {.key = "validation_config.minimum_improvement"},
                     .hint = "one point is 0.01"});
  }
  for (const auto& [key, texts] : {std::pair("slices", &gate.slices), {"critical_slices", &gate.critical_slices}}) {
    for (const auto& text : *texts) {
      auto rule = eval::ParseSliceRule(text);
      if (rule.ok()) continue;
      found.push_back(std::move(rule).error());
      found.back().where.key = fmt::format("validation_config.{}", key);
    }
  }
  if (!gate.critical_slices.empty() && gate.slice_tolerance == 0) {
    found.push_back({.code = "E0105",
                     .message = "critical_slices are to be shown not to lose more than slice_tolerance, which is 0",
                     .where = {.key = "validation_config.slice_tolerance"},
                     .hint = "write the loss that can be borne, as 0.02 for two points of accuracy"});
  }
  if (!config.data.task) return;
  for (const auto metric : gate.metrics) {
    if (eval::Fits(metric, *config.data.task)) continue;
    found.push_back(
        {.code = "E0105",
         .message = fmt::format("metric `{}` does not fit a {} task", Name(metric), data::Name(*config.data.task)),
         .where = {.key = "validation_config.metrics"}});
  }
}

// Keys that another learner would heed are a mistake, not a matter of indifference.
void CheckLearner(const Config& config, std::vector<Error>& found) {
  const auto& given = config.training;
  const auto usual = train::DefaultsFor(given.model);
  const bool trees = given.model != "mlp";
  const std::pair<std::string_view, bool> unused[] = {
      {"hidden", trees && given.hidden != usual.hidden},
      {"batch_size", trees && given.batch_size != usual.batch_size},
      {"dropout", trees && given.dropout != usual.dropout},
      {"weight_decay", trees && given.weight_decay != usual.weight_decay},
      {"replay_fraction", trees && given.replay_fraction != usual.replay_fraction},
      {"replay_rows", trees && given.replay_rows != usual.replay_rows},
      {"leaves", !trees && given.leaves != usual.leaves},
  };
  for (const auto& [key, is_given] : unused) {
    if (!is_given) continue;
    found.push_back({.code = "E0105",
                     .message = fmt::format("`{}` means nothing to the learner `{}`", key, given.model),
                     .where = {.key = fmt::format("training_config.{}", key)},
                     .hint = "leave it out, or choose another model_config.type"});
  }
}

bool IsVariable(std::string_view text) { return text.starts_with("${") && text.find('}') == text.size() - 1; }

void CheckNotifications(const Config& config, std::vector<Error>& found) {
  for (std::size_t i = 0; i < config.notifications.size(); ++i) {
    const auto& target = config.notifications[i];
    const std::string key = fmt::format("notifications[{}]", i);
    const bool mails = target.type == "email";
    const std::string_view secure = mails ? "smtps://" : "https://";
    const std::string_view plain = mails ? "smtp://" : "http://";
    if (!target.url.starts_with(secure) && !target.url.starts_with(plain) && !target.url.starts_with("${")) {
      found.push_back({.code = "E0102",
                       .message = fmt::format("`{}` is no address of a {}", target.url, target.type),
                       .where = {.key = key + ".url"},
                       .hint = fmt::format("it begins with {} or {}", secure, plain)});
    }
    for (const auto& [name, value] : {std::pair("secret", target.secret), std::pair("password", target.password)}) {
      if (value.empty() || IsVariable(value)) continue;
      found.push_back({.code = "E0102",
                       .message = fmt::format("`{}` is written out, and the config is kept in the journal", name),
                       .where = {.key = fmt::format("{}.{}", key, name)},
                       .hint = "put it into an environment variable and write ${NAME} here"});
    }
  }
}

}  // namespace

Status CheckConfig(const Config& config) {
  std::vector<Error> found;
  CheckTriggers(config, found);
  CheckLearner(config, found);
  CheckGate(config, found);
  CheckNotifications(config, found);
  if (found.empty()) return Ok();
  Error first = std::move(found.front());
  first.more.assign(std::make_move_iterator(found.begin() + 1), std::make_move_iterator(found.end()));
  return first;
}

}  // namespace retrain::pipeline
