#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "retrain/decide/trigger_options.h"

// Whether a retraining is worth its cost. Pure.
namespace retrain::decide {

// What trainings of one strategy took, told by those that there were.
struct CostForecast {
  double seconds = 0;  // median
  double lower = 0;  // bounds of the median at 95 % (order statistics); of fewer than 6 runs the least and the largest
  double upper = 0;
  std::int64_t runs = 0;      // that trained; 0: nothing is known
  std::int64_t promoted = 0;  // of them

  bool operator==(const CostForecast&) const = default;
};

// A run that trained and ended.
struct PastRun {
  double training_seconds = 0;
  bool promoted = false;
};
CostForecast ForecastCost(const std::vector<PastRun>& runs);

// What a drop costs while it lasts, and what a training costs that ends it, in the user's money.
struct Worth {
  double saved = 0;             // expected
  double cost = 0;              // at the upper bound of the forecast
  double promotion_chance = 0;  // (promoted + 1) / (runs + 2): Laplace's rule of succession
  bool pays = false;            // saved > cost
  std::string because;          // a sentence's half, with the numbers of both sides
  std::vector<std::pair<std::string, double>> numbers;
};

// saved = drop · loss_per_row · rows_per_day · horizon · promotion_chance. REQUIRES: forecast.runs > 0.
Worth Weigh(const ValueRule& rule, double drop, double rows_per_day, const CostForecast& forecast);

}  // namespace retrain::decide
