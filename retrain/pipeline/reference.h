#pragma once

#include "retrain/drift/profile.h"
#include "retrain/pipeline/home.h"

namespace retrain::pipeline {

// The features of the rows that a run's model learned from, as they are kept. `files` is borrowed and outlives the
// table.
Result<std::unique_ptr<data::ColumnTable>> OpenTrainingRows(StateFs& files, const Run& run);

// What later rows are held against to tell whether they drift from those that a version was made from. The features of
// its training rows, counted, with their importance to the model; and what the model predicts on rows of the same files
// that it did not learn from (for the rows that it has learned its scores are too sure). Errors of the data.
Result<drift::Profile> MakeReference(StateFs& files, const Run& run, const model::Model& model);

// The one that is kept with the version. A version that came without one (it was refused, or is of an older program)
// has it made from its kept data now; with `keeps`, for good. Errors of the data and of the state.
Result<drift::Profile> LoadReference(Home& home, const registry::Version& version, bool keeps);

}  // namespace retrain::pipeline
