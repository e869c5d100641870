// Whether the rows that wait drift: one window's verdict, and how many of them it takes.
#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/decide/conditions.h"
#include "retrain/stats/distributions.h"

namespace retrain::decide {
namespace {

constexpr double kFalseDiscoveryRate = 0.05;  // of one window

// What the newest window says, in the words and numbers of its method.
struct Finding {
  std::string text;
  std::string waits_for;
  std::string threshold = "-";
  std::vector<std::pair<std::string, double>> numbers;
};

Finding FindingOf(const DriftWindow& window, const TriggerOptions& trigger) {
  const std::string columns =
      fmt::format("in column `{}`, {} of {} drifted", window.column, window.drifted, Counted(window.columns, "column"));
  if (window.measure == DriftWindow::Measure::kNamed) {
    return {.text = fmt::format("`{}` gives {:.4g} {}", trigger.method, window.effect, columns),
            .waits_for = fmt::format("a drift by `{}` and its own threshold", trigger.method),
            .numbers = {{"statistic", window.effect}}};
  }
  const bool is_area = window.measure == DriftWindow::Measure::kArea;
  const std::string name = is_area ? "area" : "psi";
  const std::string interval = fmt::format("{:.3g} [{:.3g}, {:.3g}]", window.effect, window.lower, window.upper);
  return {.text = is_area ? fmt::format("a network tells old and new rows apart with an area of {}", interval)
                          : fmt::format("PSI {} {}", interval, columns),
          .waits_for = fmt::format("drift beyond PSI {:g} that the data prove", trigger.threshold),
          .threshold = fmt::format("{:g}", trigger.threshold),
          .numbers = {{name, window.effect},
                      {name + "_lower", window.lower},
                      {name + "_upper", window.upper},
                      {"threshold", trigger.threshold}}};
}

}  // namespace

double FalseAlarmsOf(Windows windows, double p) { return 1 - stats::BinomialCdf(windows.drifted - 1, windows.of, p); }

Condition DriftDetected(const TriggerOptions& trigger, const Measured& measured) {
  if (measured.windows.empty()) return CannotTell(measured.why_not);
  const auto count = std::min<std::ptrdiff_t>(trigger.windows.of, std::ssize(measured.windows));
  const std::vector<DriftWindow> last(measured.windows.end() - count, measured.windows.end());
  const auto drifted = std::count_if(last.begin(), last.end(),
                                     [](const DriftWindow& window) { return window.chance <= kFalseDiscoveryRate; });
  const auto& newest = last.back();
  const double alone = FalseAlarmsOf(trigger.windows, kFalseDiscoveryRate);
  const bool by_itself = newest.chance <= alone;
  const auto finding = FindingOf(newest, trigger);
  Condition condition{.met = drifted >= trigger.windows.drifted || by_itself,
                      .value = fmt::format("{:.3g}", newest.effect),
                      .threshold = finding.threshold,
                      .waits_for = finding.waits_for,
                      .numbers = finding.numbers};
  condition.clear = !condition.met && newest.chance > kFalseDiscoveryRate;
  condition.because =
      fmt::format("{} in {}; {} of the last {} drifted, {} asked for", finding.text, Counted(newest.rows, "row"),
                  drifted, Counted(count, "window"), ToText(trigger.windows));
  if (by_itself && drifted < trigger.windows.drifted)
    condition.because += fmt::format(", and this one alone is as sure (p {})",
                                     newest.chance > 0 ? fmt::format("{:.2g}", newest.chance) : "below 1e-300");
  const std::initializer_list<std::pair<std::string, double>> counts = {
      {"columns", static_cast<double>(newest.columns)},
      {"columns_drifted", static_cast<double>(newest.drifted)},
      {"chance", newest.chance},
      {"chance_alone", alone},
      {"rows", static_cast<double>(newest.rows)},
      {"windows", static_cast<double>(count)},
      {"windows_drifted", static_cast<double>(drifted)}};
  condition.numbers.insert(condition.numbers.end(), counts);
  return condition;
}

}  // namespace retrain::decide
