#include "retrain/decide/reuse.h"

#include <numbers>

#include <fmt/format.h>

namespace retrain::decide {
namespace {

constexpr std::int64_t kMostUses = 10;

}  // namespace

ReuseDecision DecideReuse(const ReuseSnapshot& seen) {
  ReuseDecision decision{.confidence = seen.confidence};
  const bool spends = seen.policy == Reuse::kSpend && (seen.fixed || seen.use > 1);
  if (spends) {
    const auto use = static_cast<double>(seen.use);
    decision.confidence = 1 - (1 - seen.confidence) * 6 / (std::numbers::pi * std::numbers::pi * use * use);
  }
  if (seen.use > 1) {
    decision.note = fmt::format("these validation rows have judged {} candidates, this one among them", seen.use);
    if (spends)
      decision.note += fmt::format(": a promotion takes {:.4g} % confidence, so that all together have {:.4g} %",
                                   100 * decision.confidence, 100 * seen.confidence);
  }
  if (seen.use > kMostUses) decision.note += "; bring newer rows as validation_data";
  return decision;
}

}  // namespace retrain::decide
