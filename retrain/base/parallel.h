#pragma once

#include <functional>

namespace retrain {

// The port to threads: runs body(0) … body(parts - 1), possibly at once, and returns when all have ended. Results
// must not depend on the order. The real one is a team of threads made in app/; Serial runs them one by one.
class Parallel {
 public:
  virtual ~Parallel() = default;
  virtual int threads() const = 0;
  virtual void For(int parts, const std::function<void(int)>& body) = 0;
};

class Serial final : public Parallel {
 public:
  int threads() const override { return 1; }
  void For(int parts, const std::function<void(int)>& body) override {
    for (int part = 0; part < parts; ++part) body(part);
  }
};

}  // namespace retrain
