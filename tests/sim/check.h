#pragma once

#include <optional>
#include <string>

#include "life.h"

namespace retrain::sim {

// Opens the home that a power loss left and holds it against what was promised: the database is whole, no told
// decision is lost, the journal has no gap and its hashes fit, the aliases agree with their journal and with the runs,
// every version loads with the digest it is named by, every chunk's bytes are kept. Says what is wrong; empty: nothing.
std::optional<std::string> WhatIsWrong(StateFs& files, const Promise& promised);

}  // namespace retrain::sim
