#include "retrain/store/blobs.h"

#include <vector>

#include <fmt/format.h>

#include "retrain/base/sha256.h"

namespace retrain::store {
namespace {

constexpr std::size_t kPieceBytes = 1 << 20;
constexpr std::string_view kTemporarySuffix = ".tmp";

// Calls take(offset, bytes) for each piece of the file and returns the digest of all.
template <class Take>
Result<std::string> ReadPieces(StateFile& file, const Take& take) {
  Sha256 digest;
  std::vector<std::byte> buffer(kPieceBytes);
  for (std::int64_t offset = 0;;) {
    TRY(const auto count, file.ReadAt(offset, buffer));
    const auto piece = std::span(buffer).first(count);
    digest.Update(piece);
    TRY_OK(take(offset, piece));
    if (count < buffer.size()) return digest.Finish();
    offset += static_cast<std::int64_t>(count);
  }
}

Result<std::string> Digest(StateFile& file) {
  return ReadPieces(file, [](std::int64_t, std::span<const std::byte>) { return Ok(); });
}

Error Changed(const std::string& path) {
  return Error{.code = "E0202",
               .message = fmt::format("{} changed while it was read", path),
               .hint = "write it under another name and rename it when it is whole"};
}

}  // namespace

std::string Blobs::Path(std::string_view digest, std::string_view suffix) const {
  RETRAIN_ALWAYS(digest.size() > 2);
  return fmt::format("{}/{}/{}{}", folder_, digest.substr(0, 2), digest.substr(2), suffix);
}

// The name follows from the bytes: two processes that put the same blob write the same bytes into the same file.
std::string Blobs::Temporary(std::string_view digest) const {
  return fmt::format("{}/{}{}", folder_, digest, kTemporarySuffix);
}

bool Blobs::Has(std::string_view digest, std::string_view suffix) const { return files_.Exists(Path(digest, suffix)); }

// Makes the folder that `path` will stand in. A process that was killed may have left folders whose own names were
// never synced, so the first call syncs them once more.
Status Blobs::MakeRoom(const std::string& path) {
  TRY_OK(files_.MakeFolders(ParentFolder(path)));
  if (folder_synced_) return Ok();
  TRY_OK(files_.SyncFolder(ParentFolder(folder_)));
  TRY_OK(files_.SyncFolder(folder_));
  folder_synced_ = true;
  return Ok();
}

Result<std::string> Blobs::Put(std::string_view bytes, std::string_view suffix) {
  const std::string digest = Sha256Hex(bytes);
  const std::string path = Path(digest, suffix);
  TRY_OK(MakeRoom(path));
  if (!files_.Exists(path)) {
    {
      TRY(auto file, files_.OpenFile(Temporary(digest), StateFs::Open::kCreate));
      TRY_OK(file->WriteAt(0, std::as_bytes(std::span(bytes))));
      TRY_OK(file->Truncate(static_cast<std::int64_t>(bytes.size())));
      TRY_OK(file->Sync());
    }
    const auto renamed = files_.Rename(Temporary(digest), path);
    if (!renamed.ok() && !files_.Exists(path)) return renamed.error();  // unless another process did it
  }
  TRY_OK(files_.SyncFolder(ParentFolder(path)));  // also for a name that a killed process left unsynced
  return digest;
}

Status Blobs::CopyIn(const std::string& from, const std::string& digest, const std::string& to) {
  TRY(auto source, files_.OpenFile(from, StateFs::Open::kRead));
  TRY(auto copy, files_.OpenFile(Temporary(digest), StateFs::Open::kCreate));
  std::int64_t size = 0;
  TRY(const auto copied, ReadPieces(*source, [&](std::int64_t offset, std::span<const std::byte> piece) {
        size += static_cast<std::int64_t>(piece.size());
        return copy->WriteAt(offset, piece);
      }));
  if (copied != digest) return Changed(from);
  TRY_OK(copy->Truncate(size));
  TRY_OK(copy->Sync());
  const auto renamed = files_.Rename(Temporary(digest), to);
  if (!renamed.ok() && !files_.Exists(to)) return renamed.error();
  return Ok();
}

Result<std::string> Blobs::Adopt(const std::string& path, std::string_view suffix) {
  TRY(const auto before, files_.Stat(path));
  TRY(auto source, files_.OpenFile(path, StateFs::Open::kRead));
  TRY(const auto digest, Digest(*source));
  const std::string kept = Path(digest, suffix);
  TRY_OK(MakeRoom(kept));
  if (!files_.Exists(kept)) {
    TRY_OK(source->Sync());  // its owner may not have
    if (!files_.Link(path, kept).ok() && !files_.Exists(kept)) TRY_OK(CopyIn(path, digest, kept));
    TRY(const auto after, files_.Stat(path));
    if (after != before) {
      TRY_OK(files_.Unlink(kept));
      return Changed(path);
    }
  }
  TRY_OK(files_.SyncFolder(ParentFolder(kept)));
  return digest;
}

Result<std::string> Blobs::Read(std::string_view digest, std::string_view suffix) const {
  const std::string path = Path(digest, suffix);
  if (!files_.Exists(path)) {
    return Error{
        .code = "E0505", .message = fmt::format("{} is missing", path), .hint = "restore the file from a backup"};
  }
  TRY(auto bytes, ReadFile(files_, path));
  if (Sha256Hex(bytes) == digest) return bytes;
  return Error{.code = "E0505",
               .message = fmt::format("the bytes of {} ({}) do not match its name", path, bytes.size()),
               .hint = "restore the file from a backup"};
}

Status Blobs::RemoveTemporaries() {
  if (!files_.Exists(folder_)) return Ok();
  TRY(const auto names, files_.List(folder_));
  for (const auto& name : names) {
    if (name.ends_with(kTemporarySuffix)) TRY_OK(files_.Unlink(fmt::format("{}/{}", folder_, name)));
  }
  return Ok();
}

Result<std::string> DigestOfFile(StateFs& files, const std::string& path) {
  TRY(auto file, files.OpenFile(path, StateFs::Open::kRead));
  return Digest(*file);
}

}  // namespace retrain::store
