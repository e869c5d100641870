#pragma once

#include <string>
#include <vector>

#include "retrain/base/clock.h"
#include "retrain/base/ids.h"
#include "retrain/data/schema.h"
#include "retrain/store/blobs.h"
#include "retrain/store/database.h"

namespace retrain::ledger {

// One file of data that has arrived. Its bytes are kept, so that a full training can read all history.
struct Chunk {
  ChunkId id;          // in the order of arrival
  std::string digest;  // sha256 of its bytes
  std::string name;    // the path it arrived under
  std::string suffix;  // ".parquet": the format
  std::int64_t rows = 0;
  std::int64_t size_bytes = 0;
  data::Schema schema;
  Instant arrived_at{};

  bool operator==(const Chunk&) const = default;
};

// What a scan of the data folder met, a line a file.
struct Sighting {
  enum class Kind { kNew, kSeen, kUnready };  // seen: the same bytes again, skipped; unready: left for later
  std::string path;
  Kind kind = Kind::kNew;
  std::string note;  // "same bytes as feb.parquet (chunk 3)", "no Parquet footer yet"

  bool operator==(const Sighting&) const = default;
};

// The chunks ever seen, in order; which of them a version has learned from. The only writer of its tables. Safe from
// many processes; not from many threads.
class Ledger final {
 public:
  static Result<Ledger> Open(store::Database& database, store::Blobs& data, StateFs& files);

  // Looks at `paths` (folders, files, globs) and takes in each whole file with bytes never seen: kept by link, then
  // committed in one transaction. A file that was mended before any version learned from it replaces its chunk. E0209
  // for one that changed after that (names both digests), E0202 for a whole file that cannot be read. Nothing is taken
  // in when there is an error.
  Result<std::vector<Sighting>> Scan(const std::vector<std::string>& paths, Instant now);

  Result<std::vector<Chunk>> All() const;
  Result<std::vector<Chunk>> After(ChunkId watermark) const;  // pending for a version with that watermark
  std::string Path(const Chunk& chunk) const;                 // of the kept bytes

  // Says that `version` has learned from these chunks (with its own watermark among them).
  Status RecordUse(VersionId version, const std::vector<Chunk>& chunks);
  Result<std::vector<ChunkId>> UsedBy(VersionId version) const;

 private:
  Ledger(store::Database& database, store::Blobs& data, StateFs& files)
      : database_(&database), data_(&data), files_(&files) {}
  store::Database* database_;
  store::Blobs* data_;
  StateFs* files_;
};

}  // namespace retrain::ledger
