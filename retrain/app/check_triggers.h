#pragma once

#include <string>
#include <vector>

#include "retrain/app/engine.h"
#include "retrain/decide/decision.h"

namespace retrain::app {

// What has arrived since the champion learned. Looking takes nothing in.
struct Arrived {
  std::int64_t pending = 0;          // rows taken in that the champion has not learned from
  std::int64_t unseen = 0;           // rows in files that no run has met yet
  std::int64_t files = 0;            // that hold them
  std::vector<std::string> unready;  // "feb.parquet (no Parquet footer yet)"
};

Result<Arrived> LookAtData(Engine& engine, const pipeline::Config& config);

// One trigger, or one check that a run has to pass, held against what is there.
struct TriggerCheck {
  decide::Decision decision;
  std::string value;  // as a person reads it; "-": none
  std::string threshold;
};

// Every trigger of the config in its order, after the check on enough new rows.
std::vector<TriggerCheck> CheckTriggers(const pipeline::Config& config, const Arrived& arrived);

}  // namespace retrain::app
