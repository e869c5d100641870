#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "retrain/base/random.h"
#include "retrain/data/frame.h"
#include "retrain/model/model.h"
#include "retrain/train/slice.h"

namespace retrain::train::mlp {

// A uniform sample of all rows ever trained on, at most `capacity`, kept as they came (algorithm R, Vitter 1985), so
// that later versions can read them with an encoder of their own. Part of the artifact. A value.
class Reservoir final {
 public:
  Reservoir(const model::Contract& contract, std::int64_t capacity, std::uint64_t seed);

  // REQUIRES: the rows have the features of the contract with their types; weights are there always or never.
  void Add(const LabelledRows& rows);

  std::int64_t rows() const { return static_cast<std::int64_t>(targets_.size()); }
  std::int64_t seen() const { return seen_; }
  const std::vector<double>& targets() const { return targets_; }
  const std::vector<double>& weights() const { return weights_; }
  data::Frame ToFrame() const;  // the features; a view: valid until Add

  std::string ToBytes() const;
  // E0301 when the bytes are no reservoir of these features. With a smaller capacity the last rows fall out.
  static Result<Reservoir> FromBytes(std::string_view bytes, const model::Contract& contract, std::int64_t capacity);

 private:
  struct Column {
    data::Field field;
    std::vector<double> numbers;
    std::vector<std::int32_t> codes;  // of `names`; -1: null
    std::vector<std::string> names;
    std::map<std::string, std::int32_t, std::less<>> code_of;

    std::int32_t CodeOf(std::string_view name);
  };

  void Put(const LabelledRows& rows, const std::vector<const data::Column*>& from, std::int64_t row, std::int64_t slot);

  std::int64_t capacity_;
  std::int64_t seen_ = 0;
  Rng rng_;
  std::vector<Column> columns_;
  std::vector<double> targets_, weights_;
};

}  // namespace retrain::train::mlp
