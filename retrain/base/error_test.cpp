#include "retrain/base/error_codes.h"

#include <gtest/gtest.h>

namespace retrain {
namespace {

TEST(ErrorCodes, AscendAndNeverRepeat) {
  for (std::size_t i = 1; i < std::size(kErrorCodes); ++i) EXPECT_LT(kErrorCodes[i - 1].code, kErrorCodes[i].code);
}

TEST(ErrorCodes, EachHasACure) {
  for (const auto& row : kErrorCodes) EXPECT_FALSE(row.cure.empty()) << row.code;
}

TEST(Error, TellsWhatWhereCureAndWhatWasKept) {
  const Error error{.code = "E0203",
                    .message = "column `dep_dely` is not in new data",
                    .where = {.file = "retrain.yaml", .line = 14, .column = 13, .key = "features"},
                    .hint = "write `dep_delay`",
                    .kept = "champion 12 still serves"};
  EXPECT_EQ(error.kind(), ErrorKind::kData);
  EXPECT_EQ(ToText(error),
            "error[E0203]: column `dep_dely` is not in new data\n"
            "  --> retrain.yaml:14:13  features\n"
            "  hint: write `dep_delay`\n"
            "  kept: champion 12 still serves");
}

TEST(Error, FurtherErrorsFollowInOrder) {
  const Error error{.code = "E0101", .message = "first", .more = {{.code = "E0102", .message = "second"}}};
  EXPECT_EQ(ToText(error), "error[E0101]: first\nerror[E0102]: second");
}

}  // namespace
}  // namespace retrain
