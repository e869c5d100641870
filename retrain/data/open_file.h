#pragma once

#include "retrain/data/files.h"

namespace retrain::data {

// Within this room: what a file is, and opening it in the middle.
enum class Format { kParquet, kArrow, kCsv };

// By its first bytes (up to 8); where they do not tell, by the suffix of its name.
Format FormatOf(std::string_view path, std::string_view first_bytes);
Result<Format> FormatOf(StateFs& files, const std::string& path);
bool HasDataSuffix(std::string_view path);

// OpenFile from row `begin` on; row groups before it are not read.
Result<std::unique_ptr<TableSource>> OpenFileAt(StateFs& files, const std::string& path, const ReadOptions& options,
                                                std::int64_t begin);

// The columns that a file has, at the cost of its footer or first row: those of `expected` with that type (E0204 where
// they have another), the others of a CSV, whose types are not known without reading it, as kText.
Result<Schema> PeekSchema(StateFs& files, const std::string& path, const Schema& expected);

}  // namespace retrain::data
