#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "retrain/pipeline/pipeline.h"
#include "retrain/testing/fake_clock.h"

namespace retrain::sim {

// Mistakes that the simulation must notice, one at a time.
enum class Bug {
  kNone,
  kUnsyncedArtifact,   // an artifact's bytes are not synced before its rename
  kUnsyncedName,       // the folder of an artifact is not synced after it
  kRenameBeforeSync,   // the artifact gets its name first and is synced then
  kSynchronousNormal,  // the usual advice for SQLite's write-ahead log
  kEarlyAnswer,        // a stage is told as done before its commit
  kLyingDisk,          // one sync in eight does nothing
};

inline constexpr std::pair<Bug, std::string_view> kBugs[] = {
    {Bug::kNone, "none"},
    {Bug::kUnsyncedArtifact, "unsynced-artifact"},
    {Bug::kUnsyncedName, "unsynced-name"},
    {Bug::kRenameBeforeSync, "rename-before-sync"},
    {Bug::kSynchronousNormal, "synchronous-normal"},
    {Bug::kEarlyAnswer, "early-answer"},
    {Bug::kLyingDisk, "lying-disk"},
};

// What the engine has told somebody, and may therefore never take back.
struct Promise {
  std::int64_t entries = 0;  // of the journal
  std::string hash;          // of the last of them; empty: not told
  std::int64_t champion_epoch = 0;
  std::int64_t chunks = 0;
};

// A short life of a home with everything that matters: files arrive one after the other, each starts a run (a first
// champion, a better one, one that fails on a broken file, and after the file was mended a worse one that is refused),
// and at last the champion is rolled back. The engine, its
// database and its files are real; the learner is three lines. Run() starts from whatever stands on the disk and goes
// on to the same end, as a person does who types the same commands again.
class Life final {
 public:
  explicit Life(StateFs& files, Bug bug = Bug::kNone);
  ~Life();

  Status Run();
  const Promise& promised() const { return promised_; }

 private:
  class Watcher;
  class Learner;
  Status CarryOut(pipeline::Pipeline& pipeline);
  Status Promised();  // what stands in the database now has been told

  StateFs& files_;
  Bug bug_;
  testing::FakeClock clock_;
  testing::FakeRandom random_;
  std::unique_ptr<Learner> learner_;
  std::unique_ptr<pipeline::Home> home_;
  Promise promised_;
};

// How a life has ended, in lines that compare: runs, versions, aliases and chunks. No times and no attempts.
Result<std::vector<std::string>> Ending(pipeline::Home& home);

}  // namespace retrain::sim
