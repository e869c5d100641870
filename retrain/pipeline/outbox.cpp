#include "retrain/pipeline/outbox.h"

#include <array>

#include <fmt/format.h>

namespace retrain::pipeline {
namespace {

constexpr std::array<std::string_view, 1> kSteps = {
    R"(create table outbox_events(
         number integer primary key autoincrement,
         id text not null unique,
         type text not null,
         at_ms integer not null,
         subject text not null,
         data text not null,
         routed integer not null default 0);
       create table outbox_deliveries(
         event text not null references outbox_events(id),
         target text not null,
         attempts integer not null,
         due_ms integer not null,
         primary key(event, target)) without rowid;
       create table outbox_stopped(target text primary key, at_ms integer not null) without rowid;)"};

constexpr std::string_view kEventColumns = "e.id, e.type, e.at_ms, e.subject, e.data";

std::int64_t Ms(Instant at) { return at.time_since_epoch().count(); }
Instant AtMs(std::int64_t ms) { return Instant(std::chrono::milliseconds(ms)); }

Result<Event> ReadEvent(const store::Row& row) {
  TRY(auto data, ParseJson(row.Text(4), fmt::format("event {}", row.Text(0))));
  return Event{
      .id = row.Text(0), .type = row.Text(1), .at = AtMs(row.Int(2)), .subject = row.Text(3), .data = std::move(data)};
}

}  // namespace

Result<Outbox> Outbox::Open(store::Database& database) {
  TRY_OK(store::Migrate(database, "outbox", kSteps));
  return Outbox(database);
}

Status Outbox::Add(const Event& event) {
  TRY_OK(database_->Run("insert into outbox_events(id, type, at_ms, subject, data) values(?, ?, ?, ?, ?)",
                        {event.id, event.type, Ms(event.at), event.subject, event.data.Dump()}));
  return Ok();
}

Result<std::vector<Event>> Outbox::Unrouted() const {
  TRY(const auto rows,
      database_->Run(fmt::format("select {} from outbox_events e where routed = 0 order by number", kEventColumns)));
  std::vector<Event> events;
  for (const auto& row : rows) {
    TRY(auto event, ReadEvent(row));
    events.push_back(std::move(event));
  }
  return events;
}

Status Outbox::RouteTo(const Event& event, const std::vector<std::string>& targets, Instant now) {
  TRY(auto transaction, store::Transaction::Begin(*database_));
  for (const auto& target : targets) {
    TRY(const bool stopped, IsStopped(target));
    if (stopped) continue;
    TRY_OK(database_->Run(
        "insert or ignore into outbox_deliveries(event, target, attempts, due_ms) select ?1, ?2, 0, "
        "max(?3, coalesce((select max(due_ms) from outbox_deliveries where target = ?2), 0))",  // not before its elders
        {event.id, target, Ms(now)}));
  }
  TRY_OK(database_->Run("update outbox_events set routed = 1 where id = ?", {event.id}));
  TRY_OK(Forget(event.id));
  return transaction.Commit();
}

// An event that waits for no receiver goes.
Status Outbox::Forget(const std::string& event) {
  TRY_OK(database_->Run(
      "delete from outbox_events where id = ?1 and not exists (select 1 from outbox_deliveries where event = ?1)",
      {event}));
  return Ok();
}

Result<std::vector<std::string>> Outbox::DueTargets(Instant now) const {
  TRY(const auto rows,
      database_->Run("select distinct target from outbox_deliveries where due_ms <= ? order by target", {Ms(now)}));
  std::vector<std::string> targets;
  for (const auto& row : rows) targets.push_back(row.Text(0));
  return targets;
}

Result<std::vector<Delivery>> Outbox::Due(const std::string& target, Instant now, int most) const {
  TRY(const auto rows,
      database_->Run(
          fmt::format("select {}, d.target, d.attempts, d.due_ms from outbox_deliveries d join outbox_events "
                      "e on e.id = d.event where d.target = ? and d.due_ms <= ? order by e.number limit ?",
                      kEventColumns),
          {target, Ms(now), std::int64_t{most}}));
  std::vector<Delivery> due;
  for (const auto& row : rows) {
    TRY(auto event, ReadEvent(row));
    due.push_back({.event = std::move(event),
                   .target = row.Text(5),
                   .attempts = static_cast<int>(row.Int(6)),
                   .due = AtMs(row.Int(7))});
  }
  return due;
}

Result<std::optional<Instant>> Outbox::NextDue(Instant after) const {
  TRY(const auto rows, database_->Run("select min(due_ms) from outbox_deliveries where due_ms > ?", {Ms(after)}));
  if (rows.empty() || rows[0].IsNull(0)) return std::optional<Instant>();
  return std::optional(AtMs(rows[0].Int(0)));
}

Result<std::int64_t> Outbox::Waiting() const {
  TRY(const auto rows, database_->Run("select count(*) from outbox_deliveries"));
  return rows[0].Int(0);
}

Status Outbox::Done(const Delivery& delivery) {
  TRY(auto transaction, store::Transaction::Begin(*database_));
  TRY_OK(database_->Run("delete from outbox_deliveries where event = ? and target = ?",
                        {delivery.event.id, delivery.target}));
  TRY_OK(Forget(delivery.event.id));
  return transaction.Commit();
}

Status Outbox::Retry(const Delivery& delivery, Instant due) {
  TRY(auto transaction, store::Transaction::Begin(*database_));
  TRY_OK(database_->Run("update outbox_deliveries set attempts = attempts + 1 where event = ? and target = ?",
                        {delivery.event.id, delivery.target}));
  TRY_OK(database_->Run("update outbox_deliveries set due_ms = max(due_ms, ?) where target = ?",
                        {Ms(due), delivery.target}));
  return transaction.Commit();
}

Status Outbox::StopTarget(const std::string& target, Instant now) {
  TRY(auto transaction, store::Transaction::Begin(*database_));
  TRY_OK(database_->Run("insert or ignore into outbox_stopped(target, at_ms) values(?, ?)", {target, Ms(now)}));
  TRY_OK(database_->Run("delete from outbox_deliveries where target = ?", {target}));
  TRY_OK(
      database_->Run("delete from outbox_events where routed = 1 and id not in (select event from outbox_deliveries)"));
  return transaction.Commit();
}

Result<bool> Outbox::IsStopped(const std::string& target) const {
  TRY(const auto rows, database_->Run("select 1 from outbox_stopped where target = ?", {target}));
  return !rows.empty();
}

}  // namespace retrain::pipeline
