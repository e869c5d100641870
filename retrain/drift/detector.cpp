#include "retrain/drift/detector.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "retrain/drift/read_columns.h"

namespace retrain::drift {
namespace {

// Empty: the column can be compared.
std::string WhyNot(const ColumnProfile& reference, const data::Schema& current) {
  const data::Field* field = current.Find(reference.name);
  if (field == nullptr) return data::MissingColumn(current, reference.name, "the current table").message;
  if (data::CanReadAs(field->type, reference.type)) return "";
  return fmt::format("it was {} and is now {}", data::Name(reference.type), data::Name(field->type));
}

ColumnDrift Failed(const ColumnProfile& reference, std::string reason) {
  ColumnDrift column{
      .name = reference.name, .kind = reference.kind, .outcome = Outcome::kFailed, .reason = std::move(reason)};
  column.n_reference = reference.tally.rows();
  return column;
}

}  // namespace

Result<DriftReport> CheckProfile(const Profile& reference, const data::ColumnTable& current,
                                 const CompareOptions& options, Parallel& parallel, const Progress& progress) {
  DriftReport report{.threshold = options.threshold,
                     .rows_reference = reference.rows,
                     .rows_current = current.rows(),
                     .left_out = reference.left_out};
  std::vector<const ColumnProfile*> profiles;
  std::vector<ChosenColumn> chosen;
  for (const ColumnProfile& column : reference.columns) {
    auto reason = WhyNot(column, current.schema());
    if (reason.empty()) {
      profiles.push_back(&column);
      chosen.push_back({{column.name, column.type}, column.kind});
    } else {
      report.columns.push_back(Failed(column, std::move(reason)));
    }
  }
  const std::size_t failed = report.columns.size();
  report.columns.resize(failed + chosen.size());
  const auto groups = GroupColumns(chosen.size(), current.rows());
  std::vector<std::optional<Error>> errors(groups.size());
  parallel.For(static_cast<int>(groups.size()), [&](int part) {
    const ColumnGroup group = groups[static_cast<std::size_t>(part)];
    const auto columns = std::span(chosen).subspan(group.begin, group.end - group.begin);
    const auto values = ReadColumns(current, columns);
    if (!values.ok()) {
      errors[static_cast<std::size_t>(part)] = values.error();
      return;
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const ColumnProfile& profile = *profiles[group.begin + i];
      report.columns[failed + group.begin + i] = CompareColumn(profile, TallyOf(profile, (*values)[i]), options);
    }
    if (progress) progress(columns.size());
  });
  for (auto& error : errors) {
    if (error) return *std::move(error);
  }
  for (const data::Field& field : current.schema().fields) {
    const bool known = reference.Find(field.name) != nullptr ||
                       std::ranges::find(reference.left_out, field.name, &LeftOut::name) != reference.left_out.end();
    if (!known) report.left_out.push_back({field.name, "the reference was not compared by it"});
  }
  Conclude(report, options);
  return report;
}

}  // namespace retrain::drift
