#include "retrain/data/labels.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "retrain/base/text.h"

namespace retrain::data {
namespace {

constexpr std::size_t kMostClasses = 1000;
constexpr std::size_t kMostIntegerClasses = 20;  // more distinct integers are an amount, not a name

// The distinct values of the target, as far as they could be classes.
struct Distinct {
  ColumnType type = ColumnType::kNumber;
  std::set<double> numbers;
  std::set<std::string, std::less<>> words;

  std::size_t size() const { return type == ColumnType::kText ? words.size() : numbers.size(); }
  bool many() const { return size() > kMostClasses; }

  void See(const Column& column) {
    if (type == ColumnType::kText) {
      std::vector<bool> used(column.levels.size());
      for (const auto code : column.codes) {
        if (code >= 0) used[static_cast<std::size_t>(code)] = true;
      }
      for (std::size_t i = 0; i < used.size(); ++i) {
        if (used[i] && !many() && !words.contains(column.levels[i])) words.emplace(column.levels[i]);
      }
      return;
    }
    double last = std::nan("");
    for (const double number : column.numbers) {
      if (number != last && std::isfinite(number) && !many()) numbers.insert(number);
      last = number;
    }
  }

  std::vector<std::string> Classes() const {
    if (type == ColumnType::kText) return {words.begin(), words.end()};
    std::vector<std::string> names;
    for (const double number : numbers) names.push_back(ClassName(number, type));
    return names;
  }
};

Task TaskOf(const Distinct& values) {
  if (values.size() == 2 || values.type == ColumnType::kBoolean) return Task::kBinary;
  if (values.type == ColumnType::kText) return Task::kMulticlass;
  if (values.type == ColumnType::kInteger && values.size() <= kMostIntegerClasses) return Task::kMulticlass;
  return Task::kRegression;
}

Error Misfit(const std::string& target, std::string message, std::string hint) {
  return {.code = "E0211",
          .message = fmt::format("target `{}` {}", target, message),
          .where = {.key = "data_config.target"},
          .hint = std::move(hint)};
}

Status CheckTask(const Distinct& values, Task task, const std::string& target) {
  if (task == Task::kRegression) {
    if (values.type != ColumnType::kText) return Ok();
    return Misfit(target, "holds text, which has no regression", "leave data_config.task out: text is classified");
  }
  if (values.many()) {
    return Misfit(target, fmt::format("has more than {} classes; is it an id?", Grouped(kMostClasses)),
                  "name another target, or write data_config.task: regression");
  }
  if (task == Task::kBinary && values.size() > 2) {
    return Misfit(target, fmt::format("has {} classes, a binary task has 2", values.size()),
                  "write data_config.task: multiclass");
  }
  return Ok();
}

Status PutPositiveLast(std::vector<std::string>& classes, const std::string& positive) {
  const auto found = std::ranges::find(classes, positive);
  if (found == classes.end()) {
    return Error{.code = "E0211",
                 .message = fmt::format("positive_class `{}` is none of the classes: {}", positive, ListNames(classes)),
                 .where = {.key = "data_config.positive_class"},
                 .hint = fmt::format("write {}", ListNames(classes, 2))};
  }
  std::iter_swap(found, classes.end() - 1);
  return Ok();
}

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// The code of a class by its name in the words of this column; kUnknown when there is none.
class ClassCodes {
 public:
  ClassCodes(const Labels& labels, ColumnType type) : type_(type) {
    for (const std::string& name : labels.classes) codes_.emplace(name, static_cast<double>(codes_.size()));
  }
  double Find(std::string_view name) const {
    auto found = codes_.find(std::string(name));
    if (found == codes_.end() && type_ == ColumnType::kBoolean) found = codes_.find(name == "true" ? "1" : "0");
    return found == codes_.end() ? kUnknown : found->second;
  }

 private:
  ColumnType type_;
  std::unordered_map<std::string, double> codes_;
};

std::vector<double> CodeText(const Column& column, const Labels& labels) {
  const ClassCodes classes(labels, column.type);
  std::vector<double> code_of;
  for (const auto level : column.levels) code_of.push_back(classes.Find(level));
  std::vector<double> codes;
  codes.reserve(column.codes.size());
  for (const auto code : column.codes) codes.push_back(code < 0 ? kUnknown : code_of[static_cast<std::size_t>(code)]);
  return codes;
}

std::vector<double> CodeNumbers(const Column& column, const Labels& labels) {
  const ClassCodes classes(labels, column.type);
  std::unordered_map<double, double> code_of;
  std::vector<double> codes;
  codes.reserve(column.numbers.size());
  for (const double value : column.numbers) {
    if (std::isnan(value)) {
      codes.push_back(kUnknown);
      continue;
    }
    const auto [known, is_new] = code_of.try_emplace(value, kUnknown);
    if (is_new && std::isfinite(value)) known->second = classes.Find(ClassName(value, column.type));
    codes.push_back(known->second);
  }
  return codes;
}

// The value of a row as a person reads it.
std::string ValueText(const Column& column, std::size_t row) {
  if (column.IsNull(static_cast<std::int64_t>(row))) return "null";
  if (column.type == ColumnType::kText) return std::string(column.levels[static_cast<std::size_t>(column.codes[row])]);
  return std::isinf(column.numbers[row]) ? "infinite" : ClassName(column.numbers[row], column.type);
}

}  // namespace

std::string ClassName(double value, ColumnType type) {
  if (type == ColumnType::kBoolean) return value != 0 ? "true" : "false";
  return fmt::format("{}", value == 0 ? 0.0 : value);
}

Result<Labels> InferLabels(TableSource& source, const Roles& roles, const DataOptions& options) {
  const Field* target = source.schema().Find(roles.target);
  if (target == nullptr) return MissingColumn(source.schema(), roles.target, "the data", "data_config.target");
  if (target->type == ColumnType::kTime)
    return Misfit(roles.target, "holds times, which are not learned", "name another target");
  Distinct values{.type = target->type};
  while (true) {
    TRY(const auto frame, source.Next());
    if (!frame) break;
    values.See(*frame->Find(roles.target));
  }
  if (values.size() < 2) {
    const auto only = values.Classes();
    return Error{.code = "E0206",
                 .message = only.empty() ? fmt::format("target `{}` has no value in any row", roles.target)
                                         : fmt::format("target `{}` is {} in every row", roles.target, only.front()),
                 .where = {.key = roles.target},
                 .hint = "bring data with at least two classes or values"};
  }
  Labels labels{.task = options.task.value_or(TaskOf(values)), .type = values.type};
  TRY_OK(CheckTask(values, labels.task, roles.target));
  if (labels.task == Task::kRegression) return labels;
  labels.classes = values.Classes();
  if (options.positive_class && labels.task == Task::kBinary)
    TRY_OK(PutPositiveLast(labels.classes, *options.positive_class));
  return labels;
}

std::vector<double> TryCodeLabels(const Column& column, const Labels& labels) {
  if (labels.task != Task::kRegression) {
    return column.type == ColumnType::kText ? CodeText(column, labels) : CodeNumbers(column, labels);
  }
  if (column.type == ColumnType::kText) return std::vector<double>(column.codes.size(), kUnknown);
  std::vector<double> values(column.numbers.begin(), column.numbers.end());
  for (double& value : values) value = std::isfinite(value) ? value : kUnknown;
  return values;
}

Error LabelFault(const Column& column, const Labels& labels, const Place& where, std::size_t row) {
  Error error{.where = where};
  error.where.row = std::max<std::int64_t>(where.row, 0) + static_cast<std::int64_t>(row);
  const std::string table = where.file.empty() ? "the table" : where.file;
  const std::string value = ValueText(column, row);
  if (value == "null" || value == "infinite") {
    error.code = "E0205";
    error.message = fmt::format("label `{}` is {} in row {} of {}", where.key, value, error.where.row, table);
    error.hint = "remove or mend the row";
  } else if (labels.task == Task::kRegression) {
    error.code = "E0204";
    error.message = fmt::format("label `{}` of {} is text, numbers are learned", where.key, table);
  } else {
    error.code = "E0213";
    error.message = fmt::format("class `{}` of `{}` in row {} of {} is unknown; the classes are {}", value, where.key,
                                error.where.row, table, ListNames(labels.classes));
    error.hint = "retrain run full";
  }
  return error;
}

Result<std::vector<double>> CodeLabels(const Column& column, const Labels& labels, const Place& where) {
  auto values = TryCodeLabels(column, labels);
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (std::isnan(values[row])) return LabelFault(column, labels, where, row);
  }
  return values;
}

}  // namespace retrain::data
