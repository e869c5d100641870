#include "retrain/testing/disk_image.h"

#include <algorithm>

#include "retrain/base/state_fs.h"

namespace retrain::testing {
namespace {

constexpr std::size_t kSectorBytes = 512;

// Calls take(begin, count) for the part of [offset, offset + size) in each sector.
template <class Take>
void ForEachSector(std::size_t offset, std::size_t size, const Take& take) {
  for (std::size_t begin = 0; begin < size;) {
    const std::size_t count = std::min(size - begin, kSectorBytes - (offset + begin) % kSectorBytes);
    take(begin, count);
    begin += count;
  }
}

}  // namespace

void SimInode::Apply(const Pending& change, std::string& to) {
  const auto offset = static_cast<std::size_t>(change.offset);
  if (change.truncates) return to.resize(offset);
  if (to.size() < offset + change.bytes.size()) to.resize(offset + change.bytes.size());
  to.replace(offset, change.bytes.size(), change.bytes);
}

void SimInode::Write(std::int64_t offset, std::string_view bytes, std::int64_t tick) {
  pending_.push_back({.offset = offset, .bytes = std::string(bytes)});
  Apply(pending_.back(), bytes_);
  changed_at_ = tick;
}

void SimInode::Truncate(std::int64_t size, std::int64_t tick) {
  pending_.push_back({.offset = size, .truncates = true});
  Apply(pending_.back(), bytes_);
  changed_at_ = tick;
}

void SimInode::Sync() {
  for (const auto& change : pending_) Apply(change, durable_);
  pending_.clear();
}

void SimInode::LoseUnsynced() { pending_.clear(); }

void SimInode::PowerLoss(Rng& rng, double keep, double garble) {
  for (auto& change : pending_) {
    if (change.truncates) {
      if (rng.Uniform() < keep) Apply(change, durable_);
      continue;
    }
    const auto offset = static_cast<std::size_t>(change.offset);
    ForEachSector(offset, change.bytes.size(), [&](std::size_t begin, std::size_t count) {
      Pending piece{.offset = static_cast<std::int64_t>(offset + begin), .bytes = change.bytes.substr(begin, count)};
      if (rng.Uniform() < garble) {
        for (auto& byte : piece.bytes) byte = static_cast<char>(rng.Next());
      } else if (rng.Uniform() >= keep) {
        return;
      }
      Apply(piece, durable_);
    });
  }
  pending_.clear();
  bytes_ = durable_;
}

DiskImage::DiskImage() {
  for (const char* root : {"/", "."}) {
    inodes_.emplace(++last_id_, SimInode(true));
    names_[root] = durable_names_[root] = last_id_;
  }
}

int DiskImage::Find(const std::string& path) const {
  const auto found = names_.find(path);
  return found == names_.end() ? 0 : found->second;
}

void DiskImage::Apply(const NameChange& change, std::map<std::string, int>& names) {
  for (const auto& [path, id] : change.sets) {
    if (id == 0) {
      names.erase(path);
    } else {
      names[path] = id;
    }
  }
}

int DiskImage::Create(const std::string& path, bool is_folder) {
  inodes_.emplace(++last_id_, SimInode(is_folder));
  SetName(path, last_id_);
  return last_id_;
}

void DiskImage::SetName(const std::string& path, int id) {
  pending_.push_back({ParentFolder(path), {{path, id}}});
  Apply(pending_.back(), names_);
}

void DiskImage::MoveName(const std::string& from, const std::string& to) {
  const int id = Find(from);
  const std::string source = ParentFolder(from);
  const std::string target = ParentFolder(to);
  if (source == target) {
    pending_.push_back({source, {{from, 0}, {to, id}}});
    Apply(pending_.back(), names_);
  } else {
    SetName(to, id);
    SetName(from, 0);
  }
}

void DiskImage::SyncFolder(const std::string& folder) {
  std::vector<NameChange> rest;
  for (auto& change : pending_) {
    if (change.folder == folder) {
      Apply(change, durable_names_);
    } else {
      rest.push_back(std::move(change));
    }
  }
  pending_ = std::move(rest);
}

DiskImage DiskImage::AfterPowerLoss(std::uint64_t damage) const {
  DiskImage after = *this;
  Rng rng(DeriveSeed(damage, "power loss"));
  const double keep = damage == 0 ? 0 : damage == 1 ? 1 : 0.1 + 0.8 * rng.Uniform();
  const double garble = damage <= 1 ? 0 : 0.1;
  for (const auto& change : after.pending_) {
    if (rng.Uniform() < keep) Apply(change, after.durable_names_);
  }
  after.pending_.clear();
  // A folder whose name was lost takes its contents with it. Parents sort before what is in them.
  std::erase_if(after.durable_names_,
                [&](const auto& entry) { return !after.durable_names_.contains(ParentFolder(entry.first)); });
  after.names_ = after.durable_names_;
  for (auto& [id, inode] : after.inodes_) inode.PowerLoss(rng, keep, garble);
  return after;
}

}  // namespace retrain::testing
