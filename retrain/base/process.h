#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "retrain/base/result.h"

namespace retrain {

// How a child process ended.
struct ChildExit {
  int code = 0;            // when it ended by itself
  int signal = 0;          // when a signal ended it; 0: none
  std::string last_words;  // the end of its standard error, at most 4 kB
  bool operator==(const ChildExit&) const = default;
};

// The port to child processes. The real one execs this program itself; a child never outlives its parent.
class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;

  // Runs `retrain ARGUMENTS…` to its end. Each line of its standard output goes to `on_line`; when that returns
  // false the child is stopped (SIGTERM, then SIGKILL) and the exit tells so. E0303 when it cannot be started.
  virtual Result<ChildExit> Run(const std::vector<std::string>& arguments,
                                const std::function<bool(std::string_view)>& on_line) = 0;
};

}  // namespace retrain
