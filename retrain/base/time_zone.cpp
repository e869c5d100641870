#include "retrain/base/time_zone.h"

#include <exception>
#include <vector>

#include <date/tz.h>
#include <fmt/format.h>

#include "retrain/base/text.h"

namespace retrain {
namespace {

const date::time_zone& Rules(const void* rules) { return *static_cast<const date::time_zone*>(rules); }

std::string HintFor(const std::string& name) {
  std::vector<std::string> names;
  try {
    for (const auto& zone : date::get_tzdb().zones) names.emplace_back(zone.name());
  } catch (const std::exception&) {
    return "install the system's time zones (Debian: tzdata), or write UTC";
  }
  const auto near = NearName(name, names);
  return near.empty() ? "write a name as Europe/Berlin or America/New_York, or UTC"
                      : fmt::format("did you mean `{}`?", near);
}

}  // namespace

Result<TimeZone> TimeZone::Find(std::string_view name) {
  TimeZone zone;
  if (name == zone.name_) return zone;
  zone.name_ = name;
  try {
    zone.rules_ = date::locate_zone(zone.name_);
    zone.At({});  // reads its rules, which are not read before they are asked for
    return zone;
  } catch (const std::exception&) {
    return Error{
        .code = "E0102", .message = fmt::format("there is no time zone `{}`", name), .hint = HintFor(zone.name_)};
  }
}

TimeZone::Stretch TimeZone::At(std::chrono::sys_seconds at) const {
  if (rules_ == nullptr) return {std::chrono::sys_seconds::min(), std::chrono::sys_seconds::max(), {}};
  const auto info = Rules(rules_).get_info(at);
  return {info.begin, info.end, info.offset};
}

std::chrono::sys_seconds TimeZone::FirstAt(std::chrono::local_seconds local) const {
  const auto shown = local.time_since_epoch();
  if (rules_ == nullptr) return std::chrono::sys_seconds(shown);
  const auto info = Rules(rules_).get_info(date::local_seconds(shown));
  if (info.result == date::local_info::nonexistent) return info.first.end;
  return std::chrono::sys_seconds(shown - info.first.offset);
}

}  // namespace retrain
