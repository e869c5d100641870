#pragma once

#include <exception>

#include <arrow/result.h>

#include "retrain/base/result.h"

namespace retrain::data {

// Arrow's word for what went wrong, as ours: "feb.parquet cannot be read: …", E0202.
Error Unreadable(const std::string& name, const std::string& why);
Error Unreadable(const std::string& name, const arrow::Status& status);

// Runs what may throw or return Arrow's errors; both become E0202 about `name`.
template <class Body>
auto Fenced(const std::string& name, Body body) -> Result<typename decltype(body())::ValueType> {
  try {
    auto result = body();
    if (!result.ok()) return Unreadable(name, result.status());
    return std::move(result).ValueUnsafe();
  } catch (const std::exception& error) {
    return Unreadable(name, error.what());
  }
}

}  // namespace retrain::data
