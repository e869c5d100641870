// Ledger::Scan: from files in a folder to chunks.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "retrain/data/files.h"
#include "retrain/ledger/ledger.h"

namespace retrain::ledger {
namespace {

// The chunk whose bytes a path held when it was last looked at.
struct Known {
  ChunkId chunk;
  std::string digest;
  std::string name;
  std::string suffix;
  FileInfo info;
};

std::string SuffixOf(const std::string& path) {
  const auto dot = path.find_last_of("./");
  return dot == std::string::npos || path[dot] == '/' ? std::string() : path.substr(dot);
}

// One scan: collects what it meets without writing a row; Commit() then writes all at once.
class Scanner final {
 public:
  Scanner(store::Database& database, store::Blobs& data, StateFs& files, Instant now)
      : database_(database), data_(data), files_(files), now_(now) {}

  // Looks at one file. Errors of the file itself are collected, so that one pass names all of them.
  Status Look(const data::FoundFile& found) {
    if (!looked_at_.insert(found.path).second) return Ok();
    if (!found.unready.empty()) return See(found.path, Sighting::Kind::kUnready, found.unready);
    const auto before = files_.Stat(found.path);
    if (!before.ok()) return See(found.path, Sighting::Kind::kUnready, "it went away");
    TRY(const auto known, FindPath(found.path));
    const auto outcome = known ? Recheck(found.path, *known, *before) : TakeIn(found.path, *before);
    if (outcome.ok()) return Ok();
    const auto after = files_.Stat(found.path);
    if (!after.ok() || *after != *before) return See(found.path, Sighting::Kind::kUnready, "it is still being written");
    if (outcome.error().kind() != ErrorKind::kData) return outcome.error();
    errors_.push_back(outcome.error());
    return Ok();
  }

  Result<std::vector<Sighting>> Commit() {
    if (!errors_.empty()) {
      Error first = errors_.front();
      first.more.assign(errors_.begin() + 1, errors_.end());
      return first;
    }
    if (!arrived_.empty() || !sightings_to_store_.empty()) TRY_OK(Write());
    return std::move(sightings_);
  }

 private:
  Status See(const std::string& path, Sighting::Kind kind, std::string note) {
    sightings_.push_back({.path = path, .kind = kind, .note = std::move(note)});
    return Ok();
  }

  Result<std::optional<Known>> FindPath(const std::string& path) {
    TRY(const auto rows,
        database_.Run("select c.id, c.digest, c.name, c.suffix, s.size_bytes, s.changed_at from sightings s "
                      "join chunks c on c.id = s.chunk where s.path = ?",
                      {path}));
    if (rows.empty()) return std::optional<Known>();
    return std::optional(Known{.chunk = ChunkId{rows[0].Int(0)},
                               .digest = rows[0].Text(1),
                               .name = rows[0].Text(2),
                               .suffix = rows[0].Text(3),
                               .info = {.size_bytes = rows[0].Int(4), .changed_at = rows[0].Int(5)}});
  }

  // A path that was looked at before. Its bytes are read again only when the file system says that it was written to.
  Status Recheck(const std::string& path, const Known& known, const FileInfo& info) {
    if (info != known.info) {
      TRY(const auto digest, store::DigestOfFile(files_, path));
      if (digest != known.digest) {
        TRY(const bool used, IsUsed(known.chunk));
        if (used) return Altered(path, known, digest);
        replaced_.push_back(known);
        return TakeIn(path, info,
                      fmt::format("replaces chunk {}, which no version has learned from", known.chunk.value));
      }
      sightings_to_store_.push_back({path, known.digest, info});
    }
    return See(path, Sighting::Kind::kSeen,
               path == known.name ? fmt::format("taken in before (chunk {})", known.chunk.value)
                                  : fmt::format("same bytes as {} (chunk {})", known.name, known.chunk.value));
  }

  Result<bool> IsUsed(ChunkId chunk) {
    TRY(const auto rows, database_.Run("select 1 from uses where chunk = ? limit 1", {chunk.value}));
    return !rows.empty();
  }

  Error Altered(const std::string& path, const Known& known, const std::string& digest) {
    const auto kept = store::DigestOfFile(files_, KeptPath(known));
    const bool whole = kept.ok() && *kept == known.digest;
    return Error{
        .code = "E0209",
        .message = fmt::format("{} changed after it was taken in as chunk {}: its digest was {:.12}, now it is {:.12}",
                               path, known.chunk.value, known.digest, digest),
        .where = {.file = path},
        .hint = "give changed data a new file name, and put the former bytes back under the old one",
        .kept = whole ? "the former bytes are kept"
                      : "the file was overwritten in place, and its kept bytes with it; nothing was taken in"};
  }

  // New bytes: read their shape, keep them, and hold that nobody wrote to the file meanwhile.
  Status TakeIn(const std::string& path, const FileInfo& before, std::string note = {}) {
    const std::string suffix = SuffixOf(path);
    TRY(const auto source, data::OpenFile(files_, path));
    TRY(const auto rows, data::CountRows(files_, path));
    TRY(const auto digest, data_.Adopt(path, suffix));
    TRY(const auto after, files_.Stat(path));
    if (after != before) return Error{.code = "E0202", .message = fmt::format("{} changed while it was read", path)};
    sightings_to_store_.push_back({path, digest, before});
    TRY(const auto twin, FindTwin(digest));
    if (!twin.empty()) return See(path, Sighting::Kind::kSeen, twin);
    arrived_.emplace(digest, path);
    chunks_.push_back({.digest = digest,
                       .name = path,
                       .suffix = suffix,
                       .rows = rows,
                       .size_bytes = before.size_bytes,
                       .schema = source->schema(),
                       .arrived_at = now_});
    return See(path, Sighting::Kind::kNew, std::move(note));
  }

  // Says where the same bytes stand already; empty: nowhere.
  Result<std::string> FindTwin(const std::string& digest) {
    const auto here = arrived_.find(digest);
    if (here != arrived_.end()) return fmt::format("same bytes as {}", here->second);
    TRY(const auto rows, database_.Run("select name, id from chunks where digest = ?", {digest}));
    return rows.empty() ? std::string() : fmt::format("same bytes as {} (chunk {})", rows[0].Text(0), rows[0].Int(1));
  }

  Status Write() {
    TRY(auto transaction, store::Transaction::Join(database_));
    for (const auto& chunk : chunks_) {
      TRY_OK(database_.Run(
          "insert into chunks(digest, name, suffix, rows, size_bytes, schema, arrived_at_ms) values(?, ?, ?, ?, ?, ?, "
          "?)",
          {chunk.digest, chunk.name, chunk.suffix, chunk.rows, chunk.size_bytes, data::ToJson(chunk.schema).Dump(),
           std::int64_t{chunk.arrived_at.time_since_epoch().count()}}));
    }
    for (const auto& seen : sightings_to_store_) {
      TRY_OK(database_.Run(
          "insert into sightings(path, chunk, size_bytes, changed_at) select ?, id, ?, ? from chunks where digest = ? "
          "on conflict(path) do update set chunk = excluded.chunk, size_bytes = excluded.size_bytes, "
          "changed_at = excluded.changed_at",
          {seen.path, seen.info.size_bytes, seen.info.changed_at, seen.digest}));
    }
    std::vector<Known> forgotten;
    for (const auto& old : replaced_) {
      TRY(const bool done, Forget(old));
      if (done) forgotten.push_back(old);
    }
    TRY_OK(transaction.Commit());
    for (const auto& old : forgotten) TRY_OK(files_.Unlink(KeptPath(old)));
    return Ok();
  }

  // A chunk that was mended before anything learned from it goes, unless the same bytes stand under another name too.
  // Its kept bytes go after the commit that lets go of them. Only those that were overwritten in place go before it:
  // should the power fail between the two, no name may promise bytes that it does not have.
  Result<bool> Forget(const Known& old) {
    TRY(const auto rows, database_.Run("select 1 from sightings where chunk = ? limit 1", {old.chunk.value}));
    if (!rows.empty()) return false;
    const auto kept = store::DigestOfFile(files_, KeptPath(old));
    if (!kept.ok() || *kept != old.digest) TRY_OK(files_.Unlink(KeptPath(old)));
    TRY_OK(database_.Run("delete from chunks where id = ?", {old.chunk.value}));
    return true;
  }

  std::string KeptPath(const Known& chunk) const { return data_.Path(chunk.digest, chunk.suffix); }

  struct PathState {
    std::string path;
    std::string digest;
    FileInfo info;
  };

  store::Database& database_;
  store::Blobs& data_;
  StateFs& files_;
  Instant now_;
  std::set<std::string> looked_at_;
  std::vector<Sighting> sightings_;
  std::vector<PathState> sightings_to_store_;
  std::map<std::string, std::string> arrived_;  // digest -> path, in this scan
  std::vector<Chunk> chunks_;
  std::vector<Known> replaced_;
  std::vector<Error> errors_;
};

}  // namespace

Result<std::vector<Sighting>> Ledger::Scan(const std::vector<std::string>& paths, Instant now) {
  Scanner scanner(*database_, *data_, *files_, now);
  for (const auto& path : paths) {
    TRY(const auto found, data::FindFiles(*files_, path));
    for (const auto& file : found) TRY_OK(scanner.Look(file));
  }
  return scanner.Commit();
}

}  // namespace retrain::ledger
