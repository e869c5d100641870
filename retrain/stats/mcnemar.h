#pragma once

#include "retrain/stats/tango.h"

namespace retrain::stats {

// p-values of "both judgements are right equally often" (McNemar 1947; mid-p after Fagerland, Lydersen and Laake
// 2013). Without a discordant row every one is 1.
struct McNemar {
  double exact = 1;            // two-sided, min(1, 2 P(X <= min)) with X binomial(wins + losses, 1/2)
  double mid_p = 1;            // two-sided, half the mass of the point that was seen
  double asymptotic = 1;       // chi-square, 1 degree of freedom
  double corrected = 1;        // the same with Edwards' continuity correction
  double one_sided_exact = 1;  // against "the second is right more often"
  double one_sided_mid_p = 1;

  bool operator==(const McNemar&) const = default;
};

McNemar McNemarTest(const Discordance& seen);

}  // namespace retrain::stats
