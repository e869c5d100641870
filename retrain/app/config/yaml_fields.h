#pragma once

#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "retrain/pipeline/fields.h"

namespace retrain::app {

// Reads one mapping of a YAML document into the fields it is shown, and collects what is wrong instead of stopping.
// Private to app/config.
class YamlFields final : public pipeline::Fields {
 public:
  YamlFields(const YAML::Node& node, std::string path, std::string file, std::vector<Error>& errors)
      : node_(node), path_(std::move(path)), file_(std::move(file)), errors_(errors) {}

  void Text(const pipeline::Key& key, std::string& value) override;
  void OptionalText(const pipeline::Key& key, std::optional<std::string>& value) override;
  void Texts(const pipeline::Key& key, std::vector<std::string>& values) override;
  void Integer(const pipeline::Key& key, std::int64_t& value) override;
  void Integers(const pipeline::Key& key, std::vector<int>& values) override;
  void Number(const pipeline::Key& key, double& value) override;
  void OptionalNumber(const pipeline::Key& key, std::optional<double>& value) override;
  void Duration(const pipeline::Key& key, std::chrono::seconds& value) override;
  void Flag(const pipeline::Key& key, bool& value) override;
  void Parsed(const pipeline::Key& key, const std::string& current,
              const std::function<Status(const std::string&)>& read) override;
  void Choice(const pipeline::Key& key, const std::vector<std::string>& names, const std::string& current,
              const Set& set) override;
  void Choices(const pipeline::Key& key, const std::vector<std::string>& names, const std::vector<std::string>& current,
               const std::function<void(const std::vector<std::string>&)>& set) override;
  void Section(const pipeline::Key& key, const Body& body) override;
  void Variants(const pipeline::Key& key, const std::vector<std::string>& types,
                const std::vector<std::string>& current,
                const std::function<void(std::size_t, const std::string&)>& add,
                const std::function<void(std::size_t, const std::string&, pipeline::Fields&)>& body) override;

  void RefuseUnknownKeys();  // call when every field has been shown

 private:
  YAML::Node Find(const pipeline::Key& key);  // undefined when absent or null
  std::string Path(std::string_view name) const;
  void Add(std::string_view code, const YAML::Node& at, const std::string& key, std::string message,
           std::string hint = {});
  void WrongType(const YAML::Node& at, const pipeline::Key& key, std::string_view expected);
  bool CheckRange(const YAML::Node& at, const pipeline::Key& key, double value);
  bool CheckChoice(const YAML::Node& at, const pipeline::Key& key, const std::vector<std::string>& names,
                   const std::string& value);
  std::vector<YAML::Node> Items(const YAML::Node& node);

  YAML::Node node_;
  std::string path_;
  std::string file_;
  std::vector<Error>& errors_;
  std::vector<std::string> known_;
};

}  // namespace retrain::app
