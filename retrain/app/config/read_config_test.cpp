#include "retrain/app/config/read_config.h"

#include <gtest/gtest.h>

#include "retrain/pipeline/fields.h"

namespace retrain::app {
namespace {

constexpr const char* kWhole = R"(strategy: incremental
triggers:
  - {type: scheduled, cron: "0 0 * * 0"}
  - {type: drift_detected, threshold: 0.1}
  - {type: performance_drop, metric: accuracy, threshold: 0.05}
data_config:
  new_data_path: data/production/new/
  validation_data: data/splits/val.parquet
  min_new_samples: 1000
  exclude: row_number
training_config: {epochs: 10, learning_rate: 1e-4, early_stopping: true, hidden: 32}
validation_config:
  metrics: [accuracy, f1]
  minimum_improvement: 0.01
  fallback_on_regression: true
)";

TEST(ReadConfig, TakesEveryKeyOfTheTemplate) {
  const auto config = ReadConfig(kWhole, {});
  ASSERT_TRUE(config.ok()) << ToText(config.error());
  EXPECT_EQ(config->strategy, train::Strategy::kIncremental);
  ASSERT_EQ(config->triggers.size(), 3U);
  EXPECT_EQ(config->triggers[0].cron, "0 0 * * 0");
  EXPECT_EQ(config->triggers[2].metric, "accuracy");
  EXPECT_EQ(config->data.new_data_path, "data/production/new/");
  EXPECT_EQ(config->data.exclude, std::vector<std::string>{"row_number"});
  EXPECT_EQ(config->training.epochs, 10);
  EXPECT_EQ(config->training.hidden, std::vector<int>{32});
  EXPECT_DOUBLE_EQ(config->training.learning_rate, 1e-4);
  EXPECT_EQ(config->gate.metrics, (std::vector<eval::Metric>{eval::Metric::kAccuracy, eval::Metric::kF1}));
  EXPECT_DOUBLE_EQ(config->gate.minimum_improvement, 0.01);
}

TEST(ReadConfig, TheCanonicalJsonComesBackTheSame) {
  const auto config = ReadConfig(kWhole, {});
  ASSERT_TRUE(config.ok());
  const auto back = pipeline::ConfigFromJson(pipeline::ToJson(*config));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, *config);
  const auto as_yaml = ReadConfig(pipeline::ToJson(*config).Dump(), {});  // JSON is YAML
  ASSERT_TRUE(as_yaml.ok()) << ToText(as_yaml.error());
  EXPECT_EQ(*as_yaml, *config);
}

TEST(ReadConfig, TakesEveryKeyOfEveryTriggerAndWritesThemBack) {
  constexpr const char* kTriggers = R"(
data_config: {new_data_path: new}
limits: {max_runs_per_day: 3, max_training_seconds_per_day: 3600, overlap: skip, max_model_age: 30d}
triggers:
  - {type: scheduled, name: weekly, cron: "@weekly", time_zone: Europe/Berlin, missed: all, grace: 5m, jitter: 10m}
  - {type: new_data, min_bytes: 1000000, max_age: 12h, strategy: full}
  - type: all_of
    cooldown: 1.5h
    hysteresis: false
    of:
      - {type: drift_detected, threshold: 0.2, columns: [a, b], share: 0.5, windows: 1 of 2}
      - {type: performance_drop, metric: f1, threshold: 0.1, baseline: 0.8, min_labelled: 50, max_label_delay: 2w}
)";
  const auto config = ReadConfig(kTriggers, {});
  ASSERT_TRUE(config.ok()) << ToText(config.error());
  const auto& triggers = config->triggers;
  ASSERT_EQ(triggers.size(), 3U);
  EXPECT_EQ(config->limits, (decide::TriggerLimits{3, 3600, decide::Overlap::kSkip, std::chrono::days(30)}));
  EXPECT_EQ(triggers[0].missed, decide::Missed::kAll);
  EXPECT_EQ(triggers[0].jitter, std::chrono::minutes(10));
  EXPECT_EQ(triggers[1].min_new_samples, 0) << "bytes and age alone count";
  EXPECT_EQ(triggers[1].max_age, std::chrono::hours(12));
  ASSERT_EQ(triggers[2].of.size(), 2U);
  EXPECT_EQ(triggers[2].cooldown, std::chrono::minutes(90));
  EXPECT_EQ(triggers[2].of[0].windows, (decide::Windows{1, 2}));
  EXPECT_EQ(triggers[2].of[1].baseline, 0.8);
  const auto back = pipeline::ConfigFromJson(pipeline::ToJson(*config));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, *config);
  const auto as_yaml = ReadConfig(pipeline::ToJson(*config).Dump(), {});
  ASSERT_TRUE(as_yaml.ok()) << ToText(as_yaml.error());
  EXPECT_EQ(*as_yaml, *config);
}

TEST(ReadConfig, RelativePathsStartAtTheFolderOfTheFile) {
  const auto config =
      ReadConfig("data_config: {new_data_path: new, validation_data: /abs/val.csv, historical_data: [old]}",
                 {.file = "conf/retrain.yaml", .folder = "conf"});
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->data.new_data_path, "conf/new");
  EXPECT_EQ(config->data.validation_data, "/abs/val.csv");
  EXPECT_EQ(config->data.historical_data[0], "conf/old");
}

struct Mistake {
  const char* story;
  const char* text;
  const char* code;
  const char* message;
  const char* hint;
};

TEST(ReadConfig, SaysWhatIsWrongAndHowToMendIt) {
  const Mistake mistakes[] = {
      {"a slip in a key", "data_config: {new_data_path: n}\nvalidation_config: {minimum_improvment: 0.1}", "E0101",
       "there is no key `minimum_improvment` in validation_config", "did you mean `minimum_improvement`?"},
      {"a key that is near none", "data_config: {new_data_path: n}\nzzz: 1", "E0101", "there is no key `zzz`",
       "the keys here are"},
      {"a number written as text", "data_config: {new_data_path: n}\ntraining_config: {epochs: \"10\"}", "E0102",
       "`epochs` is the text \"10\", it must be a whole number", ""},
      {"a fraction where a count belongs", "data_config: {new_data_path: n}\ntraining_config: {epochs: 1.5}", "E0102",
       "`epochs` is `1.5`, it must be a whole number", ""},
      {"out of range", "data_config: {new_data_path: n, min_new_samples: 0}", "E0102",
       "`min_new_samples` is 0, it must be at least 1", ""},
      {"an unknown metric", "data_config: {new_data_path: n}\nvalidation_config: {metrics: [acuracy]}", "E0102",
       "`acuracy` is no validation_config.metrics", "did you mean `accuracy`?"},
      {"an unknown trigger", "data_config: {new_data_path: n}\ntriggers: [{type: drift}]", "E0102",
       "`drift` is no triggers[0].type", ""},
      {"a cron with four fields", "data_config: {new_data_path: n}\ntriggers: [{type: scheduled, cron: 0 0 * *}]",
       "E0102", "cron `0 0 * *` has 4 fields, not 5", "weekly on Sunday"},
      {"a cron that never comes", "data_config: {new_data_path: n}\ntriggers: [{type: scheduled, cron: 0 25 * * *}]",
       "E0102", "cron `0 25 * * *` has 25 as hour, which goes from 0 to 23", ""},
      {"a cron that no year has", "data_config: {new_data_path: n}\ntriggers: [{type: scheduled, cron: 0 0 30 2 *}]",
       "E0105", "never comes", ""},
      {"a zone that is none",
       "data_config: {new_data_path: n}\ntriggers: [{type: scheduled, cron: \"@daily\", time_zone: Europe/Berln}]",
       "E0102", "there is no time zone `Europe/Berln`", "did you mean `Europe/Berlin`?"},
      {"a time without a unit that there is",
       "data_config: {new_data_path: n}\ntriggers: [{type: drift_detected, cooldown: 6 hours}]", "E0102",
       "`cooldown` is `6 hours`, it must be a time such as 90s", ""},
      {"windows that are none", "data_config: {new_data_path: n}\ntriggers: [{type: drift_detected, windows: 3 of 2}]",
       "E0102", "`windows` is `3 of 2`, it must be as `2 of 3`", ""},
      {"a slip within a part of a trigger",
       "data_config: {new_data_path: n}\ntriggers: [{type: all_of, of: [{type: new_data, min_rows: 5}]}]", "E0101",
       "there is no key `min_rows` in triggers[0].of[0]", ""},
      {"a trigger of nothing", "data_config: {new_data_path: n}\ntriggers: [{type: any_of, of: []}]", "E0105",
       "any_of of no triggers never fires", ""},
      {"two triggers of one name",
       "data_config: {new_data_path: n}\ntriggers: [{type: manual, name: a}, {type: new_data, name: a}]", "E0105",
       "two triggers are named `a`", ""},
      {"a drop of what the task lacks",
       "data_config: {new_data_path: n, task: regression}\ntriggers: [{type: performance_drop, metric: f1}]", "E0105",
       "a regression task has no metric `f1` that could drop", ""},
      {"a key of another learner",
       "data_config: {new_data_path: n}\nmodel_config: {type: lightgbm}\ntraining_config: {hidden: 8}", "E0105",
       "`hidden` means nothing to the learner `lightgbm`", "leave it out, or choose another model_config.type"},
      {"leaves of a network", "data_config: {new_data_path: n}\ntraining_config: {leaves: 8}", "E0105",
       "`leaves` means nothing to the learner `mlp`", "leave it out, or choose another model_config.type"},
      {"an estimate without labels over rows that weigh",
       "data_config: {new_data_path: n, weight: w}\ntriggers: [{type: performance_drop, metric: f1, estimated: true}]",
       "E0105", "rows weigh differently (data_config.weight), which no estimate without labels knows of",
       "leave `estimated` out; the trigger then waits for rows with labels"},
      {"drift of what is left out",
       "data_config: {new_data_path: n, exclude: [a]}\ntriggers: [{type: drift_detected, columns: a}]", "E0105",
       "drift is watched in column `a`, which data_config excludes", ""},
      {"a policy that is none", "data_config: {new_data_path: n}\nlimits: {overlap: wait}", "E0102",
       "`wait` is no limits.overlap", ""},
      {"no data path", "data_config: {target: y}", "E0104", "`data_config.new_data_path` is missing",
       "folder, file or glob"},
      {"no data section", "strategy: full", "E0104", "`data_config` is missing", ""},
      {"a metric that the task lacks",
       "data_config: {new_data_path: n, task: regression}\nvalidation_config: {metrics: [f1]}", "E0105",
       "metric `f1` does not fit a regression task", ""},
      {"an improvement nobody reaches",
       "data_config: {new_data_path: n}\nvalidation_config: {metrics: [accuracy], minimum_improvement: 1}", "E0102",
       "minimum_improvement is 1, which accuracy can never improve by", "one point is 0.01"},
      {"a list where a section belongs", "data_config: [n]", "E0102", "`data_config` is a list, it must be a mapping",
       ""},
      {"broken YAML", "data_config: {new_data_path: n", "E0103", "c.yaml is not YAML", ""},
      {"nothing at all", "", "E0103", "c.yaml holds no keys", "retrain init"},
  };
  for (const auto& m : mistakes) {
    SCOPED_TRACE(m.story);
    const auto config = ReadConfig(m.text, {.file = "c.yaml", .folder = ""});
    ASSERT_FALSE(config.ok());
    EXPECT_EQ(config.error().code, m.code);
    EXPECT_NE(config.error().message.find(m.message), std::string::npos) << config.error().message;
    EXPECT_NE(config.error().hint.find(m.hint), std::string::npos) << config.error().hint;
    EXPECT_EQ(config.error().where.file, "c.yaml");
  }
}

TEST(ReadConfig, TellsAllErrorsAtOnceInTheOrderOfTheText) {
  const auto config = ReadConfig(
      "strategi: full\ndata_config:\n  new_data_path: n\n  min_new_samples: many\ntraining_config:\n  epoch: 3\n",
      {.file = "c.yaml", .folder = ""});
  ASSERT_FALSE(config.ok());
  const Error& first = config.error();
  ASSERT_EQ(first.more.size(), 2U);
  EXPECT_EQ(first.where.line, 1);
  EXPECT_EQ(first.more[0].where.line, 4);
  EXPECT_EQ(first.more[0].where.column, 20);
  EXPECT_EQ(first.more[0].where.key, "data_config.min_new_samples");
  EXPECT_EQ(first.more[1].where.line, 6);
  EXPECT_EQ(first.more[1].hint, "did you mean `epochs`?");
}

TEST(ConfigSchema, NamesEveryKeyWithItsRangeAndRefusesOthers) {
  const Json schema = ConfigSchema();
  EXPECT_FALSE(schema["additionalProperties"].AsBool(true));
  const Json& epochs = schema["properties"]["training_config"]["properties"]["epochs"];
  EXPECT_EQ(epochs["type"].AsString(), "integer");
  EXPECT_EQ(epochs["minimum"].AsDouble(), 1);
  EXPECT_EQ(schema["properties"]["triggers"]["items"]["oneOf"].items().size(), 7U);
  EXPECT_EQ(schema["properties"]["data_config"]["required"].items()[0].AsString(), "new_data_path");
}

}  // namespace
}  // namespace retrain::app
