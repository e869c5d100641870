#include "retrain/model/artifact.h"

#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "retrain/base/bytes.h"
#include "retrain/base/sha256.h"

namespace retrain::model {
namespace {

constexpr std::string_view kMagic{"RETRAIN\0", 8};
constexpr std::size_t kDigestBytes = 64;  // SHA-256 in hexadecimal
constexpr std::size_t kPrefixBytes = 8 + 4 + 4 + kDigestBytes;

Error Damaged(std::string_view what, std::string detail) {
  return Error{"E0301", fmt::format("{} is damaged: {}", what, detail)};
}

Json Header(const Artifact& artifact) {
  Json sections = Json::MakeArray();
  for (const auto& [name, bytes] : artifact.sections) {
    Json section;
    section.Set("name", name).Set("bytes", static_cast<std::int64_t>(bytes.size())).Set("sha256", Sha256Hex(bytes));
    sections.Append(std::move(section));
  }
  Json header;
  header.Set("family", artifact.family).Set("contract", ToJson(artifact.contract)).Set("info", artifact.info);
  header.Set("sections", std::move(sections));
  return header;
}

// The header's text, once its length and checksum have been found right.
Result<std::string_view> CheckedHeader(std::string_view bytes, std::string_view what) {
  if (bytes.size() < kPrefixBytes || bytes.substr(0, kMagic.size()) != kMagic) {
    return Damaged(what, fmt::format("its {} bytes do not start as an artifact does", bytes.size()));
  }
  ByteReader prefix(bytes.substr(kMagic.size(), 8));
  const auto format = prefix.Number<std::uint32_t>();
  const auto header_bytes = prefix.Number<std::uint32_t>();
  if (format != kArtifactFormat) {
    return Error{"E0302",
                 fmt::format("{} has artifact format {}, this program reads format {}", what, format, kArtifactFormat)};
  }
  if (header_bytes > bytes.size() - kPrefixBytes) {
    return Damaged(what, fmt::format("a header of {} bytes, but the file ends after {}", header_bytes,
                                     bytes.size() - kPrefixBytes));
  }
  const auto header = bytes.substr(kPrefixBytes, header_bytes);
  if (Sha256Hex(header) != bytes.substr(kPrefixBytes - kDigestBytes, kDigestBytes)) {
    return Damaged(what, "the checksum of its header does not match");
  }
  return header;
}

Result<std::map<std::string, std::string>> CheckedSections(const Json& listed, std::string_view rest,
                                                           std::string_view what) {
  std::map<std::string, std::string> sections;
  for (const auto& section : listed.items()) {
    const auto name = section["name"].AsString();
    const auto size = section["bytes"].AsInt(-1);
    if (size < 0 || static_cast<std::uint64_t>(size) > rest.size()) {
      return Damaged(what, fmt::format("section `{}` of {} bytes, but only {} are left", name, size, rest.size()));
    }
    const auto bytes = rest.substr(0, static_cast<std::size_t>(size));
    if (Sha256Hex(bytes) != section["sha256"].AsString()) {
      return Damaged(what, fmt::format("the checksum of section `{}` does not match", name));
    }
    if (!sections.emplace(name, bytes).second) return Damaged(what, fmt::format("section `{}` stands twice", name));
    rest.remove_prefix(bytes.size());
  }
  if (!rest.empty()) return Damaged(what, fmt::format("{} bytes follow the last section", rest.size()));
  return sections;
}

}  // namespace

std::string Encode(const Artifact& artifact) {
  const std::string header = Header(artifact).Dump();
  ByteWriter lengths;
  lengths.Number<std::uint32_t>(kArtifactFormat);
  lengths.Number<std::uint32_t>(static_cast<std::uint32_t>(header.size()));
  std::string bytes = std::string(kMagic) + lengths.Take() + Sha256Hex(header) + header;
  for (const auto& [name, section] : artifact.sections) bytes += section;
  return bytes;
}

Result<Artifact> Decode(std::string_view bytes, std::string_view what) {
  TRY(const auto text, CheckedHeader(bytes, what));
  TRY(const Json header, ParseJson(text, what));
  Artifact artifact;
  artifact.family = header["family"].AsString();
  artifact.info = header["info"];
  TRY(artifact.contract, ContractFromJson(header["contract"]));
  TRY(artifact.sections, CheckedSections(header["sections"], bytes.substr(kPrefixBytes + text.size()), what));
  return artifact;
}

}  // namespace retrain::model
