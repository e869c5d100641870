#include "retrain/app/ports/real_process.h"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <fmt/format.h>

#include "retrain/app/ports/descriptor.h"
#include "retrain/testing/process_conformance.h"

namespace retrain::testing {
namespace {

// Turns a script into a shell's words.
class ShellRunner final : public RunnerUnderTest {
 public:
  Result<ChildExit> Play(const ChildScript& script, const std::function<bool(std::string_view)>& on_line) override {
    if (script.cannot_start) return app::RealProcessRunner("/no/such/program").Run({}, on_line);
    std::string text;
    for (const auto& line : script.lines) text += fmt::format("echo '{}'; ", line);
    if (script.exit == ChildExit{}) text += "read never < /dev/zero; ";
    text += fmt::format("printf '%s' '{}' >&2; ", script.exit.last_words);
    text += script.exit.signal != 0 ? fmt::format("kill -{} $$", script.exit.signal)
                                    : fmt::format("exit {}", script.exit.code);
    return app::RealProcessRunner("/bin/sh").Run({"-c", text}, on_line);
  }
};

std::unique_ptr<RunnerUnderTest> MakeShell() { return std::make_unique<ShellRunner>(); }

INSTANTIATE_TEST_SUITE_P(Real, ProcessConformance, ::testing::Values(&MakeShell));

}  // namespace
}  // namespace retrain::testing

namespace retrain::app {
namespace {

TEST(RealProcessRunner, KeepsTheEndOfLongLastWordsAndDoesNotChokeOnFloods) {
  std::size_t bytes = 0;
  const auto exit = RealProcessRunner("/bin/sh").Run(
      {"-c", "i=0; while [ $i -lt 20000 ]; do echo line-$i; echo word-$i >&2; i=$((i+1)); done; printf 'no newline'"},
      [&](std::string_view line) { return bytes += line.size(), true; });
  ASSERT_TRUE(exit.ok());
  EXPECT_EQ(exit->last_words.size(), 4096u);
  EXPECT_TRUE(exit->last_words.ends_with("word-19999\n"));
  EXPECT_EQ(bytes, 20'000 * 5 + 10 * 1 + 90 * 2 + 900 * 3 + 9000 * 4 + 10'000 * 5 + std::string("no newline").size());
}

TEST(RealProcessRunner, AChildThatDoesNotHearIsKilledAfterItsGrace) {
  const auto exit =
      RealProcessRunner("/bin/sh", std::chrono::milliseconds(50))
          .Run({"-c", "trap '' TERM; echo ready; while :; do :; done"}, [](std::string_view) { return false; });
  ASSERT_TRUE(exit.ok());
  EXPECT_EQ(exit->signal, SIGKILL);
}

TEST(RealProcessRunner, ReadsNothingFromOurStandardInput) {
  std::string seen;
  const auto exit = RealProcessRunner("/bin/sh").Run({"-c", "cat; echo end"},
                                                     [&](std::string_view line) { return seen += line, true; });
  ASSERT_TRUE(exit.ok());
  EXPECT_EQ(seen, "end");
}

// The program below this one in the test that follows: says who it is, then waits for ever.
TEST(RealProcessChild, DISABLED_WaitsForEver) {
  DieWithParent();
  fmt::print("child {}\n", getpid());
  std::fflush(stdout);
  for (;;) pause();
}

TEST(RealProcessRunner, AChildDoesNotOutliveAParentThatIsKilled) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t parent = fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    const std::vector<std::string> arguments = {"--gtest_filter=RealProcessChild.*", "--gtest_also_run_disabled_tests"};
    const auto exit = RealProcessRunner().Run(arguments, [&](std::string_view line) {
      int child = 0;
      if (std::sscanf(std::string(line).c_str(), "child %d", &child) == 1)
        RETRAIN_ALWAYS(write(ends[1], &child, sizeof child) > 0);
      return true;
    });
    _exit(exit.ok() ? 0 : 1);
  }
  int child = 0;
  ASSERT_EQ(read(ends[0], &child, sizeof child), static_cast<ssize_t>(sizeof child));
  const Descriptor watched(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
  ASSERT_GE(watched.get(), 0);
  ASSERT_EQ(kill(parent, SIGKILL), 0);
  ASSERT_EQ(waitpid(parent, nullptr, 0), parent);
  pollfd end{.fd = watched.get(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(poll(&end, 1, 10'000), 1) << "the child still runs";
}

TEST(RealProcessRunner, AChildLeadsAGroupOfItsOwnSoThatCtrlCPassesItBy) {
  int group = 0;
  const auto exit = RealProcessRunner("/bin/sh").Run(
      {"-c", "cut -d ' ' -f 5 /proc/$$/stat"},
      [&](std::string_view line) { return std::sscanf(std::string(line).c_str(), "%d", &group) == 1; });
  ASSERT_TRUE(exit.ok());
  EXPECT_GT(group, 0);
  EXPECT_NE(group, getpgrp());
}

}  // namespace
}  // namespace retrain::app
