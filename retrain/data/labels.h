#pragma once

#include "retrain/data/roles.h"
#include "retrain/data/table_source.h"

namespace retrain::data {

// What the target holds, from one pass over `source` (which may have the target column alone).
//
// The task, unless `options.task` sets it: text and boolean are classes (2: binary, more: multiclass); an integer or
// a number with exactly 2 distinct values is binary; an integer with 3 to 20 is multiclass; all else is regression.
// Classes are sorted, numbers by value, text by bytes; the positive class of a binary task is `options.positive_class`
// or the last ("1", "true", "yes"). Nulls and infinities are passed over: CodeLabels and CheckTraining name them.
//
// E0203 when the source has no such column, E0206 when it holds fewer than two values, E0211 for a task or a positive
// class that the values do not fit, for more than 1,000 classes, and for a time as target.
Result<Labels> InferLabels(TableSource& source, const Roles& roles, const DataOptions& options);

// The values to learn: the code of each row's class, or the value itself. `where` names the file, the target column
// and the row of the file at which `column` begins. E0205 for a null or infinite label, E0213 for a class that is not
// in `labels`, E0204 for text where numbers are learned; each names the first such row.
Result<std::vector<double>> CodeLabels(const Column& column, const Labels& labels, const Place& where);

// The same without an end at the first fault: NaN where a label cannot be learned. LabelFault says why. For passes
// that count what is wrong. REQUIRES of LabelFault: the value of `row` (within the column) is NaN.
std::vector<double> TryCodeLabels(const Column& column, const Labels& labels);
Error LabelFault(const Column& column, const Labels& labels, const Place& where, std::size_t row);

// How a number is written as the name of a class: "1", "2.5", "-3".
std::string ClassName(double value, ColumnType type);

}  // namespace retrain::data
