#pragma once

#include <optional>
#include <string>

#include "retrain/pipeline/pipeline.h"

namespace retrain::app {

// The way to the daemon that holds a home, over the socket file in it. Blocks; safe to use from one thread at a time.
class DaemonClient final {
 public:
  // Empty: no daemon answers for this home.
  static std::optional<DaemonClient> Find(const std::string& home);

  // Has the daemon do a run and shows it to `observer` as if it were done here. `config`, when it is given, has to be
  // the one that the daemon has read (E0105). E0403 when the observer wants no more: the run then goes on there.
  Result<pipeline::Run> Run(const pipeline::Request& request, const std::optional<pipeline::Config>& config,
                            pipeline::Observer& observer);

  // One request of the control API, such as Ask("POST", "stop"); the body of its answer, or the error it tells.
  Result<Json> Ask(const std::string& method, const std::string& route, const std::string& body = {});

 private:
  DaemonClient(std::string socket, std::string pipeline) : socket_(std::move(socket)), pipeline_(std::move(pipeline)) {}
  std::string Url(const std::string& route) const;

  std::string socket_;
  std::string pipeline_;
};

}  // namespace retrain::app
