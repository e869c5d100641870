#include <unistd.h>

#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "retrain/app/check_drift.h"
#include "retrain/app/cli/command.h"
#include "retrain/app/ports/thread_team.h"
#include "retrain/report/drift_report.h"

// `retrain drift REFERENCE CURRENT`: did the columns change by more than matters?
namespace retrain::app {
namespace {

struct DriftOptions {
  std::string reference;
  std::string current;
  drift::DetectorOptions detector;
  std::string html;
  std::string profile;
  std::int64_t threads = 0;
};

// Says on standard error how far the work is, once it takes longer than a moment: on a terminal in one line that
// changes, in a pipe a line each tenth.
class ColumnProgress final {
 public:
  ColumnProgress(Clock& clock, bool shows) : clock_(clock), shows_(shows), began_(clock.SteadyNow()) {}
  ~ColumnProgress() {
    if (written_ && terminal_) fmt::print(stderr, "\r\x1b[K");
  }
  ColumnProgress(const ColumnProgress&) = delete;
  ColumnProgress& operator=(const ColumnProgress&) = delete;

  drift::Progress Of(std::string what) {
    if (!shows_) return {};
    done_ = 0;
    return [this, what = std::move(what)](std::size_t columns) {
      const std::lock_guard lock(mutex_);
      done_ += columns;
      const Steady now = clock_.SteadyNow();
      if ((now - began_).count() < 1 || (now - last_).count() < (terminal_ ? 0.1 : 5)) return;
      last_ = now;
      written_ = true;
      fmt::print(stderr, "{}{}: {} columns done{}", terminal_ ? "\r\x1b[K  " : "", what, done_, terminal_ ? "" : "\n");
      std::fflush(stderr);
    };
  }

 private:
  Clock& clock_;
  bool shows_;
  bool terminal_ = isatty(STDERR_FILENO) == 1;
  bool written_ = false;
  std::size_t done_ = 0;
  Steady began_;
  Steady last_{};
  std::mutex mutex_;
};

Result<Command::Answer> Drift(const Command& command, const DriftOptions& options) {
  RealStateFs files;
  RealClock clock;
  ThreadTeam team(options.threads > 0 ? static_cast<int>(options.threads)
                                      : static_cast<int>(std::thread::hardware_concurrency()));
  ColumnProgress progress(clock, !command.quiet && !command.json);
  TRY(const auto check,
      OpenReference(files, {options.reference, command.home}, options.detector, team, progress.Of(options.reference)));
  if (!options.profile.empty())
    TRY_OK(WriteFileDurably(files, options.profile, drift::ProfileToBytes(check.detector.profile())));
  TRY(const auto report, CheckFiles(files, check, options.current, team, progress.Of(options.current)));
  Command::Answer answer{.text = report::ToText(report), .json = drift::ToJson(report)};
  if (!options.html.empty()) {
    const auto title = fmt::format("{} against {}", options.current, options.reference);
    TRY_OK(WriteFileDurably(files, options.html, report::ToHtmlPage(report, title)));
    answer.text += fmt::format("the page with pictures is {}\n", options.html);
  }
  if (report.drifted) answer.exit_code = kCheckFired;
  return answer;
}

Result<Command::Answer> CheckedDrift(const Command& command, const DriftOptions& options) {
  if (!options.profile.empty() && options.detector.method != "default") {
    return Error{
        .code = "E0105",
        .message = fmt::format("--save-profile goes with the default method, not with `{}`", options.detector.method),
        .where = {.key = "--save-profile"},
        .hint = "leave out one of the two"};
  }
  return Drift(command, options);
}

}  // namespace

void AddDrift(Verb& program, Command& command) {
  auto options = std::make_shared<DriftOptions>();
  auto verb = AddVerb(program, command, "drift", "compare two tables column by column; exit code 4 when one drifted",
                      [&command, options] { return CheckedDrift(command, *options); });
  auto& detector = options->detector;
  verb.Option("reference", options->reference, "a file, a folder, a glob, a saved profile, or a version: 3, champion",
              {.required = true});
  verb.Option("current", options->current, "a file, a folder or a glob", {.required = true});
  verb.Option("--threshold", detector.compare.threshold, "the smallest PSI that matters; 0: any difference",
              {.shows_default = true});
  verb.Option("--method", detector.method,
              "default; full: exact statistics beside; domain_classifier: all columns together; or PEER/TEST, as "
              "scipy/ks_2samp:auto",
              {.shows_default = true});
  verb.Option("--columns", detector.choice.columns, "only these, separated by commas", {.by_commas = true});
  verb.Option("--categorical", detector.choice.categorical, "numbers to be counted as categories", {.by_commas = true});
  verb.Option("--html", options->html, "file to write a page with pictures to");
  verb.Option("--save-profile", options->profile, "file to keep the reference's counts in, for later checks");
  verb.Option("--threads", options->threads, "0: as many as there are processors", {.shows_default = true});
}

}  // namespace retrain::app
