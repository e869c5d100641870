// gate FILE RESAMPLES TIMES: the interval of an F1 difference out of a file of rows (a byte each: label, champion's
// class, candidate's class), from the rows to the bounds. Prints the median CPU milliseconds and the interval as JSON.
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>

#include "retrain/eval/joint_cells.h"
#include "retrain/stats/cell_bootstrap.h"

namespace {

using namespace retrain;

double CpuMilliseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

eval::Classes Column(const std::string& bytes, std::size_t which) {
  eval::Classes column;
  for (std::size_t at = which; at < bytes.size(); at += 3) column.push_back(bytes[at]);
  return column;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return 2;
  std::ifstream file(arguments[1], std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  const int resamples = std::atoi(arguments[2]);
  const auto actual = Column(bytes, 0);
  const auto champion = Column(bytes, 1);
  const auto candidate = Column(bytes, 2);

  std::vector<double> milliseconds;
  stats::Interval interval;
  for (int time = 0; time < std::atoi(arguments[3]); ++time) {
    const double begin = CpuMilliseconds();
    const auto cells = eval::CellsOf(actual, champion, candidate, 2);
    eval::CellDifference difference(eval::Metric::kF1, cells, 2);
    interval = stats::BootstrapCells(cells.counts, [&](auto counts) { return difference(counts); },
                                     {.resamples = resamples, .confidence = 0.975, .seed = 1})
                   .interval;
    milliseconds.push_back(CpuMilliseconds() - begin);
  }
  std::nth_element(milliseconds.begin(), milliseconds.begin() + std::ssize(milliseconds) / 2, milliseconds.end());
  Json json;
  json.Set("ms", milliseconds[milliseconds.size() / 2]).Set("lower", interval.lower).Set("upper", interval.upper);
  std::cout << json.Dump() << '\n';
  return 0;
}
