#include "retrain/drift/streams/detector.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/drift/streams/adwin.h"
#include "retrain/drift/streams/cumulative.h"
#include "retrain/drift/streams/e_detector.h"
#include "retrain/drift/streams/error_rate.h"
#include "retrain/drift/streams/incremental_ks.h"
#include "retrain/drift/streams/kswin.h"

namespace retrain::drift::streams {
namespace {

constexpr double kMany = 1e9;
constexpr DetectorKind kKinds[] = {
    {"adwin", Takes::kNumbers, "a window as long as its mean stays (Bifet and Gavaldà 2007), as river 0.26"},
    {"adwin_old", Takes::kNumbers, "the same with a bucket of each row passed over, as river 0.21"},
    {"page_hinkley", Takes::kNumbers, "cumulative deviations in both directions, as river 0.21 and 0.26"},
    {"page_hinkley_clipped", Takes::kNumbers,
     "upward deviations, the sum held at 0, as older river and scikit-multiflow"},
    {"page_hinkley_unclipped", Takes::kNumbers, "upward deviations, the bare sum, as Frouros"},
    {"cusum", Takes::kNumbers, "upward deviations, the sum held at 0 and never forgotten (Page 1954), as Frouros"},
    {"kswin", Takes::kNumbers, "Kolmogorov-Smirnov within a window, half of it drawn (Raab and others 2020), as river"},
    {"incremental_ks", Takes::kNumbers, "Kolmogorov-Smirnov of the newest against the first values (dos Reis 2016)"},
    {"ddm", Takes::kErrors, "the error rate against its best (Gama and others 2004), as river"},
    {"eddm", Takes::kErrors, "the distance between errors against its best (Baena-García 2006), as river"},
    {"hddm_a", Takes::kErrors, "error rates told apart by Hoeffding's bound (Frías-Blanco 2015), as river"},
    {"hddm_w", Takes::kErrors, "weighted error rates told apart by McDiarmid's bound, as river"},
    {"e_detector", Takes::kShares, "bets against a mean loss of at most `mean`, with a stated rate of false alarms"},
};

constexpr Option kOptions[] = {
    {"adwin", "delta", 0.002, 1e-300, 1},
    {"adwin", "clock", 32, 1, kMany, true},
    {"adwin", "max_buckets", 5, 1, 1000, true},
    {"adwin", "min_window_length", 5, 1, kMany, true},
    {"adwin", "grace_period", 10, 1, kMany, true},
    {"adwin_old", "delta", 0.002, 1e-300, 1},
    {"adwin_old", "clock", 32, 1, kMany, true},
    {"adwin_old", "max_buckets", 5, 1, 1000, true},
    {"adwin_old", "min_window_length", 5, 1, kMany, true},
    {"adwin_old", "grace_period", 10, 1, kMany, true},
    {"page_hinkley", "min_instances", 30, 1, kMany, true},
    {"page_hinkley", "delta", 0.005, 0, kMany},
    {"page_hinkley", "threshold", 50, 0, kMany},
    {"page_hinkley", "alpha", 0.9999, 0, 1},
    {"page_hinkley_clipped", "min_instances", 30, 1, kMany, true},
    {"page_hinkley_clipped", "delta", 0.005, 0, kMany},
    {"page_hinkley_clipped", "threshold", 50, 0, kMany},
    {"page_hinkley_clipped", "alpha", 0.9999, 0, 1},
    {"page_hinkley_unclipped", "min_instances", 30, 1, kMany, true},
    {"page_hinkley_unclipped", "delta", 0.005, 0, kMany},
    {"page_hinkley_unclipped", "threshold", 50, 0, kMany},
    {"page_hinkley_unclipped", "alpha", 0.9999, 0, 1},
    {"cusum", "min_instances", 30, 1, kMany, true},
    {"cusum", "delta", 0.005, 0, kMany},
    {"cusum", "threshold", 50, 0, kMany},
    {"kswin", "alpha", 0.005, 0, 1},
    {"kswin", "window_size", 100, 12, 100000, true},
    {"kswin", "stat_size", 30, 6, 50000, true},
    {"kswin", "seed", 0, 0, 4294967295.0, true},
    {"incremental_ks", "alpha", 0.001, 1e-12, 1},
    {"incremental_ks", "window", 200, 2, 100000, true},
    {"ddm", "warm_start", 30, 1, kMany, true},
    {"ddm", "warning_threshold", 2, 0, kMany},
    {"ddm", "drift_threshold", 3, 0, kMany},
    {"eddm", "warm_start", 30, 1, kMany, true},
    {"eddm", "alpha", 0.95, 0, 1},
    {"eddm", "beta", 0.9, 0, 1},
    {"hddm_a", "drift_confidence", 0.001, 1e-300, 1},
    {"hddm_a", "warning_confidence", 0.005, 1e-300, 1},
    {"hddm_a", "two_sided", 0, 0, 1, true},
    {"hddm_w", "drift_confidence", 0.001, 1e-300, 1},
    {"hddm_w", "warning_confidence", 0.005, 1e-300, 1},
    {"hddm_w", "lambda", 0.05, 1e-9, 1},
    {"hddm_w", "two_sided", 0, 0, 1, true},
    {"e_detector", "mean", 0.5, 1e-9, 1 - 1e-9},
    {"e_detector", "run_length", 10000, 1, 1e15},
};

// What was asked for, over what is usual.
class Settled {
 public:
  Settled(std::string_view detector, const Options& given) : detector_(detector), given_(given) {}

  double operator[](std::string_view name) const {
    for (const auto& [key, value] : given_) {
      if (key == name) return value;
    }
    for (const auto& option : kOptions) {
      if (option.detector == detector_ && option.name == name) return option.usual;
    }
    Bug("an option that no detector has", __FILE__, __LINE__);
  }
  std::int64_t Whole(std::string_view name) const { return static_cast<std::int64_t>((*this)[name]); }

 private:
  std::string_view detector_;
  const Options& given_;
};

Status CheckOption(std::string_view detector, const std::string& name, double value) {
  std::vector<std::string> names;
  for (const auto& option : OptionsOf(detector)) {
    if (option.name == name) {
      if (value >= option.least && value <= option.most && (!option.whole || value == std::floor(value))) return Ok();
      return Error{.code = "E0102",
                   .message = fmt::format("`{}` of `{}` is {}, and it takes {} from {} to {}", name, detector, value,
                                          option.whole ? "a whole number" : "a number", option.least, option.most),
                   .where = {.key = name}};
    }
    names.emplace_back(option.name);
  }
  const auto near = NearName(name, names);
  return Error{.code = "E0107",
               .message = fmt::format("`{}` has no option `{}`", detector, name),
               .where = {.key = name},
               .hint = near.empty() ? fmt::format("it has {}", ListNames(names)) : fmt::format("write `{}`", near)};
}

std::unique_ptr<Detector> MakeCumulative(CumulativeSum::Variant variant, const Settled& settled) {
  return std::make_unique<CumulativeSum>(
      CumulativeSum::Settings{.variant = variant,
                              .min_instances = settled.Whole("min_instances"),
                              .delta = settled["delta"],
                              .threshold = settled["threshold"],
                              .alpha = variant == CumulativeSum::Variant::kCusum ? 1 : settled["alpha"]});
}

std::unique_ptr<Detector> MakeAdwin(bool skips_last_bucket, const Settled& settled) {
  return std::make_unique<Adwin>(AdwinOptions{.delta = settled["delta"],
                                              .clock = settled.Whole("clock"),
                                              .max_buckets = settled.Whole("max_buckets"),
                                              .min_window_length = settled.Whole("min_window_length"),
                                              .grace_period = settled.Whole("grace_period"),
                                              .skips_last_bucket = skips_last_bucket});
}

std::unique_ptr<Detector> MakeOfErrors(std::string_view name, const Settled& settled) {
  if (name == "ddm") {
    return std::make_unique<Ddm>(
        Ddm::Settings{settled.Whole("warm_start"), settled["warning_threshold"], settled["drift_threshold"]});
  }
  if (name == "eddm") {
    return std::make_unique<Eddm>(Eddm::Settings{settled.Whole("warm_start"), settled["alpha"], settled["beta"]});
  }
  if (name == "hddm_a") {
    return std::make_unique<HddmA>(
        HddmA::Settings{settled["drift_confidence"], settled["warning_confidence"], settled["two_sided"] != 0});
  }
  RETRAIN_ALWAYS(name == "hddm_w");
  return std::make_unique<HddmW>(HddmW::Settings{settled["drift_confidence"], settled["warning_confidence"],
                                                 settled["lambda"], settled["two_sided"] != 0});
}

std::unique_ptr<Detector> Make(std::string_view name, const Settled& settled) {
  using Variant = CumulativeSum::Variant;
  if (name == "adwin" || name == "adwin_old") return MakeAdwin(name == "adwin_old", settled);
  if (name == "page_hinkley") return MakeCumulative(Variant::kBothWays, settled);
  if (name == "page_hinkley_clipped") return MakeCumulative(Variant::kClipped, settled);
  if (name == "page_hinkley_unclipped") return MakeCumulative(Variant::kUnclipped, settled);
  if (name == "cusum") return MakeCumulative(Variant::kCusum, settled);
  if (name == "kswin") {
    return std::make_unique<Kswin>(Kswin::Settings{settled["alpha"], settled.Whole("window_size"),
                                                   settled.Whole("stat_size"),
                                                   static_cast<std::uint32_t>(settled.Whole("seed"))});
  }
  if (name == "incremental_ks") {
    return std::make_unique<IncrementalKsDetector>(
        IncrementalKsDetector::Settings{settled["alpha"], settled.Whole("window")});
  }
  if (name == "e_detector") {
    return std::make_unique<EDetector>(EDetector::Settings{settled["mean"], settled["run_length"]});
  }
  return MakeOfErrors(name, settled);
}

// Two options that only together make no sense.
Status CheckTogether(std::string_view name, const Settled& settled) {
  const auto refuse = [&](std::string_view message, std::string_view key) -> Status {
    return Error{.code = "E0105",
                 .message = fmt::format("the options of `{}` contradict each other: {}", name, message),
                 .where = {.key = std::string(key)}};
  };
  if (name == "kswin" && 2 * settled["stat_size"] > settled["window_size"]) {
    return refuse("the window must hold `stat_size` values twice", "stat_size");
  }
  if (name == "eddm" && settled["beta"] > settled["alpha"]) return refuse("beta is above alpha", "beta");
  return Ok();
}

}  // namespace

Outcome Detector::Update(double value) {
  const std::int64_t seen = seen_ + 1;
  if (last_.drift) Restart();
  last_ = Step(value);
  seen_ = seen;
  return last_;
}

std::vector<DetectorKind> DetectorKinds() { return {std::begin(kKinds), std::end(kKinds)}; }

std::vector<Option> OptionsOf(std::string_view detector) {
  std::vector<Option> options;
  for (const auto& option : kOptions) {
    if (option.detector == detector) options.push_back(option);
  }
  return options;
}

Result<std::unique_ptr<Detector>> MakeDetector(std::string_view name, const Options& options) {
  std::vector<std::string> names;
  for (const auto& kind : kKinds) names.emplace_back(kind.name);
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    const auto near = NearName(name, names);
    return Error{
        .code = "E0107",
        .message = fmt::format("there is no stream detector `{}`", name),
        .hint = near.empty() ? fmt::format("write one of {}", ListNames(names, 20)) : fmt::format("write `{}`", near)};
  }
  for (const auto& [key, value] : options) TRY_OK(CheckOption(name, key, value));
  const Settled settled(name, options);
  TRY_OK(CheckTogether(name, settled));
  return Make(name, settled);
}

Result<Outcome> Feed(Detector& detector, std::string_view name, double value) {
  const auto kind = std::find_if(std::begin(kKinds), std::end(kKinds), [&](const auto& k) { return k.name == name; });
  RETRAIN_ALWAYS(kind != std::end(kKinds));
  const bool fits = kind->takes == Takes::kNumbers  ? std::isfinite(value)
                    : kind->takes == Takes::kShares ? value >= 0 && value <= 1
                                                    : value == 0 || value == 1;
  if (fits) return detector.Update(value);
  return Error{.code = "E0205",
               .message = fmt::format("value {} of the stream is {}, and `{}` takes {}", detector.seen(), value, name,
                                      kind->takes == Takes::kNumbers  ? "finite numbers"
                                      : kind->takes == Takes::kShares ? "losses from 0 to 1"
                                                                      : "0 for a hit and 1 for an error"),
               .where = {.row = detector.seen()},
               .hint = "leave the value out, or mend it"};
}

}  // namespace retrain::drift::streams
