#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "retrain/base/json.h"
#include "retrain/data/roles.h"

namespace retrain::eval {

enum class Metric {
  kAccuracy,
  kPrecision,
  kRecall,
  kF1,
  kF1Macro,
  kF1Weighted,
  kRocAuc,
  kLogLoss,
  kBrier,
  kRmse,
  kMae,
  kR2
};

std::string_view Name(Metric metric);                  // "accuracy", "f1", "roc_auc", "log_loss", "rmse", "r2", …
Result<Metric> MetricFromName(std::string_view name);  // E0102 with the near name
bool LargerIsBetter(Metric metric);
bool Fits(Metric metric, data::Task task);
std::vector<Metric> DefaultMetrics(data::Task task);

// The labels of the rows that are judged, as codes of `labels.classes` or as values, with optional weights.
struct Truth {
  data::Labels labels;
  std::vector<double> values;   // a class code, or the value
  std::vector<double> weights;  // empty: all 1
};

// Scores as model::Predictions lays them out: rows × classes, or one value a row.
struct Scores {
  std::int64_t outputs = 0;
  std::span<const double> values;
};

struct CompareOptions {
  double confidence = 0.95;  // one-sided, of each bound
  double threshold = 0.5;    // of the positive class, binary
  int resamples = 9999;      // where a bootstrap is needed
  std::uint64_t seed = 7;
  bool operator==(const CompareOptions&) const = default;
};

// One metric of both models on the same rows. `difference` is candidate − champion turned so that larger is better;
// `lower` and `upper` are one-sided bounds of it at `confidence` each.
struct Comparison {
  Metric metric = Metric::kAccuracy;
  double champion = 0;
  double candidate = 0;
  double difference = 0;
  double lower = 0;
  double upper = 0;
  double confidence = 0.95;
  std::int64_t rows = 0;
  std::string method;      // "tango", "cell bootstrap BCa", "delong", "paired t", "delta method", …
  bool undefined = false;  // no value or no interval on these rows; the bounds then mean nothing
  std::string note = {};   // why, or what else is special about these bounds

  bool operator==(const Comparison&) const = default;
};

Json ToJson(const Comparison& comparison);
Result<Comparison> ComparisonFromJson(const Json& json);

// The value of one metric. E0102 when it does not fit the task, E0205 for a label, E0215 for a weight and E0308 for a
// score that is not finite (each names its row), E0214 without rows. precision, recall and f1 mean the second class of
// two, and the mean over more. REQUIRES: rows × outputs scores; codes of classes within the contract's.
struct MetricValue {
  double value = 0;
  bool undefined = false;
};
Result<MetricValue> Evaluate(Metric metric, const Truth& truth, const Scores& scores, double threshold = 0.5);

// Both models on the same rows, each metric with its paired interval. The same inputs and seed give the same bits.
// Errors as Evaluate(). Formulas and their sources: docs/statistics.md. Safe from many threads.
Result<std::vector<Comparison>> Compare(std::span<const Metric> metrics, const Truth& truth, const Scores& champion,
                                        const Scores& candidate, const CompareOptions& options);

}  // namespace retrain::eval
