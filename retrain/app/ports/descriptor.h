#pragma once

#include <unistd.h>

#include <utility>

namespace retrain::app {

// Owns a file descriptor; negative: none.
class Descriptor final {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Descriptor() { Close(); }

  int get() const { return value_; }
  int Release() { return std::exchange(value_, -1); }  // the caller owns it from here on
  void Close() {
    if (value_ >= 0) close(value_);
    value_ = -1;
  }

 private:
  int value_ = -1;
};

}  // namespace retrain::app
