#pragma once

#include <string>

namespace retrain::app {

class Daemon;

// What a daemon tells of itself, in Prometheus' text format 0.0.4. Counters begin with the daemon.
std::string MetricsText(Daemon& daemon);

}  // namespace retrain::app
