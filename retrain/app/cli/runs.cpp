#include "retrain/app/cli/command.h"
#include "retrain/base/error_codes.h"
#include "retrain/base/text.h"
#include "retrain/report/run_report.h"
#include "retrain/report/trigger_report.h"

#include <fmt/format.h>

// `retrain runs` and `retrain explain`: what happened.
namespace retrain::app {
namespace {

Result<Command::Answer> ListRuns(const Command& command, std::int64_t id) {
  TRY(auto engine, command.OpenOld());
  if (id != 0) {
    TRY(const auto run, engine->home().runs().Get(RunId{id}));
    return Command::Answer{.text = report::RunLineHeader() + "\n" + report::RunLine(run), .json = report::ToJson(run)};
  }
  TRY(const auto runs, engine->home().runs().All());
  Command::Answer answer{.text = runs.empty() ? "nothing has run yet; begin with `retrain run`"
                                              : report::RunLineHeader() + "\n"};
  Json list = Json::MakeArray();
  for (const auto& run : runs) {
    answer.text += report::RunLine(run) + "\n";
    list.Append(report::ToJson(run));
  }
  answer.json.Set("runs", list);
  return answer;
}

Result<Command::Answer> ExplainCode(const std::string& code) {
  const auto* row = FindErrorCode(code);
  if (row == nullptr) {
    return Error{.code = "E0107",
                 .message = fmt::format("there is no error `{}`", code),
                 .hint = "codes go from E0101 to E0506"};
  }
  Json json;
  json.Set("code", row->code).Set("kind", Name(row->kind)).Set("title", row->title).Set("cure", row->cure);
  return Command::Answer{.text = fmt::format("{}: {}\n  cure: {}", row->code, row->title, row->cure), .json = json};
}

Json ToJson(const pipeline::JournalEntry& entry) {
  Json item;
  item.Set("number", entry.number).Set("at", retrain::ToText(entry.at)).Set("kind", entry.kind);
  return item.Set("run", entry.run ? Json(entry.run.value) : Json()).Set("body", entry.body);
}

Result<Command::Answer> ExplainDecision(const Command& command, std::int64_t number) {
  TRY(auto engine, command.OpenOld());
  if (number == 0) {
    TRY(number, engine->home().journal().Last());
  }
  TRY(const auto entry, engine->home().journal().Get(number));
  return Command::Answer{.text = report::ExplainDecision(entry), .json = ToJson(entry)};
}

Result<Command::Answer> ExplainRun(const Command& command, const std::string& what) {
  if (what.starts_with("E")) return ExplainCode(what);
  TRY(auto engine, command.OpenOld());
  RunId id{std::strtoll(what.c_str(), nullptr, 10)};
  if (what == "last") {
    TRY(const auto runs, engine->home().runs().All());
    if (!runs.empty()) id = runs.back().id;
  }
  TRY(const auto run, engine->home().runs().Get(id));
  TRY(const auto journal, engine->home().journal().Of(id));
  Json entries = Json::MakeArray();
  for (const auto& entry : journal) {
    entries.Append(ToJson(entry));
  }
  return Command::Answer{.text = report::Explain(run, journal), .json = report::ToJson(run).Set("journal", entries)};
}

}  // namespace

void AddRuns(Verb& program, Command& command) {
  auto id = std::make_shared<std::int64_t>(0);
  auto verb =
      AddVerb(program, command, "runs", "list all runs, or one", [&command, id] { return ListRuns(command, *id); });
  verb.Option("id", *id, "of one run", {.positive = true});
}

void AddExplain(Verb& program, Command& command) {
  auto what = std::make_shared<std::string>("last");
  auto number = std::make_shared<std::int64_t>(0);
  auto verb = AddVerb(program, command, "explain",
                      "why a run ended as it did, a decision of the journal, an error code", [&command, what, number] {
                        return *what == "decision" ? ExplainDecision(command, *number) : ExplainRun(command, *what);
                      });
  verb.Option("run", *what, "a run's id, `last`, a code such as E0203, or `decision`", {.shows_default = true});
  verb.Option("number", *number, "of the decision in the journal; left out: the newest", {.positive = true});
}

}  // namespace retrain::app
