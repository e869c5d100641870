// Text to Json. The parser is nlohmann's, header only: simdjson would be faster, but pyarrow's libraries export one of
// another version, and of two copies in a process the linker's order picks which one a call meets.
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "retrain/base/json.h"

namespace retrain {
namespace {

using Parser = nlohmann::json;

// Builds the value as the parser reads it. The open lists and objects stand in `open_`, the outermost first, each under
// the key that it will have in the one before.
class Builder final : public Parser::json_sax_t {
 public:
  bool null() override { return Add(nullptr); }
  bool boolean(bool value) override { return Add(value); }
  bool number_integer(Parser::number_integer_t value) override { return Add(std::int64_t{value}); }
  bool number_unsigned(Parser::number_unsigned_t value) override {
    const bool fits = value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return fits ? Add(value) : Add(static_cast<double>(value));
  }
  bool number_float(Parser::number_float_t value, const Parser::string_t& /*text*/) override { return Add(value); }
  bool string(Parser::string_t& value) override { return Add(std::move(value)); }
  bool binary(Parser::binary_t& /*value*/) override { return false; }  // no part of JSON text

  bool start_object(std::size_t /*size*/) override { return Open(Json::MakeObject()); }
  bool start_array(std::size_t /*size*/) override { return Open(Json::MakeArray()); }
  bool key(Parser::string_t& name) override {
    open_.back().key = std::move(name);
    return true;
  }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool parse_error(std::size_t at, const std::string& /*token*/, const Parser::exception& /*fault*/) override {
    fault_ = fmt::format("it breaks off or goes wrong at byte {}", at);
    return false;
  }

  const std::string& fault() const { return fault_; }
  Json TakeRoot() { return std::move(root_); }

 private:
  static constexpr std::size_t kMostDeep = 1024;  // so that no text can exhaust the stack of who walks the value

  struct Level {
    Json value;
    std::string key = {};  // of the member that is read now
  };

  bool Open(Json empty) {
    if (open_.size() == kMostDeep) {
      fault_ = fmt::format("it nests deeper than {} levels", kMostDeep);
      return false;
    }
    open_.push_back({.value = std::move(empty)});
    return true;
  }

  bool Close() {
    Json done = std::move(open_.back().value);
    open_.pop_back();
    return Add(std::move(done));
  }

  bool Add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (auto& level = open_.back(); level.value.is_array()) {
      level.value.Append(std::move(value));
    } else {
      level.value.Set(level.key, std::move(value));
    }
    return true;
  }

  Json root_;
  std::vector<Level> open_;
  std::string fault_;
};

}  // namespace

Result<Json> ParseJson(std::string_view text, std::string_view what) {
  Builder builder;
  if (!Parser::sax_parse(text, &builder)) {
    return Error{.code = "E0302", .message = fmt::format("{} is not JSON: {}", what, builder.fault())};
  }
  return builder.TakeRoot();
}

}  // namespace retrain
