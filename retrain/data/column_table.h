#pragma once

#include <memory>
#include <string>
#include <vector>

#include "retrain/data/files.h"

namespace retrain::data {

// A table whose columns are read apart from each other, so that work which goes column by column holds few of them in
// memory. Safe from many threads as far as the StateFs under it is.
class ColumnTable {
 public:
  virtual ~ColumnTable() = default;
  virtual const Schema& schema() const = 0;
  virtual std::int64_t rows() const = 0;

  // All rows of these columns, in the order of the names, at the price of their own bytes. REQUIRES: `columns` is not
  // empty and each is a field of schema().
  virtual Result<std::unique_ptr<TableSource>> Open(const std::vector<std::string>& columns) const = 0;
};

// Frames in memory. REQUIRES: all have the same schema.
class FrameColumns final : public ColumnTable {
 public:
  FrameColumns(Schema schema, std::vector<Frame> frames);
  const Schema& schema() const override { return schema_; }
  std::int64_t rows() const override { return rows_; }
  Result<std::unique_ptr<TableSource>> Open(const std::vector<std::string>& columns) const override;

 private:
  Schema schema_;
  std::vector<Frame> frames_;
  std::int64_t rows_ = 0;
};

// What is left of `source`, read to its end and kept.
Result<std::unique_ptr<ColumnTable>> KeepInMemory(TableSource& source);

// Rows of files, one after another, as one table. Parquet is read a column at a time when it is asked for; a table with
// any other file in it is read once, now, and kept. `files` is borrowed and outlives the table. Errors of OpenRanges.
Result<std::unique_ptr<ColumnTable>> OpenColumns(StateFs& files, std::vector<FileRange> ranges,
                                                 const ReadOptions& options = {});

// The files of a folder, a glob or a path (see FindFiles) likewise; those that are not whole are left out. E0201 when
// there is no file.
Result<std::unique_ptr<ColumnTable>> OpenColumns(StateFs& files, const std::string& path_or_glob,
                                                 const ReadOptions& options = {});

}  // namespace retrain::data
