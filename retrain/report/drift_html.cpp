#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/report/drift_report.h"
#include "retrain/report/html.h"

namespace retrain::report {
namespace {

using drift::ColumnDrift;
using drift::Outcome;

constexpr std::size_t kPictures = 60;  // a page of a thousand columns stays small enough to open

// Colours of Okabe and Ito, told apart by the colour-blind; lighter ones on dark.
constexpr const char* kStyle = R"(<style>
.retrain-drift{--ink:#1c2430;--soft:#5b6675;--line:#d8dee6;--card:#fff;--before:#9aa5b1;--now:#0072b2;--drifted:#b23a00;--stable:#00745a;--undecided:#8a6d00;--failed:#a2306f;color:var(--ink);font:14px/1.45 system-ui,sans-serif}
@media(prefers-color-scheme:dark){.retrain-drift{--ink:#e6eaf0;--soft:#9aa7b6;--line:#37414d;--card:#1d242c;--before:#73808e;--now:#56b4e9;--drifted:#ff9d66;--stable:#4fd0ad;--undecided:#e6c84a;--failed:#f08cc0}}
.retrain-drift h1{font-size:20px;margin:0 0 4px}.retrain-drift .soft{color:var(--soft)}
.retrain-drift .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(380px,1fr));gap:14px;margin:16px 0;align-items:start}
.retrain-drift .card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 14px;min-width:0}
.retrain-drift .card h2{font-size:15px;margin:0;overflow-wrap:anywhere}.retrain-drift .card p{margin:4px 0 8px}
.retrain-drift .badge{float:right;border:1px solid;border-radius:10px;padding:0 8px;font-size:12px;margin-left:8px}
.retrain-drift .drifted{color:var(--drifted)}.retrain-drift .stable{color:var(--stable)}.retrain-drift .undecided{color:var(--undecided)}.retrain-drift .failed{color:var(--failed)}
.retrain-drift table{border-collapse:collapse;width:100%}.retrain-drift td,.retrain-drift th{text-align:left;border-bottom:1px solid var(--line);padding:3px 10px 3px 0;vertical-align:top}
.retrain-drift td.n,.retrain-drift th.n{text-align:right;font-variant-numeric:tabular-nums}
.retrain-drift svg{width:100%;height:auto;display:block;color:var(--ink)}.retrain-drift .key{display:inline-block;width:10px;height:10px;border-radius:2px;margin:0 4px 0 12px}
</style>)";

double ShareOf(std::int64_t rows, std::int64_t all) {
  return all > 0 ? static_cast<double>(rows) / static_cast<double>(all) : 0;
}

// At most `most` bytes, cut between characters.
std::string Short(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

struct Shares {
  double before = 0;
  double now = 0;
};

std::vector<Shares> SharesOf(const ColumnDrift& column) {
  std::vector<Shares> shares;
  for (const auto& cell : column.cells)
    shares.push_back({ShareOf(cell.reference, column.n_reference), ShareOf(cell.current, column.n_current)});
  return shares;
}

// Below a bar there is room for one end of "(0.25, 0.5]": "≤ 0.5". The tip has both.
std::string Tick(const std::string& label) {
  const auto comma = label.find(", ");
  if (label.empty() || (label[0] != '(' && label[0] != '[') || !label.ends_with("]") || comma == std::string::npos)
    return Short(label, 16);
  return "≤ " + label.substr(comma + 2, label.size() - comma - 3);
}

std::string Tip(const drift::Cell& cell, const Shares& shares) {
  return fmt::format("<title>{}: {:.2f} % before, {:.2f} % now</title>", Escaped(Short(cell.label, 60)),
                     100 * shares.before, 100 * shares.now);
}

std::string Bar(double x, double y, double width, double height, const char* colour) {
  return fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="1" fill="{}"/>)", x, y,
                     std::max(width, 0.0), std::max(height, 0.0), colour);
}

constexpr const char* kBefore = "var(--before,#9aa5b1)";
constexpr const char* kNow = "var(--now,#0072b2)";

// Numbers: bars that stand, in the order of the values.
std::string StandingBars(const ColumnDrift& column, const std::vector<Shares>& shares, double largest) {
  constexpr double kLeft = 30;
  constexpr double kWidth = 420;
  constexpr double kHeight = 110;
  const double slot = kWidth / static_cast<double>(shares.size());
  std::string svg;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double x = kLeft + slot * static_cast<double>(i);
    const double before = kHeight * shares[i].before / largest;
    const double now = kHeight * shares[i].now / largest;
    svg +=
        "<g>" + Tip(column.cells[i], shares[i]) +
        Bar(x + slot * 0.1, 8 + kHeight - before, slot * 0.38, before, kBefore) +
        Bar(x + slot * 0.52, 8 + kHeight - now, slot * 0.38, now, kNow) +
        fmt::format(R"svg(<text transform="translate({:.1f} {:.0f}) rotate(-38)" text-anchor="end">{}</text></g>)svg",
                    x + slot / 2 + 3, kHeight + 20, Escaped(Tick(column.cells[i].label)));
  }
  svg += fmt::format(R"(<path d="M{0} {1}H{2}" stroke="currentColor" opacity=".4"/>)", kLeft, kHeight + 8.5,
                     kLeft + kWidth);
  return svg;
}

// Categories: bars that lie, the most frequent on top.
std::string LyingBars(const ColumnDrift& column, const std::vector<Shares>& shares, double largest) {
  constexpr double kWidth = 290;
  std::string svg;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double y = 6 + 17 * static_cast<double>(i);
    const double before = kWidth * std::min(1.0, shares[i].before / largest);
    const double now = kWidth * std::min(1.0, shares[i].now / largest);
    svg += "<g>" + Tip(column.cells[i], shares[i]) +
           fmt::format(R"(<text x="112" y="{:.0f}" text-anchor="end">{}</text>)", y + 10,
                       Escaped(Short(column.cells[i].label, 18))) +
           Bar(118, y, before, 6, kBefore) + Bar(118, y + 6.5, now, 6, kNow) +
           fmt::format(R"(<text x="{:.0f}" y="{:.0f}">{:.3g} %</text></g>)", 122 + std::max(before, now), y + 10,
                       100 * shares[i].now);
  }
  return svg;
}

std::string Interval(const ColumnDrift& column) {
  if (!column.effect) return column.statistic ? fmt::format("{:.4g}", *column.statistic) : "–";
  const auto& effect = *column.effect;
  if (std::isinf(effect.upper)) return "unknown";
  return fmt::format("{:.4f} [{:.4f}, {:.4f}]", effect.value, effect.lower, effect.upper);
}

std::string Badge(Outcome outcome) { return fmt::format(R"(<span class="badge {0}">{0}</span>)", Name(outcome)); }

std::string Statistics(const ColumnDrift& column) {
  if (column.statistics.empty()) return "";
  std::string html = R"(<details><summary class="soft">statistics</summary><table>)";
  for (const auto& statistic : column.statistics)
    html += fmt::format(R"(<tr><td>{}</td><td class="n">{:.6g}</td></tr>)", Escaped(statistic.name), statistic.value);
  return html + "</table></details>";
}

std::string Card(const ColumnDrift& column) {
  std::string html = fmt::format(R"(<div class="card">{}<h2>{}</h2><p class="soft">{}</p>)", Badge(column.outcome),
                                 Escaped(column.name), Escaped(column.reason));
  if (!column.cells.empty()) html += CellsPlot(column);
  return html + Statistics(column) + "</div>";
}

std::string TableOfAll(const drift::DriftReport& report) {
  std::string html =
      R"(<table><tr><th>column</th><th>kind</th><th>outcome</th><th class="n">importance</th><th class="n">PSI [95 % bounds]</th><th class="n">p, adjusted</th><th class="n">nulls before</th><th class="n">now</th></tr>)";
  for (const auto& column : report.columns) {
    html += fmt::format(
        R"(<tr><td>{}</td><td>{}</td><td class="{}">{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{:.3g} %</td><td class="n">{:.3g} %</td></tr>)",
        Escaped(column.name), Name(column.kind), Name(column.outcome), Name(column.outcome),
        column.importance ? fmt::format("{:.3g} %", 100 * *column.importance) : "–", Interval(column),
        column.adjusted_p_value ? fmt::format("{:.3g}", *column.adjusted_p_value)
        : column.p_value        ? fmt::format("{:.3g}", *column.p_value)
                                : "–",
        100 * column.nulls.reference_share, 100 * column.nulls.current_share);
  }
  return html + "</table>";
}

std::string Body(const drift::DriftReport& report) {
  std::string html =
      fmt::format(R"(<h1>{}</h1><p class="soft">{}.)", Escaped(report.sentence), Escaped(WhatWasCompared(report)));
  html += fmt::format(
      R"(<span class="key" style="background:{}"></span>reference<span class="key" style="background:{}"></span>now</p>)",
      kBefore, kNow);
  html += R"(<div class="cards">)";
  for (std::size_t i = 0; i < std::min(report.columns.size(), kPictures); ++i) html += Card(report.columns[i]);
  html += "</div>" + TableOfAll(report);
  for (const auto& column : report.left_out)
    html += fmt::format(R"(<div class="soft">left out: {}, {}</div>)", Escaped(column.name), Escaped(column.reason));
  return html;
}

}  // namespace

std::string CellsPlot(const ColumnDrift& column) {
  const auto shares = SharesOf(column);
  double largest = 1e-12;
  for (std::size_t i = 0; i < shares.size(); ++i) {  // what is many categories together may go beyond the picture
    if (!column.cells[i].joined) largest = std::max({largest, shares[i].before, shares[i].now});
  }
  const bool stands = column.kind == drift::ColumnKind::kNumeric;
  const double height = stands ? 178 : 12 + 17 * static_cast<double>(shares.size());
  return fmt::format(
             R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 {:.0f}" role="img" aria-label="shares of {} in the reference and now" font-size="10" font-family="sans-serif" fill="currentColor">)",
             height, Escaped(Short(column.name, 60))) +
         (stands ? StandingBars(column, shares, largest) : LyingBars(column, shares, largest)) + "</svg>";
}

std::string ToHtml(const drift::DriftReport& report) {
  return fmt::format(R"({}<div class="retrain-drift">{}</div>)", kStyle, Body(report));
}

std::string ToHtmlPage(const drift::DriftReport& report, const std::string& title) {
  return fmt::format(
      R"(<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>{0}</title>{1}<style>body{{margin:24px;background:#f5f7fa}}@media(prefers-color-scheme:dark){{body{{background:#12171d}}}}</style></head><body class="retrain-drift"><p class="soft">{0}</p>{2}</body></html>)",
      Escaped(title), kStyle, Body(report));
}

}  // namespace retrain::report
