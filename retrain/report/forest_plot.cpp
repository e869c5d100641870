#include "retrain/report/forest_plot.h"

#include <algorithm>
#include <cmath>

#include <limits>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/report/html.h"

namespace retrain::report {
namespace {

constexpr double kLeft = 120;   // where the plots begin
constexpr double kWidth = 320;  // of a plot
constexpr double kRowHeight = 34;
constexpr double kTop = 26;

constexpr std::size_t kMostSlices = 24;

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

// `mark` is drawn dashed where it is not 0.
std::string RowOf(std::string_view name, const eval::Comparison& c, Scale scale, double mark, double y) {
  std::string svg = Text(kLeft - 10, y + 4, "end", name);
  if (c.undefined) return svg + Text(kLeft + kWidth / 2, y + 4, "middle", "no value on these rows", R"(opacity="0.6")");
  svg += Line(scale.At(c.lower), y, scale.At(c.upper), y, R"(stroke-width="2")");
  for (const double bound : {c.lower, c.upper})
    svg += Line(scale.At(bound), y - 5, scale.At(bound), y + 5, R"(stroke-width="2")");
  svg += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="4.5" fill="currentColor"/>)", scale.At(c.difference), y);
  if (mark != 0) svg += Line(scale.At(mark), y - 13, scale.At(mark), y + 13, R"(stroke-dasharray="3 3")");
  return svg + Text(kLeft + kWidth + 12, y + 4, "start",
                    fmt::format("{:+.4f} [{:+.4f}, {:+.4f}]", c.difference, c.lower, c.upper));
}

double HeightOf(std::size_t rows) { return kTop + kRowHeight * static_cast<double>(rows) + 24; }
double RowAt(std::size_t row) { return kTop + kRowHeight * (static_cast<double>(row) + 0.5); }

// Everything but the rows and the end. Names that are longer than usual get `more` room at the left.
std::string Begin(std::string_view title, std::size_t rows, double more = 0) {
  const double height = HeightOf(rows);
  std::string svg = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="{2:.0f} 0 {3:.0f} {0:.0f}" width="{3:.0f}" height="{0:.0f}" role="img" font-family="sans-serif" font-size="12">)"
      R"(<title>{1}</title>)",
      height, title, -more, 680 + more);
  const double zero = kLeft + kWidth / 2;
  svg += Text(zero - 8, 14, "end", "champion better", R"(opacity="0.7")");
  svg += Text(zero + 8, 14, "start", "candidate better", R"(opacity="0.7")");
  return svg + Line(zero, kTop - 4, zero, height - 20, R"(stroke-width="1" opacity="0.5")");
}

std::string Footnote(std::size_t rows, std::string_view text) {
  return Text(kLeft + kWidth / 2, HeightOf(rows) - 6, "middle", text, R"(opacity="0.7")");
}

}  // namespace

std::string ForestPlot(const std::vector<eval::Comparison>& comparisons, double minimum_improvement) {
  std::string svg = Begin("Candidate minus champion, each metric with its one-sided bounds", comparisons.size());
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    const auto& c = comparisons[i];
    const double minimum = i == 0 ? minimum_improvement : 0;
    svg += RowOf(Name(c.metric), c, ScaleOf(c, minimum), minimum, RowAt(i));
  }
  if (minimum_improvement > 0)
    svg += Footnote(comparisons.size(), fmt::format("dashed: minimum improvement {}", minimum_improvement));
  return svg + "</svg>";
}

std::string SlicePlot(const std::vector<decide::SliceComparison>& slices) {
  std::vector<const decide::SliceComparison*> shown;
  for (const auto& slice : slices) shown.push_back(&slice);
  std::ranges::stable_sort(shown, {}, [](const auto* slice) {
    return slice->comparison.undefined ? std::numeric_limits<double>::infinity() : slice->comparison.upper;
  });
  const std::size_t left_out = shown.size() - std::min(shown.size(), kMostSlices);
  shown.resize(shown.size() - left_out);
  constexpr double kLetter = 7;  // about its width
  double reach = 0;
  double width = 0;
  for (const auto* slice : shown) {
    width = std::max(width, kLetter * static_cast<double>(slice->name.size()));
    if (!slice->comparison.undefined) reach = std::max(reach, ScaleOf(slice->comparison, 0).reach);
  }
  std::string svg = Begin("Candidate minus champion, each slice with its one-sided bounds", shown.size(),
                          std::max(0.0, width - kLeft + 10));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto& slice = *shown[i];
    svg +=
        RowOf(Escaped(slice.name), slice.comparison, {reach > 0 ? reach : 1}, -slice.tolerance.value_or(0), RowAt(i));
  }
  if (left_out > 0) svg += Footnote(shown.size(), fmt::format("and {} that lost less", Counted(left_out, "slice")));
  return svg + "</svg>";
}

}  // namespace retrain::report
