#include "retrain/decide/gate.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/decide/gate_sentence.h"

namespace retrain::decide {
namespace {

using eval::Comparison;

constexpr std::array<std::string_view, 3> kVerdicts = {"promote", "reject", "inconclusive"};
constexpr std::array<std::string_view, 3> kEvidence = {"standard", "strict", "point"};
constexpr double kRounding = 1e-12;  // an improvement that misses the minimum by less reaches it

template <class Enum>
Result<Enum> FromName(std::string_view what, const std::array<std::string_view, 3>& names, std::string_view name) {
  const auto* found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<Enum>(found - names.begin());
  const std::vector<std::string> known(names.begin(), names.end());
  return Error{.code = "E0102",
               .message = fmt::format("there is no {} `{}`", what, name),
               .hint = fmt::format("write one of {}", ListNames(known))};
}

bool Regressed(Evidence evidence, const Comparison& c) {
  return !c.undefined && (evidence == Evidence::kPoint ? c.difference < 0 : c.upper < 0);
}

// The primary metric speaks for a promotion, as far as it goes.
bool Proven(const GateOptions& options, const Comparison& primary) {
  const double minimum = options.minimum_improvement;
  const bool reached = primary.difference > 0 && primary.difference >= minimum - kRounding;
  switch (options.evidence) {
    case Evidence::kStandard: return reached && primary.lower > 0;
    case Evidence::kStrict: return primary.difference > 0 && primary.lower > minimum;
    case Evidence::kPoint: break;
  }
  return reached;
}

// The first slice that the gate heeds and that ended like this.
std::optional<std::size_t> FirstSlice(const GateOptions& options, const std::vector<SliceComparison>& slices,
                                      std::initializer_list<SliceOutcome> outcomes, bool only_critical) {
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const bool critical = slices[i].kind == SliceKind::kCritical;
    if (!critical && (only_critical || !options.fallback_on_regression)) continue;
    if (std::find(outcomes.begin(), outcomes.end(), slices[i].outcome) != outcomes.end()) return i;
  }
  return {};
}

// The rule. What speaks against the candidate comes first, then what cannot be judged.
Finding Find(const GateOptions& options, const GateEvidence& evidence) {
  const auto& [comparisons, slices, again] = evidence;
  const Comparison& primary = comparisons.front();
  const double minimum = options.minimum_improvement;
  if (Regressed(options.evidence, primary)) return {.verdict = Verdict::kReject, .ground = Ground::kWorse};
  const std::size_t heeded = options.fallback_on_regression ? comparisons.size() : 1;
  for (std::size_t i = 1; i < heeded; ++i) {
    if (Regressed(options.evidence, comparisons[i])) {
      return {.verdict = Verdict::kReject, .ground = Ground::kWorse, .about = i};
    }
  }
  if (!primary.undefined && !Proven(options, primary)) {
    if (options.evidence == Evidence::kPoint) {
      return {.verdict = Verdict::kReject, .ground = minimum > 0 ? Ground::kBelowMinimum : Ground::kWorse};
    }
    if (primary.upper < minimum - kRounding) return {.verdict = Verdict::kReject, .ground = Ground::kBelowMinimum};
  }
  if (const auto slice = FirstSlice(options, slices, {SliceOutcome::kWorse}, false))
    return {.verdict = Verdict::kReject, .ground = Ground::kSliceWorse, .about = *slice};
  for (std::size_t i = 0; i < heeded; ++i) {
    if (comparisons[i].undefined) return {.ground = Ground::kNoValue, .about = i};
  }
  if (Proven(options, primary)) {
    if (again && !Proven(options, *again)) return {.ground = Ground::kReused};
    const auto slice = FirstSlice(options, slices, {SliceOutcome::kUndecided, SliceOutcome::kInsufficient}, true);
    if (slice) return {.ground = Ground::kSliceUnproven, .about = *slice};
    return {.verdict = Verdict::kPromote, .ground = Ground::kProven};
  }
  return {.ground = Ground::kTooLittle};
}

std::vector<std::pair<std::string, double>> Numbers(const GateOptions& options, const GateEvidence& evidence) {
  const auto& comparisons = evidence.comparisons;
  std::vector<std::pair<std::string, double>> numbers;
  for (const auto& c : comparisons) {
    const std::string name(Name(c.metric));
    numbers.insert(numbers.end(), {{name + "_champion", c.champion},
                                   {name + "_candidate", c.candidate},
                                   {name + "_difference", c.difference},
                                   {name + "_lower", c.lower},
                                   {name + "_upper", c.upper}});
  }
  numbers.insert(numbers.end(), {{"minimum_improvement", options.minimum_improvement},
                                 {"confidence", comparisons.front().confidence},
                                 {"rows", static_cast<double>(comparisons.front().rows)}});
  if (evidence.again) {
    numbers.emplace_back("lower_at_what_is_left", evidence.again->lower);
    numbers.emplace_back("confidence_that_is_left", evidence.again->confidence);
  }
  return numbers;
}

}  // namespace

std::string_view Name(Verdict verdict) { return kVerdicts[static_cast<std::size_t>(verdict)]; }
Result<Verdict> VerdictFromName(std::string_view name) { return FromName<Verdict>("verdict", kVerdicts, name); }

std::string_view Name(Evidence evidence) { return kEvidence[static_cast<std::size_t>(evidence)]; }
Result<Evidence> EvidenceFromName(std::string_view name) { return FromName<Evidence>("evidence", kEvidence, name); }

GateDecision DecideGate(const GateOptions& options, const GateEvidence& evidence, std::string_view versus) {
  RETRAIN_ALWAYS(!evidence.comparisons.empty());
  const Finding finding = Find(options, evidence);
  return {.verdict = finding.verdict,
          .decision = {.subject = "gate",
                       .fired = finding.verdict == Verdict::kPromote,
                       .action = std::string(Name(finding.verdict)),
                       .reason = Sentence(finding, options, evidence, versus),
                       .numbers = Numbers(options, evidence)}};
}

}  // namespace retrain::decide
