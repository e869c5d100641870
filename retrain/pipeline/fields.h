#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "retrain/pipeline/config.h"

namespace retrain::pipeline {

// What is said of a key once and used three times: to read it with exact errors, to write it, to describe it in the
// JSON Schema.
struct Key {
  std::string_view name;
  std::string_view doc;
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  bool required = false;
};

// Visits the keys of a config in their order. A reader fills what it is given, a writer reads it, the schema ignores
// the values. A key that is absent leaves the value as it is.
class Fields {
 public:
  using Body = std::function<void(Fields&)>;
  using Set = std::function<void(const std::string&)>;

  virtual ~Fields() = default;
  virtual void Text(const Key& key, std::string& value) = 0;
  virtual void OptionalText(const Key& key, std::optional<std::string>& value) = 0;
  virtual void Texts(const Key& key, std::vector<std::string>& values) = 0;  // a single text counts as a list of one
  virtual void Integer(const Key& key, std::int64_t& value) = 0;
  virtual void Integers(const Key& key, std::vector<int>& values) = 0;  // a single integer counts as a list of one
  virtual void Number(const Key& key, double& value) = 0;
  virtual void OptionalNumber(const Key& key, std::optional<double>& value) = 0;
  virtual void Duration(const Key& key, std::chrono::seconds& value) = 0;  // "6h"; a bare number counts seconds
  virtual void Flag(const Key& key, bool& value) = 0;
  // A text with rules of its own: `read` takes it, or says what is wrong with it.
  virtual void Parsed(const Key& key, const std::string& current,
                      const std::function<Status(const std::string&)>& read) = 0;
  // One of `names`; `current` is empty when nothing is chosen.
  virtual void Choice(const Key& key, const std::vector<std::string>& names, const std::string& current,
                      const Set& set) = 0;
  virtual void Choices(const Key& key, const std::vector<std::string>& names, const std::vector<std::string>& current,
                       const std::function<void(const std::vector<std::string>&)>& set) = 0;
  virtual void Section(const Key& key, const Body& body) = 0;
  // A list of sections, each told apart by its key `type`; `current` has those of the items there are. A reader grows
  // the list by calling `add` for each item.
  virtual void Variants(const Key& key, const std::vector<std::string>& types, const std::vector<std::string>& current,
                        const std::function<void(std::size_t index, const std::string& type)>& add,
                        const std::function<void(std::size_t index, const std::string& type, Fields&)>& body) = 0;
};

// The keys of a config: the one list there is.
void Describe(Fields& fields, Config& config);

// The canonical JSON of a config, and back. It reads only what it wrote.
Json ToJson(const Config& config);
Result<Config> ConfigFromJson(const Json& json);

}  // namespace retrain::pipeline
