#include <fmt/format.h>

#include "retrain/app/cli/command.h"
#include "retrain/base/text.h"
#include "retrain/report/run_report.h"

// `retrain status`: where the pipeline stands, on one screen.
namespace retrain::app {
namespace {

Result<Command::Answer> Status(const Command& command) {
  TRY(auto engine, command.OpenOld());
  auto& home = engine->home();
  TRY(const auto champion, home.registry().Find(registry::kChampion));
  TRY(const auto runs, home.runs().All());
  TRY(const auto chunks, home.ledger().All());
  Command::Answer answer;
  ChunkId watermark{};
  if (champion) {
    TRY(const auto version, home.registry().Get(champion->version));
    watermark = version.watermark;
    answer.text = fmt::format("champion  version {} ({}, since {})\n", version.id.value, version.strategy,
                              ToText(version.created_at).substr(0, 16));
    for (const auto& [name, value] : version.metrics.members()) {
      answer.text += fmt::format("          {} {:.4f} on the validation rows of run {}\n", name, value.AsDouble(),
                                 version.run.value);
    }
    answer.json.Set("champion", version.id.value)
        .Set("champion_digest", version.digest)
        .Set("metrics", version.metrics);
  } else {
    answer.text = "champion  none yet\n";
    answer.json.Set("champion", nullptr);
  }
  std::int64_t pending = 0;
  std::int64_t rows = 0;
  for (const auto& chunk : chunks) {
    rows += chunk.rows;
    if (chunk.id > watermark) pending += chunk.rows;
  }
  answer.text += fmt::format("data      {} in {} taken in, {} of them not yet in the champion\n", Counted(rows, "row"),
                             Counted(static_cast<std::int64_t>(chunks.size()), "file"), Grouped(pending));
  answer.json.Set("rows", rows).Set("files", static_cast<std::int64_t>(chunks.size())).Set("pending_rows", pending);
  if (!runs.empty()) {
    const auto& last = runs.back();
    answer.text += fmt::format("last run  {}\n", report::VerdictSentence(last));
    if (!pipeline::IsEnd(last.state)) answer.text += "          it was interrupted; `retrain run` goes on with it\n";
    answer.json.Set("last_run", report::ToJson(last));
  }
  answer.text += fmt::format("home      {}\nnext: retrain {}\n", home.folder(), runs.empty() ? "run" : "why");
  answer.json.Set("home", home.folder());
  return answer;
}

}  // namespace

void AddStatus(Verb& program, Command& command) {
  AddVerb(program, command, "status", "where the pipeline stands", [&command] { return Status(command); });
}

}  // namespace retrain::app
