#include "retrain/report/value_html.h"

#include <fmt/format.h>

#include "retrain/report/html.h"

namespace retrain::report {
namespace {

// A headline, a sentence, and names with numbers.
std::string Card(const std::string& headline, const std::string& sentence, const Json& numbers) {
  std::string html = fmt::format(R"(<div style="font-family:sans-serif"><strong>{}</strong><div>{}</div>)",
                                 Escaped(headline), Escaped(sentence));
  if (numbers.members().empty()) return html + "</div>";
  html += R"(<table style="margin:8px 0">)";
  for (const auto& [name, value] : numbers.members()) {
    html += fmt::format(R"(<tr><td style="text-align:left">{}</td><td style="text-align:right">{}</td></tr>)",
                        Escaped(name), value.is_null() ? "–" : fmt::format("{:.6g}", value.AsDouble()));
  }
  return html + "</table></div>";
}

}  // namespace

std::string ToHtml(const decide::Decision& decision) {
  return Card(fmt::format("{} {}: {}", decision.fired ? "✓" : "·", decision.subject, decision.action), decision.reason,
              decide::ToJson(decision)["numbers"]);
}

std::string VersionHtml(const Json& version) {
  std::string aliases;
  for (const auto& alias : version["aliases"].items()) aliases += (aliases.empty() ? "" : ", ") + alias.AsString();
  const std::string origin =
      version["parent"].is_integer()
          ? fmt::format("{} from version {}", version["strategy"].AsString(), version["parent"].AsInt())
          : version["strategy"].AsString();
  return Card(fmt::format("version {}{}", version["id"].AsInt(), aliases.empty() ? "" : fmt::format(" ({})", aliases)),
              fmt::format("{}, run {}, {}, {}", origin, version["run"].AsInt(), version["created_at"].AsString(),
                          version["digest"].AsString().substr(0, 12)),
              version["metrics"]);
}

}  // namespace retrain::report
