#include "retrain/decide/trigger.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/text.h"

namespace retrain::decide {
namespace {

std::string Arrived(const PendingData& pending) {
  if (pending.rows == 0) return "no new row has arrived";
  return fmt::format("{} new row{} in {} file{}", Grouped(pending.rows), pending.rows == 1 ? "" : "s",
                     Grouped(pending.files), pending.files == 1 ? "" : "s");
}

}  // namespace

Decision DecideNewSamples(const PendingData& pending) {
  const std::int64_t missing = std::max<std::int64_t>(0, pending.min_new_samples - pending.rows);
  Decision decision{.subject = "min_new_samples", .fired = missing == 0, .action = missing == 0 ? "run" : "skip"};
  decision.reason = missing == 0
                        ? fmt::format("{}, at least {} asked for", Arrived(pending), Grouped(pending.min_new_samples))
                        : fmt::format("{}, {} short of min_new_samples ({})", Arrived(pending), Grouped(missing),
                                      Grouped(pending.min_new_samples));
  decision.numbers = {{"pending_rows", static_cast<double>(pending.rows)},
                      {"pending_files", static_cast<double>(pending.files)},
                      {"min_new_samples", static_cast<double>(pending.min_new_samples)},
                      {"missing_rows", static_cast<double>(missing)}};
  return decision;
}

}  // namespace retrain::decide
