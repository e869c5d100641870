#pragma once

#include <optional>
#include <string>
#include <vector>

#include "retrain/base/clock.h"
#include "retrain/base/ids.h"
#include "retrain/model/artifact.h"
#include "retrain/store/blobs.h"
#include "retrain/store/database.h"

namespace retrain::registry {

// A trained model, immutable once added; only a profile can still be kept with one that came without.
struct Version {
  VersionId id;
  std::string digest;    // sha256 of the artifact's bytes
  VersionId parent;      // it went on from this one; 0: from scratch
  std::string strategy;  // "full", "incremental", "transfer"
  ChunkId watermark;     // the last chunk it has learned from
  RunId run;             // that made it
  Json metrics;          // on the validation rows of its run
  std::string profile;   // sha256 of what later rows are held against; empty: not made yet
  Instant created_at{};

  bool operator==(const Version&) const = default;
};

// What an alias points at. `epoch` counts its moves and is what a compare-and-swap compares.
struct Alias {
  std::string name;  // "champion", "challenger", "previous", or the user's own
  VersionId version;
  std::int64_t epoch = 0;

  bool operator==(const Alias&) const = default;
};

// One entry of the alias journal.
struct AliasMove {
  std::string name;
  VersionId from;  // 0: it pointed at nothing
  VersionId to;
  std::int64_t epoch = 0;  // after the move
  std::string who;         // "run 7", "rollback by hand"
  std::string why;
  Json evidence;
  Instant at{};

  bool operator==(const AliasMove&) const = default;
};

// A durable, append-only history of versions, and the aliases that point into it. The only writer of its tables.
// Safe from many processes; not from many threads. Add and Move take part in the caller's transaction, so that a
// run's verdict and its effect commit together.
class Registry final {
 public:
  static Result<Registry> Open(store::Database& database, store::Blobs& artifacts);

  Result<VersionId> Add(Version version);  // id is ignored; the artifact and the profile must be in the blobs
  Status KeepProfile(VersionId id, std::string_view digest);  // the first one stays; E0505
  Result<Version> Get(VersionId id) const;                    // E0504
  Result<std::vector<Version>> All() const;                   // oldest first
  Result<std::optional<Alias>> Find(std::string_view alias) const;
  Result<std::vector<Alias>> Aliases() const;
  Result<std::vector<AliasMove>> Moves(std::string_view alias) const;  // oldest first

  // Points `move.name` at `move.to` if its epoch is still `expected_epoch` (0: it points at nothing yet). Otherwise
  // E0402 that tells who moved it, when and where to. `from` and `epoch` are ignored. Moving `champion` moves
  // `previous` to where it pointed.
  Result<Alias> Move(const AliasMove& move, std::int64_t expected_epoch);

  Result<model::Artifact> LoadArtifact(VersionId id) const;  // E0505, E0301
  std::string ArtifactPath(const Version& version) const;

 private:
  Registry(store::Database& database, store::Blobs& artifacts) : database_(&database), artifacts_(&artifacts) {}
  store::Database* database_;
  store::Blobs* artifacts_;
};

inline constexpr std::string_view kChampion = "champion";
inline constexpr std::string_view kPrevious = "previous";

}  // namespace retrain::registry
