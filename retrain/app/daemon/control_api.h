#pragma once

#include "retrain/app/http/message.h"
#include "retrain/pipeline/config.h"

// The routes of a daemon; docs/http.md describes them.
namespace retrain::app {

class Daemon;

// Over the socket file in the home, whose mode says who may: all of /api/v1, and what the open port has.
HttpHandler ControlRoutes(Daemon& daemon);

// Over TCP: /healthz and /metrics. With `loopback_only`, a request that was sent to another name than this machine's
// loopback is refused, so that no web page can be led here by a name of its own.
HttpHandler OpenRoutes(Daemon& daemon, bool loopback_only);

// A config as both sides of the socket compare it: relative paths made absolute.
Json ComparableConfig(pipeline::Config config);

}  // namespace retrain::app
