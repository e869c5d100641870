#include "world.h"

#include <fmt/format.h>

#include "retrain/base/random.h"

namespace retrain::scenario {

std::string MakeCsv(const TableSpec& spec) {
  Rng rng(spec.seed);
  std::string csv = "a,b,c,y" + (spec.extra.empty() ? "" : "," + spec.extra) + "\n";
  for (std::int64_t row = 0; row < spec.rows; ++row) {
    const double a = rng.Normal();
    const double b = rng.Normal();
    const bool positive = (2 * a - b + 0.5 * rng.Normal() > 0) != spec.flipped;
    const std::string category(spec.blank ? 0 : 1, "xyz"[rng.Below(3)]);
    csv += fmt::format("{:.6f},{:.6f},{},{}", a, b * spec.b_scaled, category, positive ? 1 : 0);
    csv += spec.extra.empty() ? "\n" : fmt::format(",{:.6f}\n", rng.Uniform());
  }
  return csv;
}

void World::Restart() {
  pipeline_.reset();
  home_.reset();
  auto home = pipeline::Home::Open(disk_, "home");
  RETRAIN_ALWAYS(home.ok());
  home_ = std::move(home).value();
  pipeline_ = std::make_unique<pipeline::Pipeline>(*home_, clock_, random_, trainer_);
}

void World::Write(const std::string& path, const std::string& text) {
  RETRAIN_ALWAYS(disk_.MakeFolders(ParentFolder(path)).ok());
  RETRAIN_ALWAYS(WriteFileDurably(disk_, path, text).ok());
  clock_.Advance(std::chrono::seconds(1));
}

}  // namespace retrain::scenario
