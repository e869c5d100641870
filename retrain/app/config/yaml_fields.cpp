#include "retrain/app/config/yaml_fields.h"

#include <cmath>

#include <fmt/format.h>

#include "retrain/base/duration.h"
#include "retrain/base/text.h"

namespace retrain::app {
namespace {

bool IsQuoted(const YAML::Node& node) { return node.Tag() == "!"; }

// What the user wrote, short enough for a message.
std::string Shown(const YAML::Node& node) {
  if (node.IsMap()) return "a mapping";
  if (node.IsSequence()) return "a list";
  const std::string text = node.Scalar().size() > 40 ? node.Scalar().substr(0, 40) + "…" : node.Scalar();
  return IsQuoted(node) ? fmt::format("the text \"{}\"", text) : fmt::format("`{}`", text);
}

std::string RangeText(const pipeline::Key& key) {
  if (std::isinf(key.most)) return fmt::format("at least {}", key.least);
  if (std::isinf(key.least)) return fmt::format("at most {}", key.most);
  return fmt::format("from {} to {}", key.least, key.most);
}

template <class T>
bool Convert(const YAML::Node& node, T& value) {
  return node.IsScalar() && !IsQuoted(node) && YAML::convert<T>::decode(node, value);
}

}  // namespace

void YamlFields::Text(const pipeline::Key& key, std::string& value) {
  const auto node = Find(key);
  if (!node) return;
  if (!node.IsScalar()) return WrongType(node, key, "a text");
  value = node.Scalar();
}

void YamlFields::OptionalText(const pipeline::Key& key, std::optional<std::string>& value) {
  std::string text;
  const std::size_t before = errors_.size();
  if (!Find(key)) return;
  Text(key, text);
  if (errors_.size() == before) value = text;
}

void YamlFields::Texts(const pipeline::Key& key, std::vector<std::string>& values) {
  const auto node = Find(key);
  if (!node) return;
  values.clear();
  for (const auto& item : Items(node)) {
    if (!item.IsScalar()) return WrongType(item, key, "a list of texts");
    values.push_back(item.Scalar());
  }
}

void YamlFields::Integer(const pipeline::Key& key, std::int64_t& value) {
  const auto node = Find(key);
  if (!node) return;
  std::int64_t read = 0;
  if (!Convert(node, read)) return WrongType(node, key, "a whole number");
  if (CheckRange(node, key, static_cast<double>(read))) value = read;
}

void YamlFields::Integers(const pipeline::Key& key, std::vector<int>& values) {
  const auto node = Find(key);
  if (!node) return;
  std::vector<int> read;
  for (const auto& item : Items(node)) {
    int number = 0;
    if (!Convert(item, number)) return WrongType(item, key, "a list of whole numbers");
    if (!CheckRange(item, key, number)) return;
    read.push_back(number);
  }
  if (read.empty()) return WrongType(node, key, "a list of at least one whole number");
  values = read;
}

void YamlFields::Number(const pipeline::Key& key, double& value) {
  const auto node = Find(key);
  if (!node) return;
  double read = 0;
  if (!Convert(node, read) || std::isnan(read)) return WrongType(node, key, "a number");
  if (CheckRange(node, key, read)) value = read;
}

void YamlFields::OptionalNumber(const pipeline::Key& key, std::optional<double>& value) {
  double number = 0;
  const std::size_t before = errors_.size();
  if (!Find(key)) return;
  Number(key, number);
  if (errors_.size() == before) value = number;
}

void YamlFields::Duration(const pipeline::Key& key, std::chrono::seconds& value) {
  const auto node = Find(key);
  if (!node) return;
  const auto read = node.IsScalar() ? ParseDuration(node.Scalar()) : std::nullopt;
  if (!read) return WrongType(node, key, "a time such as 90s, 15m, 6h, 7d or 2w");
  value = *read;
}

void YamlFields::Parsed(const pipeline::Key& key, const std::string& /*current*/,
                        const std::function<Status(const std::string&)>& read) {
  const auto node = Find(key);
  if (!node) return;
  if (!node.IsScalar()) return WrongType(node, key, "a text");
  if (auto status = read(node.Scalar()); !status.ok()) {
    Error error = std::move(status).error();
    Add(error.code, node, Path(key.name), std::move(error.message), std::move(error.hint));
  }
}

void YamlFields::Flag(const pipeline::Key& key, bool& value) {
  const auto node = Find(key);
  if (!node) return;
  bool read = false;
  if (!Convert(node, read)) return WrongType(node, key, "true or false");
  value = read;
}

void YamlFields::Choice(const pipeline::Key& key, const std::vector<std::string>& names, const std::string& /*current*/,
                        const Set& set) {
  const auto node = Find(key);
  if (!node) return;
  if (!node.IsScalar()) return WrongType(node, key, "one of " + ListNames(names));
  if (CheckChoice(node, key, names, node.Scalar())) set(node.Scalar());
}

void YamlFields::Choices(const pipeline::Key& key, const std::vector<std::string>& names,
                         const std::vector<std::string>& /*current*/,
                         const std::function<void(const std::vector<std::string>&)>& set) {
  const auto node = Find(key);
  if (!node) return;
  std::vector<std::string> values;
  bool good = true;
  for (const auto& item : Items(node)) {
    if (!item.IsScalar()) return WrongType(item, key, "a list of texts");
    good &= CheckChoice(item, key, names, item.Scalar());
    values.push_back(item.Scalar());
  }
  if (good) set(values);
}

void YamlFields::Section(const pipeline::Key& key, const Body& body) {
  const auto node = Find(key);
  if (!node) return;
  if (!node.IsMap()) return WrongType(node, key, "a mapping");
  YamlFields inner(node, Path(key.name), file_, errors_);
  body(inner);
  inner.RefuseUnknownKeys();
}

void YamlFields::Variants(const pipeline::Key& key, const std::vector<std::string>& types,
                          const std::vector<std::string>& /*current*/,
                          const std::function<void(std::size_t, const std::string&)>& add,
                          const std::function<void(std::size_t, const std::string&, pipeline::Fields&)>& body) {
  const auto node = Find(key);
  if (!node) return;
  if (!node.IsSequence()) return WrongType(node, key, "a list");
  std::size_t index = 0;
  std::size_t read = 0;
  for (const auto& item : node) {
    const std::string path = fmt::format("{}[{}]", Path(key.name), index++);
    if (!item.IsMap()) {
      Add("E0102", item, path, fmt::format("{} is {}, it must be a mapping with a `type`", path, Shown(item)));
      continue;
    }
    YamlFields inner(item, path, file_, errors_);
    std::string type;
    inner.Choice({.name = "type", .doc = "", .required = true}, types, "",
                 [&](const std::string& name) { type = name; });
    if (type.empty()) continue;
    add(read, type);
    body(read++, type, inner);
    inner.RefuseUnknownKeys();
  }
}

void YamlFields::RefuseUnknownKeys() {
  for (const auto& item : node_) {
    const std::string name = item.first.IsScalar() ? item.first.Scalar() : "?";
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const auto near = NearName(name, known_);
    Add("E0101", item.first, Path(name),
        fmt::format("there is no key `{}`{}", name, path_.empty() ? "" : " in " + path_),
        near.empty() ? "the keys here are " + ListNames(known_, 20) : fmt::format("did you mean `{}`?", near));
  }
}

YAML::Node YamlFields::Find(const pipeline::Key& key) {
  const std::string name(key.name);
  if (std::find(known_.begin(), known_.end(), name) == known_.end()) known_.push_back(name);
  const YAML::Node node =
      node_.IsMap() ? const_cast<const YAML::Node&>(node_)[name] : YAML::Node(YAML::NodeType::Undefined);
  const bool absent = !node.IsDefined() || node.IsNull();
  if (absent && key.required) {
    Add("E0104", node_, Path(name), fmt::format("`{}` is missing", Path(name)), std::string(key.doc));
  }
  return absent ? YAML::Node(YAML::NodeType::Undefined) : node;
}

std::string YamlFields::Path(std::string_view name) const {
  return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

void YamlFields::Add(std::string_view code, const YAML::Node& at, const std::string& key, std::string message,
                     std::string hint) {
  Place where{.file = file_, .key = key};
  if (!file_.empty() && at.IsDefined() && !at.Mark().is_null()) {
    where.line = at.Mark().line + 1;
    where.column = at.Mark().column + 1;
  }
  errors_.push_back({.code = code, .message = std::move(message), .where = std::move(where), .hint = std::move(hint)});
}

void YamlFields::WrongType(const YAML::Node& at, const pipeline::Key& key, std::string_view expected) {
  Add("E0102", at, Path(key.name), fmt::format("`{}` is {}, it must be {}", key.name, Shown(at), expected),
      std::string(key.doc));
}

bool YamlFields::CheckRange(const YAML::Node& at, const pipeline::Key& key, double value) {
  if (value >= key.least && value <= key.most) return true;
  Add("E0102", at, Path(key.name), fmt::format("`{}` is {}, it must be {}", key.name, value, RangeText(key)),
      std::string(key.doc));
  return false;
}

bool YamlFields::CheckChoice(const YAML::Node& at, const pipeline::Key& key, const std::vector<std::string>& names,
                             const std::string& value) {
  if (std::find(names.begin(), names.end(), value) != names.end()) return true;
  const auto near = NearName(value, names);
  Add("E0102", at, Path(key.name), fmt::format("`{}` is no {}", value, Path(key.name)),
      near.empty() ? "it is one of " + ListNames(names, 20) : fmt::format("did you mean `{}`?", near));
  return false;
}

std::vector<YAML::Node> YamlFields::Items(const YAML::Node& node) {
  if (!node.IsSequence()) return {node};
  return {node.begin(), node.end()};
}

}  // namespace retrain::app
