#pragma once

#include <functional>
#include <span>
#include <vector>

// Within this room: NannyML's four statistics of numbers, each fitted once on the reference.
namespace retrain::drift::parity {

using Distance = double (*)(std::span<const double> p, std::span<const double> q);
using NumberMethod = std::function<double(std::vector<double> values)>;  // not empty, without NaN

// The reference's shares of its own bins. What of another sample lies in none of them is one bin more, in which the
// reference has nothing.
struct ReferenceBins {
  std::vector<double> shares;

  double Distance(parity::Distance distance, std::vector<double> of_sample) const;
};

// REQUIRES, of all: finite values, not empty.
NumberMethod FitBinned(std::span<const double> reference, Distance distance);  // bins by Doane on the reference alone

// From 10,000 values of the reference on, both work on 10,000 bins of equal width instead of the values.
NumberMethod FitKolmogorovSmirnov(std::span<const double> reference);
NumberMethod FitWasserstein(std::span<const double> reference);

}  // namespace retrain::drift::parity
