#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "retrain/base/result.h"

namespace retrain::app {

// A new folder of the machine's temporary space, removed in the end with all that is in it. For tests and benchmarks.
class TemporaryFolder final {
 public:
  TemporaryFolder() : path_((std::filesystem::temp_directory_path() / "retrain-XXXXXX").string()) {
    RETRAIN_ALWAYS(mkdtemp(path_.data()) != nullptr);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace retrain::app
