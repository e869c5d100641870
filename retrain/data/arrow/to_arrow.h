#pragma once

#include <arrow/type_fwd.h>

#include "retrain/data/frame.h"

namespace retrain::data {

// The way back: numbers as float64, integers as int64 where all are whole and inside 2^53 (else the batch fails), text
// as dictionary<int32, string>, times as timestamp[us, UTC]; NaN becomes null.
std::shared_ptr<arrow::Schema> ToArrow(const Schema& schema);
arrow::Result<std::shared_ptr<arrow::RecordBatch>> ToArrow(const Frame& frame);

}  // namespace retrain::data
