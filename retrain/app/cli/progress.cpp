#include "retrain/app/cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>

#include <fmt/format.h>

#include "retrain/base/text.h"

namespace retrain::app {
namespace {

volatile std::sig_atomic_t stop_asked = 0;

void AskToStop(int) { stop_asked = 1; }

std::string_view Mark(std::string_view outcome) { return outcome == "done" ? "✓" : outcome == "failed" ? "✗" : "–"; }

std::string StartLine(const pipeline::Run& run, bool goes_on) {
  const std::string strategy = run.strategy_reason.empty() ? "" : fmt::format(" ({})", run.strategy_reason);
  return fmt::format("run {}: {}{}{}", run.id.value, train::Name(run.strategy), strategy,
                     goes_on ? ", goes on after an interruption" : "");
}

constexpr std::size_t kIndent = 23;  // where what a stage found begins

std::size_t ColumnsOf(std::FILE* terminal) {
  winsize size{};
  return ioctl(fileno(terminal), TIOCGWINSZ, &size) == 0 && size.ws_col > 2 * kIndent ? size.ws_col : 2000;
}

class Quiet : public pipeline::Observer {
 public:
  explicit Quiet(std::function<bool()> stop) : stop_(std::move(stop)) {}
  bool OnProgress(const train::Progress&) override { return !stop_(); }

 private:
  std::function<bool()> stop_;
};

// One line a stage, and one each half minute of training.
class Plain final : public Quiet {
 public:
  Plain(std::FILE* out, Clock& clock, std::function<bool()> stop)
      : Quiet(std::move(stop)), out_(out), clock_(clock), last_(clock.SteadyNow()) {}

  void OnStart(const pipeline::Run& run, bool goes_on) override {
    fmt::print(out_, "{}\n", StartLine(run, goes_on));
    if (!goes_on) OnStageEnd(run);
    last_ = clock_.SteadyNow();
  }
  void OnStageEnd(const pipeline::Run& run) override {
    if (run.stages.empty()) return;
    const auto& stage = run.stages.back();
    fmt::print(out_, "{} {}: {}\n", Mark(stage.outcome), stage.name, stage.found);
    std::fflush(out_);
  }
  bool OnProgress(const train::Progress& progress) override {
    if ((clock_.SteadyNow() - last_).count() >= 30) {
      last_ = clock_.SteadyNow();
      fmt::print(out_, "  epoch {}/{}, loss {:.4f}\n", progress.epoch, progress.epochs, progress.stopping_loss);
    }
    return Quiet::OnProgress(progress);
  }

 private:
  std::FILE* out_;
  Clock& clock_;
  Steady last_;  // when it told of the training
};

// The checklist: stages that ended stand, the one under way is rewritten in place.
class Live final : public Quiet {
 public:
  Live(std::FILE* out, Clock& clock, std::function<bool()> stop) : Quiet(std::move(stop)), out_(out), clock_(clock) {}

  void OnStart(const pipeline::Run& run, bool goes_on) override {
    fmt::print(out_, "{}\n", StartLine(run, goes_on));
    for (const auto& stage : run.stages) Ended(stage);
  }
  void OnStage(const pipeline::Run&, pipeline::State next) override {
    stage_ = pipeline::Row(next).stage;
    began_ = clock_.SteadyNow();
    Rewrite("…");
  }
  void OnStageEnd(const pipeline::Run& run) override {
    if (!run.stages.empty()) Ended(run.stages.back());
  }
  bool OnProgress(const train::Progress& progress) override {
    const double spent = (clock_.SteadyNow() - began_).count();
    const double left = spent / progress.epoch * (progress.epochs - progress.epoch);
    Rewrite(fmt::format("epoch {}/{}, loss {:.4f}, {} rows/s, at most {:.0f} s left", progress.epoch, progress.epochs,
                        progress.stopping_loss, Grouped(static_cast<std::int64_t>(progress.rows_per_second)), left));
    return Quiet::OnProgress(progress);
  }

 private:
  void Rewrite(std::string_view text) {
    fmt::print(out_, "\r\x1b[K  ◦ {:<18} {}", stage_, text);
    std::fflush(out_);
  }
  void Ended(const pipeline::StageRecord& stage) {
    const auto found = Wrapped(stage.found, ColumnsOf(out_), kIndent);
    fmt::print(out_, "\r\x1b[K  {} {:<18} {}\n", Mark(stage.outcome), stage.name, found);
    std::fflush(out_);
  }

  std::FILE* out_;
  Clock& clock_;
  std::string_view stage_;
  Steady began_{};
};

}  // namespace

std::unique_ptr<pipeline::Observer> MakeProgress(std::FILE* out, bool terminal, Clock& clock,
                                                 std::function<bool()> stop) {
  if (terminal) return std::make_unique<Live>(out, clock, std::move(stop));
  return std::make_unique<Plain>(out, clock, std::move(stop));
}

std::unique_ptr<pipeline::Observer> MakeQuiet(std::function<bool()> stop) {
  return std::make_unique<Quiet>(std::move(stop));
}

std::unique_ptr<pipeline::Observer> MakeForTerminal(bool shows, Clock& clock) {
  std::signal(SIGINT, AskToStop);
  std::signal(SIGTERM, AskToStop);
  const auto stop = [] { return stop_asked != 0; };
  return shows ? MakeProgress(stderr, isatty(STDERR_FILENO) == 1, clock, stop) : MakeQuiet(stop);
}

}  // namespace retrain::app
