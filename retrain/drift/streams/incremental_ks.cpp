#include "retrain/drift/streams/incremental_ks.h"

#include <algorithm>

#include "retrain/stats/kolmogorov.h"

namespace retrain::drift::streams {

void IncrementalKs::Insert(Side side, double value) { Change(value, 1, side == Side::kFirst ? 1 : -1); }
void IncrementalKs::Remove(Side side, double value) { Change(value, -1, side == Side::kFirst ? -1 : 1); }

double IncrementalKs::Distance(std::int64_t size) const {
  RETRAIN_ALWAYS(size > 0);
  if (root_ == kNone) return 0;
  const std::int64_t furthest = std::max(nodes_[root_].highest, -nodes_[root_].lowest);
  return static_cast<double>(std::max<std::int64_t>(0, furthest)) / static_cast<double>(size);
}

// All differences from `value` on change, and the node of `value` comes or goes.
void IncrementalKs::Change(double value, std::int64_t copies, std::int64_t difference) {
  Index low = kNone;
  Index rest = kNone;
  Split(root_, value, false, low, rest);
  Index same = kNone;
  Index high = kNone;
  Split(rest, value, true, same, high);
  if (same == kNone) {
    std::int64_t below = 0;  // the difference at the largest smaller value
    for (Index at = low; at != kNone; at = nodes_[at].right) {
      Push(at);
      below = nodes_[at].difference;
    }
    same = NewNode(value, below);
  }
  nodes_[same].copies += copies;
  RETRAIN_ALWAYS(nodes_[same].copies >= 0);
  AddTo(same, difference);
  AddTo(high, difference);
  if (nodes_[same].copies == 0) {
    free_.push_back(same);
    same = kNone;
  }
  root_ = Join(Join(low, same), high);
}

IncrementalKs::Index IncrementalKs::NewNode(double value, std::int64_t difference) {
  const Node node{.value = value,
                  .priority = priorities_.Next(),
                  .difference = difference,
                  .highest = difference,
                  .lowest = difference};
  if (free_.empty()) {
    nodes_.push_back(node);
    return static_cast<Index>(nodes_.size() - 1);
  }
  const Index index = free_.back();
  free_.pop_back();
  nodes_[index] = node;
  return index;
}

void IncrementalKs::AddTo(Index index, std::int64_t difference) {
  if (index == kNone) return;
  Node& node = nodes_[index];
  node.difference += difference;
  node.pending += difference;
  node.highest += difference;
  node.lowest += difference;
}

void IncrementalKs::Push(Index index) {
  Node& node = nodes_[index];
  AddTo(node.left, node.pending);
  AddTo(node.right, node.pending);
  node.pending = 0;
}

void IncrementalKs::Pull(Index index) {
  Node& node = nodes_[index];
  node.highest = node.difference;
  node.lowest = node.difference;
  for (const Index child : {node.left, node.right}) {
    if (child == kNone) continue;
    node.highest = std::max(node.highest, nodes_[child].highest);
    node.lowest = std::min(node.lowest, nodes_[child].lowest);
  }
}

IncrementalKs::Index IncrementalKs::Join(Index low, Index high) {
  if (low == kNone) return high;
  if (high == kNone) return low;
  const Index top = nodes_[low].priority > nodes_[high].priority ? low : high;
  Push(top);
  if (top == low) {
    nodes_[top].right = Join(nodes_[top].right, high);
  } else {
    nodes_[top].left = Join(low, nodes_[top].left);
  }
  Pull(top);
  return top;
}

void IncrementalKs::Split(Index root, double value, bool keep_equal, Index& low, Index& high) {
  if (root == kNone) {
    low = kNone;
    high = kNone;
    return;
  }
  Push(root);
  Index part = kNone;
  if (nodes_[root].value < value || (keep_equal && nodes_[root].value == value)) {
    Split(nodes_[root].right, value, keep_equal, part, high);
    nodes_[root].right = part;
    low = root;
  } else {
    Split(nodes_[root].left, value, keep_equal, low, part);
    nodes_[root].left = part;
    high = root;
  }
  Pull(root);
}

IncrementalKsDetector::IncrementalKsDetector(const Settings& settings) : settings_(settings) {
  std::int64_t step = 1;
  while (step < settings.window &&
         stats::ExactTwoSidedTail(settings.window, settings.window, step * settings.window) > settings.alpha) {
    ++step;
  }
  critical_ = static_cast<double>(step) / static_cast<double>(settings.window);
}

Outcome IncrementalKsDetector::Step(double value) {
  if (reference_ < settings_.window) {
    distance_.Insert(IncrementalKs::Side::kFirst, value);
    ++reference_;
    return {};
  }
  distance_.Insert(IncrementalKs::Side::kSecond, value);
  newest_.push_back(value);
  if (std::ssize(newest_) > settings_.window) {
    distance_.Remove(IncrementalKs::Side::kSecond, newest_.front());
    newest_.pop_front();
  }
  if (std::ssize(newest_) < settings_.window) return {};
  return {.drift = distance_.Distance(settings_.window) >= critical_};
}

}  // namespace retrain::drift::streams
