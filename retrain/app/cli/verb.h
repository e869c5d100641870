#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace retrain::app {

// What a value on the command line has to be, besides of its variable's type.
struct OptionRules {
  bool required = false;
  bool shows_default = false;  // in --help: what the variable holds when the option is added
  bool positive = false;       // a number above 0
  bool by_commas = false;      // a list in one word: "a,b,c"
  std::vector<std::string> one_of = {};
  std::string environment = {};  // variable that stands in for it

  bool operator==(const OptionRules&) const = default;
};

// One command of the command line: its options, each written to a variable that outlives the parse, and what it does.
// A handle: copies mean the same command. The parser's header, slow to compile, is seen by verb.cpp alone.
class Verb final {
 public:
  explicit Verb(CLI::App& app) : app_(&app) {}

  Verb Sub(const std::string& name, const std::string& description);  // a command below this one
  Verb& NeedsSub();                                                   // does nothing without one of them
  Verb& Hide();                                                       // from --help

  // `name`: "--out", "-q,--quiet", or "file" for an argument by place.
  Verb& Option(const std::string& name, std::string& value, const std::string& text, const OptionRules& rules = {});
  Verb& Option(const std::string& name, std::int64_t& value, const std::string& text, const OptionRules& rules = {});
  Verb& Option(const std::string& name, double& value, const std::string& text, const OptionRules& rules = {});
  Verb& Option(const std::string& name, std::vector<std::string>& values, const std::string& text,
               const OptionRules& rules = {});
  Verb& Flag(const std::string& name, bool& value, const std::string& text);

  Verb& Does(std::function<void()> work);  // called when the command line names this command

 private:
  CLI::App* app_;
};

}  // namespace retrain::app
