#include "retrain/app/notify/deliver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrain/testing/fake_clock.h"
#include "retrain/testing/scripted_net.h"
#include "retrain/testing/sim_disk.h"

namespace retrain::app {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kHook = "https://hooks.example/a";
constexpr const char* kSlack = "https://slack.example/b";

pipeline::Event EventOf(int number, const std::string& type = "model.rolled_back") {
  Json data;
  data.Set("from", 2).Set("to", 1).Set("who", "ann").Set("reason", "errors \"everywhere\"");
  return {.id = "evt_" + std::to_string(number),
          .type = type,
          .at = Instant(std::chrono::sys_days{std::chrono::year{2026} / 2 / 28}),
          .subject = "version/1",
          .data = data};
}

class DeliverTest : public ::testing::Test {
 protected:
  DeliverTest() {
    auto home = pipeline::Home::Open(disk_, "home");
    RETRAIN_ALWAYS(home.ok());
    home_ = std::move(home).value();
    config_.notifications = {{.type = "webhook", .url = kHook, .secret = "${HOOK_SECRET}"}};
    environment_["HOOK_SECRET"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  }

  void Happen(const pipeline::Event& event) { ASSERT_TRUE(home_->outbox().Add(event).ok()); }

  Deliveries Deliver() {
    const Courier courier{.net = net_, .clock = clock_, .environment = [this](const std::string& name) {
                            const auto found = environment_.find(name);
                            return found == environment_.end() ? std::nullopt : std::optional(found->second);
                          }};
    auto done = DeliverDue(*home_, config_, "flights", courier);
    EXPECT_TRUE(done.ok()) << ToText(done.error());
    return std::move(done).value();
  }

  testing::SimDisk disk_;
  testing::FakeClock clock_;
  testing::ScriptedNet net_;
  std::map<std::string, std::string> environment_;
  std::unique_ptr<pipeline::Home> home_;
  pipeline::Config config_;
};

TEST_F(DeliverTest, AnEventReachesItsReceiverAndLeaves) {
  Happen(EventOf(1));
  net_.Answer("POST", kHook, {.status = 204});
  EXPECT_EQ(Deliver(), (Deliveries{.delivered = 1}));
  ASSERT_EQ(net_.sent().size(), 1U);
  EXPECT_THAT(net_.sent()[0].body, HasSubstr(R"("specversion": "1.0")"));
  EXPECT_THAT(net_.sent()[0].body, HasSubstr(R"("source": "/retrain/flights")"));
  EXPECT_EQ(Deliver(), Deliveries{}) << "once";
  EXPECT_EQ(net_.sent().size(), 1U);
}

TEST_F(DeliverTest, WhatFailsComesAgainWithTheSameIdAndBytes) {
  Happen(EventOf(1));
  const auto first = Deliver();
  EXPECT_EQ(first.failed, 1);
  EXPECT_EQ(first.waiting, 1);
  ASSERT_TRUE(first.next);
  EXPECT_EQ(Deliver().failed, 0) << "not before its time";
  clock_.Set(*first.next);
  net_.Answer("POST", kHook, {.status = 200});
  EXPECT_EQ(Deliver().delivered, 1);
  ASSERT_EQ(net_.sent().size(), 2U);
  EXPECT_EQ(net_.sent()[0].body, net_.sent()[1].body);
  EXPECT_EQ(net_.sent()[0].headers[1], net_.sent()[1].headers[1]) << "webhook-id";
}

TEST_F(DeliverTest, EventsOfOneReceiverKeepTheirOrder) {
  for (int i = 1; i <= 3; ++i) Happen(EventOf(i));
  const auto done = Deliver();
  EXPECT_EQ(done.failed, 1) << "what comes after one that failed is not tried";
  EXPECT_EQ(done.waiting, 3);
  EXPECT_EQ(Deliver().failed, 0) << "nor before it";
  clock_.Set(*done.next);
  net_.Answer("POST", kHook, {.status = 200});
  EXPECT_EQ(Deliver().delivered, 3);
  EXPECT_THAT(net_.sent().back().body, HasSubstr("evt_3"));
}

TEST_F(DeliverTest, AReceiverThatIsGoneIsNotAskedAgain) {
  Happen(EventOf(1));
  Happen(EventOf(2));
  net_.Answer("POST", kHook, {.status = 410});
  EXPECT_EQ(Deliver().waiting, 0) << "nothing more is kept for it";
  Happen(EventOf(3));
  clock_.Advance(hours(100));
  EXPECT_EQ(Deliver(), Deliveries{});
  EXPECT_EQ(net_.sent().size(), 1U);
}

TEST_F(DeliverTest, WaitsAsLongAsTheReceiverAsks) {
  Happen(EventOf(1));
  net_.Answer("POST", kHook, {.status = 429, .headers = {{"retry-after", "3600"}}});
  EXPECT_EQ(Deliver().next, clock_.Now() + hours(1));
}

TEST_F(DeliverTest, EachReceiverGetsWhatItWants) {
  config_.notifications = {{.type = "webhook", .url = kHook, .events = {"run.finished"}},
                           {.type = "slack", .url = kSlack}};
  Happen(EventOf(1));
  net_.Answer("POST", kSlack, {.status = 200});
  EXPECT_EQ(Deliver().delivered, 1);
  ASSERT_EQ(net_.sent().size(), 1U);
  EXPECT_EQ(net_.sent()[0].body,
            R"({"text": "/retrain/flights: ann rolled back and made version 1 the champion instead of version 2: )"
            R"(errors \"everywhere\""})");
}

TEST_F(DeliverTest, AFailingReceiverHoldsNoOtherUp) {
  config_.notifications.push_back({.type = "slack", .url = kSlack});
  Happen(EventOf(1));
  net_.Answer("POST", kSlack, {.status = 200});
  const auto done = Deliver();
  EXPECT_EQ(done.delivered, 1);
  EXPECT_EQ(done.failed, 1);
}

TEST_F(DeliverTest, WithoutReceiversNothingIsKept) {
  config_.notifications.clear();
  Happen(EventOf(1));
  EXPECT_EQ(Deliver(), Deliveries{});
  EXPECT_TRUE(home_->outbox().Add(EventOf(1)).ok()) << "it is gone: the same id may come again";
}

TEST_F(DeliverTest, AReceiverThatLeftTheConfigIsLetGo) {
  Happen(EventOf(1));
  const auto first = Deliver();
  config_.notifications.clear();
  clock_.Set(*first.next);
  EXPECT_EQ(Deliver(), Deliveries{});
}

TEST_F(DeliverTest, AMissingSecretIsNamedAndTheEventWaits) {
  environment_.clear();
  Happen(EventOf(1));
  const auto done = Deliver();
  EXPECT_EQ(done.waiting, 1);
  EXPECT_THAT(done.problems, ElementsAre(HasSubstr("HOOK_SECRET is not set")));
  EXPECT_TRUE(net_.sent().empty());
}

TEST_F(DeliverTest, ProblemsTellNoAddressThatMayHoldASecret) {
  environment_["WHERE"] = "https://slack.example/T0/B0/secret";
  config_.notifications = {{.type = "slack", .url = "${WHERE}"}};
  Happen(EventOf(1));
  EXPECT_THAT(Deliver().problems, ElementsAre(Not(HasSubstr("secret"))));
  EXPECT_EQ(net_.sent()[0].url, "https://slack.example/T0/B0/secret");
}

TEST_F(DeliverTest, ALetterIsAWholeMessage) {
  config_.notifications = {{.type = "email",
                            .url = "smtp://mail.example",
                            .from = "retrain@example.org",
                            .to = {"a@example.org", "b@example.org"}}};
  Happen(EventOf(1));
  net_.TakeMail();
  EXPECT_EQ(Deliver().delivered, 1);
  ASSERT_EQ(net_.mails().size(), 1U);
  const auto& text = net_.mails()[0].text;
  EXPECT_THAT(text, HasSubstr("\r\nTo: a@example.org, b@example.org\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nDate: Sat, 28 Feb 2026 00:00:00 +0000\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nMessage-ID: <evt_1@retrain>\r\n"));
  EXPECT_EQ(text.find("\n\n"), std::string::npos) << "every line ends with CRLF";
}

TEST(Expand, PutsTheEnvironmentInAndNothingElse) {
  const Environment environment = [](const std::string& name) {
    return name == "A" ? std::optional<std::string>("${B}") : std::nullopt;
  };
  const auto twice = Expand("x${A}y${A}", environment);
  ASSERT_TRUE(twice.ok());
  EXPECT_EQ(*twice, "x${B}y${B}") << "what a variable holds is not read again";
  EXPECT_EQ(*Expand("$A ${", environment), "$A ${");
  EXPECT_FALSE(Expand("${C}", environment).ok());
}

}  // namespace
}  // namespace retrain::app
