#include <fmt/format.h>

#include "retrain/store/database.h"

namespace retrain::store {
namespace {

Result<std::int64_t> StepsSeen(Database& database, std::string_view name) {
  TRY(const auto table, database.Run("select 1 from sqlite_schema where name = 'schema_steps'"));
  if (table.empty()) return std::int64_t{0};
  TRY(const auto rows, database.Run("select steps from schema_steps where room = ?", {std::string(name)}));
  return rows.empty() ? std::int64_t{0} : rows[0].Int(0);
}

Status ApplyFrom(Database& database, std::string_view name, std::span<const std::string_view> steps) {
  TRY(const auto seen, StepsSeen(database, name));  // again: another process may have been faster
  TRY_OK(database.RunScript("create table if not exists schema_steps(room text primary key, steps integer not null)"));
  for (auto step = static_cast<std::size_t>(seen); step < steps.size(); ++step) TRY_OK(database.RunScript(steps[step]));
  TRY_OK(database.Run("insert into schema_steps values(?, ?) on conflict(room) do update set steps = excluded.steps",
                      {std::string(name), static_cast<std::int64_t>(steps.size())}));
  return Ok();
}

}  // namespace

Status Migrate(Database& database, std::string_view name, std::span<const std::string_view> steps) {
  const auto known = static_cast<std::int64_t>(steps.size());
  TRY(const auto seen, StepsSeen(database, name));
  if (seen > known) {
    return Error{.code = "E0503",
                 .message = fmt::format("the tables of `{}` are at step {}, this program knows {}", name, seen, known),
                 .hint = "install the version of this program that wrote them, or a newer one",
                 .kept = "nothing was changed"};
  }
  if (seen == known) return Ok();
  TRY(auto transaction, Transaction::Join(database));
  TRY_OK(ApplyFrom(database, name, steps));
  return transaction.Commit();
}

}  // namespace retrain::store
