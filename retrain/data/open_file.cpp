#include "retrain/data/open_file.h"

#include <algorithm>
#include <array>

#include "retrain/data/arrow/formats.h"
#include "retrain/data/csv/source.h"

namespace retrain::data {
namespace {

constexpr std::array<std::pair<std::string_view, Format>, 5> kSuffixes = {{{".parquet", Format::kParquet},
                                                                           {".csv", Format::kCsv},
                                                                           {".arrow", Format::kArrow},
                                                                           {".feather", Format::kArrow},
                                                                           {".ipc", Format::kArrow}}};

}  // namespace

Format FormatOf(std::string_view path, std::string_view first_bytes) {
  if (first_bytes.starts_with("PAR1")) return Format::kParquet;
  if (first_bytes.starts_with("ARROW1") || first_bytes.starts_with("\xFF\xFF\xFF\xFF")) return Format::kArrow;
  for (const auto& [suffix, format] : kSuffixes) {
    if (path.ends_with(suffix)) return format;
  }
  return Format::kCsv;
}

Result<Format> FormatOf(StateFs& files, const std::string& path) {
  TRY(auto file, files.OpenFile(path, StateFs::Open::kRead));
  std::array<char, 8> head{};
  TRY(const auto read, file->ReadAt(0, std::as_writable_bytes(std::span(head))));
  return FormatOf(path, std::string_view(head.data(), read));
}

bool HasDataSuffix(std::string_view path) {
  return std::ranges::any_of(kSuffixes, [&](const auto& known) { return path.ends_with(known.first); });
}

Result<std::unique_ptr<TableSource>> OpenFileAt(StateFs& files, const std::string& path, const ReadOptions& options,
                                                std::int64_t begin) {
  TRY(const Format format, FormatOf(files, path));
  switch (format) {
    case Format::kParquet: return OpenParquet(files, path, options, begin);
    case Format::kArrow: return OpenIpc(files, path, options, begin);
    case Format::kCsv: break;
  }
  return OpenCsv(files, path, options, begin);
}

Result<std::unique_ptr<TableSource>> OpenFile(StateFs& files, const std::string& path, const ReadOptions& options) {
  return OpenFileAt(files, path, options, 0);
}

Result<Schema> PeekSchema(StateFs& files, const std::string& path, const Schema& expected) {
  TRY(const Format format, FormatOf(files, path));
  if (format != Format::kCsv) {
    TRY(const auto source, OpenFile(files, path, {.expected = &expected}));
    return source->schema();
  }
  TRY(const auto names, CsvNames(files, path));
  Schema schema;
  for (const auto& name : names) {
    const Field* known = expected.Find(name);
    schema.fields.push_back(known == nullptr ? Field{name, ColumnType::kText} : *known);
  }
  return schema;
}

Result<std::int64_t> CountRows(StateFs& files, const std::string& path) {
  TRY(const Format format, FormatOf(files, path));
  switch (format) {
    case Format::kParquet: return CountParquetRows(files, path);
    case Format::kArrow: return CountIpcRows(files, path);
    case Format::kCsv: break;
  }
  return CountCsvRows(files, path);
}

}  // namespace retrain::data
