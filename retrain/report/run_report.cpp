#include "retrain/report/run_report.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/text.h"

namespace retrain::report {
namespace {

std::string Signed(double value) { return fmt::format("{:+.4f}", value); }

std::string MetricTable(const std::vector<eval::Comparison>& comparisons) {
  std::string text = fmt::format("  {:<12} {:>10} {:>10} {:>10}   {:<22} {}\n", "metric", "champion", "candidate",
                                 "better by", "bounds, one-sided", "method");
  for (const auto& c : comparisons) {
    if (c.undefined) {
      text += fmt::format("  {:<12} {:>10} {:>10} {:>10}   {}\n", Name(c.metric), "", "", "", c.note);
      continue;
    }
    text += fmt::format("  {:<12} {:>10.4f} {:>10.4f} {:>10}   {:<22} {}\n", Name(c.metric), c.champion, c.candidate,
                        Signed(c.difference), fmt::format("[{}, {}]", Signed(c.lower), Signed(c.upper)), c.method);
  }
  const auto& first = comparisons.front();
  return text +
         fmt::format("  on {} rows; each bound holds with {:.4g} % confidence; larger is better in every difference\n",
                     Grouped(first.rows), first.confidence * 100);
}

std::string SliceTable(const std::vector<decide::SliceComparison>& slices) {
  std::size_t width = 5;
  for (const auto& slice : slices) width = std::max(width, slice.name.size());
  std::string text = fmt::format("  {:<{}} {:>8} {:>10} {:>10} {:>10}   {:<20} {}\n", "slice", width, "rows",
                                 "champion", "candidate", "better by", "bounds, one-sided", "outcome");
  for (const auto& slice : slices) {
    const auto& c = slice.comparison;
    const std::string outcome =
        slice.kind == decide::SliceKind::kWatched ? "" : fmt::format(" ({})", decide::Name(slice.kind));
    if (c.undefined) {
      text += fmt::format("  {:<{}} {:>8} {}{}: {}\n", slice.name, width, Grouped(c.rows), decide::Name(slice.outcome),
                          outcome, c.note);
      continue;
    }
    text +=
        fmt::format("  {:<{}} {:>8} {:>10.4f} {:>10.4f} {:>10}   {:<20} {}{}\n", slice.name, width, Grouped(c.rows),
                    c.champion, c.candidate, Signed(c.difference),
                    fmt::format("[{}, {}]", Signed(c.lower), Signed(c.upper)), decide::Name(slice.outcome), outcome);
  }
  return text + fmt::format("  {} of both models; bounds are adjusted for the number of slices where that decides\n",
                            Name(slices.front().comparison.metric));
}

std::string StageLine(const pipeline::StageRecord& stage) {
  const char* mark = stage.outcome == "done" ? "✓" : stage.outcome == "failed" ? "✗" : "–";
  return fmt::format("  {} {:<18} {:>8.2f} s   {}\n", mark, stage.name, stage.seconds, stage.found);
}

std::string JournalLine(const pipeline::JournalEntry& entry) {
  const std::string reason = entry.body["reason"].AsString();
  return fmt::format("  {:>4}  {}  {:<9} {}{}\n", entry.number, retrain::ToText(entry.at), entry.kind,
                     entry.body["action"].AsString(), reason.empty() ? "" : ": " + reason);
}

}  // namespace

std::string StatusOf(const pipeline::Run& run) {
  return pipeline::IsEnd(run.state) ? std::string(pipeline::Name(run.state)) : "running";
}

std::string VerdictSentence(const pipeline::Run& run) {
  using pipeline::State;
  switch (run.state) {
    case State::kPromoted:
      return fmt::format("run {} promoted version {}: {}", run.id.value, run.version.value, run.reason);
    case State::kKept:
      return fmt::format("run {} kept {} ({}): {}", run.id.value,
                         run.base ? fmt::format("champion {}", run.base.value) : "the home without a champion",
                         run.verdict ? decide::Name(*run.verdict) : "no verdict", run.reason);
    case State::kSkipped: return fmt::format("run {} skipped: {}", run.id.value, run.reason);
    case State::kFailed: return fmt::format("run {} failed: {}", run.id.value, run.reason);
    case State::kSuperseded: return fmt::format("run {} superseded: {}", run.id.value, run.reason);
    default:
      return fmt::format("run {} is under way: {} is done", run.id.value,
                         run.stages.empty() ? "nothing" : run.stages.back().name);
  }
}

std::string RunLineHeader() {
  return fmt::format("{:>4}  {:<16} {:<11} {:<10} {:<12} {:>7}  {}", "run", "created (UTC)", "strategy", "status",
                     "verdict", "version", "why");
}

std::string RunLine(const pipeline::Run& run) {
  return fmt::format("{:>4}  {:<16} {:<11} {:<10} {:<12} {:>7}  {}", run.id.value,
                     retrain::ToText(run.created_at).substr(0, 16), train::Name(run.strategy), StatusOf(run),
                     run.verdict ? decide::Name(*run.verdict) : "-",
                     run.version ? fmt::format("{}", run.version.value) : "-", run.reason);
}

std::string Explain(const pipeline::Run& run, const std::vector<pipeline::JournalEntry>& journal) {
  std::string text = VerdictSentence(run) + "\n\n";
  text += fmt::format("  trigger   {} ({})\n  strategy  {}{}\n", run.trigger, run.asked_reason,
                      train::Name(run.strategy), run.strategy_reason.empty() ? "" : ": " + run.strategy_reason);
  text += fmt::format("  base      {}\n", run.base ? fmt::format("champion {}", run.base.value) : "none");
  text += fmt::format("  data      {} in {}, up to chunk {}\n  seed      {}\n", Counted(run.slice.rows, "row"),
                      Counted(static_cast<std::int64_t>(run.slice.chunks.size()), "file"), run.slice.watermark.value,
                      run.seed);
  if (!run.artifact.empty()) text += fmt::format("  artifact  {}\n", run.artifact);
  text += "\nstages\n";
  for (const auto& stage : run.stages) text += StageLine(stage);
  if (!run.comparisons.empty()) text += "\nmetrics\n" + MetricTable(run.comparisons);
  if (!run.slices.empty()) text += "\nslices\n" + SliceTable(run.slices);
  if (run.error) text += "\n" + retrain::ToText(*run.error) + "\n";
  if (!run.notes.empty()) text += "\nnotes\n";
  for (const auto& note : run.notes) text += "  " + note + "\n";
  text += "\njournal\n";
  for (const auto& entry : journal) text += JournalLine(entry);
  return text;
}

Json ToJson(const Error& error) {
  Json where;
  where.Set("file", error.where.file).Set("line", error.where.line).Set("column", error.where.column);
  where.Set("key", error.where.key).Set("row", error.where.row >= 0 ? Json(error.where.row) : Json());
  Json more = Json::MakeArray();
  for (const auto& next : error.more) more.Append(ToJson(next));
  Json json;
  json.Set("code", error.code).Set("kind", Name(error.kind())).Set("message", error.message).Set("where", where);
  return json.Set("hint", error.hint).Set("kept", error.kept).Set("more", more).Set("text", retrain::ToText(error));
}

Json ToJson(const pipeline::Run& run) {
  Json stages = Json::MakeArray();
  for (const auto& stage : run.stages) {
    Json item;
    item.Set("name", stage.name).Set("state", stage.outcome).Set("seconds", stage.seconds).Set("found", stage.found);
    stages.Append(item);
  }
  Json metrics = Json::MakeObject();
  for (const auto& c : run.comparisons) {
    Json item = eval::ToJson(c);
    metrics.Set(Name(c.metric), item);
  }
  Json slices = Json::MakeArray();
  for (const auto& slice : run.slices) slices.Append(decide::ToJson(slice));
  Json notes = Json::MakeArray();
  for (const auto& note : run.notes) notes.Append(note);
  Json json;
  json.Set("id", run.id.value)
      .Set("status", StatusOf(run))
      .Set("verdict", run.verdict ? Json(decide::Name(*run.verdict)) : Json())
      .Set("reason", run.reason)
      .Set("sentence", VerdictSentence(run))
      .Set("strategy", train::Name(run.strategy))
      .Set("strategy_reason", run.strategy_reason)
      .Set("trigger", run.trigger)
      .Set("trigger_reason", run.asked_reason)
      .Set("base", run.base ? Json(run.base.value) : Json())
      .Set("version", run.version ? Json(run.version.value) : Json())
      .Set("artifact", run.artifact.empty() ? Json() : Json(run.artifact))
      .Set("rows", run.slice.rows)
      .Set("stages", stages)
      .Set("metrics", metrics)
      .Set("slices", slices)
      .Set("training", run.training)
      .Set("notes", notes)
      .Set("error", run.error ? ToJson(*run.error) : Json())
      .Set("created_at", retrain::ToText(run.created_at))
      .Set("ended_at", run.ended_at ? Json(retrain::ToText(*run.ended_at)) : Json());
  return json;
}

}  // namespace retrain::report
