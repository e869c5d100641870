#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace retrain {

// HMAC-SHA256 (RFC 2104) of `text`: 32 bytes.
std::string HmacSha256(std::string_view key, std::string_view text);

// Base 64 of RFC 4648 with padding, and back; none for what is no base 64.
std::string ToBase64(std::string_view bytes);
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace retrain
