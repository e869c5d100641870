#include "retrain/pipeline/home.h"

#include <array>

#include <fmt/format.h>

namespace retrain::pipeline {
namespace {

constexpr std::array<std::string_view, 1> kSteps = {
    "create table settings(name text primary key, value text not null);"};

}  // namespace

Home::Home(StateFs& files, std::string folder)
    : files_(files),
      folder_(std::move(folder)),
      artifacts_(files, folder_ + "/artifacts"),
      data_(files, folder_ + "/data") {}

Result<std::unique_ptr<Home>> Home::Open(StateFs& files, const std::string& folder) {
  TRY_OK(files.MakeFolders(folder + "/work"));
  std::unique_ptr<Home> home(new Home(files, folder));
  TRY(home->database_, store::Database::Open(files, folder + "/state.db"));
  std::optional<store::Transaction> all_at_once;  // the tables of a new home: one commit, one sync
  TRY(const auto tables, home->database_->Run("select 1 from sqlite_schema limit 1"));
  if (tables.empty()) {
    TRY(auto begun, store::Transaction::Begin(*home->database_));
    all_at_once.emplace(std::move(begun));
  }
  TRY(home->ledger_, ledger::Ledger::Open(*home->database_, home->data_, files));
  TRY(home->registry_, registry::Registry::Open(*home->database_, home->artifacts_));
  TRY(home->journal_, Journal::Open(*home->database_));
  TRY(home->runs_, RunTable::Open(*home->database_));
  TRY(home->outbox_, Outbox::Open(*home->database_));
  TRY(home->triggers_, TriggerTable::Open(*home->database_));
  TRY_OK(store::Migrate(*home->database_, "settings", kSteps));
  if (all_at_once) TRY_OK(all_at_once->Commit());
  return home;
}

Result<std::unique_ptr<HomeLock>> Home::Lock(std::string_view holder) {
  TRY(auto lock, files_.Lock(LockFile(folder_), holder));
  TRY_OK(Recover());
  return lock;
}

Status Home::Recover() {
  TRY_OK(database_->SyncLog());
  TRY_OK(artifacts_.RemoveTemporaries());
  TRY_OK(data_.RemoveTemporaries());
  TRY(const auto unfinished, runs_->Unfinished());
  const bool may_train = unfinished && unfinished->state < State::kTrained;  // its checkpoint is worth keeping
  if (!may_train) TRY_OK(CleanWork());
  return Ok();
}

std::string Home::WorkFile(RunId run, std::string_view name) const {
  return fmt::format("{}/work/run-{}.{}", folder_, run.value, name);
}

Status Home::CleanWork() {
  const std::string folder = folder_ + "/work";
  TRY(const auto names, files_.List(folder));
  for (const auto& name : names) TRY_OK(files_.Unlink(folder + "/" + name));
  return Ok();
}

Result<std::optional<std::string>> Home::Setting(std::string_view name) const {
  TRY(const auto rows, database_->Run("select value from settings where name = ?", {std::string(name)}));
  if (rows.empty()) return std::optional<std::string>();
  return std::optional<std::string>(rows[0].Text(0));
}

Status Home::SetSetting(std::string_view name, std::string_view value) {
  TRY_OK(database_->Run("insert into settings values(?, ?) on conflict(name) do update set value = excluded.value",
                        {std::string(name), std::string(value)}));
  return Ok();
}

}  // namespace retrain::pipeline
