#include "retrain/base/state_fs.h"

namespace retrain {

Result<std::string> ReadFile(StateFs& files, const std::string& path) {
  TRY(auto file, files.OpenFile(path, StateFs::Open::kRead));
  TRY(const auto size, file->Size());
  std::string bytes(static_cast<std::size_t>(size), '\0');
  TRY(const auto read, file->ReadAt(0, std::as_writable_bytes(std::span(bytes))));
  bytes.resize(read);
  return bytes;
}

Status WriteFileDurably(StateFs& files, const std::string& path, std::string_view bytes) {
  const std::string temporary = path + ".tmp";
  {
    TRY(auto file, files.OpenFile(temporary, StateFs::Open::kCreate));
    TRY_OK(file->Truncate(0));
    TRY_OK(file->WriteAt(0, std::as_bytes(std::span(bytes))));
    TRY_OK(file->Sync());
  }
  TRY_OK(files.Rename(temporary, path));
  return files.SyncFolder(ParentFolder(path));
}

std::string BaseName(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

std::string ParentFolder(const std::string& path) {
  const auto slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace retrain
