#include <fmt/format.h>

#include "retrain/pipeline/fields.h"
#include "retrain/report/forest_plot.h"
#include "retrain/report/html.h"
#include "retrain/report/run_report.h"

namespace retrain::report {
namespace {

std::string StageBar(const pipeline::Run& run) {
  std::string html = R"(<div style="display:flex;gap:6px;margin:8px 0;flex-wrap:wrap">)";
  for (const auto& row : pipeline::kStates) {
    if (row.stage.empty()) continue;
    const pipeline::StageRecord* record = nullptr;
    for (const auto& stage : run.stages) {
      if (stage.name == row.stage) record = &stage;
    }
    const std::string outcome = record != nullptr ? record->outcome : "waiting";
    const char* mark = outcome == "done" ? "✓" : outcome == "failed" ? "✗" : outcome == "skipped" ? "–" : "·";
    html += fmt::format(
        R"(<span title="{}" style="border:1px solid currentColor;border-radius:4px;padding:2px 8px;opacity:{}">{} {}</span>)",
        Escaped(record != nullptr ? record->found : ""), outcome == "done" ? "1" : "0.6", mark, row.stage);
  }
  return html + "</div>";
}

double MinimumImprovement(const pipeline::Run& run) {
  const auto json = ParseJson(run.config, "config");
  return json.ok() ? (*json)["validation_config"]["minimum_improvement"].AsDouble(0) : 0;
}

}  // namespace

std::string ToHtml(const pipeline::Run& run) {
  std::string html =
      fmt::format(R"(<div style="font-family:sans-serif"><strong>{}</strong>)", Escaped(VerdictSentence(run)));
  html += StageBar(run);
  if (!run.comparisons.empty()) html += ForestPlot(run.comparisons, MinimumImprovement(run));
  if (!run.slices.empty()) {
    html += fmt::format("<div>{} by slice</div>", Name(run.slices.front().comparison.metric)) + SlicePlot(run.slices);
  }
  if (run.error && !run.error->hint.empty()) html += fmt::format("<div>hint: {}</div>", Escaped(run.error->hint));
  return html + "</div>";
}

}  // namespace retrain::report
