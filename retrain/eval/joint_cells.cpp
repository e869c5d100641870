#include "retrain/eval/joint_cells.h"

#include <algorithm>

namespace retrain::eval {
namespace {

constexpr std::int64_t kMostDense = 1 << 15;  // cells that are counted in a table; beyond, rows are sorted

void AddCell(std::int64_t code, std::int64_t count, std::int64_t classes, JointCells& cells) {
  const auto digit = [&](std::int64_t value) { return static_cast<std::int32_t>(value % classes); };
  cells.keys.push_back({digit(code / classes / classes), digit(code / classes), digit(code)});
  cells.counts.push_back(count);
}

}  // namespace

JointCells CellsOf(const Classes& actual, const Classes& champion, const Classes& candidate, std::int64_t classes) {
  JointCells cells;
  const auto code = [&](std::size_t row) { return (actual[row] * classes + champion[row]) * classes + candidate[row]; };
  if (classes * classes * classes <= kMostDense) {
    std::vector<std::int64_t> counts(classes * classes * classes);
    for (std::size_t row = 0; row < actual.size(); ++row) ++counts[code(row)];
    for (std::int64_t cell = 0; cell < std::ssize(counts); ++cell) {
      if (counts[cell] > 0) AddCell(cell, counts[cell], classes, cells);
    }
    return cells;
  }
  std::vector<std::int64_t> codes(actual.size());
  for (std::size_t row = 0; row < actual.size(); ++row) codes[row] = code(row);
  std::sort(codes.begin(), codes.end());
  for (auto begin = codes.begin(); begin != codes.end();) {
    const auto end = std::upper_bound(begin, codes.end(), *begin);
    AddCell(*begin, end - begin, classes, cells);
    begin = end;
  }
  return cells;
}

double CellDifference::operator()(std::span<const std::int64_t> counts) {
  champion_.Clear();
  candidate_.Clear();
  for (std::size_t cell = 0; cell < counts.size(); ++cell) {
    const auto& [actual, by_champion, by_candidate] = cells_.keys[cell];
    const auto count = static_cast<double>(counts[cell]);
    champion_.Add(actual, by_champion, count);
    candidate_.Add(actual, by_candidate, count);
  }
  return CountMetric(metric_, candidate_).value - CountMetric(metric_, champion_).value;
}

}  // namespace retrain::eval
