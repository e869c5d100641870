#pragma once

#include <span>
#include <vector>

namespace retrain::stats {

// Adjusted p-values of Benjamini and Hochberg (1995), in the order given: min over j >= rank of m p_(j) / j, at most 1.
// Rejecting all that are at most q keeps the expected share of false ones among the rejected at q, for independent or
// positively dependent tests; when nothing is there to find, q is the chance of any rejection. REQUIRES: 0 <= p <= 1.
std::vector<double> BenjaminiHochberg(std::span<const double> p_values);

}  // namespace retrain::stats
