#include "retrain/app/check_triggers.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/data/files.h"
#include "retrain/decide/trigger.h"

namespace retrain::app {
namespace {

TriggerCheck CheckRows(std::string_view subject, const Arrived& arrived, std::int64_t threshold) {
  const auto rows = arrived.pending + arrived.unseen;
  auto decision = decide::DecideNewSamples({.rows = rows, .files = arrived.files, .min_new_samples = threshold});
  decision.subject = std::string(subject);
  return {.decision = std::move(decision), .value = Grouped(rows), .threshold = Grouped(threshold)};
}

TriggerCheck CheckTrigger(const decide::TriggerOptions& trigger, const Arrived& arrived) {
  if (trigger.type == "new_data") return CheckRows(trigger.type, arrived, trigger.min_new_samples);
  if (trigger.type == "manual") {
    return {.decision = {.subject = trigger.type, .action = "wait", .reason = "fires when somebody asks for a run"},
            .value = "-",
            .threshold = "-"};
  }
  TriggerCheck check{
      .decision = {.subject = trigger.metric.empty() ? trigger.type : trigger.type + " " + trigger.metric,
                   .action = "wait",
                   .reason = "checked and stored; this version has no daemon that acts on it"},
      .value = "-",
      .threshold = trigger.cron.empty() ? fmt::format("{}", trigger.threshold) : trigger.cron};
  if (trigger.cron.empty()) check.decision.numbers.emplace_back("threshold", trigger.threshold);
  return check;
}

}  // namespace

Result<Arrived> LookAtData(Engine& engine, const pipeline::Config& config) {
  Arrived arrived;
  TRY(const auto chunks, engine.home().ledger().All());
  TRY(const auto champion, engine.home().registry().Find(registry::kChampion));
  ChunkId watermark{};
  if (champion) {
    TRY(const auto version, engine.home().registry().Get(champion->version));
    watermark = version.watermark;
  }
  for (const auto& chunk : chunks) {
    if (chunk.id <= watermark) continue;
    arrived.pending += chunk.rows;
    ++arrived.files;
  }
  TRY(const auto found, data::FindFiles(engine.files(), config.data.new_data_path));
  for (const auto& file : found) {
    if (!file.unready.empty()) {
      arrived.unready.push_back(fmt::format("{} ({})", file.path, file.unready));
      continue;
    }
    const bool known =
        std::any_of(chunks.begin(), chunks.end(), [&](const auto& chunk) { return chunk.name == file.path; });
    if (known) continue;
    TRY(const auto rows, data::CountRows(engine.files(), file.path));
    arrived.unseen += rows;
    ++arrived.files;
  }
  return arrived;
}

std::vector<TriggerCheck> CheckTriggers(const pipeline::Config& config, const Arrived& arrived) {
  std::vector<TriggerCheck> checks = {CheckRows("min_new_samples", arrived, config.data.min_new_samples)};
  for (const auto& trigger : config.triggers) checks.push_back(CheckTrigger(trigger, arrived));
  return checks;
}

}  // namespace retrain::app
