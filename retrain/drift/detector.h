#pragma once

#include <memory>
#include <optional>

#include "retrain/drift/compare.h"

namespace retrain::drift {

inline constexpr std::string_view kDefaultMethod = "default";
inline constexpr std::string_view kFullMethod = "full";

Status CheckMethod(const std::string& method);  // E0102 with a near name for one that does not exist

struct DetectorOptions {
  ColumnChoice choice = {};
  CompareOptions compare = {};
  // "full": the default test with the statistics of suite.h beside it. "domain_classifier": all columns together, by a
  // network that tells the tables apart (domain_classifier.h). PEER/TEST: that tool's number and its own rule
  // instead (method.h); threshold and correction are then not looked at.
  std::string method = "default";

  bool operator==(const DetectorOptions&) const = default;
};

// A reference that tables are checked against. With the default method only its profile is kept; any other reads it
// anew with each check, a column at a time.
//
// A check compares every column that both tables can give. A column of the reference that the current table lacks or
// has with another type is kFailed, one that only the current table has is left out; both with the reason. Each
// column's values are in memory only while it is worked on, and columns are shared out over the threads.
class DriftDetector final {
 public:
  // E0102 for a threshold below 0 and what CheckMethod says; else what MakeProfile says.
  static Result<DriftDetector> Make(std::shared_ptr<const data::ColumnTable> reference, DetectorOptions options,
                                    Parallel& parallel, const Progress& progress = {});
  // From what was kept of a reference; E0203 for a column that it does not have, E0105 for a method that needs its rows
  // and for a column that it counts otherwise.
  static Result<DriftDetector> Make(Profile reference, DetectorOptions options);

  Result<DriftReport> Check(const data::ColumnTable& current, Parallel& parallel, const Progress& progress = {}) const;

  const Profile& profile() const { return profile_; }  // without counts when the method reads the reference anew

 private:
  DriftDetector(std::shared_ptr<const data::ColumnTable> reference, Profile profile, DetectorOptions options)
      : reference_(std::move(reference)), profile_(std::move(profile)), options_(std::move(options)) {}

  Status CheckByName(const std::vector<ChosenColumn>& chosen, const data::ColumnTable& current, Parallel& parallel,
                     const Progress& progress, DriftReport& report) const;

  std::shared_ptr<const data::ColumnTable> reference_;  // null: the profile is all there is
  Profile profile_;
  DetectorOptions options_;
};

}  // namespace retrain::drift
