#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "retrain/data/frame.h"
#include "retrain/data/roles.h"

namespace retrain::data {

// Watches one feature for being the target itself: equal to it in every row, or its classes under other names, one to
// one. Gives up at the first row that is neither, so an honest feature costs nearly nothing. Not safe from many
// threads.
class TargetTwin {
 public:
  explicit TargetTwin(const Labels& labels) : value_of_class_(labels.classes.size()) {}

  // `codes`: the rows of `target` by CodeLabels; NaN where it cannot be learned, which is passed over.
  void See(const Column& feature, const Column& target, const std::vector<double>& codes);

  bool is_equal() const { return is_equal_; }
  bool is_renamed() const;  // every class has one value of its own, and was seen

  // "AA for 0, UA for 1"; REQUIRES: is_renamed().
  std::string Renaming(const Labels& labels) const;

 private:
  void SeeNames(const Column& feature, const std::vector<double>& codes);

  bool is_equal_ = true;
  bool may_be_renamed_ = true;
  std::map<std::string, std::size_t, std::less<>> class_of_value_;
  std::vector<std::optional<std::string>> value_of_class_;
};

}  // namespace retrain::data
