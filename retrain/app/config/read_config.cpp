#include "retrain/app/config/read_config.h"

#include <algorithm>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "retrain/app/config/yaml_fields.h"
#include "retrain/pipeline/check_config.h"

namespace retrain::app {
namespace {

void Anchor(std::string& path, const std::string& folder) {
  const bool fixed = path.empty() || path.front() == '/' || path.find("://") != std::string::npos;
  if (!fixed && !folder.empty() && folder != ".") path = folder + "/" + path;
}

Result<YAML::Node> Parse(std::string_view text, const std::string& file) {
  try {
    return YAML::Load(std::string(text));
  } catch (const YAML::Exception& fault) {
    return Error{.code = "E0103",
                 .message = fmt::format("{} is not YAML: {}", file.empty() ? "the config" : file, fault.msg),
                 .where = {.file = file, .line = fault.mark.line + 1, .column = fault.mark.column + 1}};
  }
}

Error Together(std::vector<Error> errors) {
  Error first = std::move(errors.front());
  first.more.assign(std::make_move_iterator(errors.begin() + 1), std::make_move_iterator(errors.end()));
  return first;
}

// In the order of the text: keys that are missing stand where their section begins.
void SortByPlace(std::vector<Error>& errors) {
  std::stable_sort(errors.begin(), errors.end(), [](const Error& a, const Error& b) {
    return std::pair(a.where.line, a.where.column) < std::pair(b.where.line, b.where.column);
  });
}

}  // namespace

Result<pipeline::Config> ReadConfig(std::string_view text, const ConfigSource& source) {
  TRY(const YAML::Node root, Parse(text, source.file));
  if (!root.IsMap()) {
    return Error{.code = "E0103",
                 .message = fmt::format("{} holds no keys", source.file.empty() ? "the config" : source.file),
                 .where = {.file = source.file},
                 .hint = "`retrain init` writes a commented example"};
  }
  pipeline::Config config;
  std::vector<Error> errors;
  YamlFields fields(root, "", source.file, errors);
  pipeline::Describe(fields, config);
  fields.RefuseUnknownKeys();
  SortByPlace(errors);
  if (errors.empty()) {
    if (auto status = pipeline::CheckConfig(config); !status.ok()) {
      Error first = std::move(status).error();
      for (auto& next : first.more) next.where.file = source.file;
      first.where.file = source.file;
      return first;
    }
  }
  if (!errors.empty()) return Together(std::move(errors));
  Anchor(config.data.new_data_path, source.folder);
  Anchor(config.data.validation_data, source.folder);
  for (auto& path : config.data.historical_data) Anchor(path, source.folder);
  return config;
}

}  // namespace retrain::app
