#include "bindings.h"

#include <unistd.h>

#include <cstdio>

#include "retrain/app/cli/progress.h"
#include "retrain/app/config/read_config.h"
#include "retrain/app/daemon/changes.h"
#include "retrain/app/daemon/client.h"
#include "retrain/app/daemon/roster.h"
#include "retrain/app/notify/deliver.h"
#include "retrain/data/arrow/c_stream.h"
#include "retrain/pipeline/measure.h"
#include "retrain/pipeline/unlabelled.h"
#include "retrain/report/run_report.h"
#include "retrain/report/value_html.h"
#include "retrain/train/slice.h"

// Setting a pipeline up, running it, and looking at what ran.
namespace retrain::python {
namespace {

using Text = std::optional<std::string>;

// Ctrl-C as Python sees it: handlers run in the main thread only, and what they raise is kept for the caller.
class Signals final {
 public:
  bool Raised() {
    const nb::gil_scoped_acquire acquire;
    if (!error_ && PyErr_CheckSignals() != 0) error_.emplace();
    return error_.has_value();
  }
  void Rethrow() {
    if (error_) throw std::move(*error_);
  }

 private:
  std::optional<nb::python_error> error_;
};

// Shows the run as the command line does, and tells Python when it has an id.
class Watcher final : public pipeline::Observer {
 public:
  Watcher(std::unique_ptr<pipeline::Observer> shown, const nb::callable& on_start)
      : shown_(std::move(shown)), on_start_(on_start) {}

  void OnStart(const pipeline::Run& run, bool goes_on) override {
    shown_->OnStart(run, goes_on);
    const nb::gil_scoped_acquire acquire;
    on_start_(report::ToJson(run).Dump());
  }
  void OnStage(const pipeline::Run& run, pipeline::State next) override { shown_->OnStage(run, next); }
  void OnStageEnd(const pipeline::Run& run) override { shown_->OnStageEnd(run); }
  bool OnProgress(const train::Progress& progress) override { return shown_->OnProgress(progress); }

 private:
  std::unique_ptr<pipeline::Observer> shown_;
  const nb::callable& on_start_;
};

std::unique_ptr<pipeline::Observer> Shown(bool progress, Clock& clock, Signals& signals) {
  const auto stop = [&signals] { return signals.Raised(); };
  if (!progress) return app::MakeQuiet(stop);
  return app::MakeProgress(stderr, isatty(STDERR_FILENO) == 1, clock, stop);
}

void Setup(const std::string& home, const std::string& config) {
  const nb::gil_scoped_release release;
  const auto engine = Need(app::Engine::Open({.home = home}));
  Need(app::SetUpHereOrInDaemon(*engine, config, "setup()"));
}

// The config that setup() stored, or None.
Text StoredConfig(const std::string& home) {
  const nb::gil_scoped_release release;
  return Need(OpenOld(home)->home().Setting("config"));
}

// `text` is a config itself; without it the file `file`, or what the command line would take.
pipeline::Config LoadConfig(app::Engine& engine, const Text& text, const std::string& file) {
  return Need(text ? app::ReadConfig(*text, {}) : engine.LoadConfig(file));
}

// A daemon that holds the home does the run; all that is seen of it here is the same.
pipeline::Run RunHereOrInDaemon(app::Engine& engine, const std::string& home, const pipeline::Config& config,
                                const pipeline::Request& request, Watcher& watcher, Signals& signals) {
  if (auto locked = engine.Lock("trigger()"); !locked.ok()) {
    auto daemon = app::DaemonClient::Find(home);
    if (locked.error().code != "E0401" || !daemon) throw Raised(locked.error());
    auto run = daemon->Run(request, config, watcher);
    signals.Rethrow();
    return Need(std::move(run));
  }
  auto run = Need(engine.pipeline().Start(config, request, watcher));
  while (!pipeline::IsEnd(run.state) && !signals.Raised()) {
    auto next = engine.pipeline().Tick(run, watcher);
    if (!next.ok() && signals.Raised()) break;
    run = Need(std::move(next));
  }
  app::DeliverAfterRun(engine.home(), config, app::NameOf(home));  // what fails waits for the next run or daemon
  return run;
}

bool DaemonAnswers(const std::string& home) {
  const nb::gil_scoped_release release;
  return app::DaemonClient::Find(home).has_value();
}

// Asks the daemon of this home to end; False: there is none.
bool StopDaemon(const std::string& home) {
  const nb::gil_scoped_release release;
  auto daemon = app::DaemonClient::Find(home);
  if (!daemon) return false;
  Need(daemon->Ask("POST", "stop"));
  return true;
}

std::string RunToEnd(const std::string& home, const std::string& program, const Text& config_text,
                     const std::string& config_file, const std::string& trigger, const std::string& reason,
                     const Text& strategy, bool progress, const nb::callable& on_start) {
  Signals signals;
  pipeline::Run run;
  {
    const nb::gil_scoped_release release;
    pipeline::Request request{.trigger = trigger, .reason = reason};
    if (strategy) request.strategy = Need(train::StrategyFromName(*strategy));
    const auto engine = Need(app::Engine::Open({.home = home, .program = program}));
    const auto config = LoadConfig(*engine, config_text, config_file);
    Watcher watcher(Shown(progress, engine->clock(), signals), on_start);
    run = RunHereOrInDaemon(*engine, home, config, request, watcher, signals);
  }
  signals.Rethrow();
  return report::ToJson(run).Dump();
}

// The decisions of all triggers as they would be now, as a JSON list.
std::string Check(const std::string& home, const Text& config_text, const std::string& config_file) {
  const nb::gil_scoped_release release;
  const auto engine = Need(app::Engine::Open({.home = home}));
  const auto config = LoadConfig(*engine, config_text, config_file);
  Json list = Json::MakeArray();
  const auto look = Need(pipeline::LookAtTriggers(engine->home(), config, engine->clock().Now()));
  if (look.blocked) throw Raised(*look.blocked);
  for (const auto& trigger : look.answer.triggers) list.Append(decide::ToJson(trigger.decision));
  return list.Dump();
}

std::string Runs(const std::string& home) {
  const nb::gil_scoped_release release;
  Json list = Json::MakeArray();
  for (const auto& run : Need(OpenOld(home)->home().runs().All())) list.Append(report::ToJson(run));
  return list.Dump();
}

std::string GetRun(const std::string& home, std::int64_t id) {
  const nb::gil_scoped_release release;
  return report::ToJson(Need(OpenOld(home)->home().runs().Get(RunId{id}))).Dump();
}

std::string Explain(const std::string& home, std::int64_t id) {
  const nb::gil_scoped_release release;
  const auto engine = OpenOld(home);
  const auto run = Need(engine->home().runs().Get(RunId{id}));
  return report::Explain(run, Need(engine->home().journal().Of(run.id)));
}

std::string Html(const std::string& home, std::int64_t id) {
  const nb::gil_scoped_release release;
  return report::ToHtml(Need(OpenOld(home)->home().runs().Get(RunId{id})));
}

// A metric of the champion on a table without labels, given as a PyCapsule of the Arrow C stream interface.
std::string Estimate(const std::string& home, const std::string& metric, const nb::object& capsule) {
  auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"));
  if (stream == nullptr) throw nb::python_error();
  const nb::gil_scoped_release release;
  const auto rows = Need(data::ImportStream(stream));
  const auto engine = OpenOld(home);
  const auto model = Need(engine->LoadChampion());
  const auto champion = Need(pipeline::LoadChampionData(engine->home()));
  const train::FileSlice reference(engine->files(), champion->run.slice.judged, model->contract());
  return pipeline::ToJson(Need(pipeline::EstimateWithoutLabels(engine->files(), Need(eval::MetricFromName(metric)),
                                                               *model, reference, *rows, 0.95)))
      .Dump();
}

std::string DecisionHtml(const std::string& decision) {
  return report::ToHtml(Need(decide::DecisionFromJson(Need(ParseJson(decision, "a decision")))));
}

}  // namespace

void BindRuns(nb::module_& module) {
  module.def("setup", &Setup, nb::arg("home"), nb::arg("config"));
  module.def("stored_config", &StoredConfig, nb::arg("home"));
  module.def("run_to_end", &RunToEnd, nb::arg("home"), nb::arg("program"), nb::arg("config").none(),
             nb::arg("config_file"), nb::arg("trigger"), nb::arg("reason"), nb::arg("strategy").none(),
             nb::arg("progress"), nb::arg("on_start"));
  module.def("daemon_answers", &DaemonAnswers, nb::arg("home"));
  module.def("stop_daemon", &StopDaemon, nb::arg("home"));
  module.def("check", &Check, nb::arg("home"), nb::arg("config").none(), nb::arg("config_file"));
  module.def("runs", &Runs, nb::arg("home"));
  module.def("run", &GetRun, nb::arg("home"), nb::arg("id"));
  module.def("explain", &Explain, nb::arg("home"), nb::arg("id"));
  module.def("estimate", &Estimate, nb::arg("home"), nb::arg("metric"), nb::arg("stream"));
  module.def("decision_html", &DecisionHtml, nb::arg("decision"));
  module.def("html", &Html, nb::arg("home"), nb::arg("id"));
}

}  // namespace retrain::python
