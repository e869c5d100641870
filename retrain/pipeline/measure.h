#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "retrain/decide/triggers.h"
#include "retrain/drift/profile.h"
#include "retrain/eval/estimate.h"
#include "retrain/model/model.h"
#include "retrain/pipeline/config.h"
#include "retrain/pipeline/home.h"

namespace retrain::pipeline {

// A file with rows that the champion has not learned from: a pending chunk, or one that no run has met yet.
struct PendingFile {
  ChunkId chunk;  // 0: not taken in
  std::string path;
  std::int64_t rows = 0;
  std::int64_t size_bytes = 0;
  Instant arrived_at{};
};

// The champion and what it learned from, as drift and performance need it.
struct ChampionData {
  registry::Version version;
  Run run;  // that made it
};
Result<std::optional<ChampionData>> LoadChampionData(Home& home);

// Measures what the triggers of a pipeline ask for: drift of pending rows, and of what the champion predicts on them,
// against the reference of its version; and its metric on pending rows that have labels (or estimated on all of them
// without) against the same metric on its validation rows. What follows from a version and chunks alone is measured
// once and kept, when `keeps` is set (which writes to the home). What cannot be measured is no error: the trigger then
// waits, and says why. Errors are those of the state.
class Meter final {
 public:
  Meter(Home& home, const std::optional<ChampionData>& champion, std::vector<PendingFile> pending,
        std::int64_t window_rows, bool keeps)
      : home_(home), champion_(champion), pending_(std::move(pending)), window_rows_(window_rows), keeps_(keeps) {}

  using Measurements = std::map<std::string, decide::Measured, std::less<>>;
  Result<Measurements> Measure(const std::vector<decide::TriggerOptions>& triggers);

 private:
  Status MeasureAll(const std::vector<decide::TriggerOptions>& triggers, const std::string& above, Measurements& found);
  Result<decide::Measured> Drift(const decide::TriggerOptions& trigger);
  Result<decide::Measured> Performance(const decide::TriggerOptions& trigger);
  Result<Json> Once(const std::string& what, const std::vector<PendingFile>& files,
                    const std::function<Result<Json>()>& measure);

  Status NeedModel();
  Result<Json> CompareWindow(const decide::TriggerOptions& trigger, const std::vector<PendingFile>& window);
  Result<Json> EvaluateOn(eval::Metric metric, const std::vector<data::FileRange>& rows);
  Result<Json> EstimateOn(eval::Metric metric, const std::vector<data::FileRange>& rows);  // without labels
  std::vector<std::vector<PendingFile>> Windows(int most) const;

  Home& home_;
  const std::optional<ChampionData>& champion_;
  std::vector<PendingFile> pending_;
  std::int64_t window_rows_;
  bool keeps_;
  std::optional<drift::Profile> reference_;
  std::unique_ptr<model::Model> model_;
};

}  // namespace retrain::pipeline
