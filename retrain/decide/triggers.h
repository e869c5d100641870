#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "retrain/base/clock.h"
#include "retrain/decide/decision.h"
#include "retrain/decide/trigger_options.h"
#include "retrain/decide/value.h"

// All triggers of a pipeline held against one snapshot of the world. Pure: the same snapshot and the same stored states
// give the same answer; whoever carries it out stores the states that come with it, in the transaction of the run.
namespace retrain::decide {

// By how much a column of the newest rows drifts: PSI.
struct ColumnEffect {
  std::string column;
  double psi = 0;

  bool operator==(const ColumnEffect&) const = default;
};

// Some of the rows that wait, held against the rows that the champion learned from.
struct DriftWindow {
  // What `effect` is: of the default method the PSI of a column; of domain_classifier an area under the ROC curve, of
  // all columns together; of another tool's method its own number, without bounds.
  enum class Measure { kPsi, kArea, kNamed };

  std::int64_t first_chunk = 0;
  std::int64_t last_chunk = 0;
  std::int64_t rows = 0;
  std::int64_t columns = 0;  // that were compared
  std::int64_t drifted = 0;  // of them, at the false discovery rate of the report
  double chance = 1;         // the smallest false discovery rate at which as many columns drift as the share asks for;
                             // of another tool's method 0.05 where they do: it knows no other
  std::string column;        // that ranks first
  Measure measure = Measure::kPsi;
  double effect = 0;  // of that column, with its one-sided bounds
  double lower = 0;
  double upper = 0;
  std::vector<ColumnEffect> effects = {};  // kPsi: of the columns that rank first, at most 20

  bool operator==(const DriftWindow&) const = default;
};

// How far a metric that was estimated without labels can be believed.
struct WithoutLabels {
  double sampling_error = 0;
  double model_error = 0;   // of the calibration, or of the model of the losses
  double unlike_share = 0;  // of the rows, in the column or score named by `unlike`
  std::string unlike;       // where too many rows are unlike those it was learned on; empty: nowhere

  bool operator==(const WithoutLabels&) const = default;
};

// The champion on the labelled rows that wait, against what it is held to. `drop` and `lower` are turned so that larger
// is worse; `lower` is a one-sided bound of `drop` at `confidence`.
struct PerformanceDrop {
  double baseline = 0;
  double now = 0;
  double drop = 0;
  double lower = 0;
  double confidence = 0.95;
  std::int64_t rows = 0;                        // with a label
  std::int64_t baseline_rows = 0;               // 0: the user's own number
  Instant newest{};                             // when the last of these rows arrived
  std::optional<WithoutLabels> estimated = {};  // on all rows that wait, as if none had a label

  bool operator==(const PerformanceDrop&) const = default;
};

// What was measured for one trigger. Nothing, and why, when there is nothing to measure.
struct Measured {
  std::vector<DriftWindow> windows;  // oldest first, next to each other
  std::optional<PerformanceDrop> drop;
  std::string why_not;  // "there is no champion yet to compare with"

  bool operator==(const Measured&) const = default;
};

// Rows that have arrived and that a trigger may count.
struct Waiting {
  std::int64_t rows = 0;
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::optional<Instant> oldest;  // when the first of them arrived

  bool operator==(const Waiting&) const = default;
};

struct TriggerSnapshot {
  Instant now{};
  std::int64_t champion = 0;  // its version; 0: there is none
  Instant champion_since{};   // when it was made
  Waiting pending;            // the champion has not learned from them
  Waiting untried;            // nor has any run tried to
  std::int64_t min_new_samples = 1000;
  std::string strategy = "incremental";  // of the config
  std::int64_t run_under_way = 0;        // its id; 0: none
  std::string blocked = {};              // why no run can begin: what is wrong with the data. Empty: one can
  std::int64_t runs_today = 0;           // begun in the last 24 hours
  double training_seconds_today = 0;
  std::optional<Instant> today_eases;                     // when the oldest of them is 24 hours old
  std::uint64_t seed = 0;                                 // of jitter
  std::map<std::string, Measured, std::less<>> measured;  // by the trigger's name; within any_of and all_of "name/name"
  std::map<std::string, CostForecast, std::less<>> costs;  // by strategy

  bool operator==(const TriggerSnapshot&) const = default;
};

// What is remembered of a trigger from one look to the next. A trigger never seen before has its name and `since`.
struct TriggerState {
  std::string name;                      // as in TriggerSnapshot::measured
  Instant since{};                       // times before do not count
  std::optional<Instant> planned_until;  // scheduled: planned times up to here are dealt with
  std::optional<Instant> fired_at;
  std::int64_t fired_against = 0;  // the champion then
  bool armed = true;               // false: it fired, and has not been clear since
  bool queued = false;             // it fired when no run could begin, and waits until one can

  bool operator==(const TriggerState&) const = default;
};
Json ToJson(const TriggerState& state);
Result<TriggerState> TriggerStateFromJson(const Json& json);  // E0502

using TriggerStates = std::map<std::string, TriggerState, std::less<>>;

// One trigger, decided. Its decision's action is "run STRATEGY", "replace" (a run under way), "queue", "skip" or
// "wait"; it has fired unless it waits.
struct TriggerAnswer {
  Decision decision;  // subject: the trigger's name
  std::string value;  // what was seen, as a person reads it; "-": nothing
  std::string threshold;
  std::string waits_for;               // empty when it fired
  std::optional<Instant> looks_again;  // when time alone may change the answer

  bool operator==(const TriggerAnswer&) const = default;
};

// The run that is to start.
struct TriggeredRun {
  std::string trigger;    // the name of the first that fired
  std::string reason;     // of all that fired
  std::string strategy;   // "full" when any of them asks for it
  bool replaces = false;  // the run under way is given up

  bool operator==(const TriggeredRun&) const = default;
};

struct TriggersAnswer {
  std::vector<TriggerAnswer> triggers;  // in the order of the config; last, when it is set, "max_model_age"
  std::optional<TriggeredRun> run;
  TriggerStates states;  // as they are to be stored, of all triggers and their parts

  bool operator==(const TriggersAnswer&) const = default;
};

// Looks at all triggers. Several may fire at once: one run answers them all.
//   scheduled         a planned time has come (with its jitter) that is not dealt with; for missed ones see Missed
//   drift_detected    so many of the last windows drift at 5 %, or the last one alone as surely as all of them together
//   performance_drop  the drop reaches the threshold and its lower bound is above 0; an estimated one only while the
//                     rows are like those that the estimate was learned on; with a value rule only when ending it is
//                     expected to save more than the training costs
//   new_data          enough untried rows or bytes, or one that has waited too long
//   any_of, all_of    their parts, looked at in the same moment; a planned time counts only at that moment
// Fired triggers wait out their cooldown and re-arm when they were clear, or when another champion has come. Held back
// while a limit of the day is reached; all but schedules also while fewer rows wait than a run takes. While the data
// keep a run from beginning, a planned time waits for it and all else is looked at again.
// REQUIRES: options that were checked (a cron that can be read, a zone that exists).
TriggersAnswer DecideTriggers(const std::vector<TriggerOptions>& triggers, const TriggerLimits& limits,
                              const TriggerSnapshot& seen, const TriggerStates& states);

// The states after a run that somebody asked for by the name of a trigger: it counts as fired, its planned times up to
// now as dealt with. A name that is none changes no trigger. Triggers never seen before count from now.
TriggerStates FireByHand(const std::vector<TriggerOptions>& triggers, std::string_view name,
                         const TriggerSnapshot& seen, const TriggerStates& states);

// The share of false alarms of "m of n" windows that each alarm falsely with probability p: at least m of n.
double FalseAlarmsOf(Windows windows, double p);

}  // namespace retrain::decide
