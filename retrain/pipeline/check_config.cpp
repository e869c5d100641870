#include "retrain/pipeline/check_config.h"

#include <array>
#include <cctype>
#include <sstream>

#include <fmt/format.h>

namespace retrain::pipeline {
namespace {

struct CronField {
  const char* name;
  int least;
  int most;
};

constexpr std::array<CronField, 5> kCron = {
    {{"minute", 0, 59}, {"hour", 0, 23}, {"day", 1, 31}, {"month", 1, 12}, {"weekday", 0, 7}}};

// The first number of a cron field outside its range, or -1. Names, `*`, steps and lists are let through.
int NumberOutOfRange(const std::string& field, const CronField& rule) {
  for (std::size_t i = 0; i < field.size();) {
    if (std::isdigit(static_cast<unsigned char>(field[i])) == 0) {
      ++i;
      continue;
    }
    const bool step = i > 0 && (field[i - 1] == '/' || field[i - 1] == '#');
    int number = 0;
    while (i < field.size() && std::isdigit(static_cast<unsigned char>(field[i])) != 0 && number < 10'000) {
      number = number * 10 + (field[i++] - '0');
    }
    if (!step && (number < rule.least || number > rule.most)) return number;
  }
  return -1;
}

std::string CronFault(const std::string& cron) {
  std::istringstream words(cron);
  std::vector<std::string> fields;
  for (std::string word; words >> word;) fields.push_back(word);
  if (fields.size() != kCron.size()) return fmt::format("has {} fields, not 5", fields.size());
  for (std::size_t i = 0; i < kCron.size(); ++i) {
    const auto odd = fields[i].find_first_not_of("0123456789*,/-#LABCDEFGHIJKMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    if (odd != std::string::npos) return fmt::format("has `{}` in its {}", fields[i][odd], kCron[i].name);
    if (const int number = NumberOutOfRange(fields[i], kCron[i]); number >= 0) {
      return fmt::format("has {} as {}, which goes from {} to {}", number, kCron[i].name, kCron[i].least,
                         kCron[i].most);
    }
  }
  return "";
}

bool IsShare(eval::Metric metric) {
  return metric != eval::Metric::kLogLoss && metric != eval::Metric::kRmse && metric != eval::Metric::kMae &&
         metric != eval::Metric::kBrier;
}

void CheckTriggers(const Config& config, std::vector<Error>& found) {
  for (std::size_t i = 0; i < config.triggers.size(); ++i) {
    const auto& trigger = config.triggers[i];
    const std::string key = fmt::format("triggers[{}]", i);
    if (trigger.type == "scheduled") {
      if (const auto fault = CronFault(trigger.cron); !fault.empty()) {
        found.push_back({.code = "E0102",
                         .message = fmt::format("cron `{}` {}", trigger.cron, fault),
                         .where = {.key = key + ".cron"},
                         .hint = "weekly on Sunday at midnight is `0 0 * * 0`"});
      }
    }
    if (trigger.type == "performance_drop" && config.data.task) {
      const auto metric = eval::MetricFromName(trigger.metric);
      if (metric.ok() && !eval::Fits(*metric, *config.data.task)) {
        found.push_back({.code = "E0105",
                         .message = fmt::format("a {} task has no metric `{}` that could drop",
                                                data::Name(*config.data.task), trigger.metric),
                         .where = {.key = key + ".metric"}});
      }
    }
  }
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
  if (!config.data.task) return;
  for (const auto metric : gate.metrics) {
    if (eval::Fits(metric, *config.data.task)) continue;
    found.push_back(
        {.code = "E0105",
         .message = fmt::format("metric `{}` does not fit a {} task", Name(metric), data::Name(*config.data.task)),
         .where = {.key = "validation_config.metrics"}});
  }
}

}  // namespace

Status CheckConfig(const Config& config) {
  std::vector<Error> found;
  CheckTriggers(config, found);
  CheckGate(config, found);
  if (found.empty()) return Ok();
  Error first = std::move(found.front());
  first.more.assign(std::make_move_iterator(found.begin() + 1), std::make_move_iterator(found.end()));
  return first;
}

}  // namespace retrain::pipeline
