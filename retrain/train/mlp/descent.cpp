#include "retrain/train/mlp/descent.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "retrain/base/random.h"
#include "retrain/base/shuffle.h"

namespace retrain::train::mlp {
namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.95, kEpsilon = 1e-8;
constexpr std::int64_t kShardRows = 128, kMostShards = 8;

std::int64_t ShardsOf(std::int64_t batch_size) {
  return std::clamp(batch_size / kShardRows, std::int64_t{1}, kMostShards);
}

double RowLoss(data::Task task, const float* outputs, std::int64_t classes, double label) {
  const double z = outputs[0];
  if (task == data::Task::kRegression) return 0.5 * (z - label) * (z - label);
  if (task == data::Task::kBinary) return std::max(z, 0.0) - label * z + std::log1p(std::exp(-std::abs(z)));
  const double largest = *std::max_element(outputs, outputs + classes);
  double sum = 0;
  for (std::int64_t c = 0; c < classes; ++c) sum += std::exp(static_cast<double>(outputs[c]) - largest);
  return std::log(sum) + largest - static_cast<double>(outputs[static_cast<std::size_t>(label)]);
}

}  // namespace

double RateShare(std::int64_t step, std::int64_t steps) {
  const std::int64_t warm_up = std::max(std::int64_t{1}, steps / 10);
  if (step < warm_up) return static_cast<double>(step + 1) / static_cast<double>(warm_up);
  const double progress =
      static_cast<double>(step - warm_up) / static_cast<double>(std::max(std::int64_t{1}, steps - warm_up));
  return 0.5 * (1 + std::cos(std::numbers::pi * progress));
}

Descent::Descent(const model::mlp::Kernels& kernels, const model::mlp::Layout& layout, Parallel& parallel,
                 const DescentOptions& options)
    : kernels_(kernels), layout_(layout), parallel_(parallel), options_(options) {
  const auto shards = ShardsOf(options.batch_size);
  for (std::int64_t s = 0; s < shards; ++s) {
    passes_.push_back(std::make_unique<model::mlp::Pass>(kernels, layout, (options.batch_size + shards - 1) / shards));
    gradients_.emplace_back(static_cast<std::size_t>(layout.size));
  }
  for (const auto& gradient : gradients_) gradient_of_.push_back(gradient.data());
  losses_.resize(passes_.size());
  order_.resize(static_cast<std::size_t>(options.new_rows));
  batch_.resize(static_cast<std::size_t>(options.batch_size));
}

std::int64_t Descent::new_per_batch() const {
  const auto replayed = std::llround(options_.replay_fraction * static_cast<double>(options_.batch_size));
  return std::max<std::int64_t>(1, options_.batch_size - replayed);
}

double Descent::Epoch(int epoch, const model::mlp::EncodedRows& rows, Parameters& parameters) {
  Rng rng(DeriveSeed(options_.seed + static_cast<std::uint64_t>(epoch), "epoch"));
  ShuffleNewRows(rng);
  const auto step_rows = new_per_batch();
  const auto steps = (options_.new_rows + step_rows - 1) / step_rows;
  double loss = 0;
  std::int64_t seen = 0;
  for (std::int64_t step = 0; step < steps; ++step) {
    const auto count = FillBatch(step * step_rows, rows.rows, rng);
    loss += Step(rows, count, rng.Next(), RateShare(epoch * steps + step, options_.epochs * steps), parameters);
    seen += count;
  }
  return loss / static_cast<double>(seen);
}

void Descent::ShuffleNewRows(Rng& rng) {
  std::iota(order_.begin(), order_.end(), 0U);
  Shuffle(std::span(order_), rng);
}

std::int64_t Descent::FillBatch(std::int64_t first, std::int64_t all_rows, Rng& rng) {
  const auto fresh = std::min(new_per_batch(), options_.new_rows - first);
  std::copy_n(order_.begin() + first, fresh, batch_.begin());
  const auto old = all_rows - options_.new_rows;
  if (old == 0 || options_.replay_fraction <= 0) return fresh;
  const auto replayed =
      std::llround(static_cast<double>(fresh) * options_.replay_fraction / (1 - options_.replay_fraction));
  const auto count = std::min<std::int64_t>(options_.batch_size, fresh + replayed);
  for (auto i = fresh; i < count; ++i)
    batch_[i] = static_cast<std::uint32_t>(options_.new_rows +
                                           static_cast<std::int64_t>(rng.Below(static_cast<std::uint64_t>(old))));
  return count;
}

double Descent::Step(const model::mlp::EncodedRows& rows, std::int64_t count, std::uint64_t noise_seed,
                     double rate_share, Parameters& parameters) {
  const auto shards = static_cast<std::int64_t>(passes_.size());
  const auto one = [&](int shard) {
    const auto begin = count * shard / shards, end = count * (shard + 1) / shards;
    auto& pass = *passes_[shard];
    pass.Load(rows, batch_.data() + begin, 0, end - begin,
              {.dropout = options_.dropout,
               .code_dropout = options_.code_dropout,
               .seed = noise_seed + static_cast<std::uint64_t>(shard) * 64});
    pass.Forward(parameters.weights.data());
    losses_[shard] = pass.Backward(options_.task, parameters.weights.data(), 1.0F / static_cast<float>(count),
                                   gradients_[shard].data());
  };
  parallel_.For(static_cast<int>(shards), [&one](int shard) { one(shard); });
  Update(rate_share, parameters);
  return std::accumulate(losses_.begin(), losses_.end(), 0.0);
}

// Each parameter on its own, so any cut into parts gives the same bits.
void Descent::Update(double rate_share, Parameters& parameters) {
  ++parameters.steps;
  const auto t = static_cast<double>(parameters.steps);
  const double rate = options_.learning_rate * rate_share / (1 - std::pow(kBeta1, t));
  const auto square_scale = static_cast<float>(1 / std::sqrt(1 - std::pow(kBeta2, t)));
  const auto update = [&](std::int64_t begin, std::int64_t end, double share, double decay) {
    if (begin >= end) return;
    const model::mlp::AdamStep step{.n = end - begin,
                                    .gradients = gradient_of_.data(),
                                    .shards = static_cast<std::int64_t>(gradients_.size()),
                                    .offset = begin,
                                    .weights = parameters.weights.data() + begin,
                                    .mean = parameters.mean.data() + begin,
                                    .square = parameters.square.data() + begin,
                                    .rate = static_cast<float>(rate * share),
                                    .square_scale = square_scale,
                                    .beta1 = static_cast<float>(kBeta1),
                                    .beta2 = static_cast<float>(kBeta2),
                                    .epsilon = static_cast<float>(kEpsilon),
                                    .keep = static_cast<float>(1 - decay * rate_share * share)};
    kernels_.adam(&step);
  };
  const std::int64_t head = layout_.head_begin(), bias = layout_.bias_begin(), head_bias = layout_.head_bias();
  const auto range = [&](std::int64_t begin, std::int64_t end) {
    const auto cut = [&](std::int64_t at) { return std::clamp(at, begin, end); };
    update(begin, cut(head), options_.body_rate, options_.weight_decay);
    update(cut(head), cut(bias), 1, options_.weight_decay);
    update(cut(bias), cut(head_bias), options_.body_rate, 0);
    update(cut(head_bias), end, 1, 0);
  };
  const auto parts = std::min<std::int64_t>(parallel_.threads(), layout_.size / 1024 + 1),
             blocks = layout_.size / model::mlp::kWidthStep;
  const auto one = [&](int part) {
    range(blocks * part / parts * model::mlp::kWidthStep, blocks * (part + 1) / parts * model::mlp::kWidthStep);
  };
  parallel_.For(static_cast<int>(parts), [&one](int part) { one(part); });
}

std::vector<double> Descent::RowLosses(const model::mlp::EncodedRows& rows, const Parameters& parameters) {
  auto& pass = *passes_.front();
  const auto shards = static_cast<std::int64_t>(passes_.size());
  const auto at_once = (options_.batch_size + shards - 1) / shards;
  std::vector<double> losses;
  losses.reserve(static_cast<std::size_t>(rows.rows));
  for (std::int64_t first = 0; first < rows.rows; first += at_once) {
    const auto count = std::min(at_once, rows.rows - first);
    pass.Load(rows, nullptr, first, count);
    const float* outputs = pass.Forward(parameters.weights.data());
    for (std::int64_t i = 0; i < count; ++i) {
      losses.push_back(RowLoss(options_.task, outputs + i * layout_.output_width, layout_.shape.outputs,
                               static_cast<double>(rows.labels[first + i])));
    }
  }
  return losses;
}

}  // namespace retrain::train::mlp
