#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "retrain/base/result.h"

namespace retrain::decide {

// What becomes of planned times at which nobody looked: none of them runs, one run stands for all, or each has its own.
enum class Missed { kSkip, kOnce, kAll };
std::string_view Name(Missed missed);  // "skip", "once", "all"
Result<Missed> MissedFromName(std::string_view name);

// What becomes of a trigger that fires while a run is under way: it is let go, it waits for the end, or the run is
// given up for it.
enum class Overlap { kSkip, kQueue, kReplace };
std::string_view Name(Overlap overlap);  // "skip", "queue", "replace"
Result<Overlap> OverlapFromName(std::string_view name);

// So many of the last windows have to show drift.
struct Windows {
  int drifted = 2;
  int of = 3;

  bool operator==(const Windows&) const = default;
};
std::string ToText(Windows windows);                         // "2 of 3"
std::optional<Windows> ParseWindows(std::string_view text);  // none unless 1 <= drifted <= of <= 100

// Whether a drop in performance is worth a retraining, in any one currency.
struct ValueRule {
  double loss_per_row = 0;                   // what one unit of the metric costs on one row; 0: the rule is off
  double cost_per_hour = 0;                  // of training
  double cost_per_run = 0;                   // besides: labels, review
  double rows_per_day = 0;                   // that are predicted; 0: as many as have arrived a day
  std::chrono::seconds horizon{7 * 86'400};  // how long a new champion helps

  bool is_on() const { return loss_per_row > 0; }
  bool operator==(const ValueRule&) const = default;
};

// One entry of `triggers`, as the user wrote it and checked. Which keys mean something follows from the type.
struct TriggerOptions {
  std::string type;       // "manual", "scheduled", "drift_detected", "performance_drop", "new_data", "any_of", "all_of"
  std::string name = {};  // in runs and in the journal; empty: by its type, see NameTriggers()

  std::string cron = {};  // scheduled
  std::string time_zone = "UTC";
  Missed missed = Missed::kOnce;
  std::chrono::seconds jitter{0};  // most that a run starts after its planned time
  std::chrono::seconds grace{60};  // how late a time still counts as met, and not as missed

  double threshold = 0;                   // drift_detected: PSI; performance_drop: in units of the metric
  std::vector<std::string> columns = {};  // drift_detected; empty: all features
  double share = 0;                       // of these columns that must drift; 0: one is enough
  std::string method = "default";
  Windows windows = {};

  std::string metric = {};                  // performance_drop
  std::optional<double> baseline = {};      // what it is held against; none: the champion's on its validation rows
  bool estimated = false;                   // on all rows that wait, without looking at labels
  std::int64_t min_labelled = 200;          // rows with a label (estimated: rows) before it speaks
  std::chrono::seconds max_label_delay{0};  // labels that came longer ago say nothing; 0: any age will do

  ValueRule value = {};

  std::int64_t min_new_samples = 0;  // new_data: rows that no run has tried; 0: does not count
  std::int64_t min_bytes = 0;
  std::chrono::seconds max_age{0};  // of the oldest row that waits

  std::vector<TriggerOptions> of = {};  // any_of, all_of

  std::chrono::seconds cooldown{0};  // after it fired
  bool hysteresis = true;            // having fired, it must have been clear before it fires again
  std::string strategy = {};         // of the run it starts; empty: the config's

  bool operator==(const TriggerOptions&) const = default;
};

// What holds for all triggers of a pipeline together; 0: no limit. A day is the last 24 hours.
struct TriggerLimits {
  std::int64_t max_runs_per_day = 0;
  std::int64_t max_training_seconds_per_day = 0;
  Overlap overlap = Overlap::kQueue;
  std::chrono::seconds max_model_age{0};  // an older champion is a reason to retrain

  bool operator==(const TriggerLimits&) const = default;
};

// A trigger of this type as it stands when the user says nothing more.
TriggerOptions DefaultTrigger(std::string_view type);

// The names of the triggers, one each: the user's own, else the type, else "type-2", "type-3" where it is taken.
std::vector<std::string> NameTriggers(const std::vector<TriggerOptions>& triggers);

}  // namespace retrain::decide
