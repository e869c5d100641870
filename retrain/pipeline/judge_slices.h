#pragma once

#include <vector>

#include "retrain/decide/gate.h"
#include "retrain/pipeline/judge.h"
#include "retrain/pipeline/run.h"

namespace retrain::pipeline {

// The rules of both kinds, the critical ones first. REQUIRES: each can be parsed, as CheckConfig() has seen to.
std::vector<eval::SliceRule> SliceRulesOf(const decide::GateOptions& options);

// Whether they can be cut out of the rows that will judge, told before anything is trained: the first rows show it.
// Errors of SliceColumns.
Status CheckSlices(const decide::GateOptions& options, StateFs& files, const std::vector<data::FileRange>& judged);

// The primary metric on each slice of the judged rows, which SliceRulesOf() cut, and, when the run has a base, on the
// rows that the newest promotions of `runs` before it were judged on: what the candidate has forgotten. A candidate of
// a full training has learned from some of these, which flatters it.
Result<std::vector<decide::SliceComparison>> CompareParts(const decide::GateOptions& options, StateFs& files,
                                                          const std::vector<Run>& runs, const Run& run,
                                                          const Judged& judged, const model::Model& champion,
                                                          const model::Model& candidate,
                                                          const eval::CompareOptions& compare);

}  // namespace retrain::pipeline
