#include "retrain/data/roles.h"

#include <gtest/gtest.h>

namespace retrain::data {
namespace {

const Schema kFlights{.fields = {{"dep_delay", ColumnType::kNumber},
                                 {"month", ColumnType::kInteger},
                                 {"carrier", ColumnType::kText},
                                 {"is_night", ColumnType::kBoolean},
                                 {"time_hour", ColumnType::kTime},
                                 {"flight", ColumnType::kInteger},
                                 {"__index_level_0__", ColumnType::kInteger},
                                 {"late", ColumnType::kInteger}},
                      .unusable = {{"tags", "list<item: string>"}}};

std::vector<std::string> NamesOf(const std::vector<Field>& fields) { return Schema{fields}.Names(); }

std::vector<std::string_view> CodesOf(const Error& error) {
  std::vector<std::string_view> codes = {error.code};
  for (const Error& next : error.more) codes.push_back(next.code);
  return codes;
}

TEST(ResolveRoles, TakesEveryUsableColumnWithoutAnotherRoleAsFeature) {
  const auto roles = ResolveRoles({.target = "late", .id_column = "flight", .exclude = {"dep_delay"}}, kFlights);
  ASSERT_TRUE(roles.ok()) << ToText(roles.error());
  EXPECT_EQ(roles->target, "late");
  EXPECT_EQ(roles->id, "flight");
  EXPECT_EQ(NamesOf(roles->features), (std::vector<std::string>{"month", "carrier", "is_night"}));
  EXPECT_EQ(roles->categorical, (std::vector<std::string>{"carrier", "is_night"}));
}

TEST(ResolveRoles, KeepsToTheFeaturesThatAreNamedInTheOrderOfTheSchema) {
  const auto roles =
      ResolveRoles({.target = "late", .features = {"time_hour", "month"}, .categorical = {"month"}}, kFlights);
  ASSERT_TRUE(roles.ok()) << ToText(roles.error());
  EXPECT_EQ(NamesOf(roles->features), (std::vector<std::string>{"month", "time_hour"}));
  EXPECT_EQ(roles->categorical, std::vector<std::string>{"month"});
}

TEST(ResolveRoles, FindsTheTargetByItsUsualNamesExactOnesFirst) {
  const auto target = [](std::vector<std::string> names) {
    Schema schema;
    for (const auto& name : names) schema.fields.push_back({name});
    const auto roles = ResolveRoles({}, schema);
    return roles.ok() ? roles->target : std::string(roles.error().code);
  };
  EXPECT_EQ(target({"x", "target"}), "target");
  EXPECT_EQ(target({"x", "y", "label"}), "label");
  EXPECT_EQ(target({"Target", "y"}), "y");
  EXPECT_EQ(target({"x", "LABEL"}), "LABEL");
  EXPECT_EQ(target({"x", "outcome"}), "E0210");
}

TEST(ResolveRoles, WithoutATargetListsTheColumns) {
  const auto roles = ResolveRoles({}, kFlights);
  ASSERT_FALSE(roles.ok());
  EXPECT_EQ(roles.error().code, "E0210");
  EXPECT_NE(roles.error().message.find("dep_delay, month, carrier"), std::string::npos);
}

TEST(ResolveRoles, TellsAllFaultsAtOnceEachWithItsKeyAndCure) {
  const auto roles = ResolveRoles({.target = "late",
                                   .time_column = "time_huor",
                                   .weight = "carrier",
                                   .features = {"late", "month"},
                                   .exclude = {"month"}},
                                  kFlights);
  ASSERT_FALSE(roles.ok());
  EXPECT_EQ(CodesOf(roles.error()), (std::vector<std::string_view>{"E0203", "E0211", "E0211", "E0211"}));
  EXPECT_EQ(roles.error().where.key, "data_config.time_column");
  EXPECT_EQ(roles.error().hint, "write `time_hour`");
  EXPECT_EQ(roles.error().more[0].message, "column `carrier` holds text, a weight is a number");
  EXPECT_EQ(roles.error().more[1].message, "column `late` is the target, it cannot be a feature too");
}

TEST(ResolveRoles, SaysWhatAnUnusableColumnIs) {
  const auto roles = ResolveRoles({.target = "late", .features = {"tags"}}, kFlights);
  ASSERT_FALSE(roles.ok());
  EXPECT_EQ(roles.error().code, "E0203");
  EXPECT_EQ(roles.error().message,
            "column `tags` of the data is a list<item: string>, which cannot take part in learning");
  EXPECT_TRUE(ResolveRoles({.target = "late", .exclude = {"tags"}}, kFlights).ok());
}

TEST(ResolveRoles, NeedsAFeature) {
  const auto roles = ResolveRoles({.target = "y"}, Schema{.fields = {{"y"}, {"at", ColumnType::kTime}}});
  ASSERT_FALSE(roles.ok());
  EXPECT_EQ(roles.error().code, "E0211");
}

TEST(Roles, ComeBackFromJson) {
  const auto roles = ResolveRoles({.target = "late", .time_column = "time_hour", .categorical = {"month"}}, kFlights);
  ASSERT_TRUE(roles.ok());
  const auto back = RolesFromJson(ToJson(*roles));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, *roles);
}

TEST(Schema, ComesBackFromJsonWithItsUnusableColumns) {
  const auto back = SchemaFromJson(ToJson(kFlights));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, kFlights);
  EXPECT_EQ(SchemaFromJson(Json("text")).error().code, "E0302");
}

}  // namespace
}  // namespace retrain::data
