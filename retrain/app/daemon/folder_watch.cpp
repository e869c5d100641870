#include "retrain/app/daemon/folder_watch.h"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <algorithm>
#include <array>
#include <cerrno>

#include "retrain/base/result.h"

namespace retrain::app {
namespace {

// A file is news when its writer has closed it or moved it in; a folder when it appears. What is deleted or moved away
// matters too: it was counted.
constexpr std::uint32_t kEvents =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

// A file that was made is empty, and its end is waited for; a link that was made is whole.
bool Matters(const inotify_event& event, const std::string& folder) {
  if ((event.mask & IN_CREATE) == 0 || (event.mask & IN_ISDIR) != 0) return true;
  struct stat info{};
  const std::string path = folder + "/" + (event.len > 0 ? event.name : "");
  return lstat(path.c_str(), &info) == 0 && (S_ISLNK(info.st_mode) || info.st_nlink > 1);
}

}  // namespace

FolderWatch::FolderWatch(EventLoop& loop, std::function<void(Owner)> changed)
    : changed_(std::move(changed)), inotify_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  RETRAIN_ALWAYS(inotify_.get() >= 0);
  watch_ = std::make_unique<Watch>(loop, inotify_.get(), [this] { Read(); });
}

bool FolderWatch::Set(Owner owner, const std::vector<std::string>& folders) {
  std::vector<int> now;
  bool is_new = false;
  for (const auto& path : folders) {
    const int watch = inotify_add_watch(inotify_.get(), path.c_str(), kEvents);
    if (watch < 0) {
      refused_ += errno == ENOSPC ? 1 : 0;
      continue;
    }
    auto& folder = by_watch_[watch];
    folder.path = path;
    is_new |= folder.owners.insert(owner).second;
    now.push_back(watch);
  }
  std::ranges::sort(now);
  for (const int old : std::exchange(by_owner_[owner], now)) {
    if (!std::ranges::binary_search(now, old)) Drop(old, owner);
  }
  return is_new;
}

void FolderWatch::Remove(Owner owner) {
  const auto watches = by_owner_.find(owner);
  if (watches == by_owner_.end()) return;
  for (const int watch : watches->second) Drop(watch, owner);
  by_owner_.erase(watches);
}

void FolderWatch::Drop(int watch, Owner owner) {
  const auto folder = by_watch_.find(watch);
  if (folder == by_watch_.end()) return;
  folder->second.owners.erase(owner);
  if (!folder->second.owners.empty()) return;
  inotify_rm_watch(inotify_.get(), watch);
  by_watch_.erase(folder);
}

void FolderWatch::Read() {
  alignas(inotify_event) std::array<char, 65'536> bytes{};
  std::unordered_set<Owner> told;
  for (;;) {
    const ssize_t count = read(inotify_.get(), bytes.data(), bytes.size());
    if (count <= 0) break;
    for (ssize_t at = 0; at < count;) {
      const auto* event = reinterpret_cast<const inotify_event*>(bytes.data() + at);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      if ((event->mask & IN_Q_OVERFLOW) != 0) {
        for (const auto& [owner, watches] : by_owner_) told.insert(owner);
        continue;
      }
      const auto folder = by_watch_.find(event->wd);
      if (folder == by_watch_.end()) continue;
      if (Matters(*event, folder->second.path)) told.insert(folder->second.owners.begin(), folder->second.owners.end());
      if ((event->mask & IN_IGNORED) != 0) by_watch_.erase(folder);  // the folder is gone, and its watch with it
    }
  }
  for (const Owner owner : told) changed_(owner);
}

}  // namespace retrain::app
