#include "retrain/decide/slices.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace retrain::decide {
namespace {

constexpr std::array<std::string_view, 3> kKinds = {"critical", "watched", "anchor"};
constexpr std::array<std::string_view, 5> kOutcomes = {"not worse", "undecided", "worse", "insufficient", "only told"};

template <std::size_t Count>
Result<std::size_t> PlaceOf(std::string_view name, const std::array<std::string_view, Count>& names) {
  const auto* found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return Error{.code = "E0502", .message = fmt::format("`{}` of a slice is unknown", name)};
  return static_cast<std::size_t>(found - names.begin());
}

SliceOutcome OutcomeOf(std::int64_t least_rows, const SliceComparison& slice) {
  const auto& c = slice.comparison;
  if (c.undefined || c.rows < least_rows) return SliceOutcome::kInsufficient;
  if (!slice.tolerance) return SliceOutcome::kOnlyTold;
  if (c.upper < -*slice.tolerance) return SliceOutcome::kWorse;
  return c.lower > -*slice.tolerance ? SliceOutcome::kNotWorse : SliceOutcome::kUndecided;
}

}  // namespace

std::string_view Name(SliceKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }
std::string_view Name(SliceOutcome outcome) { return kOutcomes[static_cast<std::size_t>(outcome)]; }

Json ToJson(const SliceComparison& slice) {
  Json json = eval::ToJson(slice.comparison);
  json.Set("slice", slice.name).Set("kind", Name(slice.kind)).Set("outcome", Name(slice.outcome));
  return json.Set("tolerance", slice.tolerance ? Json(*slice.tolerance) : Json());
}

Result<SliceComparison> SliceFromJson(const Json& json) {
  SliceComparison slice{.name = json["slice"].AsString()};
  if (!json["tolerance"].is_null()) slice.tolerance = json["tolerance"].AsDouble();
  TRY(slice.comparison, eval::ComparisonFromJson(json));
  TRY(const auto kind, PlaceOf(json["kind"].AsString(), kKinds));
  TRY(const auto outcome, PlaceOf(json["outcome"].AsString(), kOutcomes));
  slice.kind = static_cast<SliceKind>(kind);
  slice.outcome = static_cast<SliceOutcome>(outcome);
  return slice;
}

Status JudgeSlices(std::int64_t least_rows, double confidence, const CompareSlice& compare,
                   std::vector<SliceComparison>& slices) {
  const auto judge = [&](std::size_t i, double level) -> Status {
    TRY(slices[i].comparison, compare(i, level));
    slices[i].outcome = OutcomeOf(least_rows, slices[i]);
    return Ok();
  };
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    if (slices[i].tolerance && slices[i].kind != SliceKind::kCritical) {
      open.push_back(i);
    } else {
      TRY_OK(judge(i, confidence));
    }
  }
  for (std::size_t before = 0; open.size() != before;) {
    before = open.size();
    for (const auto i : open) TRY_OK(judge(i, 1 - (1 - confidence) / static_cast<double>(before)));
    std::erase_if(open, [&](std::size_t i) {
      return slices[i].outcome == SliceOutcome::kWorse || slices[i].outcome == SliceOutcome::kInsufficient;
    });
  }
  return Ok();
}

}  // namespace retrain::decide
