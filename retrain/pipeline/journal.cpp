#include "retrain/pipeline/journal.h"

#include <array>

#include <fmt/format.h>

#include "retrain/base/sha256.h"

namespace retrain::pipeline {
namespace {

constexpr std::array<std::string_view, 1> kSteps = {
    R"(create table journal(
         number integer primary key,
         at_ms integer not null,
         run integer not null,
         kind text not null,
         body text not null,
         hash text not null);
       create index journal_run on journal(run);)"};

std::string HashOf(std::string_view before, std::int64_t number, std::int64_t at_ms, std::int64_t run,
                   std::string_view kind, std::string_view body) {
  return Sha256Hex(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", before, number, at_ms, run, kind, body));
}

constexpr std::string_view kColumns = "select number, at_ms, run, kind, body, hash from journal";

Result<std::vector<JournalEntry>> Read(const std::vector<store::Row>& rows) {
  std::vector<JournalEntry> entries;
  for (const auto& row : rows) {
    TRY(auto body, ParseJson(row.Text(4), fmt::format("journal entry {}", row.Int(0))));
    entries.push_back({.number = row.Int(0),
                       .at = Instant(std::chrono::milliseconds(row.Int(1))),
                       .run = RunId{row.Int(2)},
                       .kind = row.Text(3),
                       .body = std::move(body),
                       .hash = row.Text(5)});
  }
  return entries;
}

}  // namespace

Result<Journal> Journal::Open(store::Database& database) {
  TRY_OK(store::Migrate(database, "journal", kSteps));
  return Journal(database);
}

Status Journal::Append(Instant at, RunId run, std::string_view kind, const Json& body) {
  TRY(const auto last, database_->Run("select number, hash from journal order by number desc limit 1"));
  const std::int64_t number = last.empty() ? 1 : last[0].Int(0) + 1;
  const std::int64_t at_ms = at.time_since_epoch().count();
  const std::string text = body.Dump();
  const std::string hash = HashOf(last.empty() ? "" : last[0].Text(1), number, at_ms, run.value, kind, text);
  TRY_OK(database_->Run("insert into journal(number, at_ms, run, kind, body, hash) values(?, ?, ?, ?, ?, ?)",
                        {number, at_ms, run.value, std::string(kind), text, hash}));
  return Ok();
}

Result<std::string> Journal::LastHash() const {
  TRY(const auto last, database_->Run("select hash from journal order by number desc limit 1"));
  return last.empty() ? std::string() : last[0].Text(0);
}

Result<std::int64_t> Journal::Last() const {
  TRY(const auto rows, database_->Run("select coalesce(max(number), 0) from journal"));
  return rows[0].Int(0);
}

Result<JournalEntry> Journal::Get(std::int64_t number) const {
  TRY(const auto rows, database_->Run(fmt::format("{} where number = ?", kColumns), {number}));
  TRY(auto entries, Read(rows));
  if (!entries.empty()) return std::move(entries.front());
  TRY(const auto last, Last());
  return Error{.code = "E0504",
               .message = fmt::format("there is no journal entry {}: the last one is {}", number, last),
               .hint = "`retrain why` names those of the last look at each trigger"};
}

Result<std::vector<JournalEntry>> Journal::Of(RunId run) const {
  TRY(const auto rows, database_->Run(fmt::format("{} where run = ? order by number", kColumns), {run.value}));
  return Read(rows);
}

Result<std::vector<JournalEntry>> Journal::All() const {
  TRY(const auto rows, database_->Run(fmt::format("{} order by number", kColumns)));
  return Read(rows);
}

Status Journal::Verify() const {
  TRY(const auto rows, database_->Run(fmt::format("{} order by number", kColumns)));
  std::string before;
  std::int64_t expected = 1;
  for (const auto& row : rows) {
    const auto hash = HashOf(before, row.Int(0), row.Int(1), row.Int(2), row.Text(3), row.Text(4));
    if (row.Int(0) != expected || row.Text(5) != hash) {
      return Error{.code = "E0502", .message = fmt::format("journal entry {} is missing or was altered", expected)};
    }
    before = hash;
    ++expected;
  }
  return Ok();
}

}  // namespace retrain::pipeline
