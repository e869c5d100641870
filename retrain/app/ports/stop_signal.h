#pragma once

#include <sys/eventfd.h>

#include <atomic>

#include "retrain/app/ports/descriptor.h"
#include "retrain/base/result.h"

namespace retrain::app {

// The wish that work under way ends soon, raised once from any thread and seen by all. Its descriptor becomes readable.
class StopSignal final {
 public:
  StopSignal() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { RETRAIN_ALWAYS(event_.get() >= 0); }

  void Raise() {
    raised_ = true;
    RETRAIN_ALWAYS(eventfd_write(event_.get(), 1) == 0);
  }
  bool raised() const { return raised_; }
  int descriptor() const { return event_.get(); }

 private:
  std::atomic<bool> raised_ = false;
  Descriptor event_;
};

}  // namespace retrain::app
