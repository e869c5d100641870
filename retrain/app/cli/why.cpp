#include <algorithm>

#include <fmt/format.h>

#include "retrain/app/cli/command.h"
#include "retrain/base/text.h"
#include "retrain/data/files.h"
#include "retrain/decide/trigger.h"
#include "retrain/report/run_report.h"

// `retrain why`: what would have to happen for a run, and why the last one ended as it did.
namespace retrain::app {
namespace {

struct Arrived {
  std::int64_t pending = 0;   // rows taken in that the champion has not learned from
  std::int64_t unseen = 0;    // rows in files that no run has met yet
  std::vector<std::string> unready;
};

Result<Arrived> LookAtData(Engine& engine, const pipeline::Config& config) {
  Arrived arrived;
  TRY(const auto chunks, engine.home().ledger().All());
  TRY(const auto champion, engine.home().registry().Find(registry::kChampion));
  ChunkId watermark{};
  if (champion) {
    TRY(const auto version, engine.home().registry().Get(champion->version));
    watermark = version.watermark;
  }
  for (const auto& chunk : chunks) arrived.pending += chunk.id > watermark ? chunk.rows : 0;
  TRY(const auto found, data::FindFiles(engine.files(), config.data.new_data_path));
  for (const auto& file : found) {
    if (!file.unready.empty()) {
      arrived.unready.push_back(fmt::format("{} ({})", file.path, file.unready));
      continue;
    }
    const bool known = std::any_of(chunks.begin(), chunks.end(), [&](const auto& chunk) { return chunk.name == file.path; });
    if (known) continue;
    TRY(const auto rows, data::CountRows(engine.files(), file.path));
    arrived.unseen += rows;
  }
  return arrived;
}

struct Line {
  std::string trigger;
  std::string value;
  std::string threshold;
  std::string state;
};

std::vector<Line> Lines(const pipeline::Config& config, const Arrived& arrived) {
  const auto rows = arrived.pending + arrived.unseen;
  const auto enough = decide::DecideNewSamples({.rows = rows, .min_new_samples = config.data.min_new_samples});
  std::vector<Line> lines = {{"manual", "-", "-", "runs when you type `retrain run`"},
                             {"min_new_samples", Grouped(rows), Grouped(config.data.min_new_samples),
                              enough.fired ? "an incremental run would go ahead" : "an incremental run would be skipped: " + enough.reason}};
  for (const auto& trigger : config.triggers) {
    if (trigger.type == "manual") continue;
    std::string threshold = trigger.cron;
    if (trigger.type == "new_data") threshold = Grouped(trigger.min_new_samples);
    if (threshold.empty()) threshold = fmt::format("{}", trigger.threshold);
    lines.push_back({trigger.metric.empty() ? trigger.type : trigger.type + " " + trigger.metric,
                     trigger.type == "new_data" ? Grouped(rows) : "-", threshold,
                     "checked and stored; this version has no daemon that acts on it"});
  }
  return lines;
}

Result<Command::Answer> Why(const Command& command) {
  TRY(auto engine, command.Open());
  TRY(const auto config, engine->LoadConfig(command.config_file));
  TRY(const auto arrived, LookAtData(*engine, config));
  TRY(const auto runs, engine->home().runs().All());
  Command::Answer answer{.text = fmt::format("{:<26} {:>12} {:>12}  {}\n", "trigger or check", "value", "threshold", "state")};
  Json list = Json::MakeArray();
  for (const auto& line : Lines(config, arrived)) {
    answer.text += fmt::format("{:<26} {:>12} {:>12}  {}\n", line.trigger, line.value, line.threshold, line.state);
    Json item;
    item.Set("trigger", line.trigger).Set("value", line.value).Set("threshold", line.threshold).Set("state", line.state);
    list.Append(item);
  }
  for (const auto& file : arrived.unready) answer.text += fmt::format("left for later: {}\n", file);
  answer.json.Set("triggers", list).Set("pending_rows", arrived.pending).Set("unseen_rows", arrived.unseen);
  if (runs.empty()) {
    answer.text += "nothing has run yet\n";
  } else {
    answer.text += report::VerdictSentence(runs.back()) + "\n";
    answer.json.Set("last_run", report::ToJson(runs.back()));
  }
  return answer;
}

}  // namespace

void AddWhy(CLI::App& app, Command& command) {
  AddVerb(app, command, "why", "each trigger and check with its value and threshold; why the last run ended as it did",
          [&command] { return Why(command); })
      ->add_option("--config", command.config_file, "default: retrain.yaml, else what setup() stored");
}

}  // namespace retrain::app
