#include "retrain/app/version_json.h"

namespace retrain::app {

std::vector<std::string> AliasesOf(const std::vector<registry::Alias>& aliases, VersionId version) {
  std::vector<std::string> names;
  for (const auto& alias : aliases) {
    if (alias.version == version) names.push_back(alias.name);
  }
  return names;
}

Json VersionJson(const registry::Version& version, const std::vector<registry::Alias>& aliases) {
  Json names = Json::MakeArray();
  for (const auto& name : AliasesOf(aliases, version.id)) names.Append(name);
  Json json;
  json.Set("id", version.id.value)
      .Set("digest", version.digest)
      .Set("parent", version.parent ? Json(version.parent.value) : Json())
      .Set("strategy", version.strategy)
      .Set("run", version.run.value)
      .Set("watermark", version.watermark.value)
      .Set("metrics", version.metrics)
      .Set("profile", version.profile.empty() ? Json() : Json(version.profile))
      .Set("aliases", names)
      .Set("created_at", ToText(version.created_at));
  return json;
}

}  // namespace retrain::app
