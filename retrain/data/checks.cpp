#include "retrain/data/checks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/data/open_file.h"
#include "retrain/data/repeats.h"
#include "retrain/data/target_twin.h"

namespace retrain::data {
namespace {

constexpr std::int64_t kRowsToCallARenaming = 100;  // fewer rows may be one to one by chance

// What is wrong, a line a rule and column: the first place, and how many rows in all.
class Faults {
 public:
  // `make` gives the error of the first row; it is called once a key.
  template <class Make>
  void Add(const std::string& key, Make make) {
    const auto [known, is_new] = rows_of_.try_emplace(key, errors_.size(), 0);
    if (is_new) errors_.push_back(make());
    ++known->second.second;
  }
  void Add(Error error) { errors_.push_back(std::move(error)); }

  bool empty() const { return errors_.empty(); }
  Error Finish() {
    for (const auto& [key, fault] : rows_of_) {
      const auto& [index, rows] = fault;
      if (rows > 1) errors_[index].message += fmt::format(" (and in {} more rows)", Grouped(rows - 1));
    }
    return AllInOne(std::move(errors_));
  }

 private:
  std::vector<Error> errors_;
  std::map<std::string, std::pair<std::size_t, std::int64_t>> rows_of_;
};

// One pass over the validation rows and one over the training rows.
class Pass {
 public:
  Pass(StateFs& files, const TrainingCheck& check)
      : files_(files),
        check_(check),
        expected_{check.roles.features},
        twins_(check.roles.features.size(), TargetTwin(check.labels)) {}

  Result<CheckReport> Run() {
    TRY_OK(CheckColumns());
    report_.class_rows.assign(check_.labels.classes.size(), 0);
    for (const FileRange& range : check_.validation) TRY_OK(ReadRange(range, Use::kValidation));
    for (const FileRange& range : check_.training) TRY_OK(ReadRange(range, Use::kTraining));
    Judge();
    if (!faults_.empty()) return faults_.Finish();
    return std::move(report_);
  }

 private:
  Status CheckColumns();
  Status ReadRange(const FileRange& range, Use use);
  void SeeFrame(const Frame& frame, const std::string& file, std::int64_t begin, Use use);
  void SeeLabels(const Column& target, const std::vector<double>& codes, const Place& where, Use use);
  void SeeWeights(const Column& weights, const Place& where);
  void SeeTimes(const Column& times, const Place& where);
  void SeeFractions(const Frame& frame, const std::string& file, std::int64_t begin);
  void SeeRepeats(const Frame& frame, const std::string& file, std::int64_t begin, Use use);
  void Judge();
  void JudgeTarget();
  void JudgeTwins();
  void JudgeRepeats();

  StateFs& files_;
  const TrainingCheck& check_;
  const Roles& roles_ = check_.roles;
  Schema expected_;                    // the features
  std::vector<std::string> compared_;  // columns that repeats are looked for in
  std::vector<TargetTwin> twins_;      // of each feature
  Repeats repeats_;
  Faults faults_;
  CheckReport report_;
  double least_ = std::numeric_limits<double>::infinity();  // label
  double greatest_ = -std::numeric_limits<double>::infinity();
  double weight_ = 0;
  double last_time_ = -std::numeric_limits<double>::infinity();
  bool is_time_ordered_ = true;
  Place first_repeat_;
};

// The columns of every file, before any row is read.
Status Pass::CheckColumns() {
  std::vector<std::string> names = {roles_.target};
  for (const Field& feature : roles_.features) names.push_back(feature.name);
  bool with_time = !roles_.time.empty();
  bool with_id = !roles_.id.empty();
  std::set<std::string> idle;
  std::set<std::pair<std::string, Use>> seen;
  const auto look = [&](const FileRange& range, Use use) {
    if (!seen.emplace(range.path, use).second) return;
    const auto schema = PeekSchema(files_, range.path, expected_);
    if (!schema.ok()) return faults_.Add(schema.error());
    if (auto status = CheckSchema(*schema, roles_, range.path, use); !status.ok()) return faults_.Add(status.error());
    with_time = with_time && schema->Find(roles_.time) != nullptr;
    with_id = with_id && schema->Find(roles_.id) != nullptr;
    for (const auto& name : schema->Names()) idle.insert(name);
    for (const auto& field : schema->unusable) idle.insert(field.name);
  };
  for (const FileRange& range : check_.training) look(range, Use::kTraining);
  for (const FileRange& range : check_.validation) look(range, Use::kValidation);
  if (!faults_.empty()) return faults_.Finish();
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  if (with_time) add(roles_.time);
  if (with_id) add(roles_.id);
  compared_ = names;
  for (const auto& name : names) idle.erase(name);
  for (const auto& name : {roles_.time, roles_.id, roles_.weight}) idle.erase(name);
  if (!idle.empty()) {
    report_.notes.push_back(
        fmt::format("columns that take no part: {}", ListNames(std::vector<std::string>(idle.begin(), idle.end()))));
  }
  return Ok();
}

Status Pass::ReadRange(const FileRange& range, Use use) {
  ReadOptions options{.columns = compared_, .expected = &expected_};
  if (use == Use::kTraining) {
    for (const auto& name : {roles_.time, roles_.weight}) {
      if (!name.empty() && std::ranges::find(options.columns, name) == options.columns.end())
        options.columns.push_back(name);
    }
  }
  TRY(const auto source, OpenRanges(files_, {range}, options));
  std::int64_t row = range.begin;
  while (true) {
    TRY(const auto frame, source->Next());
    if (!frame) break;
    SeeFrame(*frame, range.path, row, use);
    row += frame->rows();
  }
  (use == Use::kTraining ? report_.rows : report_.validation_rows) += row - range.begin;
  return Ok();
}

void Pass::SeeFrame(const Frame& frame, const std::string& file, std::int64_t begin, Use use) {
  const auto place = [&](const std::string& column) { return Place{.file = file, .key = column, .row = begin}; };
  const Column& target = *frame.Find(roles_.target);
  const auto codes = TryCodeLabels(target, check_.labels);
  SeeLabels(target, codes, place(roles_.target), use);
  SeeRepeats(frame, file, begin, use);
  SeeFractions(frame, file, begin);
  if (use != Use::kTraining) return;
  for (std::size_t i = 0; i < twins_.size(); ++i) twins_[i].See(*frame.Find(roles_.features[i].name), target, codes);
  if (!roles_.weight.empty()) SeeWeights(*frame.Find(roles_.weight), place(roles_.weight));
  if (!roles_.time.empty()) SeeTimes(*frame.Find(roles_.time), place(roles_.time));
}

void Pass::SeeLabels(const Column& target, const std::vector<double>& codes, const Place& where, Use use) {
  const bool is_class = check_.labels.task != Task::kRegression;
  for (std::size_t row = 0; row < codes.size(); ++row) {
    const double code = codes[row];
    if (std::isnan(code)) {
      const bool is_null = target.IsNull(static_cast<std::int64_t>(row));
      faults_.Add(is_null ? "null label" : "other label",
                  [&] { return LabelFault(target, check_.labels, where, row); });
    } else if (use == Use::kTraining) {
      if (is_class) ++report_.class_rows[static_cast<std::size_t>(code)];
      least_ = std::min(least_, code);
      greatest_ = std::max(greatest_, code);
    }
  }
}

void Pass::SeeWeights(const Column& weights, const Place& where) {
  for (std::size_t row = 0; row < weights.numbers.size(); ++row) {
    const double weight = weights.numbers[row];
    if (std::isfinite(weight) && weight >= 0) {
      weight_ += weight;
      continue;
    }
    faults_.Add("weight", [&] {
      Error error{.code = "E0215", .where = where, .hint = "remove or mend the row"};
      error.where.row += static_cast<std::int64_t>(row);
      error.message = fmt::format("weight `{}` is {} in row {} of {}", where.key,
                                  std::isnan(weight) ? "null" : fmt::format("{}", weight), error.where.row, where.file);
      return error;
    });
  }
}

void Pass::SeeTimes(const Column& times, const Place& where) {
  for (std::size_t row = 0; is_time_ordered_ && row < times.numbers.size(); ++row) {
    if (times.numbers[row] < last_time_) {
      is_time_ordered_ = false;
      report_.notes.push_back(fmt::format(
          "rows are not in the order of `{}`: row {} of {} is older than the one before; splits follow files and rows",
          where.key, where.row + static_cast<std::int64_t>(row), where.file));
    }
    if (!std::isnan(times.numbers[row])) last_time_ = times.numbers[row];
  }
}

// A number in a column that the champion knows as integer must still be a whole one.
void Pass::SeeFractions(const Frame& frame, const std::string& file, std::int64_t begin) {
  for (const Field& feature : roles_.features) {
    if (feature.type != ColumnType::kInteger) continue;
    const auto numbers = frame.Find(feature.name)->numbers;
    for (std::size_t row = 0; row < numbers.size(); ++row) {
      if (std::trunc(numbers[row]) == numbers[row] || std::isnan(numbers[row])) continue;
      faults_.Add("fraction " + feature.name, [&] {
        const std::int64_t at = begin + static_cast<std::int64_t>(row);
        return Error{.code = "E0204",
                     .message = fmt::format("column `{}` was integer and holds {} in row {} of {}", feature.name,
                                            numbers[row], at, file),
                     .where = {.file = file, .key = feature.name, .row = at},
                     .hint = "write whole numbers, or start anew with `retrain run full`"};
      });
    }
  }
}

void Pass::SeeRepeats(const Frame& frame, const std::string& file, std::int64_t begin, Use use) {
  if (check_.validation.empty()) return;
  const auto hashes = HashRows(frame, compared_);
  if (use == Use::kValidation) return repeats_.SeeValidation(hashes);
  for (std::size_t row = 0; row < hashes.size(); ++row) {
    if (repeats_.SeeTraining(hashes[row]) && repeats_.found() == 1) {
      first_repeat_ = {.file = file, .row = begin + static_cast<std::int64_t>(row)};
    }
  }
}

void Pass::Judge() {
  if (report_.rows == 0) {
    faults_.Add({.code = "E0214", .message = "there are no training rows", .hint = "bring more rows"});
    return;
  }
  if (!check_.validation.empty() && report_.validation_rows == 0) {
    faults_.Add({.code = "E0214",
                 .message = "there are no validation rows",
                 .where = {.file = check_.validation.front().path}});
  }
  JudgeTarget();
  JudgeTwins();
  JudgeRepeats();
  if (!roles_.weight.empty() && weight_ == 0 && faults_.empty()) {
    faults_.Add({.code = "E0215",
                 .message = fmt::format("weight `{}` is 0 in every row", roles_.weight),
                 .where = {.key = roles_.weight}});
  }
}

void Pass::JudgeTarget() {
  if (least_ != greatest_) return;  // no valid label at all is a fault already
  const bool is_class = check_.labels.task != Task::kRegression;
  const std::string value =
      is_class ? check_.labels.classes[static_cast<std::size_t>(least_)] : fmt::format("{}", least_);
  faults_.Add(
      {.code = "E0206",
       .message = fmt::format("target `{}` is {} in all {} training rows", roles_.target, value, Grouped(report_.rows)),
       .where = {.key = roles_.target},
       .hint = "bring rows with another value too"});
}

void Pass::JudgeTwins() {
  if (least_ >= greatest_) return;  // a constant target equals any constant
  for (std::size_t i = 0; i < twins_.size(); ++i) {
    const std::string& name = roles_.features[i].name;
    std::string how;
    if (twins_[i].is_equal()) {
      how = fmt::format("equals target `{}` in all {} rows", roles_.target, Grouped(report_.rows));
    } else if (twins_[i].is_renamed() && report_.rows >= kRowsToCallARenaming) {
      how = fmt::format("is target `{}` under other names ({})", roles_.target, twins_[i].Renaming(check_.labels));
    } else {
      continue;
    }
    faults_.Add({.code = "E0207",
                 .message = fmt::format("feature `{}` {}", name, how),
                 .where = {.key = name},
                 .hint = fmt::format("data_config.exclude: [{}]", name)});
  }
}

void Pass::JudgeRepeats() {
  const std::int64_t found = repeats_.found();
  if (found == 0) return;
  const std::string where = fmt::format("the first is row {} of {}", first_repeat_.row, first_repeat_.file);
  const std::string what = fmt::format("{} of {} validation rows also stand in the training rows", Grouped(found),
                                       Grouped(report_.validation_rows));
  if (static_cast<double>(found) <= repeats_.explained()) {
    report_.notes.push_back(fmt::format("{}; {}; no more than the rows repeat among themselves", what, where));
    return;
  }
  faults_.Add({.code = "E0208",
               .message = fmt::format("{}; {}", what, where),
               .where = first_repeat_,
               .hint = "remove them from one of the two"});
}

}  // namespace

Result<CheckReport> CheckTraining(StateFs& files, const TrainingCheck& check) {
  auto report = Pass(files, check).Run();
  if (!report.ok()) return WithNames(std::move(report).error(), check.names);
  for (auto& note : report.value().notes) note = WithNames(std::move(note), check.names);
  return report;
}

}  // namespace retrain::data
