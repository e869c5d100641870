// Reads a JSON list of requests on standard input and writes the list of answers. A request names what it asks for:
//   metrics   {task, classes, y, scores, weights, threshold}       every metric that fits, and those for reports
//   estimate  {task, classes, y, scores, weights, metrics, confidence}  value, error and bounds of each
//   compare   {task, classes, y, champion, candidate, weights, metrics, confidence, resamples, seed}
//   mcnemar   {wins, losses}                                       p-values
//   tango     {wins, losses, n, at, confidence}                    the statistic at a difference, and the bounds
//   delong    {y, first, second, confidence}                       areas and variances
//   paired    {d, width, confidence}                               t and Maurer-Pontil
//   cron      {cron, zone, after, count}                           the next times, in seconds since 1970
//   method    {name, reference, current}                            a drift method, of numbers or of texts
// An error is an answer: {"error": text}.
#include <cstdio>
#include <iostream>
#include <iterator>

#include "retrain/decide/cron.h"
#include "retrain/drift/method.h"
#include "retrain/eval/agreement.h"
#include "retrain/eval/calibration.h"
#include "retrain/eval/comparison.h"
#include "retrain/eval/estimate.h"
#include "retrain/eval/losses.h"
#include "retrain/eval/ranking.h"
#include "retrain/eval/rows.h"
#include "retrain/stats/delong.h"
#include "retrain/stats/mcnemar.h"
#include "retrain/stats/paired_mean.h"

namespace retrain {
namespace {

std::vector<double> Numbers(const Json& json) {
  std::vector<double> numbers;
  for (const auto& item : json.items()) numbers.push_back(item.AsDouble());
  return numbers;
}

double NumberOr(const Json& json, double otherwise) { return json.is_number() ? json.AsDouble() : otherwise; }

eval::Truth TruthOf(const Json& request) {
  eval::Truth truth{.values = Numbers(request["y"]), .weights = Numbers(request["weights"])};
  truth.labels.task = request["task"].AsString() == "binary"       ? data::Task::kBinary
                      : request["task"].AsString() == "multiclass" ? data::Task::kMulticlass
                                                                   : data::Task::kRegression;
  for (std::int64_t one = 0; one < request["classes"].AsInt(); ++one)
    truth.labels.classes.push_back(std::to_string(one));
  return truth;
}

std::int64_t OutputsOf(const eval::Truth& truth) {
  return truth.labels.classes.empty() ? 1 : static_cast<std::int64_t>(truth.labels.classes.size());
}

void AddReports(const Json& request, const eval::Truth& truth, const eval::Scores& scores, Json& answer) {
  if (truth.labels.task == data::Task::kRegression) {
    answer.Set("mape", eval::AbsolutePercentageError(truth, scores));
    answer.Set("pinball .9", eval::PinballLoss(truth, scores, 0.9));
    return;
  }
  eval::Confusion seen(truth.labels.classes.size());
  const auto actual = eval::ActualClasses(truth);
  const auto predicted = eval::PredictedClasses(truth, scores, NumberOr(request["threshold"], 0.5));
  for (std::size_t row = 0; row < actual.size(); ++row) seen.Add(actual[row], predicted[row], WeightOf(truth, row));
  answer.Set("kappa", eval::CohenKappa(seen)).Set("mcc", eval::MatthewsCorrelation(seen));
  answer.Set("balanced_accuracy", eval::BalancedAccuracy(seen));
  if (seen.classes.size() == 2) answer.Set("average_precision", eval::AveragePrecision(truth, scores).value);
}

Json Metrics(const Json& request) {
  const auto truth = TruthOf(request);
  const auto values = Numbers(request["scores"]);
  const eval::Scores scores{OutputsOf(truth), values};
  Json answer = Json::MakeObject();
  for (int i = 0; i <= static_cast<int>(eval::Metric::kR2); ++i) {
    const auto metric = static_cast<eval::Metric>(i);
    if (!Fits(metric, truth.labels.task)) continue;
    const auto value = Evaluate(metric, truth, scores, NumberOr(request["threshold"], 0.5));
    if (!value.ok()) return Json::MakeObject().Set("error", ToText(value.error()));
    answer.Set(Name(metric), value->undefined ? Json() : Json(value->value));
  }
  AddReports(request, truth, scores, answer);
  return answer;
}

Json CompareModels(const Json& request) {
  const auto truth = TruthOf(request);
  const auto champion = Numbers(request["champion"]);
  const auto candidate = Numbers(request["candidate"]);
  std::vector<eval::Metric> metrics;
  for (const auto& name : request["metrics"].items()) {
    const auto metric = eval::MetricFromName(name.AsString());
    if (metric.ok()) metrics.push_back(*metric);
  }
  const eval::CompareOptions options{.confidence = NumberOr(request["confidence"], 0.95),
                                     .resamples = static_cast<int>(request["resamples"].AsInt(9999)),
                                     .seed = static_cast<std::uint64_t>(request["seed"].AsInt(7))};
  const auto comparisons =
      Compare(metrics, truth, {OutputsOf(truth), champion}, {OutputsOf(truth), candidate}, options);
  if (!comparisons.ok()) return Json::MakeObject().Set("error", ToText(comparisons.error()));
  Json answer = Json::MakeObject();
  for (const auto& c : *comparisons) answer.Set(Name(c.metric), ToJson(c));
  return answer;
}

Json ToJson(const stats::Interval& interval) {
  Json json;
  json.Set("value", interval.value).Set("error", interval.error).Set("lower", interval.lower);
  return json.Set("upper", interval.upper).Set("n", interval.n);
}

Json EstimateMetrics(const Json& request) {
  const auto truth = TruthOf(request);
  const auto values = Numbers(request["scores"]);
  Json answer = Json::MakeObject();
  for (const auto& name : request["metrics"].items()) {
    const auto metric = eval::MetricFromName(name.AsString());
    if (!metric.ok()) return Json::MakeObject().Set("error", ToText(metric.error()));
    const auto estimate =
        EstimateMetric(*metric, truth, {OutputsOf(truth), values}, NumberOr(request["confidence"], 0.95));
    if (!estimate.ok()) return Json::MakeObject().Set("error", ToText(estimate.error()));
    answer.Set(name.AsString(), ToJson(estimate->interval));
  }
  return answer;
}

Json McNemar(const Json& request) {
  const std::int64_t wins = request["wins"].AsInt();
  const std::int64_t losses = request["losses"].AsInt();
  const auto p = stats::McNemarTest({wins, losses, wins + losses});
  Json json;
  json.Set("exact", p.exact).Set("mid_p", p.mid_p).Set("asymptotic", p.asymptotic).Set("corrected", p.corrected);
  return json.Set("one_sided_exact", p.one_sided_exact).Set("one_sided_mid_p", p.one_sided_mid_p);
}

Json Tango(const Json& request) {
  const stats::Discordance seen{request["wins"].AsInt(), request["losses"].AsInt(), request["n"].AsInt()};
  Json json = ToJson(stats::TangoInterval(seen, request["confidence"].AsDouble()));
  return json.Set("z", stats::TangoZ(seen, request["at"].AsDouble()));
}

Json DeLong(const Json& request) {
  std::vector<std::uint8_t> positive;
  for (const auto& label : request["y"].items()) positive.push_back(static_cast<std::uint8_t>(label.AsInt()));
  const auto pair =
      stats::DeLong(positive, Numbers(request["first"]), Numbers(request["second"]), request["confidence"].AsDouble());
  Json json = ToJson(pair.difference);
  json.Set("first", pair.first).Set("second", pair.second).Set("variance_first", pair.variance_first);
  return json.Set("variance_second", pair.variance_second).Set("covariance", pair.covariance);
}

Json Paired(const Json& request) {
  const auto d = Numbers(request["d"]);
  const double confidence = request["confidence"].AsDouble();
  Json json;
  json.Set("t", ToJson(stats::PairedT(d, confidence))).Set("p", stats::PairedTPValue(d));
  return json.Set("maurer_pontil", ToJson(stats::MaurerPontil(d, request["width"].AsDouble(), confidence)));
}

Json CronTimes(const Json& request) {
  const auto cron = decide::Cron::Parse(request["cron"].AsString());
  const auto zone = TimeZone::Find(request["zone"].AsString());
  if (!cron.ok()) return Json::MakeObject().Set("error", ToText(cron.error()));
  if (!zone.ok()) return Json::MakeObject().Set("error", ToText(zone.error()));
  Json times = Json::MakeArray();
  std::optional<Instant> at = std::chrono::sys_seconds(std::chrono::seconds(request["after"].AsInt()));
  for (std::int64_t one = 0; one < request["count"].AsInt(1); ++one) {
    at = cron->NextAfter(*zone, *at);
    if (!at) break;
    times.Append(std::int64_t{at->time_since_epoch().count() / 1000});
  }
  return Json::MakeObject().Set("times", times);
}

drift::ColumnSample Sample(const Json& json) {
  drift::ColumnSample sample;
  for (const auto& value : json.items()) {
    if (value.is_string()) {
      sample.kind = drift::ColumnKind::kCategorical;
      sample.codes.push_back(static_cast<std::int32_t>(sample.levels.size()));
      sample.levels.push_back(value.AsString());
    } else {
      sample.numbers.push_back(value.AsDouble());
    }
  }
  return sample;
}

Json Method(const Json& request) {
  const auto result =
      drift::RunMethod(request["name"].AsString(), Sample(request["reference"]), Sample(request["current"]));
  Json json = Json::MakeObject();
  if (!result.ok()) return json.Set("error", ToText(result.error()));
  json.Set("statistic", result->statistic);
  if (result->p_value) json.Set("p_value", *result->p_value);
  return json;
}

Json Answer(const Json& request) {
  const std::string what = request["what"].AsString();
  if (what == "metrics") return Metrics(request);
  if (what == "compare") return CompareModels(request);
  if (what == "estimate") return EstimateMetrics(request);
  if (what == "mcnemar") return McNemar(request);
  if (what == "tango") return Tango(request);
  if (what == "delong") return DeLong(request);
  if (what == "paired") return Paired(request);
  if (what == "method") return Method(request);
  if (what == "cron") return CronTimes(request);
  return Json::MakeObject().Set("error", "no such request: " + what);
}

}  // namespace
}  // namespace retrain

int main() {
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  const auto requests = retrain::ParseJson(text, "the request");
  if (!requests.ok()) {
    std::cerr << ToText(requests.error()) << '\n';
    return 2;
  }
  retrain::Json answers = retrain::Json::MakeArray();
  for (const auto& request : requests->items()) answers.Append(retrain::Answer(request));
  std::cout << answers.Dump() << '\n';
  return 0;
}
