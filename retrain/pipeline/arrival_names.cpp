#include "retrain/pipeline/arrival_names.h"

namespace retrain::pipeline {

std::vector<data::FileRange> ValidationFiles(Home& home, const Run& run) {
  std::vector<data::FileRange> files;
  for (const auto& kept : run.slice.validation) {
    const auto dot = kept.find('.');
    files.push_back({.path = home.data().Path(kept.substr(0, dot), dot == std::string::npos ? "" : kept.substr(dot))});
  }
  return files;
}

Result<data::FileNames> ArrivalNames(Home& home, const Config& config, const Run& run) {
  data::FileNames names;
  TRY(const auto chunks, home.ledger().All());
  for (const auto& chunk : chunks) names.emplace(home.ledger().Path(chunk), chunk.name);
  for (const auto& file : ValidationFiles(home, run)) names.emplace(file.path, config.data.validation_data);
  return names;
}

}  // namespace retrain::pipeline
