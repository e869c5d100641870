#pragma once

#include "retrain/train/mlp/descent.h"

namespace retrain::train::mlp {

// Fresh parameters: normal with variance 2 / inputs (He et al. 2015), embeddings standard normal, row 0 of each
// category (the unknown) and the head zero. The head's bias starts at the log odds or logs of the classes' shares.
Parameters FreshParameters(const model::mlp::Layout& layout, const model::mlp::EncodedRows& rows, data::Task task,
                           std::uint64_t seed);

// The parameters of a layout that has more levels, or another head, than the one they come from. A new level starts as
// the unknown (row 0) with a little noise and no memory of gradients; a head of another width starts at zero. REQUIRES:
// the layouts differ in nothing else.
Parameters Transplant(const Parameters& from, const model::mlp::Layout& before, const model::mlp::Layout& after,
                      std::uint64_t seed);

// Forgets Adam's memory of all parameters.
void ForgetGradients(Parameters& parameters);

// Makes the head fresh, as FreshParameters does.
void RestartHead(const model::mlp::Layout& layout, const model::mlp::EncodedRows& rows, data::Task task,
                 Parameters& parameters);

}  // namespace retrain::train::mlp
