#include <cstddef>
#include <cstdint>
#include <string_view>

#include "retrain/base/json.h"
#include "retrain/base/result.h"

// Whatever the bytes, ParseJson answers with a value or an error; and what it reads, it writes and reads again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace retrain;
  const auto first = ParseJson({reinterpret_cast<const char*>(bytes), size}, "the fuzzer");
  if (!first.ok()) return 0;
  const auto second = ParseJson(first->Dump(), "its own words");
  RETRAIN_ALWAYS(second.ok());
  RETRAIN_ALWAYS(second->Dump() == first->Dump());
  return 0;
}
