#include "retrain/base/json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace retrain {
namespace {

void WriteString(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void WriteDouble(double value, std::string& out) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  const std::string_view digits(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  out += digits;
  if (digits.find_first_of(".e") == std::string_view::npos) out += ".0";  // stays a double when read again
}

void NewLine(int indent, int depth, std::string& out) {
  if (indent > 0) out += '\n' + std::string(static_cast<std::size_t>(indent) * static_cast<std::size_t>(depth), ' ');
}

void Write(const Json& json, int indent, int depth, std::string& out) {
  if (json.is_array() || json.is_object()) {
    const bool array = json.is_array();
    const std::size_t size = array ? json.items().size() : json.members().size();
    out += array ? '[' : '{';
    for (std::size_t i = 0; i < size; ++i) {
      if (i > 0) out += indent > 0 ? "," : ", ";
      NewLine(indent, depth + 1, out);
      if (!array) {
        WriteString(json.members()[i].first, out);
        out += ": ";
      }
      Write(array ? json.items()[i] : json.members()[i].second, indent, depth + 1, out);
    }
    if (size > 0) NewLine(indent, depth, out);
    out += array ? ']' : '}';
  } else if (json.is_null()) {
    out += "null";
  } else if (json.is_bool()) {
    out += json.AsBool() ? "true" : "false";
  } else if (json.is_integer()) {
    out += fmt::format("{}", json.AsInt());
  } else if (json.is_number()) {
    WriteDouble(json.AsDouble(), out);
  } else {
    WriteString(json.AsString(), out);
  }
}

}  // namespace

bool Json::AsBool(bool otherwise) const {
  const auto* value = std::get_if<bool>(&value_);
  return value ? *value : otherwise;
}

std::int64_t Json::AsInt(std::int64_t otherwise) const {
  const auto* value = std::get_if<std::int64_t>(&value_);
  return value ? *value : otherwise;
}

double Json::AsDouble(double otherwise) const {
  if (const auto* value = std::get_if<double>(&value_)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*value);
  return is_null() ? std::numeric_limits<double>::quiet_NaN() : otherwise;
}

std::string Json::AsString(std::string_view otherwise) const {
  const auto* value = std::get_if<std::string>(&value_);
  return value ? *value : std::string(otherwise);
}

const Json::Array& Json::items() const {
  static const Array kEmpty;
  const auto* value = std::get_if<Array>(&value_);
  return value ? *value : kEmpty;
}

const Json::Object& Json::members() const {
  static const Object kEmpty;
  const auto* value = std::get_if<Object>(&value_);
  return value ? *value : kEmpty;
}

const Json& Json::operator[](std::string_view key) const {
  static const Json kNull;
  for (const auto& [name, value] : members()) {
    if (name == key) return value;
  }
  return kNull;
}

bool Json::Has(std::string_view key) const {
  for (const auto& [name, value] : members()) {
    if (name == key) return true;
  }
  return false;
}

Json& Json::Set(std::string_view key, Json value) {
  if (is_null()) value_ = Object{};
  auto& object = std::get<Object>(value_);
  for (auto& [name, old] : object) {
    if (name == key) {
      old = std::move(value);
      return *this;
    }
  }
  object.emplace_back(std::string(key), std::move(value));
  return *this;
}

Json& Json::Append(Json value) {
  if (is_null()) value_ = Array{};
  std::get<Array>(value_).push_back(std::move(value));
  return *this;
}

std::string Json::Dump(int indent) const {
  std::string out;
  Write(*this, indent, 0, out);
  return out;
}

}  // namespace retrain
