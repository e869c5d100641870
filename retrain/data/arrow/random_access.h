#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "retrain/base/state_fs.h"

namespace retrain::data {

// A file of the port, as Arrow's readers want it: positional reads besides a cursor. Safe from many threads as far as
// the port is; the cursor is not.
class RandomAccess final : public arrow::io::RandomAccessFile {
 public:
  static Result<std::shared_ptr<RandomAccess>> Open(StateFs& files, const std::string& path);

  RandomAccess(std::unique_ptr<StateFile> file, std::int64_t size_bytes)
      : file_(std::move(file)), size_bytes_(size_bytes) {}

  arrow::Status Close() override;
  bool closed() const override { return file_ == nullptr; }
  arrow::Result<std::int64_t> Tell() const override { return cursor_; }
  arrow::Status Seek(std::int64_t position) override;
  arrow::Result<std::int64_t> GetSize() override { return size_bytes_; }

  arrow::Result<std::int64_t> Read(std::int64_t bytes, void* out) override;
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t bytes) override;
  arrow::Result<std::int64_t> ReadAt(std::int64_t position, std::int64_t bytes, void* out) override;
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(std::int64_t position, std::int64_t bytes) override;

 private:
  std::unique_ptr<StateFile> file_;
  std::int64_t size_bytes_;
  std::int64_t cursor_ = 0;
};

}  // namespace retrain::data
