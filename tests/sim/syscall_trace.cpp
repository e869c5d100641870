#include "syscall_trace.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <array>
#include <cstdarg>

#include <fmt/format.h>

namespace retrain::sim {
namespace {

SyscallTrace* current = nullptr;

std::string WorkingFolder() {
  std::array<char, 4096> path{};
  return getcwd(path.data(), path.size()) == nullptr ? "" : path.data();
}

std::string PathOf(int file) {
  std::array<char, 4096> path{};
  const auto link = fmt::format("/proc/self/fd/{}", file);
  const ssize_t size = readlink(link.c_str(), path.data(), path.size());
  return {path.data(), static_cast<std::size_t>(size > 0 ? size : 0)};
}

bool IsFolder(int file) {
  struct stat info{};
  return fstat(file, &info) == 0 && S_ISDIR(info.st_mode);
}

// Notes a call that worked, and gives back what it gave.
template <class T>
T Noted(T result, const char* kind, const std::string& path, const std::string& rest = {}) {
  if (current != nullptr && result >= 0) current->Add(kind, path, rest);
  return result;
}

int Synced(int file, long number) {
  return Noted(static_cast<int>(syscall(number, file)), IsFolder(file) ? "syncdir" : "sync", PathOf(file));
}

ssize_t Written(int file, const void* bytes, std::size_t size, off_t offset) {
  return Noted(syscall(SYS_pwrite64, file, bytes, size, offset), "write", PathOf(file),
               fmt::format(" {}+{}", offset, size));
}

int Truncated(int file, off_t size) {
  return Noted(static_cast<int>(syscall(SYS_ftruncate, file, size)), "truncate", PathOf(file),
               fmt::format(" {}", size));
}

int Opened(const char* path, int flags, mode_t mode) {
  const bool makes = (flags & O_CREAT) != 0 && access(path, F_OK) != 0;
  const int file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
  return makes ? Noted(file, "create", path) : file;
}

mode_t ModeOf(int flags, va_list arguments) { return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0; }

}  // namespace

SyscallTrace::SyscallTrace() : folder_(WorkingFolder()) { current = this; }
SyscallTrace::~SyscallTrace() { current = nullptr; }

void SyscallTrace::Add(const std::string& kind, const std::string& path, const std::string& rest) {
  std::string name = path;
  if (name == folder_) name = ".";
  if (name.starts_with(folder_ + "/")) name.erase(0, folder_.size() + 1);
  if (name.starts_with("/") || name.ends_with("-shm")) return;
  lines_.push_back(fmt::format("{} {}{}", kind, name, rest));
}

}  // namespace retrain::sim

// What this program and SQLite call instead of the C library's functions of the same name.
extern "C" {
#define RETRAIN_SEEN __attribute__((visibility("default")))

RETRAIN_SEEN int fsync(int file) { return retrain::sim::Synced(file, SYS_fsync); }
RETRAIN_SEEN int fdatasync(int file) { return retrain::sim::Synced(file, SYS_fdatasync); }

RETRAIN_SEEN ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  return retrain::sim::Written(file, bytes, size, offset);
}
RETRAIN_SEEN ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  return retrain::sim::Written(file, bytes, size, offset);
}

RETRAIN_SEEN int ftruncate(int file, off_t size) noexcept { return retrain::sim::Truncated(file, size); }
RETRAIN_SEEN int ftruncate64(int file, off64_t size) noexcept { return retrain::sim::Truncated(file, size); }

RETRAIN_SEEN int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = retrain::sim::ModeOf(flags, arguments);
  va_end(arguments);
  return retrain::sim::Opened(path, flags, mode);
}
RETRAIN_SEEN int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = retrain::sim::ModeOf(flags, arguments);
  va_end(arguments);
  return retrain::sim::Opened(path, flags, mode);
}

RETRAIN_SEEN int mkdir(const char* path, mode_t mode) noexcept {
  return retrain::sim::Noted(static_cast<int>(syscall(SYS_mkdir, path, mode)), "mkdir", path);
}
RETRAIN_SEEN int unlink(const char* path) noexcept {
  return retrain::sim::Noted(static_cast<int>(syscall(SYS_unlink, path)), "unlink", path);
}
RETRAIN_SEEN int rename(const char* from, const char* to) noexcept {
  return retrain::sim::Noted(static_cast<int>(syscall(SYS_rename, from, to)), "rename", from, fmt::format(" {}", to));
}
RETRAIN_SEEN int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
  const auto result = static_cast<int>(syscall(SYS_linkat, from_folder, from, to_folder, to, flags));
  return retrain::sim::Noted(result, "link", from, fmt::format(" {}", to));
}
}
