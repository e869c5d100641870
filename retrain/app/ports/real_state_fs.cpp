#include "retrain/app/ports/real_state_fs.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "retrain/app/ports/descriptor.h"

namespace retrain::app {
namespace {

// What the system said about `path`, as an error that names it and, where there is one, a command that cures it.
Error Refused(int error, std::string_view doing, const std::string& path) {
  const std::string said = fmt::format("cannot {} {}: {}", doing, path, std::strerror(error));
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return Error{.code = "E0201", .message = fmt::format("{} does not exist", path), .where = {.file = path}};
    case ENOSPC:
    case EDQUOT:
      return Error{.code = "E0506",
                   .message = said,
                   .hint = fmt::format("look at `df -h {}`", ParentFolder(path)),
                   .kept = "all that was committed before"};
    case EACCES:
    case EPERM:
      return Error{.code = "E0501", .message = said, .hint = fmt::format("`chmod -R u+rwX {}`, as its owner", path)};
    case EROFS:
      return Error{
          .code = "E0501", .message = said, .hint = "choose a home on a disk that can be written: `--home DIR`"};
    case EMFILE:
    case ENFILE: return Error{.code = "E0501", .message = said, .hint = "allow more open files: `ulimit -n 4096`"};
    default: return Error{.code = "E0501", .message = said, .where = {.file = path}};
  }
}

template <class Call>
auto Retried(Call call) {  // for calls that a signal may interrupt
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

class RealFile final : public StateFile {
 public:
  RealFile(Descriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  Result<std::size_t> ReadAt(std::int64_t offset, std::span<std::byte> into) override {
    std::size_t done = 0;
    while (done < into.size()) {
      const auto rest = into.subspan(done);
      const auto at = offset + static_cast<std::int64_t>(done);
      const ssize_t count = Retried([&] { return pread(file_.get(), rest.data(), rest.size(), at); });
      if (count < 0) return Refused(errno, "read", path_);
      if (count == 0) break;
      done += static_cast<std::size_t>(count);
    }
    return done;
  }

  Status WriteAt(std::int64_t offset, std::span<const std::byte> bytes) override {
    while (!bytes.empty()) {
      const ssize_t count = Retried([&] { return pwrite(file_.get(), bytes.data(), bytes.size(), offset); });
      if (count < 0) return Refused(errno, "write", path_);
      bytes = bytes.subspan(static_cast<std::size_t>(count));
      offset += count;
    }
    return Ok();
  }

  Status Truncate(std::int64_t size_bytes) override {
    if (Retried([&] { return ftruncate(file_.get(), size_bytes); }) < 0) return Refused(errno, "write", path_);
    return Ok();
  }

  Result<std::int64_t> Size() override {
    struct stat info{};
    if (fstat(file_.get(), &info) < 0) return Refused(errno, "look at", path_);
    return static_cast<std::int64_t>(info.st_size);
  }

  Status Sync() override {
    if (fdatasync(file_.get()) < 0) return Refused(errno, "sync", path_);
    return Ok();
  }

 private:
  Descriptor file_;
  std::string path_;
};

class RealLock final : public HomeLock {
 public:
  explicit RealLock(Descriptor file) : file_(std::move(file)) {}

 private:
  Descriptor file_;  // closing it ends the lock
};

std::string WhoHolds(int file) {
  std::string text(1024, '\0');
  const ssize_t count = Retried([&] { return pread(file, text.data(), text.size(), 0); });
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  return text.empty() ? "another process" : text;
}

}  // namespace

Result<std::unique_ptr<StateFile>> RealStateFs::OpenFile(const std::string& path, Open how) {
  const int flags = how == Open::kRead ? O_RDONLY : O_RDWR | O_CREAT;
  Descriptor file(Retried([&] { return open(path.c_str(), flags | O_CLOEXEC, 0644); }));
  if (file.get() < 0) return Refused(errno, how == Open::kRead ? "read" : "write", path);
  struct stat info{};
  if (fstat(file.get(), &info) < 0) return Refused(errno, "look at", path);
  if (S_ISDIR(info.st_mode)) return Refused(EISDIR, "read", path);
  return std::unique_ptr<StateFile>(std::make_unique<RealFile>(std::move(file), path));
}

Result<FileInfo> RealStateFs::Stat(const std::string& path) {
  struct stat info{};
  if (stat(path.c_str(), &info) < 0) return Refused(errno, "look at", path);
  return FileInfo{.size_bytes = info.st_size,
                  .is_folder = S_ISDIR(info.st_mode),
                  .changed_at = std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec};
}

bool RealStateFs::Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

Result<std::vector<std::string>> RealStateFs::List(const std::string& folder) {
  DIR* entries = opendir(folder.c_str());
  if (entries == nullptr) return Refused(errno, "read", folder);
  std::vector<std::string> names;
  while (const dirent* entry = readdir(entries)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  closedir(entries);
  std::sort(names.begin(), names.end());
  return names;
}

Status RealStateFs::MakeFolders(const std::string& path) {
  const std::string parent = ParentFolder(path);
  int error = mkdir(path.c_str(), 0755) == 0 ? 0 : errno;
  if (error == ENOENT && parent != path) {
    TRY_OK(MakeFolders(parent));
    error = mkdir(path.c_str(), 0755) == 0 ? 0 : errno;
  }
  if (error == 0) return SyncFolder(parent);
  struct stat info{};
  if (error == EEXIST && stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return Ok();
  if (error == EEXIST || error == ENOTDIR) {
    return Error{.code = "E0501",
                 .message = fmt::format("cannot make the folder {}: a file has that name", path),
                 .where = {.file = path},
                 .hint = "move the file away, or choose another folder"};
  }
  return Refused(error, "make the folder", path);
}

Status RealStateFs::Rename(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) < 0) return Refused(errno, "rename", from);
  return Ok();
}

Status RealStateFs::Link(const std::string& from, const std::string& to) {
  if (linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), AT_SYMLINK_FOLLOW) < 0) return Refused(errno, "link", from);
  return Ok();
}

Status RealStateFs::Unlink(const std::string& path) {
  if (unlink(path.c_str()) < 0 && errno != ENOENT) return Refused(errno, "remove", path);
  return Ok();
}

Status RealStateFs::SyncFolder(const std::string& folder) {
  const Descriptor file(Retried([&] { return open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (file.get() < 0) return Refused(errno, "sync", folder);
  if (fsync(file.get()) < 0) return Refused(errno, "sync", folder);
  return Ok();
}

Result<std::unique_ptr<HomeLock>> RealStateFs::Lock(const std::string& path, std::string_view holder) {
  Descriptor file(Retried([&] { return open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644); }));
  if (file.get() < 0) return Refused(errno, "write", path);
  struct flock whole{};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (fcntl(file.get(), F_OFD_SETLK, &whole) < 0) {
    if (errno != EAGAIN && errno != EACCES) return Refused(errno, "lock", path);
    return Error{.code = "E0401",
                 .message = fmt::format("{} is held by {}", ParentFolder(path), WhoHolds(file.get())),
                 .hint = "wait until it has ended, or stop it",
                 .kept = "nothing was changed"};
  }
  if (ftruncate(file.get(), 0) < 0 || pwrite(file.get(), holder.data(), holder.size(), 0) < 0)
    return Refused(errno, "write", path);
  return std::unique_ptr<HomeLock>(std::make_unique<RealLock>(std::move(file)));
}

}  // namespace retrain::app
