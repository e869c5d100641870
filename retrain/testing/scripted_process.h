#pragma once

#include <deque>
#include <string>
#include <vector>

#include "retrain/base/process.h"

namespace retrain::testing {

// What one child will do: perhaps something to the world, then lines, then its end.
struct ChildScript {
  std::function<void(const std::vector<std::string>& arguments)> act = {};
  std::vector<std::string> lines = {};
  ChildExit exit = {};
  bool cannot_start = false;
};

// Plays one script a Run(), in order, and keeps the arguments it was given. A child whose receiver has had enough ends
// by SIGTERM. REQUIRES: a script for each Run(). Not safe from many threads.
class ScriptedProcessRunner final : public ProcessRunner {
 public:
  void Expect(ChildScript script) { scripts_.push_back(std::move(script)); }
  const std::vector<std::vector<std::string>>& calls() const { return calls_; }

  Result<ChildExit> Run(const std::vector<std::string>& arguments,
                        const std::function<bool(std::string_view)>& on_line) override {
    calls_.push_back(arguments);
    RETRAIN_ALWAYS(!scripts_.empty());
    const ChildScript script = std::move(scripts_.front());
    scripts_.pop_front();
    if (script.cannot_start) return Error{.code = "E0303", .message = "cannot start the child: no such file"};
    if (script.act) script.act(arguments);
    for (const auto& line : script.lines) {
      if (!on_line(line)) return ChildExit{.signal = 15};
    }
    return script.exit;
  }

 private:
  std::deque<ChildScript> scripts_;
  std::vector<std::vector<std::string>> calls_;
};

}  // namespace retrain::testing
