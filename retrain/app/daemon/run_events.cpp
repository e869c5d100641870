#include "retrain/app/daemon/run_events.h"

#include "retrain/app/worker/messages.h"
#include "retrain/report/run_report.h"

namespace retrain::app {
namespace {

Json Event(std::string_view name) {
  Json event;
  return event.Set("event", name);
}

// `run` is for people and scripts, `row` for the command line, which goes on with it as with a run of its own.
std::string WithRun(Json event, const pipeline::Run& run) {
  return event.Set("run", report::ToJson(run)).Set("row", pipeline::ToJson(run)).Dump();
}

}  // namespace

std::string WaitEvent(std::string_view reason) { return Event("wait").Set("reason", reason).Dump(); }

std::string StartEvent(const pipeline::Run& run, bool goes_on) {
  return WithRun(Event("start").Set("goes_on", goes_on), run);
}

std::string StageEvent(pipeline::State next) {
  return Event("stage").Set("state", Name(next)).Set("stage", pipeline::Row(next).stage).Dump();
}

std::string StageEndEvent(const pipeline::Run& run) { return WithRun(Event("stage_end"), run); }

std::string ProgressEvent(const train::Progress& progress) {
  Json event = Event("progress");
  const auto line = ParseJson(WriteProgress(progress), "a line of our own");
  RETRAIN_ALWAYS(line.ok());
  return event.Set("progress", (*line)["progress"]).Dump();
}

std::string EndEvent(const Result<pipeline::Run>& run) {
  if (run.ok()) return WithRun(Event("end"), *run);
  return Event("error").Set("error", report::ToJson(run.error())).Set("row", pipeline::StoredError(run.error())).Dump();
}

bool RunReplay::Take(std::string_view line) {
  const auto event = ParseJson(line, "a line of the daemon");
  if (!event.ok()) {
    end_ = event.error();
    return false;
  }
  if ((*event)["event"].AsString() == "progress") {
    Json message;
    const auto progress = ReadMessage(message.Set("progress", (*event)["progress"]).Dump());
    return !progress || !progress->progress || observer_.OnProgress(*progress->progress);
  }
  if (const auto status = Replay(*event); !status.ok()) end_ = status.error();
  return !end_;
}

Status RunReplay::Replay(const Json& event) {
  const std::string name = event["event"].AsString();
  if (name == "error") {
    end_ = pipeline::ErrorFromStored(event["row"]);
  } else if (name == "stage") {
    TRY(const auto next, pipeline::StateFromName(event["state"].AsString()));
    if (latest_) observer_.OnStage(*latest_, next);
  } else if (name == "start" || name == "stage_end" || name == "end") {
    TRY(latest_, pipeline::RunFromJson(event["row"]));
    run_ = latest_->id;
    if (name == "start") observer_.OnStart(*latest_, event["goes_on"].AsBool());
    if (name == "stage_end") observer_.OnStageEnd(*latest_);
    if (name == "end") end_ = *latest_;
  }
  return Ok();
}

}  // namespace retrain::app
