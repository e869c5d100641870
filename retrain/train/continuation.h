#pragma once

#include <string>

#include "retrain/train/trainer.h"

namespace retrain::train {

// E0307: the base is none that this training can go on from; `hint` says what can be done.
Error CannotStart(std::string message, std::string hint = "run `retrain run full`");

// Whether a base reads what the job's data hold: the same features with the same types, categories and weight. E0307
// names what differs.
Status CheckSameInputs(const model::Contract& base, const model::Contract& job);

// Whether it tells the same classes, or values as well. E0307 names the class that the base does not know.
Status CheckSameLabels(const data::Labels& base, const data::Labels& job);

}  // namespace retrain::train
