#pragma once

#include <span>
#include <utility>

#include "retrain/base/random.h"

namespace retrain {

// Brings `items` into one of all orders, each as likely (Fisher and Yates). The same stream gives the same order.
template <class T>
void Shuffle(std::span<T> items, Rng& rng) {
  for (std::size_t left = items.size(); left > 1; --left) std::swap(items[left - 1], items[rng.Below(left)]);
}

}  // namespace retrain
