#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "retrain/model/mlp/encoder.h"

namespace retrain::model::mlp {

// Learns an Encoder from one pass over the rows. Counts, means and extremes are exact; medians and quartiles are those
// of all rows up to kSampleRows, and beyond of a sample that only depends on the rows' numbers: a row stays while the
// hash of its number has enough leading zero bits, one more each time the sample is full.
class EncoderFit final {
 public:
  EncoderFit(const Contract& contract, int most_direct_levels);

  // E0203, E0204 as Encoder::Append; `targets` as AppendTargets gives them.
  Status Add(const data::Frame& rows, std::span<const double> targets);

  // Fresh from what was added. REQUIRES: at least one row was.
  Encoder Fit() const;

  // `base` with the levels appended that it does not know; nothing else changes.
  Encoder Extend(Encoder base) const;

  std::int64_t rows() const { return rows_; }

  static constexpr std::int64_t kSampleRows = 65'536;
  static constexpr std::int64_t kFewestRows = 5;  // of a level, to get a code of its own

 private:
  struct NumberStatistics {
    std::string name;
    double low = 0, high = 0;
    bool any = false, nullable = false;
    std::vector<double> sample;  // of the rows in sample_rows_; NaN: null
  };
  struct LevelCount {
    std::string name;
    std::int64_t rows = 0;
  };
  struct CategoryStatistics {
    std::string name;
    data::ColumnType type;
    std::vector<LevelCount> levels;  // as they came
    std::unordered_map<std::string, std::size_t> index;

    void Count(const std::string& level, std::int64_t rows);
  };

  Status AddCategories(const data::Frame& rows, CategoryStatistics& into);
  void SampleRows(std::int64_t count);
  void HalveSample();
  std::vector<std::string> LevelsFor(const CategoryStatistics& column, std::vector<std::string> known) const;

  data::Task task_;
  int most_direct_levels_;
  std::int64_t rows_ = 0;
  std::vector<NumberStatistics> numbers_;
  std::vector<CategoryStatistics> categories_;
  int sample_zeros_ = 0;  // leading zero bits that a row's hash needs
  std::vector<std::int64_t> sample_rows_;
  double target_mean_ = 0, target_squares_ = 0, target_low_ = 0, target_high_ = 0;
};

}  // namespace retrain::model::mlp
