#include "retrain/drift/streams/error_rate.h"

#include <cmath>

namespace retrain::drift::streams {
namespace {

double McDiarmid(double squared_weights, double confidence) {
  return std::sqrt(squared_weights * std::log(1 / confidence) / 2);
}

}  // namespace

Outcome Ddm::Step(double value) {
  errors_.Add(value);
  const double rate = errors_.mean;
  const double deviation = std::sqrt(rate * (1 - rate) / static_cast<double>(errors_.n));
  if (errors_.n <= settings_.warm_start) return {};
  const double sum = rate + deviation;
  if (sum <= least_sum_) {
    least_rate_ = rate;
    least_deviation_ = deviation;
    least_sum_ = sum;
  }
  if (sum > least_rate_ + settings_.drift_threshold * least_deviation_) return {.drift = true};
  return {.warning = sum > least_rate_ + settings_.warning_threshold * least_deviation_};
}

Outcome Eddm::Step(double value) {
  ++n_;
  if (value != 1) return {.warning = warning_};
  const auto distance = static_cast<double>(n_ - last_error_);
  const double from_old = distance - distances_.mean;
  distances_.Add(distance);
  squares_ += from_old * (distance - distances_.mean);
  last_error_ = n_;
  if (n_ <= settings_.warm_start) return {.warning = warning_};
  const std::int64_t errors = distances_.n;
  const double variance = errors > 1 ? squares_ / static_cast<double>(errors - 1) : 0;
  const double reach = distances_.mean + 2 * std::sqrt(variance);
  if (reach > largest_) {
    largest_ = reach;
  } else if (errors > settings_.warm_start) {
    const double level = reach / largest_;
    if (level < settings_.beta) return {.drift = true, .warning = warning_};
    warning_ = level < settings_.alpha;
  }
  return {.warning = warning_};
}

Outcome HddmA::Step(double value) {
  const auto bound = [this](std::int64_t n) {
    return std::sqrt(std::log(1 / settings_.drift_confidence) / (2 * static_cast<double>(n)));
  };
  all_.Add(value);
  if (lowest_.n == 0) lowest_ = all_;
  if (highest_.n == 0) highest_ = all_;
  if (lowest_.mean + bound(lowest_.n) >= all_.mean + bound(all_.n)) lowest_ = all_;
  if (highest_.mean - bound(highest_.n) <= all_.mean - bound(all_.n)) highest_ = all_;

  Outcome outcome;
  outcome.drift = Rose(settings_.drift_confidence);
  outcome.warning = !outcome.drift && Rose(settings_.warning_confidence);
  if (!settings_.two_sided) return outcome;
  if (Fell(settings_.drift_confidence)) {
    outcome.drift = true;
  } else if (Fell(settings_.warning_confidence)) {
    outcome.warning = true;
  }
  return outcome;
}

bool HddmA::Rose(double confidence) const {
  if (lowest_.n == all_.n) return false;
  const double rows =
      static_cast<double>(all_.n - lowest_.n) / static_cast<double>(lowest_.n) / static_cast<double>(all_.n);
  return all_.mean - lowest_.mean >= std::sqrt(rows / 2 * std::log(2 / confidence));
}

bool HddmA::Fell(double confidence) const {
  if (highest_.n == all_.n) return false;
  const double rows =
      static_cast<double>(all_.n - highest_.n) / static_cast<double>(highest_.n) / static_cast<double>(all_.n);
  return highest_.mean - all_.mean >= std::sqrt(rows / 2 * std::log(2 / confidence));
}

void HddmW::Weighted::Add(double value, double lambda) {
  mean = any ? lambda * value + (1 - lambda) * mean : value;
  any = true;
  squared_weights = lambda * lambda + (1 - lambda) * (1 - lambda) * squared_weights;
}

bool HddmW::Above(const Weighted& low, const Weighted& high, double confidence) {
  if (!low.any || !high.any) return false;
  return high.mean - low.mean > McDiarmid(low.squared_weights + high.squared_weights, confidence);
}

Outcome HddmW::Step(double value) {
  const auto follow = [&](Cut& cut, double bound, bool further) {
    if (further) {
      cut = {.bound = bound, .before = all_};
    } else {
      cut.after.Add(value, settings_.lambda);
    }
  };
  all_.Add(value, settings_.lambda);
  const double reach = McDiarmid(all_.squared_weights, settings_.drift_confidence);
  follow(lowest_, all_.mean + reach, all_.mean + reach < lowest_.bound);
  follow(highest_, all_.mean - reach, all_.mean - reach > highest_.bound);

  Outcome outcome;
  outcome.drift = Above(lowest_.before, lowest_.after, settings_.drift_confidence);
  outcome.warning = !outcome.drift && Above(lowest_.before, lowest_.after, settings_.warning_confidence);
  if (!settings_.two_sided) return outcome;
  if (Above(highest_.after, highest_.before, settings_.drift_confidence)) {
    outcome.drift = true;
  } else if (Above(highest_.after, highest_.before, settings_.warning_confidence)) {
    outcome.warning = true;
  }
  return outcome;
}

}  // namespace retrain::drift::streams
