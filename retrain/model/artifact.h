#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "retrain/model/model.h"

namespace retrain::model {

// The bytes of a version: a header that says what it is, and named sections (weights, optimiser, replay, …) each with
// its checksum. No time, path or host goes in: the same training gives the same bytes, and their SHA-256 names them.
// The grammar of the bytes: docs/formats.md.
struct Artifact {
  std::string family;  // "mlp", "constant"
  Contract contract;
  Json info;                                    // what the family wants to say in the open: sizes, epochs, seeds
  std::map<std::string, std::string> sections;  // bytes by name

  bool operator==(const Artifact&) const = default;
};

inline constexpr int kArtifactFormat = 1;

std::string Encode(const Artifact& artifact);
Result<Artifact> Decode(std::string_view bytes, std::string_view what);  // E0301 damaged, E0302 unknown format

// The model in an artifact. E0301 when its sections do not make one.
Result<std::unique_ptr<Model>> LoadModel(const Artifact& artifact);

}  // namespace retrain::model
