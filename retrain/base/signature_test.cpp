#include "retrain/base/signature.h"

#include <gtest/gtest.h>

namespace retrain {
namespace {

// RFC 4231, test cases 1 and 2; their hexadecimal digits as base 64.
TEST(HmacSha256, GivesTheValuesOfItsStandard) {
  EXPECT_EQ(ToBase64(HmacSha256(std::string(20, '\x0b'), "Hi There")), "sDRMYdjbOFNcqK/OrwvxK4gdwgDJgz2nJuk3bC4yz/c=");
  EXPECT_EQ(ToBase64(HmacSha256("Jefe", "what do ya want for nothing?")),
            "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
}

// RFC 4648, section 10.
TEST(Base64, GivesTheValuesOfItsStandardAndTakesThemBack) {
  const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : rows) {
    EXPECT_EQ(ToBase64(bytes), text);
    EXPECT_EQ(FromBase64(text), bytes);
  }
}

TEST(Base64, RefusesWhatIsNone) {
  for (const char* text : {"Z", "Zg=", "Zg==Zg", "Z!==", "Zm9v\n"}) EXPECT_EQ(FromBase64(text), std::nullopt) << text;
}

}  // namespace
}  // namespace retrain
