#pragma once

#include <map>
#include <string>

#include "retrain/base/error.h"

namespace retrain::data {

// The name under which a file arrived, by the path where its bytes are kept.
using FileNames = std::map<std::string, std::string>;

// The same with names in place of paths: a person knows feb.parquet, not .retrain/data/3f/9a….parquet.
std::string WithNames(std::string text, const FileNames& names);
Error WithNames(Error error, const FileNames& names);  // and in all of Error::more

}  // namespace retrain::data
