#pragma once

#include <memory>
#include <optional>

#include "retrain/data/frame.h"

namespace retrain::data {

// A table that is read once, from its first row to its last, a frame at a time: a file, a folder of files, a table in
// memory, later the request log. Frames hold at least one row and at most about 64k, so memory does not grow with the
// table; all have the fields of the source, and each outlives it. Not safe from many threads.
class TableSource {
 public:
  virtual ~TableSource() = default;
  virtual const Schema& schema() const = 0;

  // The next rows; empty at the end, and from then on. E0202 names the file that cannot be read.
  virtual Result<std::optional<Frame>> Next() = 0;
};

// How to read a table again from its start: cheap to copy, opened as often as wished.
class Table {
 public:
  virtual ~Table() = default;
  virtual Result<std::unique_ptr<TableSource>> Open() const = 0;
};

}  // namespace retrain::data
