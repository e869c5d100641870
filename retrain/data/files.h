#pragma once

#include <string>
#include <vector>

#include "retrain/base/state_fs.h"
#include "retrain/data/table_source.h"

namespace retrain::data {

// The data files that a path of the config stands for, in natural order of their paths (part2 before part10): a file,
// the files of a folder (those below it too), or a glob (* ? [a-z] within a name, ** over folders). Formats: .parquet,
// .csv, .arrow, .feather, .ipc; other names are passed over, unless the path names one file itself. E0201 with a cure
// when the path, or the folder that a glob looks into, does not exist; a folder without data is an empty list.
struct FoundFile {
  std::string path;
  std::string unready;  // empty: whole; else why it is left for later ("temporary name", "no Parquet footer yet")

  bool operator==(const FoundFile&) const = default;
};
Result<std::vector<FoundFile>> FindFiles(StateFs& files, const std::string& path_or_glob);

// How a file is read besides what it says of itself.
struct ReadOptions {
  std::int64_t batch_rows = 65'536;
  std::vector<std::string> columns = {};  // in this order; empty: all. E0203 for one that the file does not have
  // Columns that stand here come with this type: CSV parses them so, Arrow types must allow it (CanReadAs; a column
  // of nulls is anything). E0204 otherwise. Other columns keep their own type; for CSV, the narrowest that all of the
  // file's values have. Borrowed: outlives the call that opens.
  const Schema* expected = nullptr;

  bool operator==(const ReadOptions&) const = default;
};

// Opens one file; its footer (a CSV without `expected`: all of it) is read now, the rows by Next(). E0202 names the
// file (and a CSV's row). Its first bytes tell Parquet and Arrow; all else is CSV, if the suffix does not deny it.
Result<std::unique_ptr<TableSource>> OpenFile(StateFs& files, const std::string& path, const ReadOptions& options = {});

Result<std::int64_t> CountRows(StateFs& files, const std::string& path);

// Rows `begin` to `end` of one file; a list of these is a slice of the data in time order.
struct FileRange {
  std::string path;
  std::int64_t begin = 0;
  std::int64_t end = -1;  // -1: to the last row

  bool operator==(const FileRange&) const = default;
};

// The rows of all ranges, one after another, as one table. Every file is opened once now, so that errors come before
// the first row; `options` count for each. The columns are those of the first file, an integer widened to a number
// when another file says so; E0212 names a file that lacks one or has it with another type. Skips by row groups and
// record batches. E0202 for a range that is not inside its file.
Result<std::unique_ptr<TableSource>> OpenRanges(StateFs& files, std::vector<FileRange> ranges,
                                                const ReadOptions& options = {});

// Ranges as a Table. `files` is borrowed and outlives it.
class RangeTable final : public Table {
 public:
  RangeTable(StateFs& files, std::vector<FileRange> ranges, ReadOptions options = {})
      : files_(files), ranges_(std::move(ranges)), options_(std::move(options)) {}
  Result<std::unique_ptr<TableSource>> Open() const override { return OpenRanges(files_, ranges_, options_); }

 private:
  StateFs& files_;
  std::vector<FileRange> ranges_;
  ReadOptions options_;
};

}  // namespace retrain::data
