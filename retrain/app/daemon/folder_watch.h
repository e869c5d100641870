#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "retrain/app/loop/event_loop.h"
#include "retrain/app/ports/descriptor.h"

namespace retrain::app {

// Says who may have to look again because a file was completed in a folder, a folder appeared or went. One kernel
// object for all. It may miss something (the kernel's queue is full, a folder on a network): who relies on it scans now
// and then. Lives in the loop's thread.
class FolderWatch final {
 public:
  using Owner = std::uint64_t;
  FolderWatch(EventLoop& loop, std::function<void(Owner)> changed);

  // Watches these folders, and no others, for `owner`. True: there is one that was not watched before, so what it
  // holds may be news. Folders that do not exist, or that the kernel grants no watch for, are passed over.
  bool Set(Owner owner, const std::vector<std::string>& folders);
  void Remove(Owner owner);

  std::size_t folders() const { return by_watch_.size(); }
  std::size_t refused() const { return refused_; }  // watches that the kernel did not grant, ever

 private:
  struct Folder {
    std::string path;
    std::unordered_set<Owner> owners;
  };
  void Drop(int watch, Owner owner);
  void Read();

  std::function<void(Owner)> changed_;
  Descriptor inotify_;
  std::unordered_map<int, Folder> by_watch_;
  std::unordered_map<Owner, std::vector<int>> by_owner_;
  std::size_t refused_ = 0;
  std::unique_ptr<Watch> watch_;
};

}  // namespace retrain::app
