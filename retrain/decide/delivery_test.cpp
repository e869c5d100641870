#include "retrain/decide/delivery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace retrain::decide {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr Instant kNow{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};

seconds WaitOf(const DeliveryDecision& decided) {
  return std::chrono::duration_cast<seconds>(*decided.retry_at - kNow);
}

TEST(DecideDelivery, FollowsTheAnswerOfTheReceiver) {
  const struct {
    const char* situation;
    DeliveryAttempt seen;
    const char* action;
  } cases[] = {
      {"taken", {.status = 200}, "delivered"},
      {"taken for later", {.attempt = 7, .status = 202}, "delivered"},
      {"nobody answers", {}, "retry"},
      {"the receiver has a fault", {.status = 500}, "retry"},
      {"it was moved: redirects are not followed", {.status = 302}, "retry"},
      {"it does not know us yet", {.status = 401}, "retry"},
      {"it is gone for good", {.status = 410}, "stop"},
      {"gone at the last attempt", {.attempt = 10, .status = 410}, "stop"},
      {"the last attempt", {.attempt = 10, .status = 503}, "give up"},
      {"nobody answers the last one", {.attempt = 10}, "give up"},
  };
  for (const auto& c : cases) {
    const auto decided = DecideDelivery(c.seen);
    EXPECT_EQ(decided.decision.action, c.action) << c.situation;
    EXPECT_EQ(decided.retry_at.has_value(), std::string(c.action) == "retry") << c.situation;
  }
}

TEST(DecideDelivery, WaitsLongerEachTimeAndAFifthUpOrDown) {
  const seconds planned[] = {seconds(5), seconds(300), seconds(1'800), hours(2), hours(5),
                             hours(10),  hours(14),    hours(20),      hours(24)};
  for (int attempt = 1; attempt < kMostDeliveryAttempts; ++attempt) {
    seconds least = seconds::max();
    seconds most{};
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const auto wait = WaitOf(DecideDelivery({.attempt = attempt, .now = kNow, .seed = seed * 1'000}));
      least = std::min(least, wait);
      most = std::max(most, wait);
    }
    const double expected = static_cast<double>(planned[attempt - 1].count());
    EXPECT_GE(static_cast<double>(least.count()), expected * 0.8 - 1) << attempt;
    EXPECT_LE(static_cast<double>(most.count()), expected * 1.2) << attempt;
    EXPECT_GT(most, least) << "spread: not all at once";
  }
}

TEST(DecideDelivery, WaitsAsLongAsTheReceiverAsksButADayAtMost) {
  EXPECT_EQ(WaitOf(DecideDelivery({.status = 429, .retry_after = seconds(120), .now = kNow})), seconds(120));
  EXPECT_LE(WaitOf(DecideDelivery({.status = 429, .retry_after = seconds(1), .now = kNow})), seconds(6));
  EXPECT_GE(WaitOf(DecideDelivery({.status = 429, .retry_after = seconds(1), .now = kNow})), seconds(4));
  EXPECT_EQ(WaitOf(DecideDelivery({.status = 503, .retry_after = hours(900), .now = kNow})), hours(24));
}

TEST(DecideDelivery, SaysWhatWasMet) {
  EXPECT_THAT(DecideDelivery({.attempt = 2, .status = 503, .now = kNow}).decision.reason,
              HasSubstr("status 503 at attempt 2 of 10"));
}

}  // namespace
}  // namespace retrain::decide
