#include <cmath>

#include "retrain/app/config/read_config.h"
#include "retrain/base/duration.h"
#include "retrain/pipeline/fields.h"

// The JSON Schema of a config, out of the same description that reads it.
namespace retrain::app {
namespace {

Json EnumOf(const std::vector<std::string>& names) {
  Json list = Json::MakeArray();
  for (const auto& name : names) list.Append(name);
  return list;
}

// A value, or a list of such values.
Json OneOrMany(const Json& item) {
  Json list;
  list.Set("type", "array").Set("items", item);
  Json either;
  either.Set("anyOf", Json::Array{item, list});
  return either;
}

class SchemaFields final : public pipeline::Fields {
 public:
  void Text(const pipeline::Key& key, std::string& value) override {
    Add(key, Typed("string"), value.empty() ? Json() : Json(value));
  }
  void OptionalText(const pipeline::Key& key, std::optional<std::string>&) override { Add(key, Typed("string")); }
  void Texts(const pipeline::Key& key, std::vector<std::string>&) override { Add(key, OneOrMany(Typed("string"))); }
  void Integer(const pipeline::Key& key, std::int64_t& value) override { Add(key, Ranged("integer", key), value); }
  void Integers(const pipeline::Key& key, std::vector<int>& values) override {
    Json standard = Json::MakeArray();
    for (const int value : values) standard.Append(value);
    Add(key, OneOrMany(Ranged("integer", key)), standard);
  }
  void Number(const pipeline::Key& key, double& value) override { Add(key, Ranged("number", key), value); }
  void OptionalNumber(const pipeline::Key& key, std::optional<double>&) override { Add(key, Ranged("number", key)); }
  void Duration(const pipeline::Key& key, std::chrono::seconds& value) override {
    Json text = Typed("string");
    Json seconds = Typed("integer");
    Json either;
    either.Set("anyOf",
               Json::Array{text.Set("pattern", R"(^[0-9]+(\.[0-9]+)? *[wdhms]?$)"), seconds.Set("minimum", 0)});
    Add(key, either, DurationKey(value));
  }
  void Flag(const pipeline::Key& key, bool& value) override { Add(key, Typed("boolean"), value); }
  void Parsed(const pipeline::Key& key, const std::string& current,
              const std::function<Status(const std::string&)>&) override {
    Add(key, Typed("string"), current.empty() ? Json() : Json(current));
  }
  void Choice(const pipeline::Key& key, const std::vector<std::string>& names, const std::string& current,
              const Set&) override {
    Json schema;
    Add(key, schema.Set("enum", EnumOf(names)), current.empty() ? Json() : Json(current));
  }
  void Choices(const pipeline::Key& key, const std::vector<std::string>& names, const std::vector<std::string>&,
               const std::function<void(const std::vector<std::string>&)>&) override {
    Json item;
    Add(key, OneOrMany(item.Set("enum", EnumOf(names))));
  }
  void Section(const pipeline::Key& key, const Body& body) override {
    SchemaFields inner;
    body(inner);
    Add(key, inner.Finish());
  }
  void Variants(const pipeline::Key& key, const std::vector<std::string>& types, const std::vector<std::string>&,
                const std::function<void(std::size_t, const std::string&)>&,
                const std::function<void(std::size_t, const std::string&, pipeline::Fields&)>& body) override {
    Json kinds = Json::MakeArray();
    for (const auto& type : types) {
      SchemaFields inner;
      Json constant;
      inner.Add({.name = "type", .doc = "", .required = true}, constant.Set("const", type));
      body(std::size_t(-1), type, inner);
      kinds.Append(inner.Finish());
    }
    Json items;
    Json list;
    Add(key, list.Set("type", "array").Set("items", items.Set("oneOf", kinds)));
  }

  Json Finish() const {
    Json schema;
    schema.Set("type", "object").Set("properties", properties_);
    if (!required_.items().empty()) schema.Set("required", required_);
    return schema.Set("additionalProperties", false);
  }

 private:
  static Json Typed(std::string_view type) {
    Json schema;
    return schema.Set("type", type);
  }

  static Json Ranged(std::string_view type, const pipeline::Key& key) {
    Json schema = Typed(type);
    if (std::isfinite(key.least)) schema.Set("minimum", key.least);
    if (std::isfinite(key.most)) schema.Set("maximum", key.most);
    return schema;
  }

  void Add(const pipeline::Key& key, Json schema, const Json& standard = {}) {
    if (!key.doc.empty()) schema.Set("description", key.doc);
    if (!standard.is_null() && !key.required) schema.Set("default", standard);
    if (key.required) required_.Append(key.name);
    properties_.Set(key.name, std::move(schema));
  }

  Json properties_ = Json::MakeObject();
  Json required_ = Json::MakeArray();
};

}  // namespace

Json ConfigSchema() {
  SchemaFields fields;
  pipeline::Config standard;
  pipeline::Describe(fields, standard);
  Json schema;
  schema.Set("$schema", "https://json-schema.org/draft/2020-12/schema").Set("title", "retrain.yaml");
  const Json body = fields.Finish();
  for (const auto& [name, value] : body.members()) schema.Set(name, value);
  return schema;
}

}  // namespace retrain::app
