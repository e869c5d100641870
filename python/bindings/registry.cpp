#include "bindings.h"

#include "retrain/app/daemon/changes.h"
#include "retrain/app/version_json.h"
#include "retrain/report/value_html.h"

// Versions, aliases, and moves of the champion by hand.
namespace retrain::python {
namespace {

std::string Versions(const std::string& home) {
  const nb::gil_scoped_release release;
  const auto engine = OpenOld(home);
  const auto aliases = Need(engine->home().registry().Aliases());
  Json list = Json::MakeArray();
  for (const auto& version : Need(engine->home().registry().All())) list.Append(app::VersionJson(version, aliases));
  return list.Dump();
}

std::string Aliases(const std::string& home) {
  const nb::gil_scoped_release release;
  Json json = Json::MakeObject();
  for (const auto& alias : Need(OpenOld(home)->home().registry().Aliases())) json.Set(alias.name, alias.version.value);
  return json.Dump();
}

void Promote(const std::string& home, std::int64_t version, const std::string& reason) {
  const nb::gil_scoped_release release;
  const app::HandMove move{.to = VersionId{version}, .who = "python", .why = reason};
  Need(app::MoveHereOrInDaemon(*OpenOld(home), move, "promote()"));
}

void Rollback(const std::string& home, std::optional<std::int64_t> version, const std::string& reason) {
  const nb::gil_scoped_release release;
  app::HandMove move{.back = true, .who = "python", .why = reason};
  if (version) move.to = VersionId{*version};
  Need(app::MoveHereOrInDaemon(*OpenOld(home), move, "rollback()"));
}

std::string VersionHtml(const std::string& version) {
  return report::VersionHtml(Need(ParseJson(version, "a version")));
}

}  // namespace

void BindRegistry(nb::module_& module) {
  module.def("versions", &Versions, nb::arg("home"));
  module.def("aliases", &Aliases, nb::arg("home"));
  module.def("version_html", &VersionHtml, nb::arg("version"));
  module.def("promote", &Promote, nb::arg("home"), nb::arg("version"), nb::arg("reason"));
  module.def("rollback", &Rollback, nb::arg("home"), nb::arg("version").none(), nb::arg("reason"));
}

}  // namespace retrain::python
