#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace retrain {

// Numbers and strings as bytes of our formats: little-endian, a string or array after its u64 length.
static_assert(std::endian::native == std::endian::little, "a big-endian machine needs a swap here");

class ByteWriter final {
 public:
  template <class T>
  void Number(T value) {
    static_assert(std::is_arithmetic_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  template <class T>
  void Array(const std::vector<T>& values) {
    static_assert(std::is_arithmetic_v<T>);
    Number<std::uint64_t>(values.size());
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  void Text(std::string_view text) {
    Number<std::uint64_t>(text.size());
    bytes_.append(text);
  }
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what ByteWriter wrote. Never beyond the bytes: after the first value that is not wholly there ok() is false and
// every further one is zero or empty. So a parser reads all its fields and asks once.
class ByteReader final {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  T Number() {
    T value{};
    if (Has(sizeof value)) std::memcpy(&value, Take(sizeof value).data(), sizeof value);
    return value;
  }
  template <class T>
  std::vector<T> Array() {
    const auto count = Number<std::uint64_t>();
    if (count > rest_.size() / sizeof(T)) ok_ = false;
    if (!ok_) return {};
    std::vector<T> values(count);
    if (count > 0) std::memcpy(values.data(), Take(count * sizeof(T)).data(), count * sizeof(T));
    return values;
  }
  std::string_view Text() {
    const auto size = Number<std::uint64_t>();
    return Has(size) ? Take(size) : std::string_view{};
  }

  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && rest_.empty(); }  // all was there and nothing is left over

 private:
  bool Has(std::uint64_t size) { return ok_ = ok_ && size <= rest_.size(); }
  std::string_view Take(std::uint64_t size) {
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace retrain
