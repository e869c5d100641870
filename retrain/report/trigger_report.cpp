#include "retrain/report/trigger_report.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/report/run_report.h"

namespace retrain::report {
namespace {

std::string Minute(Instant at) { return retrain::ToText(at).substr(0, 16).replace(10, 1, " ") + " UTC"; }

std::string Pad(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

// Lines of one width: name, value, threshold, what it does.
std::string Table(const pipeline::TriggerLook& look) {
  std::size_t name = 8;
  std::size_t value = 6;
  std::size_t threshold = 10;
  for (const auto& trigger : look.answer.triggers) {
    name = std::max(name, trigger.decision.subject.size() + 1);
    value = std::max(value, trigger.value.size() + 1);
    threshold = std::max(threshold, trigger.threshold.size() + 1);
  }
  std::string text = fmt::format("{} {} {} {} {}\n", Pad("trigger", name), Pad("value", value),
                                 Pad("threshold", threshold), Pad("now", 17), "because");
  for (const auto& trigger : look.answer.triggers) {
    const auto& decision = trigger.decision;
    text += fmt::format("{} {} {} {} {}\n", Pad(decision.subject, name), Pad(trigger.value, value),
                        Pad(trigger.threshold, threshold), Pad(decision.action, 17), decision.reason);
  }
  return text;
}

std::string Unready(const pipeline::TriggerLook& look) {
  std::string text;
  for (const auto& file : look.unready) text += fmt::format("left for later: {}\n", file);
  return text;
}

Json TriggerJson(const decide::TriggerAnswer& trigger) {
  Json json = decide::ToJson(trigger.decision);
  json.Set("value", trigger.value).Set("threshold", trigger.threshold).Set("waits_for", trigger.waits_for);
  return json.Set("looks_again", trigger.looks_again ? Json(retrain::ToText(*trigger.looks_again)) : Json());
}

Json LastJson(const pipeline::LastLook& last) {
  Json json;
  json.Set("from", retrain::ToText(last.from)).Set("until", retrain::ToText(last.until)).Set("times", last.times);
  json.Set("decision", last.journal_entry).Set("reason", last.answer.decision.reason);
  return json.Set("fired", last.answer.decision.fired).Set("action", last.answer.decision.action);
}

void SetRows(const pipeline::TriggerLook& look, Json& json) {
  json.Set("pending_rows", look.seen.pending.rows).Set("pending_files", look.seen.pending.files);
  json.Set("untried_rows", look.seen.untried.rows);
}

}  // namespace

std::string CheckText(const pipeline::TriggerLook& look) {
  std::string text = look.answer.triggers.empty()
                         ? "the config has no triggers: a run starts when somebody asks for it\n"
                         : Table(look);
  text += Unready(look);
  if (look.answer.run) {
    text += fmt::format("next: retrain run {} --trigger {}\n", look.answer.run->strategy, look.answer.run->trigger);
  } else {
    text += "no run would start now\n";
  }
  return text;
}

Json ToJson(const pipeline::TriggerLook& look) {
  Json json;
  Json list = Json::MakeArray();
  for (const auto& trigger : look.answer.triggers) list.Append(TriggerJson(trigger));
  json.Set("triggers", list);
  SetRows(look, json);
  if (!look.answer.run) return json.Set("run", nullptr);
  Json run;
  run.Set("trigger", look.answer.run->trigger).Set("strategy", look.answer.run->strategy);
  run.Set("replaces", look.answer.run->replaces);
  return json.Set("run", run.Set("reason", look.answer.run->reason));
}

std::string WhyText(const pipeline::TriggerLook& look, const std::vector<std::optional<pipeline::LastLook>>& last) {
  std::string text = fmt::format("every run    {}\n", look.enough_rows.reason);
  if (look.blocked) text += fmt::format("no run can begin:\n{}\n", retrain::ToText(*look.blocked));
  if (!look.answer.triggers.empty()) text += Table(look);
  for (std::size_t i = 0; i < look.answer.triggers.size(); ++i) {
    const auto& trigger = look.answer.triggers[i];
    if (!trigger.waits_for.empty()) {
      text += fmt::format("{} waits for {}", trigger.decision.subject, trigger.waits_for);
      text += trigger.looks_again ? fmt::format("; looks again at {}\n", Minute(*trigger.looks_again)) : "\n";
    }
    if (i < last.size() && last[i]) {
      const auto& look_before = *last[i];
      text += fmt::format("  last recorded {}: {} ({}, decision {})\n", Minute(look_before.until),
                          look_before.answer.decision.action,
                          look_before.times == 1
                              ? std::string("1 look")
                              : fmt::format("{} looks since {}", Grouped(look_before.times), Minute(look_before.from)),
                          look_before.journal_entry);
    }
  }
  return text + Unready(look);
}

Json WhyJson(const pipeline::TriggerLook& look, const std::vector<std::optional<pipeline::LastLook>>& last) {
  Json json;
  Json list = Json::MakeArray();
  for (std::size_t i = 0; i < look.answer.triggers.size(); ++i) {
    Json item = TriggerJson(look.answer.triggers[i]);
    list.Append(item.Set("last", i < last.size() && last[i] ? LastJson(*last[i]) : Json()));
  }
  json.Set("every_run", decide::ToJson(look.enough_rows)).Set("triggers", list);
  json.Set("blocked", look.blocked ? ToJson(*look.blocked) : Json());
  SetRows(look, json);
  return json;
}

std::string ExplainDecision(const pipeline::JournalEntry& entry) {
  const Json& body = entry.body;
  std::string text = fmt::format("decision {} at {}: {}", entry.number, retrain::ToText(entry.at), entry.kind);
  if (body.Has("subject")) text += fmt::format(" {}", body["subject"].AsString());
  text += fmt::format("\n  {}: {}\n", body["action"].AsString(), body["reason"].AsString());
  if (entry.run) text += fmt::format("  run {}: retrain explain {}\n", entry.run.value, entry.run.value);
  if (body.Has("before")) {
    const Json& before = body["before"];
    text += fmt::format("  before it another answer held from {} to {}, in {}\n", before["from"].AsString(),
                        before["until"].AsString(), Counted(before["times"].AsInt(), "look"));
  }
  for (const auto& [name, value] : body["numbers"].members())
    text += fmt::format("  {:<26} {}\n", name, value.is_null() ? "unbounded" : fmt::format("{:g}", value.AsDouble()));
  return text;
}

}  // namespace retrain::report
