#pragma once

#include <optional>
#include <string_view>

#include "retrain/data/schema.h"

namespace retrain::data {

// What a CSV cell says. Null: an empty cell, NA, N/A, #N/A, <NA>, null, NULL, None, NaN, nan, -nan.
bool IsNullCell(std::string_view cell);

// The cell as Column::numbers holds it: 12, -1.5e3, inf (kInteger, kNumber); true, False (kBoolean, which also takes
// 1 and 0); 2026-03-01, 2026-03-01T12:30:05.25+01:00 (kTime; without an offset it is UTC). Empty: it does not say
// that. REQUIRES: type is not kText.
std::optional<double> ParseCell(ColumnType type, std::string_view cell);

// The narrowest type that all cells seen so far have, nulls passed over. Integers hold no fraction; 0 and 1 are
// integers, only true and false are booleans. Nothing but nulls: a number.
class CellTypes {
 public:
  void See(std::string_view cell);
  ColumnType type() const;
  bool only_nulls() const { return only_nulls_; }

 private:
  bool only_nulls_ = true;
  bool integer_ = true;
  bool number_ = true;
  bool boolean_ = true;
  bool time_ = true;
};

bool IsUtf8(std::string_view text);

}  // namespace retrain::data
