#include "retrain/base/error.h"

#include <fmt/format.h>

#include "retrain/base/error_codes.h"
#include "retrain/base/result.h"

namespace retrain {
namespace {

std::string PlaceText(const Place& where) {
  std::string text = where.file;
  if (where.line > 0) text += fmt::format(":{}:{}", where.line, where.column);
  if (where.row >= 0) text += fmt::format("{}row {}", text.empty() ? "" : ", ", where.row);
  if (!where.key.empty()) text += fmt::format("{}{}", text.empty() ? "" : "  ", where.key);
  return text;
}

}  // namespace

std::string_view Name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kConfig: return "config";
    case ErrorKind::kData: return "data";
    case ErrorKind::kModel: return "model";
    case ErrorKind::kBusy: return "busy";
    case ErrorKind::kStore: return "store";
  }
  return "";
}

ErrorKind Error::kind() const {
  const ErrorCode* row = FindErrorCode(code);
  RETRAIN_ALWAYS(row != nullptr);
  return row->kind;
}

std::string ToText(const Error& error) {
  std::string text = fmt::format("error[{}]: {}", error.code, error.message);
  if (const auto place = PlaceText(error.where); !place.empty()) text += "\n  --> " + place;
  if (!error.hint.empty()) text += "\n  hint: " + error.hint;
  if (!error.kept.empty()) text += "\n  kept: " + error.kept;
  for (const auto& next : error.more) text += "\n" + ToText(next);
  return text;
}

Error AllInOne(std::vector<Error> errors) {
  RETRAIN_ALWAYS(!errors.empty());
  Error first = std::move(errors.front());
  first.more.insert(first.more.end(), std::make_move_iterator(errors.begin() + 1),
                    std::make_move_iterator(errors.end()));
  return first;
}

}  // namespace retrain
