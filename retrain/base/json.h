#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "retrain/base/result.h"

namespace retrain {

// A JSON document as a value. Objects keep the order in which keys were set, so that the same steps give the same
// bytes; numbers are written in the shortest form that reads back to the same double; NaN and infinity become null.
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  Json() = default;  // null
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(int value) : value_(std::int64_t{value}) {}
  Json(std::int64_t value) : value_(value) {}
  Json(std::uint64_t value) : value_(static_cast<std::int64_t>(value)) {}
  Json(double value) : value_(value) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}

  static Json MakeObject() { return Json(Object{}); }
  static Json MakeArray() { return Json(Array{}); }

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_integer() const { return std::holds_alternative<std::int64_t>(value_); }
  bool is_number() const { return is_integer() || std::holds_alternative<double>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  // The value, or `otherwise` when it is of another type.
  bool AsBool(bool otherwise = false) const;
  std::int64_t AsInt(std::int64_t otherwise = 0) const;
  double AsDouble(double otherwise = 0) const;  // null reads as NaN
  std::string AsString(std::string_view otherwise = {}) const;
  const Array& items() const;     // empty when not an array
  const Object& members() const;  // empty when not an object

  // The member `key`, or null when there is none. Set() replaces or appends; it makes an object of a null.
  const Json& operator[](std::string_view key) const;
  const Json& operator[](const char* key) const { return (*this)[std::string_view(key)]; }
  bool Has(std::string_view key) const;
  Json& Set(std::string_view key, Json value);
  Json& Append(Json value);  // makes an array of a null

  std::string Dump(int indent = 0) const;  // indent 0: one line

  bool operator==(const Json&) const = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

// The document in `text`; `what` names it in the error (code E0302: the callers read only what we wrote ourselves).
Result<Json> ParseJson(std::string_view text, std::string_view what);

}  // namespace retrain
