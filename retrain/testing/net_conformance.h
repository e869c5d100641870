#pragma once

#include <algorithm>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "retrain/base/net.h"

namespace retrain::testing {

// A network with one other machine, which answers what it was told to.
class NetUnderTest {
 public:
  virtual ~NetUnderTest() = default;
  virtual Net& net() = 0;
  virtual std::string Url(const std::string& path) = 0;
  virtual std::string DeadUrl() = 0;  // nobody answers there
  virtual void Answer(const std::string& method, const std::string& path, const HttpResponse& response) = 0;
  virtual HttpRequest LastRequest() = 0;  // as the machine received it; only method, body and our own headers count
};

// What every Net promises.
class NetConformance : public ::testing::TestWithParam<std::unique_ptr<NetUnderTest> (*)()> {
 protected:
  NetUnderTest& world() { return *world_; }

 private:
  std::unique_ptr<NetUnderTest> world_ = GetParam()();
};

TEST_P(NetConformance, AnAnswerOfAnyStatusIsAValue) {
  for (const int status : {200, 404, 500}) {
    world().Answer("GET", "/a", {.status = status, .body = "body"});
    const auto response = world().net().Send({.url = world().Url("/a")});
    ASSERT_TRUE(response.ok()) << ToText(response.error());
    EXPECT_EQ(response->status, status);
    EXPECT_EQ(response->body, "body");
  }
}

TEST_P(NetConformance, MethodHeadersAndBodyArrive) {
  world().Answer("POST", "/hook", {.status = 201, .body = ""});
  const auto response = world().net().Send(
      {.method = "POST", .url = world().Url("/hook"), .headers = {{"X-Run", "7"}}, .body = R"({"verdict":"promote"})"});
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 201);
  const auto request = world().LastRequest();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.body, R"({"verdict":"promote"})");
  EXPECT_NE(
      std::find(request.headers.begin(), request.headers.end(), std::pair<std::string, std::string>("X-Run", "7")),
      request.headers.end());
}

TEST_P(NetConformance, NoAnswerIsAnError) {
  const auto response = world().net().Send({.url = world().DeadUrl(), .timeout = std::chrono::milliseconds(2000)});
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code, "E0507");
  EXPECT_NE(response.error().message.find(world().DeadUrl()), std::string::npos);
}

}  // namespace retrain::testing
