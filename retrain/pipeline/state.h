#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

#include "retrain/base/result.h"

namespace retrain::pipeline {

// How far a run has come. A run's row holds the last state that was committed; after a crash the engine reads it and
// goes on from there.
enum class State { kCreated, kPrepared, kTrained, kValidated, kPromoted, kKept, kSkipped, kFailed, kSuperseded };

struct StateRow {
  State state;
  std::string_view name;   // in the database, in `--json` and in Run.status
  std::string_view stage;  // the stage that ends with it, as a person sees it; empty: an end that is no stage
  bool is_end;
};

inline constexpr StateRow kStates[] = {
    {State::kCreated, "created", "Trigger validated", false},
    {State::kPrepared, "prepared", "Data prepared", false},
    {State::kTrained, "trained", "Training started", false},
    {State::kValidated, "validated", "Validation passed", false},
    {State::kPromoted, "promoted", "Model deployed", true},
    {State::kKept, "kept", "", true},
    {State::kSkipped, "skipped", "", true},
    {State::kFailed, "failed", "", true},
    {State::kSuperseded, "superseded", "", true},
};

struct Edge {
  State from;
  State to;
  std::string_view when;
};

// Every way a run can go, and there is no other: Advance() consults this table in every build.
inline constexpr Edge kEdges[] = {
    {State::kCreated, State::kPrepared, "the data passed every check and were split in time"},
    {State::kCreated, State::kSkipped, "too few new rows have arrived"},
    {State::kCreated, State::kFailed, "the data failed a check"},
    {State::kPrepared, State::kTrained, "the candidate's artifact is whole and on disk"},
    {State::kPrepared, State::kFailed, "training failed, crashed or was stopped"},
    {State::kTrained, State::kValidated, "both models predicted the same rows and the gate gave its verdict"},
    {State::kTrained, State::kFailed, "a model could not be read or gave no finite score"},
    {State::kValidated, State::kPromoted, "the verdict is promote and the champion is still the one compared with"},
    {State::kValidated, State::kKept, "the verdict is reject or inconclusive: the champion stays"},
    {State::kValidated, State::kSuperseded, "the champion changed since the comparison"},
};

constexpr const StateRow& Row(State state) { return kStates[static_cast<int>(state)]; }
constexpr std::string_view Name(State state) { return Row(state).name; }
constexpr bool IsEnd(State state) { return Row(state).is_end; }

constexpr bool CanAdvance(State from, State to) {
  return std::any_of(std::begin(kEdges), std::end(kEdges),
                     [=](const Edge& edge) { return edge.from == from && edge.to == to; });
}

Result<State> StateFromName(std::string_view name);  // E0502: only our own rows are read

}  // namespace retrain::pipeline
