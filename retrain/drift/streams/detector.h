#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "retrain/base/result.h"

// Detectors that watch a stream of numbers, one at a time, and say when its law has changed.
namespace retrain::drift::streams {

struct Outcome {
  bool drift = false;
  bool warning = false;  // of the detectors that have such a level

  bool operator==(const Outcome&) const = default;
};

// Forgets what came before a drift with the next value, and starts anew. The same values give the same outcomes. One
// thread at a time.
class Detector {
 public:
  virtual ~Detector() = default;
  Outcome Update(double value);  // REQUIRES: finite, and what the detector takes; Feed() checks both

  const Outcome& last() const { return last_; }
  std::int64_t seen() const { return seen_; }  // values, since it was made

 private:
  virtual Outcome Step(double value) = 0;
  virtual void Restart() = 0;

  Outcome last_;
  std::int64_t seen_ = 0;
};

enum class Takes { kNumbers, kShares, kErrors };  // finite; 0 … 1; 0 or 1, an error being 1

struct Option {
  std::string_view detector;
  std::string_view name;
  double usual = 0;
  double least = 0;
  double most = 0;
  bool whole = false;
};

struct DetectorKind {
  std::string_view name;
  Takes takes = Takes::kNumbers;
  std::string_view what;  // one line: rule and origin
};

std::vector<DetectorKind> DetectorKinds();
std::vector<Option> OptionsOf(std::string_view detector);

using Options = std::vector<std::pair<std::string, double>>;

// A detector by name with some of its options. E0107 for an unknown detector or option, with the nearest name; E0102
// for a value out of its range.
Result<std::unique_ptr<Detector>> MakeDetector(std::string_view name, const Options& options = {});

// Update() for values from outside: E0205 for one that is not finite or not what the detector takes, with its place in
// the stream; the detector then has not seen it.
Result<Outcome> Feed(Detector& detector, std::string_view name, double value);

}  // namespace retrain::drift::streams
