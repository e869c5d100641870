#include "retrain/base/duration.h"
#include "retrain/pipeline/fields.h"

// The canonical JSON of a config: every key, in the order of Describe().
namespace retrain::pipeline {
namespace {

Json FromTexts(const std::vector<std::string>& values) {
  Json json = Json::MakeArray();
  for (const auto& value : values) json.Append(value);
  return json;
}

class Writer final : public Fields {
 public:
  explicit Writer(Json& out) : out_(out) {}
  void Text(const Key& key, std::string& value) override { out_.Set(key.name, value); }
  void OptionalText(const Key& key, std::optional<std::string>& value) override {
    if (value) out_.Set(key.name, *value);
  }
  void Texts(const Key& key, std::vector<std::string>& values) override { out_.Set(key.name, FromTexts(values)); }
  void Integer(const Key& key, std::int64_t& value) override { out_.Set(key.name, value); }
  void Integers(const Key& key, std::vector<int>& values) override {
    Json json = Json::MakeArray();
    for (const int value : values) json.Append(value);
    out_.Set(key.name, json);
  }
  void Number(const Key& key, double& value) override { out_.Set(key.name, value); }
  void OptionalNumber(const Key& key, std::optional<double>& value) override {
    if (value) out_.Set(key.name, *value);
  }
  void Duration(const Key& key, std::chrono::seconds& value) override { out_.Set(key.name, DurationKey(value)); }
  void Flag(const Key& key, bool& value) override { out_.Set(key.name, value); }
  void Parsed(const Key& key, const std::string& current, const std::function<Status(const std::string&)>&) override {
    out_.Set(key.name, current);
  }
  void Choice(const Key& key, const std::vector<std::string>&, const std::string& current, const Set&) override {
    if (!current.empty()) out_.Set(key.name, current);
  }
  void Choices(const Key& key, const std::vector<std::string>&, const std::vector<std::string>& current,
               const std::function<void(const std::vector<std::string>&)>&) override {
    out_.Set(key.name, FromTexts(current));
  }
  void Section(const Key& key, const Body& body) override {
    Json section = Json::MakeObject();
    Writer inner(section);
    body(inner);
    out_.Set(key.name, section);
  }
  void Variants(const Key& key, const std::vector<std::string>&, const std::vector<std::string>& current,
                const std::function<void(std::size_t, const std::string&)>&,
                const std::function<void(std::size_t, const std::string&, Fields&)>& body) override {
    Json list = Json::MakeArray();
    for (std::size_t i = 0; i < current.size(); ++i) {
      Json item;
      item.Set("type", current[i]);
      Writer inner(item);
      body(i, current[i], inner);
      list.Append(item);
    }
    out_.Set(key.name, list);
  }

 private:
  Json& out_;
};

class Reader final : public Fields {
 public:
  Reader(const Json& in, bool& damaged) : in_(in), damaged_(damaged) {}
  void Text(const Key& key, std::string& value) override { value = in_[key.name].AsString(value); }
  void OptionalText(const Key& key, std::optional<std::string>& value) override {
    if (in_.Has(key.name)) value = in_[key.name].AsString();
  }
  void Texts(const Key& key, std::vector<std::string>& values) override {
    values.clear();
    for (const auto& item : in_[key.name].items()) values.push_back(item.AsString());
  }
  void Integer(const Key& key, std::int64_t& value) override { value = in_[key.name].AsInt(value); }
  void Integers(const Key& key, std::vector<int>& values) override {
    values.clear();
    for (const auto& item : in_[key.name].items()) values.push_back(static_cast<int>(item.AsInt()));
  }
  void Number(const Key& key, double& value) override {
    if (in_.Has(key.name)) value = in_[key.name].AsDouble(value);
  }
  void OptionalNumber(const Key& key, std::optional<double>& value) override {
    if (in_.Has(key.name)) value = in_[key.name].AsDouble();
  }
  void Duration(const Key& key, std::chrono::seconds& value) override {
    if (const auto read = ParseDuration(in_[key.name].AsString())) value = *read;
  }
  void Flag(const Key& key, bool& value) override { value = in_[key.name].AsBool(value); }
  void Parsed(const Key& key, const std::string&, const std::function<Status(const std::string&)>& read) override {
    if (!in_.Has(key.name)) return;
    if (!read(in_[key.name].AsString()).ok()) damaged_ = true;
  }
  void Choice(const Key& key, const std::vector<std::string>&, const std::string&, const Set& set) override {
    if (in_.Has(key.name)) set(in_[key.name].AsString());
  }
  void Choices(const Key& key, const std::vector<std::string>&, const std::vector<std::string>&,
               const std::function<void(const std::vector<std::string>&)>& set) override {
    std::vector<std::string> values;
    Texts(key, values);
    set(values);
  }
  void Section(const Key& key, const Body& body) override {
    Reader inner(in_[key.name], damaged_);
    body(inner);
  }
  void Variants(const Key& key, const std::vector<std::string>&, const std::vector<std::string>&,
                const std::function<void(std::size_t, const std::string&)>& add,
                const std::function<void(std::size_t, const std::string&, Fields&)>& body) override {
    const auto& list = in_[key.name].items();
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string type = list[i]["type"].AsString();
      add(i, type);
      Reader inner(list[i], damaged_);
      body(i, type, inner);
    }
  }

 private:
  const Json& in_;
  bool& damaged_;  // a text does not say what it must
};

}  // namespace

Json ToJson(const Config& config) {
  Config copy = config;  // a writer changes nothing, but Describe() serves readers too
  Json json = Json::MakeObject();
  Writer writer(json);
  Describe(writer, copy);
  return json;
}

Result<Config> ConfigFromJson(const Json& json) {
  if (!json.is_object()) return Error{.code = "E0502", .message = "a stored config is not a JSON object"};
  Config config;
  bool damaged = false;
  Reader reader(json, damaged);
  Describe(reader, config);
  if (damaged) return Error{.code = "E0502", .message = "a stored config holds a value that no config can have"};
  return config;
}

}  // namespace retrain::pipeline
