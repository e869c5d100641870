// Names and nature of the metrics: one table.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/eval/comparison.h"

namespace retrain::eval {
namespace {

struct Nature {
  std::string_view name;
  bool larger_is_better;
  bool for_classes;  // else for values
};

constexpr Nature kNatures[] = {
    {"accuracy", true, true}, {"precision", true, true},   {"recall", true, true},  {"f1", true, true},
    {"f1_macro", true, true}, {"f1_weighted", true, true}, {"roc_auc", true, true}, {"log_loss", false, true},
    {"brier", false, true},   {"rmse", false, false},      {"mae", false, false},   {"r2", true, false},
};
static_assert(std::size(kNatures) == static_cast<std::size_t>(Metric::kR2) + 1);

const Nature& NatureOf(Metric metric) { return kNatures[static_cast<std::size_t>(metric)]; }

}  // namespace

std::string_view Name(Metric metric) { return NatureOf(metric).name; }

Result<Metric> MetricFromName(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kNatures), std::end(kNatures), [name](const Nature& n) { return n.name == name; });
  if (found != std::end(kNatures)) return static_cast<Metric>(found - std::begin(kNatures));
  std::vector<std::string> names;
  for (const auto& nature : kNatures) names.emplace_back(nature.name);
  const std::string near(NearName(name, names));
  return Error{.code = "E0102",
               .message = fmt::format("there is no metric `{}`", name),
               .hint = near.empty() ? fmt::format("write one of {}", ListNames(names, names.size()))
                                    : fmt::format("did you mean `{}`?", near)};
}

bool LargerIsBetter(Metric metric) { return NatureOf(metric).larger_is_better; }

bool Fits(Metric metric, data::Task task) { return NatureOf(metric).for_classes == (task != data::Task::kRegression); }

std::vector<Metric> DefaultMetrics(data::Task task) {
  switch (task) {
    case data::Task::kBinary: return {Metric::kAccuracy, Metric::kF1};
    case data::Task::kMulticlass: return {Metric::kAccuracy, Metric::kF1Macro};
    case data::Task::kRegression: break;
  }
  return {Metric::kRmse, Metric::kMae};
}

}  // namespace retrain::eval
