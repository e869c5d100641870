#include "retrain/report/event_report.h"

#include <fmt/format.h>

#include "retrain/report/run_report.h"

namespace retrain::report {

std::string EventSentence(const pipeline::Event& event, const std::optional<pipeline::Run>& run) {
  if (run) return VerdictSentence(*run);
  const std::string reason = event.data["reason"].AsString();
  if (event.type == "drift.detected") return "drift: " + reason;
  const auto from = event.data["from"].AsInt();
  const std::string before = from != 0 ? fmt::format(" instead of version {}", from) : "";
  return fmt::format("{} {} version {} the champion{}: {}", event.data["who"].AsString(),
                     event.type == "model.rolled_back" ? "rolled back and made" : "made", event.data["to"].AsInt(),
                     before, reason);
}

Json EventData(const pipeline::Event& event, const std::optional<pipeline::Run>& run) {
  return run ? report::ToJson(*run) : event.data;
}

}  // namespace retrain::report
