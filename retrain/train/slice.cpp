#include "retrain/train/slice.h"

#include <utility>

#include "retrain/model/targets.h"

namespace retrain::train {
namespace {

// The table of a slice without files.
class NoRows final : public data::TableSource {
 public:
  const data::Schema& schema() const override { return schema_; }
  Result<std::optional<data::Frame>> Next() override { return std::optional<data::Frame>(); }

 private:
  data::Schema schema_;
};

}  // namespace

FileSlice::FileSlice(StateFs& files, std::vector<data::FileRange> ranges, const model::Contract& contract)
    : files_(files), ranges_(std::move(ranges)) {
  const auto& roles = contract.roles;
  expected_.fields = roles.features;
  for (const auto& feature : roles.features) columns_.push_back(feature.name);
  columns_.push_back(roles.target);
  if (!roles.weight.empty()) columns_.push_back(roles.weight);
}

Result<std::unique_ptr<data::TableSource>> FileSlice::Open() const {
  if (ranges_.empty()) return std::unique_ptr<data::TableSource>(std::make_unique<NoRows>());
  return data::OpenRanges(files_, ranges_, {.batch_rows = 8'192, .columns = columns_, .expected = &expected_});
}

Status ForEachFrame(const data::Table& table, const model::Contract& contract,
                    const std::function<Status(const LabelledRows&)>& take) {
  TRY(auto source, table.Open());
  std::vector<double> targets, weights;
  for (std::int64_t first = 0;;) {
    TRY(const auto frame, source->Next());
    if (!frame) return Ok();
    targets.clear();
    weights.clear();
    TRY_OK(model::AppendTargets(contract, *frame, first, targets, weights));
    TRY_OK(take({.rows = *frame, .targets = targets, .weights = weights}));
    first += frame->rows();
  }
}

}  // namespace retrain::train
