#pragma once

#include <functional>
#include <span>
#include <vector>

#include "retrain/data/files.h"
#include "retrain/data/table_source.h"
#include "retrain/model/model.h"

namespace retrain::train {

// The rows of some ranges of files as one table with the columns that a contract reads, with their types in it.
class FileSlice final : public data::Table {
 public:
  FileSlice(StateFs& files, std::vector<data::FileRange> ranges, const model::Contract& contract);  // borrows `files`
  Result<std::unique_ptr<data::TableSource>> Open() const override;

 private:
  StateFs& files_;
  std::vector<data::FileRange> ranges_;
  std::vector<std::string> columns_;
  data::Schema expected_;
};

// Some rows with what they are to teach: class codes or values, and weights (empty: all 1).
struct LabelledRows {
  const data::Frame& rows;
  std::span<const double> targets;
  std::span<const double> weights;
};

// Reads a table from its start, a frame at a time. Errors of targets and weights as model::AppendTargets has them; rows
// count from the first of the table.
Status ForEachFrame(const data::Table& table, const model::Contract& contract,
                    const std::function<Status(const LabelledRows&)>& take);

}  // namespace retrain::train
