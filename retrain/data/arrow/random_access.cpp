#include "retrain/data/arrow/random_access.h"

#include <algorithm>

#include <arrow/buffer.h>

namespace retrain::data {

Result<std::shared_ptr<RandomAccess>> RandomAccess::Open(StateFs& files, const std::string& path) {
  TRY(auto file, files.OpenFile(path, StateFs::Open::kRead));
  TRY(const auto size, file->Size());
  return std::make_shared<RandomAccess>(std::move(file), size);
}

arrow::Status RandomAccess::Close() {
  file_.reset();
  return arrow::Status::OK();
}

arrow::Status RandomAccess::Seek(std::int64_t position) {
  if (position < 0) return arrow::Status::IOError("a seek before the first byte");
  cursor_ = position;
  return arrow::Status::OK();
}

arrow::Result<std::int64_t> RandomAccess::Read(std::int64_t bytes, void* out) {
  ARROW_ASSIGN_OR_RAISE(const auto read, ReadAt(cursor_, bytes, out));
  cursor_ += read;
  return read;
}

arrow::Result<std::shared_ptr<arrow::Buffer>> RandomAccess::Read(std::int64_t bytes) {
  ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(cursor_, bytes));
  cursor_ += buffer->size();
  return buffer;
}

arrow::Result<std::int64_t> RandomAccess::ReadAt(std::int64_t position, std::int64_t bytes, void* out) {
  if (file_ == nullptr) return arrow::Status::IOError("the file is closed");
  if (position < 0 || bytes < 0) return arrow::Status::IOError("a read outside the file");
  auto read = file_->ReadAt(position, std::span(static_cast<std::byte*>(out), static_cast<std::size_t>(bytes)));
  if (!read.ok()) return arrow::Status::IOError(read.error().message);
  return static_cast<std::int64_t>(*read);
}

arrow::Result<std::shared_ptr<arrow::Buffer>> RandomAccess::ReadAt(std::int64_t position, std::int64_t bytes) {
  // A damaged file may ask for any number of bytes: never allocate more than there are.
  const std::int64_t most = std::clamp<std::int64_t>(size_bytes_ - position, 0, std::max<std::int64_t>(bytes, 0));
  ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(most));
  ARROW_ASSIGN_OR_RAISE(const auto read, ReadAt(position, most, buffer->mutable_data()));
  ARROW_RETURN_NOT_OK(buffer->Resize(read));
  return std::shared_ptr<arrow::Buffer>(std::move(buffer));
}

}  // namespace retrain::data
