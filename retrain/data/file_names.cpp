#include "retrain/data/file_names.h"

namespace retrain::data {

std::string WithNames(std::string text, const FileNames& names) {
  for (const auto& [path, name] : names) {
    if (path.empty()) continue;
    for (auto at = text.find(path); at != std::string::npos; at = text.find(path, at + name.size())) {
      text.replace(at, path.size(), name);
    }
  }
  return text;
}

Error WithNames(Error error, const FileNames& names) {
  error.message = WithNames(std::move(error.message), names);
  error.where.file = WithNames(std::move(error.where.file), names);
  error.hint = WithNames(std::move(error.hint), names);
  for (Error& next : error.more) next = WithNames(std::move(next), names);
  return error;
}

}  // namespace retrain::data
