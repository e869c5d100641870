#pragma once

#include <cstdio>
#include <memory>

#include "retrain/pipeline/pipeline.h"

namespace retrain::app {

// Shows a run while it goes, on standard error: on a terminal a live checklist of the five stages, in a pipe one line
// a stage. Stops the run when `stop` says so.
std::unique_ptr<pipeline::Observer> MakeProgress(std::FILE* out, bool terminal, Clock& clock,
                                                 std::function<bool()> stop);

// Shows nothing.
std::unique_ptr<pipeline::Observer> MakeQuiet(std::function<bool()> stop);

// That of a verb which trains: shows on standard error when `shows` is set, and stops at Ctrl-C and SIGTERM, whose
// handlers it sets.
std::unique_ptr<pipeline::Observer> MakeForTerminal(bool shows, Clock& clock);

}  // namespace retrain::app
