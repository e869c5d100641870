#include "retrain/app/daemon/data_folders.h"

#include <fmt/format.h>

#include "retrain/base/random.h"
#include "retrain/data/glob.h"

namespace retrain::app {
namespace {

class Looker final {
 public:
  explicit Looker(StateFs& files) : files_(files) {}

  void Walk(const std::string& folder, bool deep) {
    const auto names = files_.List(folder);
    if (!names.ok()) return;
    found_.folders.push_back(folder);
    for (const auto& name : *names) {
      const std::string path = folder == "." ? name : folder == "/" ? "/" + name : folder + "/" + name;
      const auto info = files_.Stat(path);
      if (!info.ok()) continue;
      if (!info->is_folder) {
        Note(path, *info);
      } else if (deep && !name.starts_with('.') && !name.starts_with('_')) {
        Walk(path, true);
      }
    }
  }
  DataFolders Take() { return std::move(found_); }

 private:
  void Note(const std::string& path, const FileInfo& info) {
    found_.fingerprint =
        DeriveSeed(found_.fingerprint, fmt::format("{} {} {}", path, info.size_bytes, info.changed_at));
  }

  StateFs& files_;
  DataFolders found_;
};

}  // namespace

DataFolders LookAtFolders(StateFs& files, const std::string& path_or_glob) {
  std::string path = path_or_glob;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const bool is_glob = data::IsGlob(path) && !files.Exists(path);
  std::string folder = is_glob ? data::GlobFolder(path) : path;
  bool deep = true;
  const auto info = files.Stat(folder);
  if (!info.ok() || !info->is_folder) {  // a file, or nothing yet: it will appear in the folder above
    deep = false;
    do folder = ParentFolder(folder);
    while (!files.Exists(folder) && folder != "." && folder != "/");
  }
  Looker looker(files);
  looker.Walk(folder, deep);
  return looker.Take();
}

}  // namespace retrain::app
