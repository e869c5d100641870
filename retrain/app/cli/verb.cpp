#include "retrain/app/cli/verb.h"

#include <CLI/CLI.hpp>

namespace retrain::app {
namespace {

void Follow(CLI::Option& option, const OptionRules& rules) {
  if (rules.required) option.required();
  if (rules.shows_default) option.capture_default_str();
  if (rules.positive) option.check(CLI::PositiveNumber);
  if (rules.by_commas) option.delimiter(',')->allow_extra_args(false);
  if (!rules.one_of.empty()) option.check(CLI::IsMember(rules.one_of));
  if (!rules.environment.empty()) option.envname(rules.environment);
}

}  // namespace

Verb Verb::Sub(const std::string& name, const std::string& description) {
  return Verb(*app_->add_subcommand(name, description));
}

Verb& Verb::NeedsSub() {
  app_->require_subcommand(1);
  return *this;
}

Verb& Verb::Hide() {
  app_->group("");
  return *this;
}

Verb& Verb::Option(const std::string& name, std::string& value, const std::string& text, const OptionRules& rules) {
  Follow(*app_->add_option(name, value, text), rules);
  return *this;
}

Verb& Verb::Option(const std::string& name, std::int64_t& value, const std::string& text, const OptionRules& rules) {
  Follow(*app_->add_option(name, value, text), rules);
  return *this;
}

Verb& Verb::Option(const std::string& name, double& value, const std::string& text, const OptionRules& rules) {
  Follow(*app_->add_option(name, value, text), rules);
  return *this;
}

Verb& Verb::Option(const std::string& name, std::vector<std::string>& values, const std::string& text,
                   const OptionRules& rules) {
  Follow(*app_->add_option(name, values, text), rules);
  return *this;
}

Verb& Verb::Flag(const std::string& name, bool& value, const std::string& text) {
  app_->add_flag(name, value, text);
  return *this;
}

Verb& Verb::Does(std::function<void()> work) {
  app_->callback(std::move(work));
  return *this;
}

}  // namespace retrain::app
