#include "retrain/model/artifact.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "retrain/base/bytes.h"

namespace retrain::model {
namespace {

Artifact Example() {
  Artifact artifact;
  artifact.family = "example";
  artifact.contract.labels = {.task = data::Task::kBinary, .classes = {"no", "yes"}};
  artifact.contract.roles.target = "late";
  artifact.contract.roles.features = {{"delay", data::ColumnType::kNumber}, {"origin", data::ColumnType::kText}};
  artifact.contract.roles.categorical = {"origin"};
  artifact.info.Set("epochs", 3).Set("loss", 0.25);
  artifact.sections = {{"weights", std::string("\x00\x01\xff", 3)}, {"empty", ""}, {"replay", "rows"}};
  return artifact;
}

std::string GoldenBytes() {
  std::ifstream file(RETRAIN_SOURCE_DIR "/tests/golden/artifact/format-1.bin", std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

TEST(Artifact, ComesBackFromItsBytesAsItWas) {
  const auto back = Decode(Encode(Example()), "version 1");
  ASSERT_TRUE(back.ok()) << ToText(back.error());
  EXPECT_EQ(*back, Example());
}

TEST(Artifact, HasTheSameBytesForEver) {
  ASSERT_EQ(Encode(Example()), GoldenBytes()) << "a changed format needs a new kArtifactFormat and a new golden file";
  const auto back = Decode(GoldenBytes(), "format-1.bin");
  ASSERT_TRUE(back.ok()) << ToText(back.error());
  EXPECT_EQ(*back, Example());
}

TEST(Artifact, IsRefusedWhenItEndsTooEarly) {
  const auto bytes = Encode(Example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto back = Decode(std::string_view(bytes).substr(0, size), "version 1");
    ASSERT_FALSE(back.ok()) << "a prefix of " << size << " bytes was accepted";
    EXPECT_EQ(back.error().code, "E0301");
  }
}

TEST(Artifact, IsRefusedWithAnyBitFlipped) {
  const auto bytes = Encode(Example());
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const auto back = Decode(flipped, "version 1");
    ASSERT_FALSE(back.ok()) << "bit " << bit << " flipped was accepted";
    EXPECT_TRUE(back.error().code == "E0301" || back.error().code == "E0302");
  }
}

TEST(Artifact, IsRefusedWithBytesAfterItsEnd) { EXPECT_FALSE(Decode(Encode(Example()) + "x", "version 1").ok()); }

TEST(Artifact, NamesTheFormatThatItDoesNotKnow) {
  auto bytes = Encode(Example());
  bytes[8] = 9;
  const auto back = Decode(bytes, "version 1");
  ASSERT_FALSE(back.ok());
  EXPECT_EQ(back.error().code, "E0302");
  EXPECT_EQ(back.error().message, "version 1 has artifact format 9, this program reads format 1");
}

TEST(Bytes, ReadNothingThatIsNotThere) {
  ByteWriter writer;
  writer.Number<std::uint64_t>(1'000'000'000'000);  // the length of an array that never comes
  const auto bytes = writer.Take();
  ByteReader array(bytes);
  EXPECT_TRUE(array.Array<double>().empty());
  EXPECT_FALSE(array.ok());
  EXPECT_EQ(array.Number<int>(), 0);
  ByteReader text(bytes);
  EXPECT_EQ(text.Text(), "");
  EXPECT_FALSE(text.ok());
}

}  // namespace
}  // namespace retrain::model
