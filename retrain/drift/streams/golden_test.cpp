#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "retrain/base/json.h"
#include "retrain/drift/streams/detector.h"

// Every alarm of river 0.26.1, river 0.21.0 and Frouros 0.9.0 in tests/golden/drift/streams.json, which
// tools/data/stream_golden.py wrote by running them.
namespace retrain::drift::streams {
namespace {

struct Alarms {
  std::vector<std::int64_t> drift;
  std::vector<std::int64_t> warning;

  bool operator==(const Alarms&) const = default;
};

class StreamGolden : public ::testing::Test {
 protected:
  StreamGolden() {
    std::ifstream file(std::string(RETRAIN_SOURCE_DIR) + "/tests/golden/drift/streams.json");
    std::stringstream text;
    text << file.rdbuf();
    auto json = ParseJson(text.str(), "streams.json");
    EXPECT_TRUE(json.ok());
    if (json.ok()) json_ = std::move(json).value();
    for (const auto& [name, values] : json_["streams"].members()) {
      for (const auto& value : values.items()) streams_[name].push_back(value.AsDouble());
    }
  }

  Alarms Run(const std::string& name, const Options& options, const std::string& stream) {
    auto detector = MakeDetector(name, options);
    EXPECT_TRUE(detector.ok()) << name;
    Alarms alarms;
    std::int64_t index = 0;
    for (const double value : streams_[stream]) {
      const auto outcome = Feed(**detector, name, value);
      EXPECT_TRUE(outcome.ok()) << ToText(outcome.error());
      if (outcome->drift) alarms.drift.push_back(index);
      if (outcome->warning) alarms.warning.push_back(index);
      ++index;
    }
    return alarms;
  }

  Json json_;
  std::map<std::string, std::vector<double>> streams_;
};

std::vector<std::int64_t> Indices(const Json& list) {
  std::vector<std::int64_t> indices;
  for (const auto& index : list.items()) indices.push_back(index.AsInt());
  return indices;
}

TEST_F(StreamGolden, EveryAlarmAndWarningComesWhereTheirsDoes) {
  std::map<std::string, int> compared;
  std::size_t alarms = 0;
  for (const auto& row : json_["alarms"].items()) {
    Options options;
    for (const auto& [name, value] : row["options"].members()) options.emplace_back(name, value.AsDouble());
    const auto name = row["detector"].AsString();
    const Alarms theirs{Indices(row["drift"]), Indices(row["warning"])};
    EXPECT_EQ(Run(name, options, row["stream"].AsString()), theirs)
        << row["by"].AsString() << " " << name << " " << row["options"].Dump() << " on " << row["stream"].AsString();
    ++compared[name];
    alarms += theirs.drift.size();
  }
  const std::map<std::string, int> all = {
      {"adwin", 18}, {"adwin_old", 6}, {"page_hinkley", 18}, {"kswin", 18}, {"ddm", 4},
      {"eddm", 4},   {"hddm_a", 4},    {"hddm_w", 6},        {"cusum", 12}, {"page_hinkley_unclipped", 12}};
  EXPECT_EQ(compared, all);
  EXPECT_EQ(alarms, 493U);
}

// river's tests published these two for its older form, on the stream of integers.
TEST_F(StreamGolden, ClippedPageHinkleyAlarmsWhereOlderRiverDid) {
  EXPECT_EQ(Run("page_hinkley_clipped", {}, "integers").drift, (std::vector<std::int64_t>{1020, 1991}));
}

}  // namespace
}  // namespace retrain::drift::streams
