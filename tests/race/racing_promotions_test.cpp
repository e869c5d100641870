// Eight processes promote at once on one real database, a thousand times over.
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cstring>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "retrain/app/ports/real_clock.h"
#include "retrain/app/ports/real_state_fs.h"
#include "retrain/app/ports/temporary_folder.h"
#include "retrain/registry/registry.h"

namespace retrain {
namespace {

constexpr int kRounds = 1000;
constexpr int kPromoters = 8;

// What the processes share: a barrier to start each round together, and what each of them was told.
struct Board {
  struct Outcome {
    bool accepted = false;
    std::int64_t epoch = 0;
    char code[8] = "";
    char message[240] = "";
  };
  pthread_barrier_t start;
  std::array<std::array<Outcome, kPromoters>, kRounds> outcomes;
};

Board& MakeBoard() {
  void* memory = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  RETRAIN_ALWAYS(memory != MAP_FAILED);
  auto* board = new (memory) Board;
  pthread_barrierattr_t shared;
  pthread_barrierattr_init(&shared);
  pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
  RETRAIN_ALWAYS(pthread_barrier_init(&board->start, &shared, kPromoters) == 0);
  return *board;
}

struct Home {
  explicit Home(const std::string& folder)
      : artifacts(files, folder + "/artifacts"),
        database(std::move(store::Database::Open(files, folder + "/state.db")).value()),
        registry(std::move(registry::Registry::Open(*database, artifacts)).value()) {}
  app::RealStateFs files;
  store::Blobs artifacts;
  std::unique_ptr<store::Database> database;
  registry::Registry registry;
};

std::string Promoter(int round, int promoter) { return fmt::format("promoter {} of round {}", promoter, round); }

void Promote(const std::string& folder, int promoter, Board& board) {
  Home home(folder);
  app::RealClock clock;
  for (int round = 0; round < kRounds; ++round) {
    pthread_barrier_wait(&board.start);
    const auto moved = home.registry.Move({.name = std::string(registry::kChampion),
                                           .to = VersionId{promoter + 1},
                                           .who = Promoter(round, promoter),
                                           .why = "race",
                                           .at = clock.Now()},
                                          round);
    auto& outcome = board.outcomes[round][promoter];
    outcome.accepted = moved.ok();
    if (moved.ok()) {
      outcome.epoch = moved->epoch;
    } else {
      std::strncpy(outcome.code, std::string(moved.error().code).c_str(), sizeof outcome.code - 1);
      std::strncpy(outcome.message, moved.error().message.c_str(), sizeof outcome.message - 1);
    }
  }
}

TEST(RacingPromotions, ExactlyOneIsAcceptedEachRoundAndEveryLoserIsToldWhoWon) {
  const app::TemporaryFolder folder;
  Board& board = MakeBoard();
  {
    Home home(folder.path());
    for (int version = 0; version < kPromoters; ++version) {
      const auto digest = home.artifacts.Put(model::Encode({.family = fmt::format("family {}", version)}));
      ASSERT_TRUE(digest.ok());
      ASSERT_TRUE(home.registry.Add({.digest = *digest, .strategy = "full"}).ok());
    }
  }
  for (int promoter = 0; promoter < kPromoters; ++promoter) {
    if (fork() == 0) {
      Promote(folder.path(), promoter, board);
      _exit(0);
    }
  }
  for (int promoter = 0; promoter < kPromoters; ++promoter) {
    int status = 0;
    ASSERT_GT(wait(&status), 0);
    ASSERT_EQ(status, 0);
  }

  Home home(folder.path());
  const auto moves = home.registry.Moves(registry::kChampion);
  ASSERT_TRUE(moves.ok());
  ASSERT_EQ(moves->size(), static_cast<std::size_t>(kRounds));
  for (int round = 0; round < kRounds; ++round) {
    const auto& move = (*moves)[round];
    EXPECT_EQ(move.epoch, round + 1);
    EXPECT_EQ(move.from, round == 0 ? VersionId{} : (*moves)[round - 1].to);
    int accepted = 0;
    for (int promoter = 0; promoter < kPromoters; ++promoter) {
      const auto& outcome = board.outcomes[round][promoter];
      accepted += outcome.accepted;
      if (outcome.accepted) {
        EXPECT_EQ(move.who, Promoter(round, promoter));
        EXPECT_EQ(outcome.epoch, round + 1);
        continue;
      }
      EXPECT_STREQ(outcome.code, "E0402") << outcome.message;
      for (const auto& told : {move.who, fmt::format("version {}", move.to.value), ToText(move.at)}) {
        EXPECT_NE(std::string_view(outcome.message).find(told), std::string_view::npos) << outcome.message;
      }
    }
    EXPECT_EQ(accepted, 1) << "round " << round;
  }
  EXPECT_TRUE(home.database->CheckIntegrity().ok());
}

}  // namespace
}  // namespace retrain
