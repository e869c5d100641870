#include <cstddef>
#include <cstdint>
#include <string_view>

#include "retrain/model/artifact.h"

// Whatever the bytes, Decode and LoadModel answer with a model or an error; and what Decode reads, Encode writes back
// to the same value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace retrain;
  const auto artifact = model::Decode({reinterpret_cast<const char*>(bytes), size}, "the fuzzer");
  if (!artifact.ok()) return 0;
  RETRAIN_ALWAYS(*model::Decode(model::Encode(*artifact), "again") == *artifact);
  (void)model::LoadModel(*artifact);
  return 0;
}
