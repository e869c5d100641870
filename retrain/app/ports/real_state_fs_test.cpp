#include "retrain/app/ports/real_state_fs.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "retrain/app/ports/temporary_folder.h"
#include "retrain/testing/state_fs_conformance.h"

namespace retrain::testing {
namespace {

class RealWorld final : public StateFsUnderTest {
 public:
  StateFs& files() override { return files_; }
  std::string folder() override { return folder_.path(); }

 private:
  app::TemporaryFolder folder_;
  app::RealStateFs files_;
};

std::unique_ptr<StateFsUnderTest> MakeReal() { return std::make_unique<RealWorld>(); }

INSTANTIATE_TEST_SUITE_P(Real, StateFsConformance, ::testing::Values(&MakeReal));

}  // namespace
}  // namespace retrain::testing

namespace retrain::app {
namespace {

TEST(RealStateFs, ALinkOfASymbolicLinkKeepsTheBytesAndNotThePointer) {
  const TemporaryFolder folder;
  RealStateFs files;
  ASSERT_TRUE(WriteFileDurably(files, folder.path() + "/data", "bytes").ok());
  std::filesystem::create_symlink(folder.path() + "/data", folder.path() + "/pointer");
  ASSERT_TRUE(files.Link(folder.path() + "/pointer", folder.path() + "/kept").ok());
  ASSERT_TRUE(files.Unlink(folder.path() + "/data").ok());
  EXPECT_EQ(*ReadFile(files, folder.path() + "/kept"), "bytes");
}

TEST(RealStateFs, AFullDeviceIsAnErrorOfItsOwn) {
  RealStateFs files;
  auto full = files.OpenFile("/dev/full", StateFs::Open::kCreate);
  ASSERT_TRUE(full.ok());
  const auto written = (*full)->WriteAt(0, std::as_bytes(std::span(std::string_view("x"))));
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, "E0506");
  EXPECT_NE(written.error().hint.find("df -h /dev"), std::string::npos);
}

TEST(RealStateFs, ARefusalNamesThePathAndACure) {
  RealStateFs files;
  EXPECT_FALSE(files.MakeFolders("/proc/no/such").ok());
  const auto opened = files.OpenFile("/sys/no_such_file", StateFs::Open::kCreate);
  ASSERT_FALSE(opened.ok()) << "nobody may make files there";
  EXPECT_EQ(opened.error().code, "E0501");
  EXPECT_NE(opened.error().message.find("/sys/no_such_file"), std::string::npos);
  EXPECT_FALSE(opened.error().hint.empty());
}

}  // namespace
}  // namespace retrain::app
