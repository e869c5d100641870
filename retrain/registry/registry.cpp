#include "retrain/registry/registry.h"

#include <array>

#include <fmt/format.h>

namespace retrain::registry {
namespace {

// The journal's key makes a gap or a second move of the same epoch impossible, whatever a program does.
constexpr std::array<std::string_view, 2> kSteps = {
    R"(create table versions(
         id integer primary key autoincrement,
         digest text not null,
         parent integer not null,
         strategy text not null,
         watermark integer not null,
         run integer not null,
         metrics text not null,
         created_at_ms integer not null);
       create table aliases(
         name text primary key,
         version integer not null references versions(id),
         epoch integer not null) without rowid;
       create table alias_moves(
         name text not null,
         epoch integer not null,
         from_version integer not null,
         to_version integer not null references versions(id),
         who text not null,
         why text not null,
         evidence text not null,
         at_ms integer not null,
         primary key(name, epoch)) without rowid;
       create trigger versions_stand before update on versions begin select raise(abort, 'a version never changes'); end;
       create trigger versions_stay before delete on versions begin select raise(abort, 'a version never goes'); end;
       create trigger moves_stand before update on alias_moves begin select raise(abort, 'the alias journal only grows'); end;
       create trigger moves_stay before delete on alias_moves begin select raise(abort, 'the alias journal only grows'); end;)",
    R"(create table version_profiles(
         version integer primary key references versions(id),
         profile text not null);
       create trigger profiles_stand before update on version_profiles begin select raise(abort, 'a profile never changes'); end;
       create trigger profiles_stay before delete on version_profiles begin select raise(abort, 'a profile never goes'); end;)"};

constexpr std::string_view kVersionColumns =
    "select id, digest, parent, strategy, watermark, run, metrics, created_at_ms, coalesce(profile, '') "
    "from versions left join version_profiles on version = id";
constexpr std::string_view kMoveColumns =
    "select name, from_version, to_version, epoch, who, why, evidence, at_ms from alias_moves";

std::int64_t Milliseconds(Instant at) { return at.time_since_epoch().count(); }
Instant FromMilliseconds(std::int64_t at_ms) { return Instant(std::chrono::milliseconds(at_ms)); }

Result<Version> ReadVersion(const store::Row& row) {
  TRY(auto metrics, ParseJson(row.Text(6), fmt::format("the metrics of version {}", row.Int(0))));
  return Version{.id = VersionId{row.Int(0)},
                 .digest = row.Text(1),
                 .parent = VersionId{row.Int(2)},
                 .strategy = row.Text(3),
                 .watermark = ChunkId{row.Int(4)},
                 .run = RunId{row.Int(5)},
                 .metrics = std::move(metrics),
                 .profile = row.Text(8),
                 .created_at = FromMilliseconds(row.Int(7))};
}

Result<AliasMove> ReadMove(const store::Row& row) {
  TRY(auto evidence, ParseJson(row.Text(6), fmt::format("the evidence of move {} of `{}`", row.Int(3), row.Text(0))));
  return AliasMove{.name = row.Text(0),
                   .from = VersionId{row.Int(1)},
                   .to = VersionId{row.Int(2)},
                   .epoch = row.Int(3),
                   .who = row.Text(4),
                   .why = row.Text(5),
                   .evidence = std::move(evidence),
                   .at = FromMilliseconds(row.Int(7))};
}

Alias ReadAlias(const store::Row& row) {
  return Alias{.name = row.Text(0), .version = VersionId{row.Int(1)}, .epoch = row.Int(2)};
}

// Writes what has been decided: the alias and its journal entry.
Status Write(store::Database& database, const AliasMove& move) {
  TRY_OK(
      database.Run("insert into alias_moves(name, epoch, from_version, to_version, who, why, evidence, at_ms) "
                   "values(?, ?, ?, ?, ?, ?, ?, ?)",
                   {move.name, move.epoch, move.from.value, move.to.value, move.who, move.why, move.evidence.Dump(),
                    Milliseconds(move.at)}));
  TRY_OK(
      database.Run("insert into aliases(name, version, epoch) values(?, ?, ?) "
                   "on conflict(name) do update set version = excluded.version, epoch = excluded.epoch",
                   {move.name, move.to.value, move.epoch}));
  return Ok();
}

// Tells who was first.
Error Lost(store::Database& database, const std::string& alias, std::int64_t expected_epoch) {
  TRY(const auto rows,
      database.Run(fmt::format("{} where name = ? order by epoch desc limit 1", kMoveColumns), {alias}));
  if (rows.empty()) {
    return Error{
        .code = "E0402", .message = fmt::format("`{}` points at nothing yet", alias), .kept = "nothing was changed"};
  }
  TRY(const auto winner, ReadMove(rows[0]));
  return Error{
      .code = "E0402",
      .message = fmt::format("`{}` was moved to version {} by {} at {} (move {}; move {} was expected to be the last)",
                             alias, winner.to.value, winner.who, ToText(winner.at), winner.epoch, expected_epoch),
      .hint = "look at `retrain models list`, then try again",
      .kept = fmt::format("`{}` stays on version {}", alias, winner.to.value)};
}

}  // namespace

Result<Registry> Registry::Open(store::Database& database, store::Blobs& artifacts) {
  TRY_OK(store::Migrate(database, "registry", kSteps));
  return Registry(database, artifacts);
}

Result<VersionId> Registry::Add(Version version) {
  if (!artifacts_->Has(version.digest)) {
    return Error{.code = "E0505", .message = fmt::format("the artifact {} is not in the store", version.digest)};
  }
  TRY_OK(
      database_->Run("insert into versions(digest, parent, strategy, watermark, run, metrics, created_at_ms) "
                     "values(?, ?, ?, ?, ?, ?, ?)",
                     {version.digest, version.parent.value, version.strategy, version.watermark.value,
                      version.run.value, version.metrics.Dump(), Milliseconds(version.created_at)}));
  const VersionId id{database_->last_insert_id()};
  if (!version.profile.empty()) TRY_OK(KeepProfile(id, version.profile));
  return id;
}

Status Registry::KeepProfile(VersionId id, std::string_view digest) {
  if (!artifacts_->Has(digest))
    return Error{.code = "E0505", .message = fmt::format("the profile {} is not in the store", digest)};
  TRY_OK(database_->Run("insert or ignore into version_profiles values(?, ?)", {id.value, std::string(digest)}));
  return Ok();
}

Result<Version> Registry::Get(VersionId id) const {
  TRY(const auto rows, database_->Run(fmt::format("{} where id = ?", kVersionColumns), {id.value}));
  if (!rows.empty()) return ReadVersion(rows[0]);
  TRY(const auto last, database_->Run("select coalesce(max(id), 0) from versions"));
  return Error{.code = "E0504",
               .message = last[0].Int(0) == 0
                              ? fmt::format("there is no version {}: nothing has been trained yet", id.value)
                              : fmt::format("there is no version {}: the last one is {}", id.value, last[0].Int(0)),
               .hint = "`retrain models list` shows them"};
}

Result<std::vector<Version>> Registry::All() const {
  TRY(const auto rows, database_->Run(fmt::format("{} order by id", kVersionColumns)));
  std::vector<Version> versions;
  for (const auto& row : rows) {
    TRY(auto version, ReadVersion(row));
    versions.push_back(std::move(version));
  }
  return versions;
}

Result<std::optional<Alias>> Registry::Find(std::string_view alias) const {
  TRY(const auto rows, database_->Run("select name, version, epoch from aliases where name = ?", {std::string(alias)}));
  if (rows.empty()) return std::optional<Alias>();
  return std::optional<Alias>(ReadAlias(rows[0]));
}

Result<std::vector<Alias>> Registry::Aliases() const {
  TRY(const auto rows, database_->Run("select name, version, epoch from aliases order by name"));
  std::vector<Alias> aliases;
  for (const auto& row : rows) aliases.push_back(ReadAlias(row));
  return aliases;
}

Result<std::vector<AliasMove>> Registry::Moves(std::string_view alias) const {
  TRY(const auto rows,
      database_->Run(fmt::format("{} where name = ? order by epoch", kMoveColumns), {std::string(alias)}));
  std::vector<AliasMove> moves;
  for (const auto& row : rows) {
    TRY(auto move, ReadMove(row));
    moves.push_back(std::move(move));
  }
  return moves;
}

Result<Alias> Registry::Move(const AliasMove& asked, std::int64_t expected_epoch) {
  TRY(auto transaction, store::Transaction::Join(*database_));
  TRY_OK(Get(asked.to));
  TRY(const auto now, Find(asked.name));
  if ((now ? now->epoch : 0) != expected_epoch) return Lost(*database_, asked.name, expected_epoch);
  AliasMove move = asked;
  move.from = now ? now->version : VersionId{};
  move.epoch = expected_epoch + 1;
  TRY_OK(Write(*database_, move));
  if (move.name == kChampion && move.from) {
    TRY(const auto previous, Find(kPrevious));
    AliasMove second = move;
    second.name = std::string(kPrevious);
    second.from = previous ? previous->version : VersionId{};
    second.to = move.from;
    second.epoch = previous ? previous->epoch + 1 : 1;
    second.evidence = {};
    TRY_OK(Write(*database_, second));
  }
  TRY_OK(transaction.Commit());
  return Alias{.name = move.name, .version = move.to, .epoch = move.epoch};
}

Result<model::Artifact> Registry::LoadArtifact(VersionId id) const {
  TRY(const auto version, Get(id));
  TRY(const auto bytes, artifacts_->Read(version.digest));
  return model::Decode(bytes, fmt::format("version {}", id.value));
}

std::string Registry::ArtifactPath(const Version& version) const { return artifacts_->Path(version.digest); }

}  // namespace retrain::registry
