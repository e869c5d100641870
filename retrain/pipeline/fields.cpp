#include "retrain/pipeline/fields.h"

#include "retrain/pipeline/outbox.h"

#include "retrain/pipeline/trigger_fields.h"

namespace retrain::pipeline {
namespace {

const std::vector<std::string> kNotificationTypes = {"webhook", "slack", "email"};

// An int as the Fields see it.
void SmallInteger(Fields& fields, const Key& key, int& value) {
  std::int64_t wide = value;
  fields.Integer(key, wide);
  value = static_cast<int>(wide);
}

void DescribeData(Fields& fields, data::DataOptions& data) {
  fields.Text({.name = "new_data_path",
               .doc = "folder, file or glob where new files arrive (Parquet, CSV, Arrow)",
               .required = true},
              data.new_data_path);
  fields.Text(
      {.name = "validation_data", .doc = "file, folder or glob that the gate judges on; left out: the newest rows"},
      data.validation_data);
  fields.Texts({.name = "historical_data", .doc = "files, folders or globs that come before the new data"},
               data.historical_data);
  fields.Integer({.name = "min_new_samples", .doc = "rows that a run takes at least", .least = 1},
                 data.min_new_samples);
  fields.OptionalText({.name = "target", .doc = "column to predict; left out: target, label or y"}, data.target);
  fields.OptionalText({.name = "time_column", .doc = "column that orders the rows"}, data.time_column);
  fields.OptionalText({.name = "id_column", .doc = "column that names a row"}, data.id_column);
  fields.OptionalText({.name = "weight", .doc = "column that weighs a row"}, data.weight);
  fields.OptionalText({.name = "positive_class", .doc = "the class that is 1 in a binary task"}, data.positive_class);
  fields.Choice({.name = "task", .doc = "left out: follows from the target"}, {"binary", "multiclass", "regression"},
                data.task ? std::string(data::Name(*data.task)) : "", [&](const std::string& name) {
                  if (auto task = data::TaskFromName(name); task.ok()) data.task = *task;
                });
  fields.Texts({.name = "features", .doc = "columns to learn from; left out: all that have no other role"},
               data.features);
  fields.Texts({.name = "exclude", .doc = "columns to leave out"}, data.exclude);
  fields.Texts({.name = "categorical", .doc = "numeric columns to read as categories"}, data.categorical);
}

void DescribeTraining(Fields& fields, train::TrainOptions& training) {
  SmallInteger(fields,
               {.name = "epochs",
                .doc = "most passes over the rows; of trees: rounds, 200 when left out",
                .least = 1,
                .most = 100'000},
               training.epochs);
  fields.Number({.name = "learning_rate",
                 .doc = "peak rate of Adam; of trees: share of each, 0.1 when left out",
                 .least = 1e-9,
                 .most = 10},
                training.learning_rate);
  fields.Flag({.name = "early_stopping", .doc = "stop when the newest rows are predicted no better"},
              training.early_stopping);
  SmallInteger(fields,
               {.name = "patience",
                .doc = "epochs without a better loss until it stops; of trees: 30 when left out",
                .least = 1,
                .most = 10'000},
               training.patience);
  SmallInteger(fields, {.name = "batch_size", .doc = "rows a step", .least = 1, .most = 1'000'000},
               training.batch_size);
  fields.Integers({.name = "hidden", .doc = "units of each hidden layer", .least = 1, .most = 4096}, training.hidden);
  SmallInteger(fields, {.name = "leaves", .doc = "most leaves of a tree", .least = 2, .most = 65'536}, training.leaves);
  fields.Number({.name = "dropout", .doc = "share of units left out while training", .least = 0, .most = 0.95},
                training.dropout);
  fields.Number({.name = "weight_decay", .doc = "decoupled weight decay", .least = 0, .most = 1},
                training.weight_decay);
  fields.Number(
      {.name = "replay_fraction", .doc = "share of old rows in an incremental batch", .least = 0, .most = 0.9},
      training.replay_fraction);
  fields.Integer({.name = "replay_rows", .doc = "old rows kept for replay", .least = 0, .most = 10'000'000},
                 training.replay_rows);
  double budget = training.time_budget ? static_cast<double>(training.time_budget->count()) : 0;
  fields.Number({.name = "time_budget", .doc = "seconds after which no further epoch begins; 0: none", .least = 0},
                budget);
  training.time_budget.reset();
  if (budget > 0) training.time_budget = std::chrono::seconds(static_cast<std::int64_t>(budget));
  auto seed = static_cast<std::int64_t>(training.seed);
  fields.Integer({.name = "seed", .doc = "of every random choice", .least = 0}, seed);
  training.seed = static_cast<std::uint64_t>(seed);
  SmallInteger(fields, {.name = "threads", .doc = "threads that train", .least = 1, .most = 256}, training.threads);
}

void DescribeGate(Fields& fields, decide::GateOptions& gate) {
  std::vector<std::string> current;
  for (const auto metric : gate.metrics) current.emplace_back(Name(metric));
  fields.Choices({.name = "metrics", .doc = "the first decides, the others must not get worse"}, MetricNames(), current,
                 [&](const std::vector<std::string>& names) {
                   gate.metrics.clear();
                   for (const auto& name : names) {
                     if (auto metric = eval::MetricFromName(name); metric.ok()) gate.metrics.push_back(*metric);
                   }
                 });
  fields.Number({.name = "minimum_improvement", .doc = "in units of the first metric", .least = 0},
                gate.minimum_improvement);
  fields.Flag({.name = "fallback_on_regression", .doc = "refuse when any metric is significantly worse"},
              gate.fallback_on_regression);
  fields.Number({.name = "confidence", .doc = "of each one-sided bound", .least = 0.5, .most = 0.9999},
                gate.confidence);
  fields.Choice(
      {.name = "reuse", .doc = "whether verdicts on the same rows share one chance of error"}, {"spend", "ignore"},
      gate.reuse == decide::Reuse::kSpend ? "spend" : "ignore",
      [&](const std::string& name) { gate.reuse = name == "spend" ? decide::Reuse::kSpend : decide::Reuse::kIgnore; });
  fields.Texts({.name = "slices",
                .doc = "parts of the rows that must not get worse: `carrier`, `distance: 500, 1000`, "
                       "`month >= 6 and carrier = UA`"},
               gate.slices);
  fields.Texts({.name = "critical_slices", .doc = "likewise, and a promotion takes proof that each of them holds"},
               gate.critical_slices);
  fields.Number(
      {.name = "slice_tolerance", .doc = "loss in a slice that is accepted, in units of the first metric", .least = 0},
      gate.slice_tolerance);
  fields.Integer({.name = "min_slice_rows", .doc = "a slice with fewer rows says nothing", .least = 2},
                 gate.min_slice_rows);
  fields.Integer(
      {.name = "anchor_windows", .doc = "rows of so many earlier promotions are judged again", .least = 0, .most = 100},
      gate.anchor_windows);
  fields.OptionalNumber(
      {.name = "forgetting_budget", .doc = "loss on them that is accepted; left out: it is only told", .least = 0},
      gate.forgetting_budget);
  fields.Choice({.name = "evidence", .doc = "how much proof a promotion takes"}, {"standard", "strict", "point"},
                std::string(Name(gate.evidence)), [&](const std::string& name) {
                  if (auto evidence = decide::EvidenceFromName(name); evidence.ok()) gate.evidence = *evidence;
                });
}

void DescribeNotification(Fields& fields, const std::string& type, NotificationOptions& target) {
  const std::string_view url_doc = type == "email" ? "mail server, as smtp://mail.example:587; may hold ${NAME}"
                                                   : "address; may hold ${NAME}, an environment variable";
  fields.Text({.name = "url", .doc = url_doc, .required = true}, target.url);
  fields.Choices({.name = "events", .doc = "what it is told; left out: all"},
                 {std::begin(kEventTypes), std::end(kEventTypes)}, target.events,
                 [&](const std::vector<std::string>& names) { target.events = names; });
  if (type == "webhook") {
    fields.Text({.name = "secret", .doc = "${NAME}: the variable with the whsec_… that signs"}, target.secret);
  } else if (type == "email") {
    fields.Text({.name = "from", .doc = "sender's address", .required = true}, target.from);
    fields.Texts({.name = "to", .doc = "receivers' addresses", .required = true}, target.to);
    fields.Text({.name = "user", .doc = "login at the mail server"}, target.user);
    fields.Text({.name = "password", .doc = "${NAME}: the variable with the password"}, target.password);
  }
}

void DescribeNotifications(Fields& fields, std::vector<NotificationOptions>& targets) {
  std::vector<std::string> current;
  for (const auto& target : targets) current.push_back(target.type);
  fields.Variants(
      {.name = "notifications", .doc = "who is told when a run ends or the champion moves"}, kNotificationTypes,
      current,
      [&](std::size_t index, const std::string& type) {
        targets.resize(std::max(targets.size(), index + 1));
        targets[index] = {.type = type};
      },
      [&](std::size_t index, const std::string& type, Fields& inner) {
        NotificationOptions unused{.type = type};
        DescribeNotification(inner, type, index < targets.size() ? targets[index] : unused);
      });
}

}  // namespace

void Describe(Fields& fields, Config& config) {
  fields.Choice({.name = "strategy", .doc = "how a model is retrained when a run does not say"},
                {"incremental", "full", "transfer"}, std::string(train::Name(config.strategy)),
                [&](const std::string& name) {
                  if (auto strategy = train::StrategyFromName(name); strategy.ok()) config.strategy = *strategy;
                });
  DescribeTriggers(fields, config);
  fields.Section({.name = "data_config", .doc = "where the data are and what the columns mean", .required = true},
                 [&](Fields& inner) { DescribeData(inner, config.data); });
  fields.Section({.name = "model_config", .doc = "what is trained"}, [&](Fields& inner) {
    inner.Choice({.name = "type", .doc = "the learner"}, {"mlp", "lightgbm", "xgboost"}, config.training.model,
                 [&](const std::string& name) {
                   if (name != config.training.model) config.training = train::DefaultsFor(name);
                 });
  });
  fields.Section({.name = "training_config", .doc = "how it is trained"},
                 [&](Fields& inner) { DescribeTraining(inner, config.training); });
  fields.Section({.name = "validation_config", .doc = "what a candidate must prove"},
                 [&](Fields& inner) { DescribeGate(inner, config.gate); });
  fields.Section({.name = "deployment_config", .doc = "how a proven candidate takes over"}, [&](Fields& inner) {
    inner.Choice({.name = "shadow", .doc = "score live requests beside the champion first"}, {"auto", "off"},
                 config.deployment.shadow, [&](const std::string& name) { config.deployment.shadow = name; });
  });
  DescribeNotifications(fields, config.notifications);
}

}  // namespace retrain::pipeline
