#include "retrain/testing/clock_conformance.h"
#include "retrain/testing/fake_clock.h"
#include "retrain/testing/net_conformance.h"
#include "retrain/testing/process_conformance.h"
#include "retrain/testing/scripted_net.h"

namespace retrain::testing {
namespace {

class ScriptedRunner final : public RunnerUnderTest {
 public:
  Result<ChildExit> Play(const ChildScript& script, const std::function<bool(std::string_view)>& on_line) override {
    runner_.Expect(script);
    return runner_.Run({"worker"}, on_line);
  }

 private:
  ScriptedProcessRunner runner_;
};

class ScriptedWorld final : public NetUnderTest {
 public:
  Net& net() override { return net_; }
  std::string Url(const std::string& path) override { return "http://machine" + path; }
  std::string DeadUrl() override { return "http://nowhere/"; }
  void Answer(const std::string& method, const std::string& path, const HttpResponse& response) override {
    net_.Answer(method, Url(path), response);
  }
  HttpRequest LastRequest() override { return net_.sent().back(); }

 private:
  ScriptedNet net_;
};

std::unique_ptr<RunnerUnderTest> MakeRunner() { return std::make_unique<ScriptedRunner>(); }
std::unique_ptr<NetUnderTest> MakeNet() { return std::make_unique<ScriptedWorld>(); }
std::unique_ptr<Clock> MakeClock() { return std::make_unique<FakeClock>(); }
std::unique_ptr<Random> MakeRandom() { return std::make_unique<FakeRandom>(); }

INSTANTIATE_TEST_SUITE_P(Scripted, ProcessConformance, ::testing::Values(&MakeRunner));
INSTANTIATE_TEST_SUITE_P(Scripted, NetConformance, ::testing::Values(&MakeNet));
INSTANTIATE_TEST_SUITE_P(Fake, ClockConformance, ::testing::Values(&MakeClock));
INSTANTIATE_TEST_SUITE_P(Fake, RandomConformance, ::testing::Values(&MakeRandom));

TEST(ScriptedProcessRunner, KeepsTheArgumentsAndActsBeforeItSpeaks) {
  ScriptedProcessRunner runner;
  bool acted = false;
  runner.Expect({.act = [&](const std::vector<std::string>&) { acted = true; }, .lines = {"line"}});
  ASSERT_TRUE(runner.Run({"worker", "job"}, [&](std::string_view) { return acted; }).ok());
  EXPECT_EQ(runner.calls(), (std::vector<std::vector<std::string>>{{"worker", "job"}}));
  EXPECT_TRUE(acted);
}

TEST(FakeClock, MovesOnlyWhenToldAndTheWallClockMayGoBack) {
  FakeClock clock;
  const auto start = clock.Now();
  EXPECT_EQ(clock.Now(), start);
  const auto steady = clock.SteadyNow();
  clock.Advance(std::chrono::minutes(1));
  EXPECT_EQ(clock.Now(), start + std::chrono::minutes(1));
  clock.Set(start - std::chrono::hours(1));
  EXPECT_EQ(clock.Now(), start - std::chrono::hours(1));
  EXPECT_EQ(clock.SteadyNow() - steady, std::chrono::minutes(1));
}

}  // namespace
}  // namespace retrain::testing
