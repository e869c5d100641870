#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "retrain/base/clock.h"

// What to do next with one pipeline, and when to think again. Pure: the daemon only carries it out.
namespace retrain::app {

inline constexpr Instant kNoInstant = Instant::max();
inline constexpr std::chrono::milliseconds kNoWait = std::chrono::milliseconds::max();

// After the last event of a burst of files, and at the latest after the first one, the pipeline is looked at.
inline constexpr std::chrono::milliseconds kQuiet{15};
inline constexpr std::chrono::milliseconds kLongestBurst{60};

// What the daemon knows of a pipeline at a moment. Moments of `Steady` are of the same clock.
struct Situation {
  Instant now{};
  Steady steady{};
  bool stops = false;                       // the daemon ends, or the pipeline left its config
  bool works = false;                       // a thread looks at it
  bool runs = false;                        // a run is under way
  bool examined = false;                    // looked at since the daemon began
  bool unfinished = false;                  // a run waits to be taken up
  int asked = 0;                            // runs that somebody asked for
  bool fired = false;                       // a trigger has fired; its run has not begun
  bool replaces = false;                    // and that run takes the place of the one under way
  std::optional<Steady> first_change = {};  // of the files since the last look
  std::optional<Steady> last_change = {};
  Instant look_at = kNoInstant;  // the next time by the clock at which a trigger may fire
  Steady scan_at{};              // the watch may have missed something
  Steady retry_at{};             // nothing is begun before it, after an error; who asks does not wait for it

  bool operator==(const Situation&) const = default;
};

enum class Act { kWait, kExamine, kResume, kRunAsked, kRunFired, kLook, kScan };

struct Step {
  Act act = Act::kWait;
  std::string_view reason;
  std::chrono::milliseconds wait = kNoWait;  // kWait: until the next step may be another one, if nothing happens

  bool operator==(const Step&) const = default;
};

Step DecideStep(const Situation& situation);

// How long to leave a pipeline alone after its nth error in a row (n from 1): 5 s, doubled each time, at most 15 min.
std::chrono::milliseconds RetryDelay(int errors);

// Notices that somebody set the wall clock: it moved against the steady one by more than a second since the last look.
class ClockWatch final {
 public:
  std::optional<std::chrono::milliseconds> Observe(Instant now, Steady steady);

 private:
  std::optional<double> offset_s_;
};

}  // namespace retrain::app
