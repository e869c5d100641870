#include "retrain/drift/domain_classifier.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "retrain/base/shuffle.h"
#include "retrain/base/text.h"
#include "retrain/model/mlp/encoder_fit.h"
#include "retrain/model/mlp/kernel_loader.h"
#include "retrain/stats/delong.h"
#include "retrain/stats/distributions.h"
#include "retrain/train/mlp/growth.h"
#include "retrain/train/mlp/reservoir.h"

namespace retrain::drift {
namespace {

using model::mlp::EncodedRows;
using train::mlp::Reservoir;

constexpr std::int64_t kMostRows = 20'000;  // of each table
constexpr std::int64_t kFewestRows = 40;
constexpr std::uint64_t kSeed = 7;
constexpr int kOneHotLevels = 9;

model::Contract ContractOf(std::span<const ChosenColumn> columns) {
  model::Contract contract{.labels = {.task = data::Task::kBinary, .classes = {"reference", "current"}}};
  for (const ChosenColumn& column : columns) {
    contract.roles.features.push_back(column.field);
    if (column.kind == ColumnKind::kCategorical) contract.roles.categorical.push_back(column.field.name);
  }
  return contract;
}

Result<Reservoir> Sample(const data::ColumnTable& table, const model::Contract& contract, double label) {
  Reservoir sample(contract, kMostRows, DeriveSeed(kSeed, contract.labels.classes[static_cast<std::size_t>(label)]));
  std::vector<std::string> names;
  for (const auto& feature : contract.roles.features) names.push_back(feature.name);
  TRY(const auto source, table.Open(names));
  while (true) {
    TRY(const auto frame, source->Next());
    if (!frame) return sample;
    const std::vector<double> labels(static_cast<std::size_t>(frame->rows()), label);
    sample.Add({*frame, labels, {}});
  }
}

// Rows of both tables as a network reads them.
struct Pool {
  model::mlp::Encoder encoder;
  EncodedRows rows;
};

Result<Pool> Encode(const model::Contract& contract, const Reservoir& reference, const Reservoir& current) {
  model::mlp::EncoderFit fit(contract, kOneHotLevels);
  const auto before = reference.ToFrame();
  const auto now = current.ToFrame();
  TRY_OK(fit.Add(before, reference.targets()));
  TRY_OK(fit.Add(now, current.targets()));
  Pool pool{.encoder = fit.Fit(), .rows = {}};
  TRY_OK(pool.encoder.Append(before, pool.rows));
  TRY_OK(pool.encoder.Append(now, pool.rows));
  pool.encoder.AppendLabels(data::Task::kBinary, reference.targets(), pool.rows);
  pool.encoder.AppendLabels(data::Task::kBinary, current.targets(), pool.rows);
  return pool;
}

EncodedRows Take(const EncodedRows& rows, std::span<const std::size_t> which) {
  EncodedRows taken{.rows = std::ssize(which),
                    .numbers_per_row = rows.numbers_per_row,
                    .categories_per_row = rows.categories_per_row};
  const auto append = [](auto& to, const auto& from, std::size_t row, std::int64_t width) {
    const auto first = from.begin() + static_cast<std::int64_t>(row) * width;
    to.insert(to.end(), first, first + width);
  };
  for (const std::size_t row : which) {
    append(taken.numbers, rows.numbers, row, rows.numbers_per_row);
    append(taken.codes, rows.codes, row, rows.categories_per_row);
    taken.labels.push_back(rows.labels[row]);
  }
  return taken;
}

// The rows of either table dealt to two halves at random.
std::array<std::vector<std::size_t>, 2> Halves(std::int64_t n_reference, std::int64_t n_current) {
  Rng rng(DeriveSeed(kSeed, "halves"));
  std::array<std::vector<std::size_t>, 2> halves;
  std::size_t first = 0;
  for (const auto rows : {n_reference, n_current}) {
    std::vector<std::size_t> order(static_cast<std::size_t>(rows));
    std::iota(order.begin(), order.end(), first);
    Shuffle(std::span(order), rng);
    for (std::size_t i = 0; i < order.size(); ++i) halves[i % 2].push_back(order[i]);
    first += order.size();
  }
  return halves;
}

// How sure a network that was taught on `training` is of each row of `unseen` to be of the current table.
std::vector<double> ScoresOf(const model::mlp::Encoder& encoder, const model::Contract& contract,
                             const EncodedRows& training, EncodedRows unseen, Parallel& parallel) {
  const model::mlp::Layout layout(encoder.ShapeOf({64, 64}, contract.labels));
  const train::mlp::DescentOptions options{
      .task = data::Task::kBinary,
      .epochs = static_cast<int>(std::clamp<std::int64_t>(120'000 / training.rows, 8, 60)),
      .batch_size = 128,
      .learning_rate = 3e-3,
      .weight_decay = 1e-3,
      .new_rows = training.rows,
      .seed = kSeed};
  train::mlp::Descent descent(model::mlp::BestKernels(), layout, parallel, options);
  auto parameters = train::mlp::FreshParameters(layout, training, data::Task::kBinary, kSeed);
  for (int epoch = 0; epoch < options.epochs; ++epoch) descent.Epoch(epoch, training, parameters);
  std::ranges::fill(unseen.labels, 1.0F);  // a row's loss is then its score, whichever table it is of
  auto scores = descent.RowLosses(unseen, parameters);
  for (double& score : scores) score = -score;
  return scores;
}

// The area above 0.5 with DeLong's error: the gain over a score that says the same of every row.
stats::Interval AreaAboveChance(const EncodedRows& rows, std::span<const double> scores, double confidence) {
  const std::vector<std::uint8_t> is_current(rows.labels.begin(), rows.labels.end());
  const std::vector<double> constant(scores.size(), 0.0);
  return stats::DeLong(is_current, constant, scores, confidence).difference;
}

// The error of an area under equal laws: that of Mann and Whitney's statistic.
double ErrorByChance(const EncodedRows& rows) {
  const auto m = static_cast<double>(std::ranges::count(rows.labels, 1.0F));
  const double n = static_cast<double>(rows.rows) - m;
  return std::sqrt((n + m + 1) / (12 * n * m));
}

void Conclude(const CompareOptions& options, JointDrift& joint) {
  const std::string area = fmt::format("a row's table is told with an area of {:.3f} [{:.3f}, {:.3f}]", *joint.area,
                                       *joint.lower, *joint.upper);
  const std::string floor = options.threshold > 0
                                ? fmt::format("{:.3f}, which a PSI of {:g} gives", joint.threshold, options.threshold)
                                : "0.5, a guess";
  if (*joint.p_value <= 1 - options.confidence) {
    joint.outcome = Outcome::kDrifted;
    joint.reason = fmt::format("{}: more than {}", area, floor);
  } else if (options.threshold > 0 && *joint.upper <= joint.threshold) {
    joint.outcome = Outcome::kStable;
    joint.reason = fmt::format("{}: no more than {}", area, floor);
  } else {
    joint.reason = fmt::format("{}, which leaves open whether it is more than {}", area, floor);
  }
}

}  // namespace

double AreaOfThreshold(double threshold) { return stats::NormalCdf(std::sqrt(threshold / 2)); }

Result<JointDrift> TellApart(const data::ColumnTable& reference, const data::ColumnTable& current,
                             std::span<const ChosenColumn> columns, const CompareOptions& options, Parallel& parallel) {
  JointDrift joint{.threshold = AreaOfThreshold(options.threshold)};
  if (columns.empty()) {
    joint.reason = "no column can be compared";
    return joint;
  }
  const auto contract = ContractOf(columns);
  TRY(const auto before, Sample(reference, contract, 0));
  TRY(const auto now, Sample(current, contract, 1));
  joint.n_reference = before.rows();
  joint.n_current = now.rows();
  if (std::min(joint.n_reference, joint.n_current) < kFewestRows) {
    joint.reason = fmt::format("{} against {} rows: {} of each are the least", Grouped(joint.n_reference),
                               Grouped(joint.n_current), kFewestRows);
    return joint;
  }
  TRY(const auto pool, Encode(contract, before, now));
  const auto order = Halves(joint.n_reference, joint.n_current);
  const std::array halves = {Take(pool.rows, order[0]), Take(pool.rows, order[1])};
  stats::Interval mean;
  double error = 0;
  for (std::size_t half = 0; half < 2; ++half) {
    const auto scores = ScoresOf(pool.encoder, contract, halves[1 - half], halves[half], parallel);
    const auto above = AreaAboveChance(halves[half], scores, options.confidence);
    mean.value += above.value / 2;
    mean.lower += above.lower / 2;
    mean.upper += above.upper / 2;
    error += std::max(above.error, ErrorByChance(halves[half])) / 2;
  }
  joint.area = 0.5 + mean.value;
  joint.lower = std::max(0.0, 0.5 + mean.lower);
  joint.upper = std::min(1.0, 0.5 + mean.upper);
  joint.p_value = stats::NormalCdf((joint.threshold - *joint.area) / error);
  Conclude(options, joint);
  return joint;
}

}  // namespace retrain::drift
