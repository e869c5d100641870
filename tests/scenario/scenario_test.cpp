// Plays the stories of this folder: each is a YAML file with a config, steps, and what must come of them. The words of
// a step are the functions of Teller below; docs: README.md beside this file.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <yaml-cpp/yaml.h>

#include "retrain/app/config/read_config.h"
#include "retrain/base/duration.h"
#include "retrain/report/run_report.h"
#include "retrain/report/trigger_report.h"
#include "world.h"

namespace retrain::scenario {
namespace {

using ::testing::HasSubstr;

std::string TextOf(const YAML::Node& node, const char* key) { return node[key] ? node[key].as<std::string>() : ""; }

class Teller {
 public:
  explicit Teller(const YAML::Node& story) {
    const auto config = app::ReadConfig(YAML::Dump(story["config"]), {});
    if (!config.ok()) ADD_FAILURE() << ToText(config.error());
    config_ = *config;
  }

  void Tell(const YAML::Node& step) {
    const auto word = step.begin()->first.as<std::string>();
    const YAML::Node what = step.begin()->second;
    SCOPED_TRACE(YAML::Dump(step));
    if (word == "table") return Table(what);
    if (word == "write") return world_.Write(TextOf(what, "file"), TextOf(what, "text"));
    if (word == "remove") return (void)world_.disk().Unlink(what.as<std::string>());
    if (word == "run") return Run(what);
    if (word == "watch") return Watch(what);
    if (word == "pass") return world_.clock().Advance(*ParseDuration(what.as<std::string>()));
    if (word == "fail_training") return world_.trainer().FailNext({.code = "E0305", .message = what.as<std::string>()});
    if (word == "rollback") return Rollback(what);
    if (word == "restart") return world_.Restart();
    if (word == "config") return Reconfigure(what);
    if (word == "champion") return Champion(what.as<std::int64_t>());
    if (word == "journal") return Journal(what);
    FAIL() << "no such step: " << word;
  }

 private:
  void Table(const YAML::Node& what) {
    TableSpec spec{.rows = what["rows"].as<std::int64_t>(), .seed = what["seed"].as<std::uint64_t>()};
    spec.flipped = what["flipped"] && what["flipped"].as<bool>();
    if (what["b_scaled"]) spec.b_scaled = what["b_scaled"].as<double>();
    spec.extra = TextOf(what, "extra");
    spec.blank = what["blank"] && what["blank"].as<bool>();
    world_.Write(what["file"].as<std::string>(), MakeCsv(spec));
  }

  void Run(const YAML::Node& what) {
    pipeline::Request request;
    if (what["strategy"]) request.strategy = *train::StrategyFromName(TextOf(what, "strategy"));
    pipeline::Observer nobody;
    const auto run = world_.pipeline().RunToEnd(config_, request, nobody);
    if (what["error"]) {
      ASSERT_FALSE(run.ok()) << report::VerdictSentence(*run);
      EXPECT_EQ(run.error().code, TextOf(what, "error"));
      EXPECT_THAT(ToText(run.error()), HasSubstr(TextOf(what, "because")));
      return;
    }
    ASSERT_TRUE(run.ok()) << ToText(run.error());
    EXPECT_EQ(report::StatusOf(*run), TextOf(what, "ends")) << report::VerdictSentence(*run);
    EXPECT_THAT(run->error ? ToText(*run->error) : run->reason, HasSubstr(TextOf(what, "because")));
    if (what["version"]) {
      EXPECT_EQ(run->version.value, what["version"].as<std::int64_t>());
    }
    if (what["really"]) {
      EXPECT_EQ(train::Name(run->strategy), TextOf(what, "really"));
    }
    if (what["rows"]) {
      EXPECT_EQ(run->slice.rows, what["rows"].as<std::int64_t>());
    }
    if (what["note"]) {
      EXPECT_THAT(run->notes, Contains(HasSubstr(TextOf(what, "note"))));
    }
  }

  // One look as the daemon takes it, and the run that it asks for, to its end.
  void Watch(const YAML::Node& what) {
    const auto look = world_.pipeline().Watch(config_);
    ASSERT_TRUE(look.ok()) << ToText(look.error());
    for (const auto& said : what["says"]) {
      const auto name = said.first.as<std::string>();
      const auto trigger = std::find_if(look->answer.triggers.begin(), look->answer.triggers.end(),
                                        [&](const auto& one) { return one.decision.subject == name; });
      ASSERT_NE(trigger, look->answer.triggers.end()) << "no trigger " << name;
      EXPECT_THAT(trigger->decision.action + ": " + trigger->decision.reason, HasSubstr(said.second.as<std::string>()));
    }
    const std::string runs = look->answer.run ? look->answer.run->trigger : "nothing";
    ASSERT_EQ(runs, TextOf(what, "runs")) << report::CheckText(*look);
    if (!look->answer.run) return;
    pipeline::Observer nobody;
    const auto run = world_.pipeline().RunToEnd(config_, pipeline::RequestOf(*look), nobody);
    ASSERT_TRUE(run.ok()) << ToText(run.error());
    EXPECT_EQ(run->trigger, runs);
    EXPECT_EQ(run->asked_reason, look->answer.run->reason);
    EXPECT_EQ(report::StatusOf(*run), TextOf(what, "ends")) << report::VerdictSentence(*run);
  }

  void Rollback(const YAML::Node& what) {
    const auto move = world_.pipeline().Rollback({}, "story", TextOf(what, "why"));
    if (what["error"]) {
      ASSERT_FALSE(move.ok());
      EXPECT_EQ(move.error().code, TextOf(what, "error"));
      return;
    }
    ASSERT_TRUE(move.ok()) << ToText(move.error());
  }

  void Reconfigure(const YAML::Node& what) {
    const auto config = app::ReadConfig(YAML::Dump(what), {});
    ASSERT_TRUE(config.ok()) << ToText(config.error());
    config_ = *config;
  }

  void Champion(std::int64_t version) {
    const auto champion = world_.home().registry().Find(registry::kChampion);
    ASSERT_TRUE(champion.ok());
    EXPECT_EQ(champion->has_value() ? (*champion)->version.value : 0, version);
  }

  // Every entry since the beginning, as "kind action", of a trigger as "check NAME action"; the chain of hashes must
  // hold.
  void Journal(const YAML::Node& expected) {
    const auto entries = world_.home().journal().All();
    ASSERT_TRUE(entries.ok());
    std::vector<std::string> lines;
    for (const auto& entry : *entries) {
      const auto who = entry.kind == "check" ? entry.body["subject"].AsString() + " " : "";
      lines.push_back(entry.kind + " " + who + entry.body["action"].AsString());
    }
    EXPECT_THAT(lines, ::testing::ElementsAreArray(expected.as<std::vector<std::string>>()));
    EXPECT_TRUE(world_.home().journal().Verify().ok());
  }

  World world_;
  pipeline::Config config_;
};

class Story : public ::testing::TestWithParam<std::string> {};

TEST_P(Story, EndsAsItIsTold) {
  const YAML::Node story = YAML::LoadFile(GetParam());
  Teller teller(story);
  for (const auto& step : story["steps"]) teller.Tell(step);
}

std::vector<std::string> Stories() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(RETRAIN_SOURCE_DIR "/tests/scenario")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string StoryName(const ::testing::TestParamInfo<std::string>& info) {
  return std::filesystem::path(info.param).stem();
}

INSTANTIATE_TEST_SUITE_P(Scenario, Story, ::testing::ValuesIn(Stories()), StoryName);

}  // namespace
}  // namespace retrain::scenario
