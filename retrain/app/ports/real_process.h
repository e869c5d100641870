#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "retrain/app/ports/stop_signal.h"
#include "retrain/base/process.h"

namespace retrain::app {

// Child processes of this machine, each in a process group of its own so that a Ctrl-C reaches the parent alone, with
// nothing on standard input. Safe from many threads.
class RealProcessRunner final : public ProcessRunner {
 public:
  // Runs `program`; empty: the running one. `grace` lies between SIGTERM and SIGKILL. `stop`, once raised, stops every
  // child, also one that is silent; Run() then gives E0403.
  explicit RealProcessRunner(std::string program = {}, std::chrono::milliseconds grace = std::chrono::seconds(3),
                             std::shared_ptr<const StopSignal> stop = {});

  Result<ChildExit> Run(const std::vector<std::string>& arguments,
                        const std::function<bool(std::string_view)>& on_line) override;

 private:
  std::string program_;
  std::chrono::milliseconds grace_;
  std::shared_ptr<const StopSignal> stop_;
};

// The child's half of "a child never outlives its parent": from here on the kernel kills this process when the one
// that RealProcessRunner runs in has ended; ends at once when that was before. Call it first thing in a child.
void DieWithParent();

}  // namespace retrain::app
