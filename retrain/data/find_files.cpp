#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/data/files.h"
#include "retrain/data/glob.h"
#include "retrain/data/open_file.h"

namespace retrain::data {
namespace {

std::string WithoutSlash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

bool IsTemporaryName(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kSuffixes = {".tmp",     ".temp",       ".part",
                                                                ".partial", ".crdownload", "~"};
  return name.starts_with('.') || name.starts_with('_') ||
         std::ranges::any_of(kSuffixes, [&](auto suffix) { return name.ends_with(suffix); });
}

Result<std::string> BytesAt(StateFile& file, std::int64_t offset, std::size_t count) {
  std::string bytes(count, '\0');
  TRY(const auto read, file.ReadAt(offset, std::as_writable_bytes(std::span(bytes))));
  bytes.resize(read);
  return bytes;
}

// Why the file is not whole yet; empty: it is, as far as its first and last bytes tell.
Result<std::string> WhyUnready(StateFs& files, const std::string& path) {
  if (IsTemporaryName(BaseName(path))) return std::string("temporary name");
  TRY(auto file, files.OpenFile(path, StateFs::Open::kRead));
  TRY(const auto size, file->Size());
  TRY(const auto head, BytesAt(*file, 0, 8));
  const Format format = FormatOf(path, head);
  if (format == Format::kParquet) {
    TRY(const auto tail, BytesAt(*file, std::max<std::int64_t>(0, size - 4), 4));
    if (size < 12 || tail != "PAR1") return std::string("no Parquet footer yet");
  } else if (format == Format::kArrow && (size == 0 || head.starts_with("ARROW1"))) {
    TRY(const auto tail, BytesAt(*file, std::max<std::int64_t>(0, size - 6), 6));
    if (size < 12 || tail != "ARROW1") return std::string("no Arrow footer yet");
  }
  return std::string();
}

// All files below `folder`, folders with a temporary name left out.
Status Walk(StateFs& files, const std::string& folder, std::vector<std::string>& paths) {
  TRY(const auto names, files.List(folder));
  for (const std::string& name : names) {
    const std::string path = folder == "." ? name : folder == "/" ? "/" + name : folder + "/" + name;
    const auto info = files.Stat(path);
    if (!info.ok()) continue;  // gone since it was listed, or a link to nothing
    if (!info->is_folder) {
      paths.push_back(path);
    } else if (!IsTemporaryName(name)) {
      TRY_OK(Walk(files, path, paths));
    }
  }
  return Ok();
}

Error Missing(StateFs& files, const std::string& path, const std::string& folder) {
  Error error{.code = "E0201", .message = fmt::format("{} does not exist", folder), .where = {.file = path}};
  if (folder != path) error.message += fmt::format(", where {} looks", path);
  const auto siblings = files.List(ParentFolder(folder));
  const auto near = siblings.ok() ? NearName(BaseName(folder), *siblings) : std::string_view();
  if (!near.empty()) {
    const std::string parent = ParentFolder(folder);
    error.hint = fmt::format("did you mean {}?", parent == "." ? std::string(near) : parent + "/" + std::string(near));
  } else if (HasDataSuffix(folder)) {
    error.hint = "put the file there, or correct the path in data_config";
  } else {
    error.hint = fmt::format("mkdir -p {}   and put Parquet, CSV or Arrow files into it", folder);
  }
  return error;
}

}  // namespace

Result<std::vector<FoundFile>> FindFiles(StateFs& files, const std::string& path_or_glob) {
  const std::string path = WithoutSlash(path_or_glob);
  const bool is_glob = IsGlob(path) && !files.Exists(path);
  const std::string folder = is_glob ? GlobFolder(path) : path;
  if (path.empty() || !files.Exists(folder)) return Missing(files, path, folder);
  TRY(const auto info, files.Stat(folder));
  std::vector<std::string> paths;
  if (!info.is_folder) {
    paths.push_back(path);
  } else {
    TRY_OK(Walk(files, folder, paths));
    const auto pattern = path.starts_with("./") ? path.substr(2) : path;
    std::erase_if(paths, [&](const std::string& found) {
      const bool is_data = HasDataSuffix(found) || IsTemporaryName(BaseName(found));
      return !is_data || (is_glob && !GlobMatches(folder.starts_with("./") ? path : pattern, found));
    });
  }
  std::ranges::sort(paths, NaturalLess);
  std::vector<FoundFile> found;
  for (std::string& file : paths) {
    TRY(auto unready, WhyUnready(files, file));
    found.push_back({std::move(file), std::move(unready)});
  }
  return found;
}

}  // namespace retrain::data
