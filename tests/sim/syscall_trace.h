#pragma once

#include <string>
#include <vector>

namespace retrain::sim {

// While one stands, every call of this process that changes a file below the working folder, or makes a change safe,
// is written down as testing::ToText(DiskOp) writes it: SQLite's own calls too, since this program's functions stand
// before those of the C library. SQLite's shared index ("-shm") is left out: it is memory, whatever holds it. One at a
// time; not safe from many threads.
class SyscallTrace final {
 public:
  SyscallTrace();
  ~SyscallTrace();
  SyscallTrace(const SyscallTrace&) = delete;
  SyscallTrace& operator=(const SyscallTrace&) = delete;

  const std::vector<std::string>& lines() const { return lines_; }

  void Add(const std::string& kind, const std::string& path,
           const std::string& rest = {});  // by the functions below it

 private:
  std::string folder_;
  std::vector<std::string> lines_;
};

}  // namespace retrain::sim
