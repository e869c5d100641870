#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "check.h"
#include "explore.h"
#include "retrain/app/ports/real_state_fs.h"
#include "retrain/app/ports/temporary_folder.h"
#include "syscall_trace.h"

namespace retrain::sim {
namespace {

using testing::DiskFaults;
using testing::SimDisk;

#ifdef __SANITIZE_ADDRESS__
constexpr int kDamages = 8;  // a sanitizer looks at every access instead
constexpr int kStride = 8;
#else
constexpr int kDamages = 50;
constexpr int kStride = 1;
#endif

// The runs end as their learner means them to, so that the worlds below have something to lose.
TEST(Life, HasAPromotionAFailureARefusalAndARollbackInIt) {
  SimDisk disk;
  ASSERT_TRUE(Life(disk).Run().ok());
  const auto home = pipeline::Home::Open(disk, "home");
  const auto runs = (*home)->runs().All();
  ASSERT_EQ(runs->size(), 4u);
  EXPECT_EQ((*runs)[0].state, pipeline::State::kPromoted) << (*runs)[0].reason;
  EXPECT_EQ((*runs)[1].state, pipeline::State::kPromoted) << (*runs)[1].reason;
  EXPECT_EQ((*runs)[2].error->code, "E0205") << (*runs)[2].reason;
  EXPECT_EQ((*runs)[3].state, pipeline::State::kKept) << (*runs)[3].reason;
  EXPECT_EQ((*(*home)->registry().Find(registry::kChampion))->version, VersionId{1});
  EXPECT_EQ((*home)->registry().All()->size(), 3u);
}

// 20,000 worlds and more. A wrong one is shown again by the line that it prints.
TEST(Crash, AtEveryOpWithManyDamagesLosesNoPromiseAndEndsTheSame) {
  const Tally tally = Explore({.damages = kDamages, .thorough = 60});
  for (const auto& wrong : tally.wrongs)
    ADD_FAILURE() << wrong.what << "\n  sim_crash --op " << wrong.op << " --damage " << wrong.damage;
  EXPECT_EQ(tally.worlds, tally.ops * kDamages);
  EXPECT_GE(tally.ops, 400) << "with 50 damages each, 20,000 worlds";
  EXPECT_GE(tally.lived_on, tally.worlds / 61);
}

TEST(Crash, AWorldIsTheSameHoweverManyOthersWereLookedAt) {
  const auto all = Explore({.damages = 2, .thorough = 1'000'000, .bug = Bug::kSynchronousNormal});
  ASSERT_FALSE(all.wrongs.empty());
  const auto& first = all.wrongs.front();
  const auto again = Explore({.first_op = first.op,
                              .last_op = first.op,
                              .first_damage = first.damage,
                              .damages = 1,
                              .bug = Bug::kSynchronousNormal});
  ASSERT_EQ(again.wrongs.size(), 1u);
  EXPECT_EQ(again.wrongs[0].what, first.what);
  EXPECT_EQ(again.trace, all.trace);
}

class PlantedBug : public ::testing::TestWithParam<std::pair<Bug, std::string_view>> {};

TEST_P(PlantedBug, IsCaught) {
  auto tally = Explore({.damages = 6, .thorough = 1'000'000, .most_wrongs = 1, .bug = GetParam().first});
  if (tally.wrongs.empty()) tally = Explore({.damages = 1, .thorough = 1, .most_wrongs = 1, .bug = GetParam().first});
  EXPECT_FALSE(tally.wrongs.empty()) << tally.worlds << " worlds and nothing wrong";
}

std::string NameOf(const ::testing::TestParamInfo<PlantedBug::ParamType>& planted) {
  std::string name(planted.param.second);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, PlantedBug, ::testing::ValuesIn(std::begin(kBugs) + 1, std::end(kBugs)), NameOf);

class RefusingDisk : public ::testing::Test {
 protected:
  std::vector<std::string> ending_ = Explore({.damages = 0}).ending;
  std::int64_t ops_ = Explore({.damages = 0}).ops;
};

TEST_F(RefusingDisk, AnErrorAtAnyOpOnceOrForEverIsSurvived) {
  for (std::int64_t op = 0; op < ops_; op += 3 * kStride) {
    for (const bool stays : {false, true}) {
      const auto wrong = LiveThrough({.error_at = op, .error_stays = stays}, static_cast<std::uint64_t>(op), ending_);
      ASSERT_FALSE(wrong) << "op " << op << (stays ? " for ever: " : " once: ") << *wrong;
    }
  }
}

TEST_F(RefusingDisk, AFullDiskIsSurvivedWhereverItFillsUp) {
  for (std::int64_t space = 0; space < 400'000; space += 5'000 * kStride) {
    const auto wrong = LiveThrough({.space_bytes = space}, static_cast<std::uint64_t>(space), ending_);
    ASSERT_FALSE(wrong) << space << " bytes: " << *wrong;
  }
}

// The simulated disk is worth what it resembles: the same life on this machine's disk makes the same calls.
TEST(Trace, TheSimulatedDiskAndTheRealOneSeeTheSameOps) {
  const auto simulated = Explore({.damages = 0}).trace;
  const app::TemporaryFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  std::vector<std::string> real;
  {
    app::RealStateFs files;
    const SyscallTrace trace;
    const auto lived = Life(files).Run();
    EXPECT_TRUE(lived.ok()) << ToText(lived.error());
    real = trace.lines();
  }
  std::filesystem::current_path(before);
  for (std::size_t op = 0; op < std::min(simulated.size(), real.size()); ++op)
    ASSERT_EQ(simulated[op], real[op]) << "op " << op;
  EXPECT_EQ(simulated.size(), real.size());
  EXPECT_GT(real.size(), 300u);
}

}  // namespace
}  // namespace retrain::sim
