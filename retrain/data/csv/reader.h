#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "retrain/base/state_fs.h"

namespace retrain::data {

// Rows of a CSV file (RFC 4180: commas, quotes doubled inside quotes, line ends \n or \r\n, the last one optional; a
// byte order mark and empty lines are passed over). The first row names the columns. Holds a few MB, whatever the size
// of the file. Every fault is E0202 with file, row and line. Not safe from many threads.
class CsvReader final {
 public:
  // E0202 for an empty file, names that are not UTF-8 or stand twice, and bytes that are no text.
  static Result<CsvReader> Open(StateFs& files, const std::string& path);

  const std::vector<std::string>& names() const { return names_; }

  // The cells of the next row, one a name, valid until the next call; false at the end.
  Result<bool> Next(std::vector<std::string_view>& cells);

  std::int64_t row() const { return row_; }  // of the cells last given, from 0
  Error Fault(std::string what) const;       // about that row

 private:
  struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool has_escapes = false;
  };
  enum class Scan { kRow, kNeedMore, kBroken };

  CsvReader(std::unique_ptr<StateFile> file, std::string path);
  Result<bool> NextRow(std::vector<std::string_view>& cells);
  Status Fill();
  Scan ScanRow();
  Scan ScanQuoted(std::size_t& at);
  std::string_view Cell(const Span& span);

  std::unique_ptr<StateFile> file_;
  std::string path_;
  std::vector<std::string> names_;
  std::string buffer_;
  std::size_t position_ = 0;  // in buffer_: start of the next row
  std::size_t after_ = 0;     // in buffer_: end of the row that was scanned
  std::int64_t offset_ = 0;   // in the file: end of buffer_
  bool at_end_ = false;       // nothing is left to fill
  std::vector<Span> spans_;
  std::int64_t row_ = -2;  // the names are row -1
  std::int64_t line_ = 1;  // of the row that was scanned
  std::int64_t next_line_ = 1;
};

}  // namespace retrain::data
