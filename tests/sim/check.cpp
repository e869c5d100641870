#include "check.h"

#include <fmt/format.h>

namespace retrain::sim {
namespace {

Error Wrong(std::string message) { return Error{.code = "E0502", .message = std::move(message)}; }

Status CheckJournal(pipeline::Home& home, const Promise& promised) {
  TRY_OK(home.journal().Verify());
  TRY(const auto entries, home.journal().All());
  if (static_cast<std::int64_t>(entries.size()) < promised.entries) {
    return Wrong(fmt::format("{} journal entries were told, {} are there", promised.entries, entries.size()));
  }
  if (promised.entries > 0 && !promised.hash.empty() && entries[promised.entries - 1].hash != promised.hash) {
    return Wrong(fmt::format("journal entry {} is another than the one that was told", promised.entries));
  }
  return Ok();
}

Status CheckAlias(pipeline::Home& home, const registry::Alias& alias) {
  TRY(const auto moves, home.registry().Moves(alias.name));
  VersionId last{};
  std::int64_t epoch = 0;
  for (const auto& move : moves) {
    if (move.epoch != ++epoch || move.from != last)
      return Wrong(fmt::format("move {} of `{}` does not follow the one before", epoch, alias.name));
    last = move.to;
  }
  if (alias.version != last || alias.epoch != epoch)
    return Wrong(fmt::format("`{}` does not agree with its journal", alias.name));
  return Ok();
}

Status CheckRegistry(pipeline::Home& home, const Promise& promised) {
  TRY(const auto aliases, home.registry().Aliases());
  for (const auto& alias : aliases) TRY_OK(CheckAlias(home, alias));
  TRY(const auto champion, home.registry().Find(registry::kChampion));
  if ((champion ? champion->epoch : 0) < promised.champion_epoch) {
    return Wrong(fmt::format("move {} of the champion was told and is lost", promised.champion_epoch));
  }
  TRY(const auto versions, home.registry().All());
  for (const auto& version : versions) {
    TRY(const auto artifact, home.registry().LoadArtifact(version.id));
    TRY(const auto model, model::LoadModel(artifact));
  }
  return Ok();
}

// A run is promoted exactly when it moved the champion, and its artifact is kept from the moment it is trained.
Status CheckRuns(pipeline::Home& home) {
  TRY(const auto runs, home.runs().All());
  TRY(const auto moves, home.registry().Moves(registry::kChampion));
  for (const auto& run : runs) {
    bool moved = false;
    for (const auto& move : moves) moved |= move.who == fmt::format("run {}", run.id.value) && move.to == run.version;
    if (moved != (run.state == pipeline::State::kPromoted)) {
      return Wrong(
          fmt::format("run {} is {} and has {}moved the champion", run.id.value, Name(run.state), moved ? "" : "not "));
    }
    if (!run.artifact.empty()) TRY_OK(home.artifacts().Read(run.artifact));
  }
  return Ok();
}

Status CheckLedger(pipeline::Home& home, const Promise& promised) {
  TRY(const auto chunks, home.ledger().All());
  if (static_cast<std::int64_t>(chunks.size()) < promised.chunks)
    return Wrong(fmt::format("{} chunks were told, {} are there", promised.chunks, chunks.size()));
  for (const auto& chunk : chunks) TRY_OK(home.data().Read(chunk.digest, chunk.suffix));
  return Ok();
}

Status Check(StateFs& files, const Promise& promised) {
  TRY(const auto home, pipeline::Home::Open(files, "home"));
  TRY_OK(home->database().CheckIntegrity());
  TRY_OK(CheckJournal(*home, promised));
  TRY_OK(CheckRegistry(*home, promised));
  TRY_OK(CheckRuns(*home));
  return CheckLedger(*home, promised);
}

}  // namespace

std::optional<std::string> WhatIsWrong(StateFs& files, const Promise& promised) {
  const auto checked = Check(files, promised);
  if (checked.ok()) return std::nullopt;
  return checked.error().message;
}

}  // namespace retrain::sim
