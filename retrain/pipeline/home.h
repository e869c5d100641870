#pragma once

#include <memory>
#include <optional>
#include <string>

#include "retrain/ledger/ledger.h"
#include "retrain/pipeline/journal.h"
#include "retrain/pipeline/outbox.h"
#include "retrain/pipeline/run_table.h"
#include "retrain/pipeline/trigger_table.h"
#include "retrain/registry/registry.h"

namespace retrain::pipeline {

// A pipeline's state on disk: one SQLite file, the artifacts of versions, the kept bytes of data, and a work folder
// for what a run may lose. Opening reads and migrates, and does not lock: any process may look. Who wants to change
// something takes the lock first. Layout: docs/formats.md.
class Home final {
 public:
  static Result<std::unique_ptr<Home>> Open(StateFs& files, const std::string& folder);
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  // E0401 that says who works here. Held until destroyed or until the process ends.
  Result<std::unique_ptr<HomeLock>> Lock(std::string_view holder);

  // What Lock() does once it has the lock: makes safe and tidies what a killed process left. For who took the lock of
  // `LockFile(folder)` himself.
  Status Recover();
  static std::string LockFile(const std::string& folder) { return folder + "/lock"; }

  store::Database& database() { return *database_; }
  store::Blobs& artifacts() { return artifacts_; }
  store::Blobs& data() { return data_; }
  StateFs& files() { return files_; }
  ledger::Ledger& ledger() { return *ledger_; }
  registry::Registry& registry() { return *registry_; }
  Journal& journal() { return *journal_; }
  RunTable& runs() { return *runs_; }
  Outbox& outbox() { return *outbox_; }
  TriggerTable& triggers() { return *triggers_; }
  const std::string& folder() const { return folder_; }
  std::string WorkFile(RunId run, std::string_view name) const;  // below the work folder

  // Empties the work folder. REQUIRES: no unfinished run needs it, and the lock is held.
  Status CleanWork();

  // A named text that outlives runs: the config that setup() was given.
  Result<std::optional<std::string>> Setting(std::string_view name) const;
  Status SetSetting(std::string_view name, std::string_view value);

 private:
  Home(StateFs& files, std::string folder);
  StateFs& files_;
  std::string folder_;
  store::Blobs artifacts_;
  store::Blobs data_;
  std::unique_ptr<store::Database> database_;
  std::optional<ledger::Ledger> ledger_;
  std::optional<registry::Registry> registry_;
  std::optional<Journal> journal_;
  std::optional<RunTable> runs_;
  std::optional<Outbox> outbox_;
  std::optional<TriggerTable> triggers_;
};

}  // namespace retrain::pipeline
