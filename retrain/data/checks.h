#pragma once

#include "retrain/data/file_names.h"
#include "retrain/data/files.h"
#include "retrain/data/labels.h"

namespace retrain::data {

// What rows are read for: training needs every role, validation features and target, prediction features alone.
enum class Use { kTraining, kValidation, kPrediction };

// What a file has, held against what the roles ask for. E0203 for a missing column (near name), E0204 for a feature
// of another type; all at once in Error::more. An integer may come as number and the other way round; columns without
// a role are no error.
Status CheckSchema(const Schema& found, const Roles& roles, const std::string& file, Use use);

// A slice of data before it is trained on.
struct TrainingCheck {
  Roles roles;  // the champion's when there is one
  Labels labels;
  std::vector<FileRange> training;    // older to newer
  std::vector<FileRange> validation;  // rows that judge; may be empty
  FileNames names = {};               // what errors and notes call the files; others are called by their path

  bool operator==(const TrainingCheck&) const = default;
};

struct CheckReport {
  std::int64_t rows = 0;  // of the training slice
  std::int64_t validation_rows = 0;
  std::vector<std::int64_t> class_rows;  // by class code; empty for regression
  std::vector<std::string> notes;        // what is no error and yet worth a sentence

  bool operator==(const CheckReport&) const = default;
};

// Reads the validation rows, then the training rows, once each, and holds them against every rule; all that is wrong
// comes at once (Error::more), each rule with its first file and row and how many rows break it:
//   E0203, E0204  columns (CheckSchema); a fraction in a column that the roles call integer
//   E0205, E0213  a label that is null or infinite, or a class that `labels` does not know
//   E0206         one class, or one value, in all training rows
//   E0207         a feature that equals the target in every row, or renames its classes one to one (100 rows or more)
//   E0208         validation rows that also stand in the training rows
//   E0214         no training rows
//   E0215         a weight that is null, infinite or negative, or weights that are all 0
//
// E0208: rows are compared by a 64-bit hash over features and target, and time and id when validation has them too.
// Tables of few values repeat themselves without any leak: with D repeats among N training rows, 2·D·V/N of V
// validation rows are expected to recur by chance (pairs are equally likely to be equal within and across); up to that
// number and three of its standard deviations it is a note, beyond it the error. Without any repeat one row is enough.
Result<CheckReport> CheckTraining(StateFs& files, const TrainingCheck& check);

}  // namespace retrain::data
