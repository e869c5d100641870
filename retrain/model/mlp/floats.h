#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace retrain::model::mlp {

// Memory that starts at a cache line, so that no vector load is split.
template <class T>
struct CacheAligned {
  using value_type = T;
  static constexpr std::align_val_t kAlignment{64};

  CacheAligned() = default;
  template <class U>
  CacheAligned(const CacheAligned<U>&) {}

  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), kAlignment)); }
  void deallocate(T* memory, std::size_t) { ::operator delete(memory, kAlignment); }
  bool operator==(const CacheAligned&) const = default;
};

using Floats = std::vector<float, CacheAligned<float>>;

}  // namespace retrain::model::mlp
