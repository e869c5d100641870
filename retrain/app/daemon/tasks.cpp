#include "retrain/app/daemon/tasks.h"

#include <algorithm>

namespace retrain::app {
namespace {

enum class Unfinished { kComesFirst, kIsUnderWay };  // what a run without an end is to who looks

Result<Sight> LookWith(Engine& engine, const pipeline::Config& config, Unfinished means) {
  Sight sight;
  sight.data = LookAtFolders(engine.files(), config.data.new_data_path);
  TRY(const auto unfinished, engine.home().runs().Unfinished());
  sight.unfinished = unfinished.has_value();
  TRY(const auto champion, engine.home().registry().Find(registry::kChampion));
  if (champion) {
    TRY(const auto version, engine.home().registry().Get(champion->version));
    sight.champion = version.id.value;
    sight.champion_since = version.created_at;
  }
  if (sight.unfinished && means == Unfinished::kComesFirst) return sight;
  TRY(const auto look, engine.pipeline().Watch(config));
  if (look.blocked) return *look.blocked;
  for (const auto& [trigger, measured] : look.seen.measured) {
    if (measured.windows.empty()) continue;
    for (const auto& [column, psi] : measured.windows.back().effects)
      sight.drift[column] = std::max(sight.drift[column], psi);
  }
  if (look.answer.run) sight.fired = pipeline::RequestOf(look);
  for (const auto& trigger : look.answer.triggers) {
    if (!trigger.looks_again) continue;
    const Instant soonest = look.seen.now + std::chrono::seconds(1);  // a time that is past already: not at once again
    sight.look_at = std::min(sight.look_at, *trigger.looks_again > look.seen.now ? *trigger.looks_again : soonest);
  }
  return sight;
}

}  // namespace

Status Recover(const Place& place) {
  TRY(const auto engine, Engine::Open({.home = place.home}));
  return engine->home().Recover();
}

Result<Sight> Look(const Place& place, const pipeline::Config& config) {
  TRY(const auto engine, Engine::Open({.home = place.home}));
  return LookWith(*engine, config, Unfinished::kComesFirst);
}

Result<Sight> LookBesideRun(const Place& place, const pipeline::Config& config) {
  TRY(const auto engine, Engine::Open({.home = place.home}));
  return LookWith(*engine, config, Unfinished::kIsUnderWay);
}

Result<pipeline::Run> RunAsked(const Place& place, const pipeline::Config& config, const pipeline::Request& request,
                               pipeline::Observer& observer, const std::shared_ptr<const StopSignal>& stop) {
  TRY(const auto engine, Engine::Open({.home = place.home, .program = place.program, .stop = stop}));
  return engine->pipeline().RunToEnd(config, request, observer);
}

Result<std::optional<pipeline::Run>> RunFired(const Place& place, const pipeline::Config& config,
                                              pipeline::Observer& observer,
                                              const std::shared_ptr<const StopSignal>& stop) {
  TRY(const auto engine, Engine::Open({.home = place.home, .program = place.program, .stop = stop}));
  TRY(const auto sight, LookWith(*engine, config, Unfinished::kIsUnderWay));  // it may be what is to be replaced
  if (!sight.fired) return std::optional<pipeline::Run>();
  TRY(auto run, engine->pipeline().RunToEnd(config, *sight.fired, observer));
  return std::optional<pipeline::Run>(std::move(run));
}

Result<Outlook> LookForReceivers(const Place& place, const pipeline::Config& config) {
  TRY(const auto engine, Engine::Open({.home = place.home}));
  return RouteEvents(engine->home(), config, engine->clock().Now());
}

Result<Deliveries> Deliver(const Place& place, const pipeline::Config& config, const std::string& name, Net& net,
                           const std::string& target) {
  TRY(const auto engine, Engine::Open({.home = place.home}));
  const Courier courier{.net = net, .clock = engine->clock(), .environment = RealEnvironment};
  return DeliverTo(engine->home(), config, name, courier, {target});
}

}  // namespace retrain::app
