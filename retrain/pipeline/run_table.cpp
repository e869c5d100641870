#include "retrain/pipeline/run_table.h"

#include <array>

#include <fmt/format.h>

namespace retrain::pipeline {
namespace {

// `ended` stands beside the JSON so that the database itself holds that at most one run is under way.
constexpr std::array<std::string_view, 1> kSteps = {
    R"(create table runs(
         id integer primary key autoincrement,
         state text not null,
         attempt integer not null,
         ended integer not null,
         body text not null);
       create unique index runs_under_way on runs(ended) where ended = 0;)"};

Result<Run> Read(const store::Row& row) {
  TRY(const auto body, ParseJson(row.Text(1), fmt::format("run {}", row.Int(0))));
  TRY(auto run, RunFromJson(body));
  run.id = RunId{row.Int(0)};
  run.attempt = row.Int(2);
  return run;
}

}  // namespace

Result<RunTable> RunTable::Open(store::Database& database) {
  TRY_OK(store::Migrate(database, "runs", kSteps));
  return RunTable(database);
}

Result<RunId> RunTable::Insert(const Run& run) {
  TRY_OK(
      database_->Run("insert into runs(state, attempt, ended, body) values(?, ?, ?, ?)",
                     {std::string(Name(run.state)), run.attempt, std::int64_t{IsEnd(run.state)}, ToJson(run).Dump()}));
  return RunId{database_->last_insert_id()};
}

Result<Run> RunTable::Get(RunId id) const {
  TRY(const auto rows, database_->Run("select id, body, attempt from runs where id = ?", {id.value}));
  if (rows.empty()) {
    TRY(const auto last, database_->Run("select coalesce(max(id), 0) from runs"));
    const auto count = last[0].Int(0);
    return Error{.code = "E0504",
                 .message = count == 0 ? fmt::format("there is no run {}: nothing has run yet", id.value)
                                       : fmt::format("there is no run {}: the last one is {}", id.value, count),
                 .hint = "`retrain runs` lists them"};
  }
  return Read(rows[0]);
}

Result<std::vector<Run>> RunTable::All() const {
  TRY(const auto rows, database_->Run("select id, body, attempt from runs order by id"));
  std::vector<Run> runs;
  for (const auto& row : rows) {
    TRY(auto run, Read(row));
    runs.push_back(std::move(run));
  }
  return runs;
}

Result<std::optional<Run>> RunTable::Unfinished() const {
  TRY(const auto rows, database_->Run("select id, body, attempt from runs where ended = 0"));
  if (rows.empty()) return std::optional<Run>();
  TRY(auto run, Read(rows[0]));
  return std::optional<Run>(std::move(run));
}

Status RunTable::Advance(State from, const Run& run) {
  RETRAIN_ALWAYS(CanAdvance(from, run.state));
  TRY_OK(database_->Run("update runs set state = ?, ended = ?, body = ? where id = ? and state = ? and attempt = ?",
                        {std::string(Name(run.state)), std::int64_t{IsEnd(run.state)}, ToJson(run).Dump(), run.id.value,
                         std::string(Name(from)), run.attempt}));
  if (database_->changed_rows() == 1) return Ok();
  return Error{.code = "E0401", .message = fmt::format("another process has taken run {} up", run.id.value)};
}

Result<Run> RunTable::Claim(RunId id) {
  TRY_OK(database_->Run("update runs set attempt = attempt + 1 where id = ? and ended = 0", {id.value}));
  return Get(id);
}

}  // namespace retrain::pipeline
