// Predicts with one LightGBM model by LightGBM itself and by our own forest, in turn, and prints one JSON object: the
// wall microseconds a row of the cheapest of several turns, and the largest difference of their predictions.
//
// usage: forest ROWS COLUMNS TREES LEAVES
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "bench/answer.h"
#include "retrain/app/ports/thread_team.h"
#include "retrain/base/json.h"
#include "retrain/base/random.h"
#include "retrain/train/forest/lightgbm.h"
#include "retrain/train/forest/lightgbm_text.h"

namespace retrain {
namespace {

using train::forest::Lightgbm;

constexpr int kTurns = 7;
constexpr std::size_t kSingleRows = 2'000;
constexpr int kNormal = 0, kAllRounds = -1;

struct Table {
  std::size_t columns;
  std::vector<double> values;
  std::vector<float> labels;
};

Table RandomTable(std::size_t rows, std::size_t columns) {
  Rng rng(7);
  Table table{.columns = columns, .values = {}, .labels = {}};
  for (std::size_t row = 0; row < rows; ++row) {
    double sum = rng.Normal();
    for (std::size_t c = 0; c < columns; ++c) {
      table.values.push_back(rng.Normal());
      sum += c % 3 == 0 ? table.values.back() : std::sin(3 * table.values.back());
    }
    table.labels.push_back(static_cast<float>(sum > 0));
  }
  return table;
}

// The booster lives until the program ends.
Result<Lightgbm::Handle> Train(const Lightgbm& api, const Table& table, int trees, int leaves) {
  const auto parameters =
      fmt::format("objective=binary num_leaves={} verbosity=-1 num_threads=2 deterministic=true", leaves);
  const auto rows = static_cast<int>(table.labels.size());
  Lightgbm::Handle dataset = nullptr, booster = nullptr;
  TRY_OK(api.Check(api.dataset_from_matrix(table.values.data(), Lightgbm::kFloat64, rows,
                                           static_cast<std::int32_t>(table.columns), Lightgbm::kRowMajor,
                                           parameters.c_str(), nullptr, &dataset)));
  TRY_OK(api.Check(api.set_field(dataset, "label", table.labels.data(), rows, Lightgbm::kFloat32)));
  TRY_OK(api.Check(api.create_booster(dataset, parameters.c_str(), &booster)));
  int finished = 0;
  for (int tree = 0; tree < trees && finished == 0; ++tree) TRY_OK(api.Check(api.update(booster, &finished)));
  return booster;
}

double Seconds(const std::function<void()>& work) {
  const auto began = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

// Microseconds a row, the least of all turns: theirs, ours.
Json Race(std::size_t rows, const std::function<void()>& theirs, const std::function<void()>& ours) {
  double least_theirs = HUGE_VAL, least_ours = HUGE_VAL;
  for (int turn = 0; turn < kTurns; ++turn) {
    least_theirs = std::min(least_theirs, Seconds(theirs));
    least_ours = std::min(least_ours, Seconds(ours));
  }
  Json json;
  const double scale = 1e6 / static_cast<double>(rows);
  return json.Set("lightgbm", least_theirs * scale).Set("ours", least_ours * scale);
}

Result<Json> Measure(int count, char** words) {
  if (count != 5) return Error{"E0107", "usage: forest ROWS COLUMNS TREES LEAVES"};
  const auto table = RandomTable(std::strtoull(words[1], nullptr, 10), std::strtoull(words[2], nullptr, 10));
  const auto rows = table.labels.size(), columns = table.columns;
  TRY(const auto* api, Lightgbm::Find());
  TRY(const auto booster, Train(*api, table, std::atoi(words[3]), std::atoi(words[4])));
  TRY(const auto text, api->ModelText(booster));
  TRY(const auto forest, train::forest::ForestFromLightgbm(text));
  std::vector<double> their_scores(rows), our_scores(rows);
  const auto predict_ours = [&](std::size_t begin, std::size_t end) {
    const std::span<double> scores(our_scores.data() + begin, end - begin);
    std::fill(scores.begin(), scores.end(), forest.base[0]);
    AddScores(forest, std::span(table.values).subspan(begin * columns, scores.size() * columns), scores);
    ApplyLink(forest, scores);
  };

  Json json;
  std::int64_t told = 0;
  Lightgbm::Handle prepared = nullptr;
  TRY_OK(api->Check(api->prepare_row(booster, kNormal, 0, kAllRounds, Lightgbm::kFloat64,
                                     static_cast<std::int32_t>(columns), "num_threads=1", &prepared)));
  const auto singles = std::min(kSingleRows, rows);
  json.Set("single", Race(
                         singles,
                         [&] {
                           for (std::size_t row = 0; row < singles; ++row)
                             api->predict_row(prepared, &table.values[row * columns], &told, &their_scores[row]);
                         },
                         [&] {
                           for (std::size_t row = 0; row < singles; ++row) predict_ours(row, row + 1);
                         }));
  for (const int threads : {1, 2}) {
    app::ThreadTeam team(threads);
    const auto parameters = fmt::format("num_threads={}", threads);
    const auto parts = static_cast<std::size_t>(threads);
    json.Set(fmt::format("batch_{}", threads),
             Race(
                 rows,
                 [&] {
                   api->predict_matrix(booster, table.values.data(), Lightgbm::kFloat64,
                                       static_cast<std::int32_t>(rows), static_cast<std::int32_t>(columns),
                                       Lightgbm::kRowMajor, kNormal, 0, kAllRounds, parameters.c_str(), &told,
                                       their_scores.data());
                 },
                 [&] {
                   team.For(threads, [&](int part) {
                     const auto at = static_cast<std::size_t>(part);
                     predict_ours(rows * at / parts, rows * (at + 1) / parts);
                   });
                 }));
  }
  double difference = 0;
  for (std::size_t row = 0; row < rows; ++row)
    difference = std::max(difference, std::abs(their_scores[row] - our_scores[row]));
  return json.Set("difference", difference);
}

}  // namespace
}  // namespace retrain

int main(int count, char** words) { return retrain::Answer(retrain::Measure(count, words)); }
