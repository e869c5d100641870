#pragma once

#include <memory>
#include <string>
#include <vector>

#include "retrain/data/frame.h"
#include "retrain/data/roles.h"

namespace retrain::model {

// Scores of some rows. Classification: rows × classes probabilities, row-major, each row sums to 1 (binary has two).
// Regression: one value a row.
struct Predictions {
  std::int64_t rows = 0;
  std::int64_t outputs = 0;
  std::vector<double> values;

  double At(std::int64_t row, std::int64_t output) const { return values[row * outputs + output]; }
  bool operator==(const Predictions&) const = default;
};

// What a model needs and gives.
struct Contract {
  data::Roles roles;
  data::Labels labels;

  bool operator==(const Contract&) const = default;
};

Json ToJson(const Contract& contract);
Result<Contract> ContractFromJson(const Json& json);  // E0302

// A trained model: immutable, safe to use from many threads.
class Model {
 public:
  virtual ~Model() = default;
  virtual const Contract& contract() const = 0;

  // E0203 or E0204 for a frame without a feature or with one of another type, E0308 for a score that is not finite.
  // Columns that are no features are ignored; a category never seen and a null are part of every model's input.
  virtual Result<Predictions> Predict(const data::Frame& rows) const = 0;
};

}  // namespace retrain::model
