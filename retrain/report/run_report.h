#pragma once

#include <string>
#include <vector>

#include "retrain/base/json.h"
#include "retrain/pipeline/journal.h"
#include "retrain/pipeline/run.h"

// Every sentence about a run, once: the terminal, `--json`, Python and the notebook show these.
namespace retrain::report {

std::string StatusOf(const pipeline::Run& run);  // "promoted", "kept", "skipped", "failed", "superseded", "running"

// The one sentence: "run 3 promoted version 3: accuracy of the candidate is …".
std::string VerdictSentence(const pipeline::Run& run);

// One line of `retrain runs`.
std::string RunLine(const pipeline::Run& run);
std::string RunLineHeader();

// `retrain explain RUN`: the sentence, the stages, the metrics with their intervals, what else there is to know, and
// the journal of the run. Plain text, at most 100 columns but for names.
std::string Explain(const pipeline::Run& run, const std::vector<pipeline::JournalEntry>& journal);

// The fields that scripts hold on to (Run of the Python face, and `retrain run --json`).
Json ToJson(const pipeline::Run& run);

// For a notebook: sentence, five-stage bar, table and forest plot. At most 20 kB, no script, colours from the page.
std::string ToHtml(const pipeline::Run& run);

Json ToJson(const Error& error);  // {code, kind, message, where, hint, kept, more, text}

}  // namespace retrain::report
