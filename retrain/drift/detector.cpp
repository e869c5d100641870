#include "retrain/drift/detector.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/drift/domain_classifier.h"
#include "retrain/drift/named_method.h"
#include "retrain/drift/read_columns.h"
#include "retrain/drift/suite.h"
#include "retrain/stats/sort_values.h"

namespace retrain::drift {
namespace {

Status CheckOptions(const DetectorOptions& options) {
  if (!(options.compare.threshold >= 0)) {
    return Error{.code = "E0102",
                 .message = fmt::format("threshold is {}, it must be 0 or more", options.compare.threshold),
                 .where = {.key = "threshold"},
                 .hint = "0.1 is a small shift, 0.2 a marked one; 0 asks for any difference at all"};
  }
  return CheckMethod(options.method);
}

// Empty: the column can be compared.
std::string WhyNot(const ColumnProfile& reference, const data::Schema& current) {
  const data::Field* field = current.Find(reference.name);
  if (field == nullptr) return data::MissingColumn(current, reference.name, "the current table").message;
  if (data::CanReadAs(field->type, reference.type)) return "";
  return fmt::format("it was {} and is now {}", data::Name(reference.type), data::Name(field->type));
}

// The columns that both tables can give; the others go into the report.
std::vector<ChosenColumn> Comparable(const Profile& reference, const data::Schema& current, DriftReport& report) {
  std::vector<ChosenColumn> chosen;
  for (const ColumnProfile& column : reference.columns) {
    if (column.predicted && current.Find(column.name) == nullptr) {
      report.left_out.push_back({column.name, "a prediction, and the model that makes it is not at hand"});
      continue;
    }
    auto reason = WhyNot(column, current);
    if (reason.empty()) {
      chosen.push_back({{column.name, column.type}, column.kind});
    } else {
      report.columns.push_back({.name = column.name,
                                .kind = column.kind,
                                .outcome = Outcome::kFailed,
                                .reason = std::move(reason),
                                .importance = column.importance,
                                .n_reference = column.tally.rows()});
    }
  }
  for (const data::Field& field : current.fields) {
    const bool known = reference.Find(field.name) != nullptr ||
                       std::ranges::find(reference.left_out, field.name, &LeftOut::name) != reference.left_out.end();
    if (!known)
      report.left_out.push_back({field.name, "it is not among the columns of the reference that are compared"});
  }
  return chosen;
}

ColumnDrift CompareFully(const ChosenColumn& column, ColumnValues& reference, ColumnValues& current,
                         const CompareOptions& options) {
  const ColumnProfile profile = ProfileOf(column, reference);
  ColumnTally tally{.nulls = current.nulls};
  std::vector<Statistic> statistics;
  if (column.kind == ColumnKind::kNumeric) {
    stats::SortValues(current.numbers);
    tally.cells = CountSortedCells(profile.cuts, current.numbers);
    statistics = NumberStatistics(reference.numbers, current.numbers, profile.tally.cells, tally.cells);
  } else {
    tally.categories = std::move(current.categories);
    statistics = CategoryStatistics(profile.tally.categories, tally.categories);
  }
  ColumnDrift drift = CompareColumn(profile, tally, options);
  drift.statistics = std::move(statistics);
  return drift;
}

// What was counted can no more be counted otherwise.
Status CheckChoice(const Profile& profile, const ColumnChoice& choice) {
  data::Schema schema;
  for (const ColumnProfile& column : profile.columns) schema.fields.push_back({column.name, column.type});
  for (const auto* names : {&choice.columns, &choice.categorical}) {
    for (const std::string& name : *names) {
      const ColumnProfile* column = profile.Find(name);
      if (column == nullptr) return data::MissingColumn(schema, name, "the profile", "columns");
      if (names == &choice.columns || column->kind == ColumnKind::kCategorical) continue;
      return Error{.code = "E0105",
                   .message = fmt::format("column `{}` is counted as {} in the profile", name, Name(column->kind)),
                   .where = {.key = "categorical"},
                   .hint = "give the reference table itself, or leave the column out of `categorical`"};
    }
  }
  return Ok();
}

// A profile that says which columns there are, and nothing of what is in them.
Result<Profile> OutlineOf(const data::ColumnTable& table, const ColumnChoice& choice) {
  Profile profile{.rows = table.rows()};
  TRY(const auto chosen, Choose(table.schema(), choice, profile.left_out));
  for (const ChosenColumn& column : chosen)
    profile.columns.push_back({.name = column.field.name, .type = column.field.type, .kind = column.kind});
  return profile;
}

}  // namespace

Status CheckMethod(const std::string& method) {
  if (method == kDefaultMethod || method == kFullMethod || method == kDomainClassifier) return Ok();
  auto known = MethodNames();
  const auto test = method.substr(0, method.find(':'));
  for (const std::string& name : known) {
    if (name == method || (name == test && name == "evidently/default")) return Ok();
  }
  known.insert(known.begin(), {std::string(kDefaultMethod), std::string(kFullMethod), std::string(kDomainClassifier)});
  const auto near = NearName(method, known);
  return Error{.code = "E0102",
               .message = fmt::format("there is no drift method `{}`", method),
               .where = {.key = "method"},
               .hint = near.empty() ? fmt::format("one of {}", ListNames(known, 60)) : fmt::format("write `{}`", near)};
}

Result<DriftDetector> DriftDetector::Make(std::shared_ptr<const data::ColumnTable> reference, DetectorOptions options,
                                          Parallel& parallel, const Progress& progress) {
  TRY_OK(CheckOptions(options));
  if (options.method == kDefaultMethod) {
    TRY(auto profile, MakeProfile(*reference, options.choice, parallel, progress));
    return DriftDetector(nullptr, std::move(profile), std::move(options));
  }
  if (reference->rows() == 0) return Error{.code = "E0214", .message = "the reference has no rows to compare with"};
  TRY(auto outline, OutlineOf(*reference, options.choice));
  return DriftDetector(std::move(reference), std::move(outline), std::move(options));
}

Result<DriftDetector> DriftDetector::Make(Profile reference, DetectorOptions options) {
  TRY_OK(CheckOptions(options));
  if (options.method != kDefaultMethod) {
    return Error{.code = "E0105",
                 .message = fmt::format("method `{}` looks at the reference's rows, of which a profile has only counts",
                                        options.method),
                 .where = {.key = "method"},
                 .hint = "give the reference table itself, or leave the method out"};
  }
  TRY_OK(CheckChoice(reference, options.choice));
  if (!options.choice.columns.empty()) {
    std::erase_if(reference.columns, [&](const ColumnProfile& column) {
      return std::ranges::find(options.choice.columns, column.name) == options.choice.columns.end();
    });
  }
  return DriftDetector(nullptr, std::move(reference), std::move(options));
}

Status DriftDetector::CheckByName(const std::vector<ChosenColumn>& chosen, const data::ColumnTable& current,
                                  Parallel& parallel, const Progress& progress, DriftReport& report) const {
  std::vector<Result<ColumnDrift>> found(chosen.size(), ColumnDrift{});
  parallel.For(static_cast<int>(chosen.size()), [&](int part) {
    const auto& column = chosen[static_cast<std::size_t>(part)];
    found[static_cast<std::size_t>(part)] = CompareByName(options_.method, column, *reference_, current);
    if (progress) progress(1);
  });
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].ok()) {
      report.columns.push_back(std::move(found[i]).value());
    } else if (found[i].error().code == "E0211") {
      report.left_out.push_back({chosen[i].field.name, found[i].error().message});
    } else {
      return std::move(found[i]).error();
    }
  }
  Rank(report);
  Summarize(report);
  return Ok();
}

Result<DriftReport> DriftDetector::Check(const data::ColumnTable& current, Parallel& parallel,
                                         const Progress& progress) const {
  DriftReport report{.method = options_.method,
                     .threshold = options_.compare.threshold,
                     .rows_reference = profile_.rows,
                     .rows_current = current.rows(),
                     .left_out = profile_.left_out};
  const auto chosen = Comparable(profile_, current.schema(), report);
  if (options_.method == kDomainClassifier) {
    TRY(report.joint, TellApart(*reference_, current, chosen, options_.compare, parallel));
    Summarize(report);
    return report;
  }
  if (options_.method != kDefaultMethod && options_.method != kFullMethod) {
    TRY_OK(CheckByName(chosen, current, parallel, progress, report));
    return report;
  }
  const std::size_t failed = report.columns.size();
  report.columns.resize(failed + chosen.size());
  const auto compare = [&](std::size_t begin, std::span<const ChosenColumn> columns, Workspace& space) -> Status {
    TRY_OK(ReadColumns(current, columns, space.current));
    if (reference_ != nullptr) TRY_OK(ReadColumns(*reference_, columns, space.reference));
    for (std::size_t i = 0; i < columns.size(); ++i) {
      ColumnDrift& drift = report.columns[failed + begin + i];
      if (reference_ != nullptr) {
        drift = CompareFully(columns[i], space.reference[i], space.current[i], options_.compare);
      } else {
        const ColumnProfile& profile = *profile_.Find(columns[i].field.name);
        drift = CompareColumn(profile, TallyOf(profile, space.current[i]), options_.compare);
      }
    }
    return Ok();
  };
  const std::int64_t rows = std::max(current.rows(), reference_ != nullptr ? reference_->rows() : 0);
  TRY_OK(ForGroups(chosen, rows, parallel, progress, compare));
  Conclude(report, options_.compare);
  return report;
}

}  // namespace retrain::drift
