#pragma once

#include "retrain/data/files.h"

namespace retrain::data {

// A CSV file as a table, for OpenFile. Columns that `options.expected` does not type are typed by all their cells,
// which reads the file once more. `begin`: rows to skip.
Result<std::unique_ptr<TableSource>> OpenCsv(StateFs& files, const std::string& path, const ReadOptions& options,
                                             std::int64_t begin);
Result<std::vector<std::string>> CsvNames(StateFs& files, const std::string& path);
Result<std::int64_t> CountCsvRows(StateFs& files, const std::string& path);

}  // namespace retrain::data
