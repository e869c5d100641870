#pragma once

#include "retrain/drift/profile.h"
#include "retrain/drift/report.h"

namespace retrain::drift {

struct CompareOptions {
  double threshold = 0.1;              // the smallest effect that matters; 0: any difference at all
  double false_discovery_rate = 0.05;  // of the alarms; without any drift, the chance that there is one
  double confidence = 0.95;            // of each one-sided bound
  double power = 0.8;                  // with which rows_to_decide would tell

  bool operator==(const CompareOptions&) const = default;
};

// What one column's counts say: effects, bounds and p-values, of the values and of the nulls. Outcome and reason are
// left to Conclude, which knows the other columns. REQUIRES: `current` was counted in the reference's cells.
ColumnDrift CompareColumn(const ColumnProfile& reference, const ColumnTally& current, const CompareOptions& options);

// Adjusts the p-values over all tests of all columns, gives each column its outcome and reason, ranks them and says it
// in a sentence. A column with a reason already (one that failed) keeps it and its outcome.
void Conclude(DriftReport& report, const CompareOptions& options);

// The parts of Conclude that need no test: the order of the columns, and `drifted`, its share and the sentence.
void Rank(DriftReport& report);
void Summarize(DriftReport& report);
double LargestEffect(const ColumnDrift& column);  // of values or nulls; 0 when there is none

}  // namespace retrain::drift
