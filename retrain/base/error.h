#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retrain {

// The kinds are few and closed. Each face (Python class, exit code, HTTP status) maps them once; a caller that must
// tell cases apart tells them apart by kind, never by text.
enum class ErrorKind { kConfig, kData, kModel, kBusy, kStore };

std::string_view Name(ErrorKind kind);  // "config", "data", "model", "busy", "store"

// Where the user's own words stand that the error speaks of. Empty or negative: does not apply.
struct Place {
  std::string file;
  int line = 0;           // from 1
  int column = 0;         // from 1
  std::string key;        // "validation_config.minimum_improvement", or a table's column
  std::int64_t row = -1;  // from 0, within `file`

  bool operator==(const Place&) const = default;
};

// An expected failure: what is wrong with names and numbers, where, a cure that can be pasted, and what was kept.
// `code` stands in the table of error_codes.h, which gives its kind; `retrain explain CODE` tells cause and cure.
struct Error {
  std::string_view code;  // "E0203"; REQUIRES: a code of error_codes.h
  std::string message;    // "column `dep_dely` is not in feb.parquet (9 columns)"
  Place where = {};
  std::string hint = {};         // "write `dep_delay`"
  std::string kept = {};         // "champion 12 still serves; nothing was written"
  std::vector<Error> more = {};  // further errors of the same pass, in file order

  ErrorKind kind() const;
  bool operator==(const Error&) const = default;
};

// The text that every face shows: message with its code, then `-->` place, `hint:` and what was kept, a line each.
std::string ToText(const Error& error);

// The first error with all others in its `more`. REQUIRES: at least one.
Error AllInOne(std::vector<Error> errors);

}  // namespace retrain
