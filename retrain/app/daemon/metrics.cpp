#include "retrain/app/daemon/metrics.h"

#include <functional>

#include <fmt/format.h>

#include "retrain/app/daemon/daemon.h"

namespace retrain::app {
namespace {

// A label's value: backslash, quote and line feed are escaped.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\' || c == '"') escaped += '\\';
    if (c == '\n') {
      escaped += "\\n";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

double Seconds(Instant at) { return static_cast<double>(at.time_since_epoch().count()) / 1e3; }

class Writer final {
 public:
  void Family(std::string_view name, std::string_view type, std::string_view help) {
    text_ += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
    name_ = name;
  }
  void Value(std::string_view labels, double value, std::string_view suffix = "") {
    text_ += fmt::format("{}{}{}{}{} {}\n", name_, suffix, labels.empty() ? "" : "{", labels, labels.empty() ? "" : "}",
                         value);
  }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
  std::string name_;
};

using Members = std::map<std::string, std::unique_ptr<Member>>;

// One family with a value a pipeline, where `value` has one.
void PerModel(Writer& out, const Members& members, std::string_view name, std::string_view type, std::string_view help,
              const std::function<std::optional<double>(const Member&)>& value) {
  out.Family(name, type, help);
  for (const auto& [model, member] : members) {
    if (const auto number = value(*member)) out.Value(fmt::format("model=\"{}\"", Escaped(model)), *number);
  }
}

void Runs(Writer& out, const Members& members) {
  out.Family("retrain_runs_total", "counter", "Runs that ended, by what asked for them and how they ended.");
  for (const auto& [model, member] : members) {
    for (const auto& [key, count] : member->counts().runs) {
      out.Value(fmt::format("model=\"{}\",strategy=\"{}\",trigger=\"{}\",outcome=\"{}\"", Escaped(model),
                            Escaped(key.strategy), Escaped(key.trigger), Escaped(key.outcome)),
                static_cast<double>(count));
    }
  }
  out.Family("retrain_run_duration_seconds", "summary", "Time from a run's creation to its verdict, all stages.");
  for (const auto& [model, member] : members) {
    double ended = 0;
    for (const auto& [key, count] : member->counts().runs) ended += static_cast<double>(count);
    const std::string label = fmt::format("model=\"{}\"", Escaped(model));
    out.Value(label, member->counts().run_seconds, "_sum");
    out.Value(label, ended, "_count");
  }
}

void Champions(Writer& out, const Members& members, Instant now) {
  out.Family("retrain_champion_info", "gauge", "The version that predicts.");
  for (const auto& [model, member] : members) {
    if (!member->sight() || member->sight()->champion == 0) continue;
    out.Value(fmt::format("model=\"{}\",version=\"{}\"", Escaped(model), member->sight()->champion), 1);
  }
  PerModel(out, members, "retrain_champion_age_seconds", "gauge", "Since the champion was trained.",
           [now](const Member& member) -> std::optional<double> {
             if (!member.sight() || member.sight()->champion == 0) return {};
             return Seconds(now) - Seconds(member.sight()->champion_since);
           });
}

void Drift(Writer& out, const Members& members) {
  out.Family("retrain_drift_score", "gauge", "PSI of a column in the newest window of rows that wait.");
  for (const auto& [model, member] : members) {
    if (!member->sight()) continue;
    for (const auto& [column, psi] : member->sight()->drift)
      out.Value(fmt::format("model=\"{}\",column=\"{}\"", Escaped(model), Escaped(column)), psi);
  }
}

void Jobs(Writer& out, const Members& members) {
  std::map<std::string_view, std::int64_t> jobs = {{"queued", 0}, {"running", 0}};
  for (const auto& [model, member] : members) {
    jobs["queued"] += static_cast<std::int64_t>(member->asked().size());
    jobs["running"] += member->runs() ? 1 : 0;
  }
  out.Family("retrain_queue_jobs", "gauge", "Runs that were asked for and wait, and runs under way.");
  for (const auto& [state, count] : jobs) out.Value(fmt::format("state=\"{}\"", state), static_cast<double>(count));
}

}  // namespace

std::string MetricsText(Daemon& daemon) {
  Writer out;
  const auto& members = daemon.members();
  const auto counts = [](auto field) {
    return [field](const Member& member) { return std::optional(static_cast<double>(member.counts().*field)); };
  };
  out.Family("retrain_build_info", "gauge", "The version of the program.");
  out.Value(fmt::format("version=\"{}\"", RETRAIN_VERSION), 1);
  out.Family("retrain_start_timestamp_seconds", "gauge", "When the daemon began.");
  out.Value("", Seconds(daemon.since()));
  out.Family("retrain_pipelines", "gauge", "Pipelines that the daemon keeps.");
  out.Value("", static_cast<double>(members.size()));
  out.Family("retrain_config_last_reload_successful", "gauge", "0: the configs were read again and had mistakes.");
  out.Value("", daemon.last_reload().error ? 0 : 1);
  out.Family("retrain_watched_folders", "gauge", "Folders that are watched for new files.");
  out.Value("", static_cast<double>(daemon.watch().folders()));
  Runs(out, members);
  Champions(out, members, daemon.clock().Now());
  Drift(out, members);
  Jobs(out, members);
  PerModel(out, members, "retrain_last_success_timestamp_seconds", "gauge", "When a run last ended without an error.",
           [](const Member& member) -> std::optional<double> {
             if (!member.counts().last_success) return {};
             return Seconds(*member.counts().last_success);
           });
  PerModel(out, members, "retrain_looks_total", "counter", "Looks at the data and at the triggers.",
           counts(&MemberCounts::looks));
  PerModel(out, members, "retrain_triggers_fired_total", "counter", "Looks at which a trigger fired.",
           counts(&MemberCounts::fired));
  PerModel(out, members, "retrain_outbox_deliveries", "gauge", "Notifications that are not delivered yet.",
           [](const Member& member) { return std::optional(static_cast<double>(member.undelivered())); });
  PerModel(out, members, "retrain_errors_total", "counter", "Looks and runs that met an error of config, data or disk.",
           counts(&MemberCounts::errors));
  return out.Take();
}

}  // namespace retrain::app
