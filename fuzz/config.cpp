#include <cstddef>
#include <cstdint>
#include <string_view>

#include "retrain/app/config/read_config.h"

// Whatever the bytes, ReadConfig answers with a config or with errors that can be printed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace retrain;
  const auto config = app::ReadConfig({reinterpret_cast<const char*>(bytes), size}, {.file = "retrain.yaml"});
  if (!config.ok()) RETRAIN_ALWAYS(!ToText(config.error()).empty());
  return 0;
}
