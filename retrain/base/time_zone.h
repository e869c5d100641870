#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "retrain/base/result.h"

namespace retrain {

// The rules by which a place on earth sets its clocks: a name of the IANA database, which the system keeps up to date.
// A value, cheap to copy; the rules behind it live as long as the program. Safe from many threads.
class TimeZone final {
 public:
  TimeZone() = default;  // UTC

  // E0102 with the near name for a zone that there is not. "UTC" needs no database.
  static Result<TimeZone> Find(std::string_view name);

  // A time during which local time is UTC + offset.
  struct Stretch {
    std::chrono::sys_seconds begin;
    std::chrono::sys_seconds end;  // first second that is no more within
    std::chrono::seconds offset;
  };
  Stretch At(std::chrono::sys_seconds at) const;

  // When the clocks of this place show `local` for the first time. What they skip counts as shown at the moment of the
  // skip.
  std::chrono::sys_seconds FirstAt(std::chrono::local_seconds local) const;

  const std::string& name() const { return name_; }
  bool operator==(const TimeZone& other) const { return name_ == other.name_; }

 private:
  std::string name_ = "UTC";
  const void* rules_ = nullptr;  // of the library; null: UTC
};

}  // namespace retrain
