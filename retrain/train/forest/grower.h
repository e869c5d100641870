#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "retrain/model/forest/forest_model.h"
#include "retrain/train/trainer.h"

namespace retrain::train::forest {

// Rows as a library takes them.
struct Matrix {
  std::vector<double> values;  // row-major
  std::vector<float> targets;  // class codes or values
  std::vector<float> weights;  // empty: all rows weigh 1

  std::int64_t rows() const { return static_cast<std::int64_t>(targets.size()); }
};

struct GrowOptions {
  data::Task task = data::Task::kBinary;
  std::size_t classes = 2;
  std::size_t numbers = 0;     // columns
  std::size_t categories = 0;  // columns after them, with codes
  std::vector<double> base;    // scores to begin with, one an output
  double learning_rate = 0.1;
  int leaves = 31;  // most, of a tree
  std::uint64_t seed = 7;
  int threads = 1;

  std::size_t width() const { return numbers + categories; }
};

// Boosting by a library, round by round. Deterministic: same rows and options, same trees; LightGBM also with another
// number of threads, XGBoost not always (it adds up floats in the order of its threads).
class Grower {
 public:
  virtual ~Grower() = default;

  // One tree an output. False: nothing is left to split, no tree was added.
  virtual Result<bool> Round() = 0;

  // Of the stopping rows after the last round: a share, a share a class, or a value; [rows][outputs].
  virtual Result<std::vector<double>> StoppingPredictions() = 0;

  virtual Result<model::forest::Forest> Grown() = 0;  // so far
};

// Borrow the matrices. E0309 when the library is not installed, E0303 with its own words for what it refuses.
Result<std::unique_ptr<Grower>> NewLightgbmGrower(const GrowOptions& options, const Matrix& training,
                                                  const Matrix& stopping);
Result<std::unique_ptr<Grower>> NewXgboostGrower(const GrowOptions& options, const Matrix& training,
                                                 const Matrix& stopping);

}  // namespace retrain::train::forest
