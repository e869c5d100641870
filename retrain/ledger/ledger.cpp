#include "retrain/ledger/ledger.h"

#include <array>

#include <fmt/format.h>

namespace retrain::ledger {
namespace {

constexpr std::array<std::string_view, 1> kSteps = {
    R"(create table chunks(
         id integer primary key autoincrement,
         digest text not null unique,
         name text not null,
         suffix text not null,
         rows integer not null,
         size_bytes integer not null,
         schema text not null,
         arrived_at_ms integer not null);
       create table sightings(
         path text primary key,
         chunk integer not null references chunks(id),
         size_bytes integer not null,
         changed_at integer not null) without rowid;
       create table uses(
         version integer not null,
         chunk integer not null references chunks(id),
         primary key(version, chunk)) without rowid;)"};

constexpr std::string_view kColumns =
    "select id, digest, name, suffix, rows, size_bytes, schema, arrived_at_ms from chunks";

Result<std::vector<Chunk>> ReadChunks(const std::vector<store::Row>& rows) {
  std::vector<Chunk> chunks;
  for (const auto& row : rows) {
    const std::string what = fmt::format("the schema of chunk {}", row.Int(0));
    TRY(const auto json, ParseJson(row.Text(6), what));
    TRY(auto schema, data::SchemaFromJson(json));
    chunks.push_back({.id = ChunkId{row.Int(0)},
                      .digest = row.Text(1),
                      .name = row.Text(2),
                      .suffix = row.Text(3),
                      .rows = row.Int(4),
                      .size_bytes = row.Int(5),
                      .schema = std::move(schema),
                      .arrived_at = Instant(std::chrono::milliseconds(row.Int(7)))});
  }
  return chunks;
}

}  // namespace

Result<Ledger> Ledger::Open(store::Database& database, store::Blobs& data, StateFs& files) {
  TRY_OK(store::Migrate(database, "ledger", kSteps));
  return Ledger(database, data, files);
}

Result<std::vector<Chunk>> Ledger::All() const { return After(ChunkId{}); }

Result<std::vector<Chunk>> Ledger::After(ChunkId watermark) const {
  TRY(const auto rows, database_->Run(fmt::format("{} where id > ? order by id", kColumns), {watermark.value}));
  return ReadChunks(rows);
}

std::string Ledger::Path(const Chunk& chunk) const { return data_->Path(chunk.digest, chunk.suffix); }

Status Ledger::RecordUse(VersionId version, const std::vector<Chunk>& chunks) {
  TRY(auto transaction, store::Transaction::Join(*database_));
  for (const auto& chunk : chunks) {
    TRY_OK(database_->Run("insert into uses(version, chunk) values(?, ?) on conflict do nothing",
                          {version.value, chunk.id.value}));
  }
  return transaction.Commit();
}

Result<std::vector<ChunkId>> Ledger::UsedBy(VersionId version) const {
  TRY(const auto rows, database_->Run("select chunk from uses where version = ? order by chunk", {version.value}));
  std::vector<ChunkId> chunks;
  for (const auto& row : rows) chunks.push_back(ChunkId{row.Int(0)});
  return chunks;
}

}  // namespace retrain::ledger
