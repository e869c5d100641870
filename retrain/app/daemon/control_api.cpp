#include "retrain/app/daemon/control_api.h"

#include <unistd.h>

#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include "retrain/app/daemon/changes.h"
#include "retrain/app/daemon/daemon.h"
#include "retrain/app/daemon/metrics.h"
#include "retrain/app/daemon/run_events.h"
#include "retrain/pipeline/fields.h"
#include "retrain/report/run_report.h"
#include "retrain/report/trigger_report.h"

namespace retrain::app {
namespace {

constexpr std::string_view kApi = "/api/v1/";

int StatusOf(const Error& error) {
  if (error.code == "E0504" || error.code == "E0106") return 404;
  switch (error.kind()) {
    case ErrorKind::kConfig: return 400;
    case ErrorKind::kData:
    case ErrorKind::kModel: return 422;
    case ErrorKind::kBusy: return 409;
    case ErrorKind::kStore: return 500;
  }
  return 500;
}

HttpReply JsonReply(const Json& json, int status = 200) { return {.status = status, .body = json.Dump() + "\n"}; }

// `row` is what the command line and Python read back; the rest is for people and scripts.
HttpReply ErrorReply(const Error& error) {
  Json json;
  json.Set("error", report::ToJson(error)).Set("row", pipeline::StoredError(error));
  return JsonReply(json, StatusOf(error));
}

// The value of `name` in a query, percent-decoded; empty: it is not there.
std::string Parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (!pair.starts_with(name) || pair.substr(name.size(), 1) != "=") continue;
    std::string value;
    for (std::size_t i = name.size() + 1; i < pair.size(); ++i) {
      int code = 0;
      const char* digits = pair.data() + i + 1;
      const bool escape =
          pair[i] == '%' && i + 2 < pair.size() && std::from_chars(digits, digits + 2, code, 16).ptr == digits + 2;
      value += escape ? static_cast<char>(code) : pair[i] == '+' ? ' ' : pair[i];
      i += escape ? 2 : 0;
    }
    return value;
  }
  return {};
}

Json ToJson(const Member& member) {
  Json json;
  const auto& sight = member.sight();
  const bool has_champion = sight && sight->champion != 0;
  json.Set("name", member.entry().name)
      .Set("home", member.entry().home)
      .Set("config", member.entry().config_file.empty() ? Json() : Json(member.entry().config_file))
      .Set("state", member.StateName())
      .Set("run", member.run_under_way() != 0 ? Json(member.run_under_way()) : Json())
      .Set("asked", static_cast<std::int64_t>(member.asked().size()))
      .Set("champion", has_champion ? Json(sight->champion) : Json())
      .Set("looks_again", sight && sight->look_at != kNoInstant ? Json(retrain::ToText(sight->look_at)) : Json())
      .Set("looks", member.counts().looks)
      .Set("error", member.error() ? report::ToJson(*member.error()) : Json());
  return json;
}

Json StatusJson(Daemon& daemon) {
  Json pipelines = Json::MakeArray();
  for (const auto& [name, member] : daemon.members()) pipelines.Append(ToJson(*member));
  const auto& reload = daemon.last_reload();
  Json json;
  json.Set("version", RETRAIN_VERSION)
      .Set("process", std::int64_t{getpid()})
      .Set("since", retrain::ToText(daemon.since()))
      .Set("home", daemon.options().home)
      .Set("port", daemon.port() == 0 ? Json() : Json(daemon.port()))
      .Set("stops", daemon.stops())
      .Set("reload_error", reload.error ? report::ToJson(*reload.error) : Json())
      .Set("pipelines", pipelines);
  return json;
}

class Routes final {
 public:
  explicit Routes(Daemon& daemon) : daemon_(daemon) {}

  void Serve(const HttpCall& call, const HttpAnswer& answer) const {
    if (!call.path.starts_with(kApi)) return ServeOpen(call, answer);
    const std::string_view what = call.path.substr(kApi.size());
    const bool posts = call.method == "POST";
    if (!posts && call.method != "GET") return answer.Send(FaultReply(405));
    if (what == "status") return posts ? answer.Send(FaultReply(405)) : answer.Send(JsonReply(StatusJson(daemon_)));
    if (what == "stop" || what == "reload" || what == "check") {
      if (!posts) return answer.Send(FaultReply(405));
      return what == "stop" ? Stop(answer) : what == "reload" ? Reload(daemon_, answer) : Check(call, answer);
    }
    if (what == "promote" || what == "rollback" || what == "setup") {
      if (!posts) return answer.Send(FaultReply(405));
      return what == "setup" ? SetUp(call, answer) : Move(call, answer, what == "rollback");
    }
    if (what == "runs") return posts ? Ask(call, answer) : List(call, answer);
    if (what.starts_with("runs/") && !posts) return One(call, what.substr(5), answer);
    answer.Send(FaultReply(what.starts_with("runs/") ? 405 : 404));
  }

  void ServeOpen(const HttpCall& call, const HttpAnswer& answer) const {
    const bool is_known = call.path == "/healthz" || call.path == "/metrics";
    if (!is_known) return answer.Send(FaultReply(404));
    if (call.method != "GET" && call.method != "HEAD") return answer.Send(FaultReply(405));
    if (call.path == "/metrics") {
      return answer.Send({.type = "text/plain; version=0.0.4; charset=utf-8", .body = MetricsText(daemon_)});
    }
    Json json;
    json.Set("status", daemon_.stops() ? "stops" : "ok")
        .Set("pipelines", static_cast<std::int64_t>(daemon_.members().size()));
    answer.Send(JsonReply(json, daemon_.stops() ? 503 : 200));
  }

 private:
  // The pipeline that ?pipeline= names; null and answered: there is none.
  Member* Chosen(const HttpCall& call, const HttpAnswer& answer) const {
    const std::string name = Parameter(call.query, "pipeline");
    auto* member = daemon_.Find(name);
    if (member != nullptr) return member;
    const std::string message =
        name.empty() ? "there are several pipelines" : fmt::format("there is no pipeline `{}`", name);
    answer.Send(ErrorReply({.code = "E0106",
                            .message = message,
                            .hint = "`GET /api/v1/status` lists them; choose one with ?pipeline=NAME"}));
    return nullptr;
  }

  void Stop(const HttpAnswer& answer) const {
    Json json;
    answer.Send(JsonReply(json.Set("stops", true), 202));
    daemon_.Stop("asked over the control API");
  }

  static void Reload(Daemon& daemon, const HttpAnswer& answer) {
    const auto& reload = daemon.Read();
    if (reload.error) return answer.Send(ErrorReply(*reload.error));
    Json json;
    answer.Send(JsonReply(json.Set("pipelines", reload.pipelines)));
  }

  // Runs `work` on the opened home in another thread and sends what it gives.
  template <class Work>
  void InHome(const Member& member, const HttpAnswer& answer, Work work) const {
    daemon_.InThread([answer, work, home = member.entry().home] {
      const auto engine = Engine::Open({.home = home});
      const Result<Json> json = engine.ok() ? work(**engine) : Result<Json>(engine.error());
      answer.Send(json.ok() ? JsonReply(*json) : ErrorReply(json.error()));
    });
  }

  void List(const HttpCall& call, const HttpAnswer& answer) const {
    const auto* member = Chosen(call, answer);
    if (member == nullptr) return;
    InHome(*member, answer, [](Engine& engine) -> Result<Json> {
      TRY(const auto runs, engine.home().runs().All());
      Json list = Json::MakeArray();
      for (const auto& run : runs) list.Append(report::ToJson(run));
      Json json;
      return json.Set("runs", list);
    });
  }

  // runs/3, and runs/3/events
  void One(const HttpCall& call, std::string_view rest, const HttpAnswer& answer) const {
    auto* member = Chosen(call, answer);
    if (member == nullptr) return;
    const bool follows = rest.ends_with("/events");
    if (follows) rest.remove_suffix(7);
    std::int64_t id = 0;
    const auto [end, fault] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
    if (fault != std::errc() || end != rest.data() + rest.size()) return answer.Send(FaultReply(404));
    if (follows && member->run_under_way() == id) return member->Follow(answer);
    if (follows) {
      daemon_.InThread([answer, id, home = member->entry().home] {
        const auto engine = Engine::Open({.home = home});
        const auto run = engine.ok() ? (*engine)->home().runs().Get(RunId{id}) : Result<pipeline::Run>(engine.error());
        answer.Send(run.ok() ? HttpReply{.type = kEventLines, .body = EndEvent(*run) + "\n"} : ErrorReply(run.error()));
      });
      return;
    }
    InHome(*member, answer, [id](Engine& engine) -> Result<Json> {
      TRY(const auto run, engine.home().runs().Get(RunId{id}));
      return report::ToJson(run);
    });
  }

  void Check(const HttpCall& call, const HttpAnswer& answer) const {
    const auto* member = Chosen(call, answer);
    if (member == nullptr) return;
    InHome(*member, answer, [config = member->config()](Engine& engine) -> Result<Json> {
      TRY(const auto look, pipeline::LookAtTriggers(engine.home(), *config, engine.clock().Now()));
      if (look.blocked) return *look.blocked;
      return report::ToJson(look);
    });
  }

  // A body that is an object, or none; empty and answered: it is neither.
  static std::optional<Json> Body(const HttpCall& call, const HttpAnswer& answer) {
    auto body = ParseJson(call.body.empty() ? "{}" : call.body, "the body of the request");
    if (body.ok() && body->is_object()) return *std::move(body);
    answer.Send(FaultReply(400));
    return {};
  }

  // A run under way goes on: it ends as superseded when it would have promoted over the champion that was moved.
  void Move(const HttpCall& call, const HttpAnswer& answer, bool back) const {
    const auto* member = Chosen(call, answer);
    const auto body = member == nullptr ? std::nullopt : Body(call, answer);
    if (!body) return;
    const auto move = HandMoveFromJson(*body, back);
    if (!move.ok()) return answer.Send(ErrorReply(move.error()));
    InHome(*member, answer,
           [&daemon = daemon_, number = member->number(), move = *move](Engine& engine) -> Result<Json> {
             TRY(const auto moved, MoveByHand(engine, move));
             daemon.InLoop([&daemon, number] { daemon.OnChampionMoved(number); });
             return app::ToJson(moved);
           });
  }

  // Answered when the new config is in force; it is not while the pipeline's config is a file.
  void SetUp(const HttpCall& call, const HttpAnswer& answer) const {
    const auto* member = Chosen(call, answer);
    const auto body = member == nullptr ? std::nullopt : Body(call, answer);
    if (!body) return;
    daemon_.InThread([&daemon = daemon_, answer, body = *body, home = member->entry().home] {
      const auto engine = Engine::Open({.home = home});
      const Status stored = engine.ok()
                                ? (*engine)->StoreConfig(body["config"].Dump(), body["who"].AsString("control API"))
                                : Status(engine.error());
      if (!stored.ok()) return answer.Send(ErrorReply(stored.error()));
      daemon.InLoop([&daemon, answer] { Reload(daemon, answer); });
    });
  }

  void Ask(const HttpCall& call, const HttpAnswer& answer) const {
    auto* member = Chosen(call, answer);
    const auto body = member == nullptr ? std::nullopt : Body(call, answer);
    if (!body) return;
    auto asked = ReadRequest(*body, *member);
    if (!asked.ok()) return answer.Send(ErrorReply(asked.error()));
    const bool follows = Parameter(call.query, "follow") == "true";
    const auto position = static_cast<std::int64_t>(member->asked().size());
    if (const auto status = daemon_.Ask(*member, {*asked, follows ? std::optional(answer) : std::nullopt});
        !status.ok())
      return answer.Send(ErrorReply(status.error()));
    if (follows) return;
    Json json;
    answer.Send(JsonReply(json.Set("asked", true).Set("before_it", position + (member->works() ? 1 : 0)), 202));
  }

  static Result<pipeline::Request> ReadRequest(const Json& body, const Member& member) {
    pipeline::Request request{.trigger = body["trigger"].AsString("manual"),
                              .reason = body["reason"].AsString("manual")};
    if (body.Has("strategy") && !body["strategy"].is_null()) {
      TRY(request.strategy, train::StrategyFromName(body["strategy"].AsString()));
    }
    if (body.Has("config") && !body["config"].is_null() && body["config"] != ComparableConfig(*member.config())) {
      const auto& file = member.entry().config_file;
      return Error{.code = "E0105",
                   .message = fmt::format("{} says something else than what the daemon (process {}) has read",
                                          file.empty() ? "the config given" : file, getpid()),
                   .hint = fmt::format("have it read again: `kill -HUP {}`", getpid()),
                   .kept = "nothing was changed"};
    }
    return request;
  }

  Daemon& daemon_;
};

// A name that only this machine gives to itself.
bool IsLoopbackName(std::string_view host) {
  for (const std::string_view name : {"localhost", "127.0.0.1", "[::1]"}) {
    if (host == name || (host.starts_with(name) && host.substr(name.size()).starts_with(':'))) return true;
  }
  return false;
}

}  // namespace

Json ComparableConfig(pipeline::Config config) {
  const auto fix = [](std::string& path) {
    const bool is_url = path.find("://") != std::string::npos;
    if (!path.empty() && !is_url) path = std::filesystem::absolute(path).lexically_normal().string();
  };
  fix(config.data.new_data_path);
  fix(config.data.validation_data);
  for (auto& path : config.data.historical_data) fix(path);
  return pipeline::ToJson(config);
}

HttpHandler ControlRoutes(Daemon& daemon) {
  return [routes = Routes(daemon)](const HttpCall& call, const HttpAnswer& answer) { routes.Serve(call, answer); };
}

HttpHandler OpenRoutes(Daemon& daemon, bool loopback_only) {
  return [routes = Routes(daemon), loopback_only](const HttpCall& call, const HttpAnswer& answer) {
    if (loopback_only && !IsLoopbackName(call.Header("Host"))) return answer.Send(FaultReply(421));
    routes.ServeOpen(call, answer);
  };
}

}  // namespace retrain::app
