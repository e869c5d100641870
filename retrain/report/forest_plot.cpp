#include "retrain/report/forest_plot.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace retrain::report {
namespace {

constexpr double kLeft = 120;   // where the plots begin
constexpr double kWidth = 320;  // of a plot
constexpr double kRowHeight = 34;
constexpr double kTop = 26;

// Maps a difference to a place: symmetric around zero, so that the zero line is one straight line through all rows.
struct Scale {
  double reach;
  double At(double value) const { return kLeft + kWidth / 2 * (1 + std::clamp(value / reach, -1.0, 1.0)); }
};

Scale ScaleOf(const eval::Comparison& c, double minimum) {
  const double reach = std::max({std::abs(c.lower), std::abs(c.upper), std::abs(c.difference), minimum});
  return {reach > 0 ? reach * 1.15 : 1.0};
}

std::string Line(double x1, double y1, double x2, double y2, std::string_view style) {
  return fmt::format(R"(<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="currentColor" {}/>)", x1, y1, x2,
                     y2, style);
}

std::string Text(double x, double y, std::string_view anchor, std::string_view text, std::string_view style = "") {
  return fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}" fill="currentColor" {}>{}</text>)", x, y, anchor,
                     style, text);
}

std::string RowOf(const eval::Comparison& c, double minimum, double y) {
  std::string svg = Text(kLeft - 10, y + 4, "end", Name(c.metric));
  if (c.undefined) return svg + Text(kLeft + kWidth / 2, y + 4, "middle", "no value on these rows", R"(opacity="0.6")");
  const Scale scale = ScaleOf(c, minimum);
  svg += Line(scale.At(c.lower), y, scale.At(c.upper), y, R"(stroke-width="2")");
  for (const double bound : {c.lower, c.upper})
    svg += Line(scale.At(bound), y - 5, scale.At(bound), y + 5, R"(stroke-width="2")");
  svg += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="4.5" fill="currentColor"/>)", scale.At(c.difference), y);
  if (minimum > 0) {
    svg += Line(scale.At(minimum), y - 13, scale.At(minimum), y + 13, R"(stroke-dasharray="3 3")");
  }
  return svg + Text(kLeft + kWidth + 12, y + 4, "start",
                    fmt::format("{:+.4f} [{:+.4f}, {:+.4f}]", c.difference, c.lower, c.upper));
}

}  // namespace

std::string ForestPlot(const std::vector<eval::Comparison>& comparisons, double minimum_improvement) {
  const double height = kTop + kRowHeight * static_cast<double>(comparisons.size()) + 24;
  std::string svg = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 {0:.0f}" width="680" height="{0:.0f}" role="img" font-family="sans-serif" font-size="12">)"
      R"(<title>Candidate minus champion, each metric with its one-sided bounds</title>)",
      height);
  const double zero = kLeft + kWidth / 2;
  svg += Text(zero - 8, 14, "end", "champion better", R"(opacity="0.7")");
  svg += Text(zero + 8, 14, "start", "candidate better", R"(opacity="0.7")");
  svg += Line(zero, kTop - 4, zero, height - 20, R"(stroke-width="1" opacity="0.5")");
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    svg += RowOf(comparisons[i], i == 0 ? minimum_improvement : 0, kTop + kRowHeight * (static_cast<double>(i) + 0.5));
  }
  if (minimum_improvement > 0) {
    svg += Text(zero, height - 6, "middle", fmt::format("dashed: minimum improvement {}", minimum_improvement),
                R"(opacity="0.7")");
  }
  return svg + "</svg>";
}

}  // namespace retrain::report
