#include "retrain/pipeline/trigger_table.h"

#include <array>

#include <fmt/format.h>

namespace retrain::pipeline {
namespace {

constexpr std::array<std::string_view, 1> kSteps = {
    R"(create table trigger_states(name text primary key, body text not null);
       create table trigger_looks(
         name text primary key,
         from_ms integer not null,
         until_ms integer not null,
         times integer not null,
         journal_entry integer not null,
         body text not null);
       create table measurements(
         version integer not null,
         what text not null,
         numbers text not null,
         primary key(version, what));)"};

Instant AtMs(std::int64_t ms) { return Instant(std::chrono::milliseconds(ms)); }
std::int64_t Ms(Instant at) { return at.time_since_epoch().count(); }

Json ToJson(const decide::TriggerAnswer& answer) {
  Json json = decide::ToJson(answer.decision);
  json.Set("value", answer.value).Set("threshold", answer.threshold).Set("waits_for", answer.waits_for);
  return json.Set("looks_again_ms", answer.looks_again ? Json(Ms(*answer.looks_again)) : Json());
}

Result<decide::TriggerAnswer> AnswerFromJson(const Json& json) {
  decide::TriggerAnswer answer{.value = json["value"].AsString(),
                               .threshold = json["threshold"].AsString(),
                               .waits_for = json["waits_for"].AsString()};
  TRY(answer.decision, decide::DecisionFromJson(json));
  if (json["looks_again_ms"].is_integer()) answer.looks_again = AtMs(json["looks_again_ms"].AsInt());
  return answer;
}

bool SaysTheSame(const decide::Decision& a, const decide::Decision& b) {
  return a.fired == b.fired && a.action == b.action && a.reason == b.reason;
}

Json LookToJson(const LastLook& look) {
  Json json;
  return json.Set("times", look.times).Set("from", ToText(look.from)).Set("until", ToText(look.until));
}

}  // namespace

Result<TriggerTable> TriggerTable::Open(store::Database& database) {
  TRY_OK(store::Migrate(database, "triggers", kSteps));
  return TriggerTable(database);
}

Result<decide::TriggerStates> TriggerTable::States() const {
  TRY(const auto rows, database_->Run("select body from trigger_states order by name"));
  decide::TriggerStates states;
  for (const auto& row : rows) {
    TRY(const auto json, ParseJson(row.Text(0), "the state of a trigger"));
    TRY(auto state, decide::TriggerStateFromJson(json));
    std::string name = state.name;
    states.emplace(std::move(name), std::move(state));
  }
  return states;
}

Status TriggerTable::SetState(const decide::TriggerState& state) {
  TRY_OK(database_->Run("insert into trigger_states values(?, ?) on conflict(name) do update set body = excluded.body",
                        {state.name, decide::ToJson(state).Dump()}));
  return Ok();
}

Result<std::optional<LastLook>> TriggerTable::Last(std::string_view trigger) const {
  TRY(const auto rows,
      database_->Run("select from_ms, until_ms, times, journal_entry, body from trigger_looks where name = ?",
                     {std::string(trigger)}));
  if (rows.empty()) return std::optional<LastLook>();
  const auto& row = rows[0];
  TRY(const auto json, ParseJson(row.Text(4), fmt::format("the last look at trigger {}", trigger)));
  LastLook look{.from = AtMs(row.Int(0)), .until = AtMs(row.Int(1)), .times = row.Int(2), .journal_entry = row.Int(3)};
  TRY(look.answer, AnswerFromJson(json));
  return std::optional<LastLook>(std::move(look));
}

Status TriggerTable::Record(const decide::TriggersAnswer& answer, Instant now, RunId run, Journal& journal) {
  TRY(const auto before, States());
  for (const auto& [name, state] : answer.states) {
    const auto known = before.find(name);
    if (known == before.end() || known->second != state) TRY_OK(SetState(state));
  }
  for (const auto& trigger : answer.triggers) {
    const auto& decision = trigger.decision;
    TRY(auto last, Last(decision.subject));
    LastLook look{.answer = trigger, .from = now, .until = now};
    if (last && SaysTheSame(last->answer.decision, decision) && !decision.fired) {
      look.from = last->from;
      look.times = last->times + 1;
      look.journal_entry = last->journal_entry;
    } else {
      Json body = ToJson(trigger);
      if (last) body.Set("before", LookToJson(*last));  // how long the answer before this one held
      TRY_OK(journal.Append(now, decision.fired ? run : RunId{}, "check", body));
      TRY(look.journal_entry, journal.Last());
    }
    TRY_OK(database_->Run(
        "insert into trigger_looks values(?, ?, ?, ?, ?, ?) on conflict(name) do update set from_ms = "
        "excluded.from_ms, until_ms = excluded.until_ms, times = excluded.times, journal_entry = "
        "excluded.journal_entry, body = excluded.body",
        {decision.subject, Ms(look.from), Ms(look.until), look.times, look.journal_entry, ToJson(trigger).Dump()}));
  }
  return Ok();
}

Status TriggerTable::RecordByHand(const std::vector<decide::TriggerOptions>& triggers, std::string_view name,
                                  const decide::TriggerSnapshot& seen) {
  TRY(const auto before, States());
  const auto after = decide::FireByHand(triggers, name, seen, before);
  for (const auto& [one, state] : after) {
    const auto known = before.find(one);
    if (known == before.end() || known->second != state) TRY_OK(SetState(state));
  }
  return Ok();
}

Result<std::optional<Json>> TriggerTable::Measurement(VersionId version, std::string_view what) const {
  TRY(const auto rows, database_->Run("select numbers from measurements where version = ? and what = ?",
                                      {version.value, std::string(what)}));
  if (rows.empty()) return std::optional<Json>();
  TRY(auto json, ParseJson(rows[0].Text(0), "a stored measurement"));
  return std::optional<Json>(std::move(json));
}

Status TriggerTable::KeepMeasurement(VersionId version, std::string_view what, const Json& numbers) {
  TRY_OK(database_->Run("delete from measurements where version <> ?", {version.value}));
  TRY_OK(database_->Run("insert or replace into measurements values(?, ?, ?)",
                        {version.value, std::string(what), numbers.Dump()}));
  return Ok();
}

}  // namespace retrain::pipeline
