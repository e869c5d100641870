#pragma once

#include <cstdint>
#include <span>

#include "retrain/eval/confusion.h"

// Further ways to sum up a confusion, for reports. REQUIRES: at least one row counted.
namespace retrain::eval {

double CohenKappa(const Confusion& seen);           // agreement beyond chance (Cohen 1960); 0 when there can be none
double MatthewsCorrelation(const Confusion& seen);  // of several classes (Gorodkin 2004); 0 when one side is constant
double BalancedAccuracy(const Confusion& seen);     // mean recall over the classes that occur

// Precision, recall and F1 of the pooled counts of some classes. Of all classes, each is the accuracy.
struct Pooled {
  double precision = 0;
  double recall = 0;
  double f1 = 0;
};
Pooled PooledOver(const Confusion& seen, std::span<const std::int32_t> classes);

}  // namespace retrain::eval
