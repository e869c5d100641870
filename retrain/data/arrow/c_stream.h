#pragma once

#include "retrain/data/files.h"

struct ArrowArrayStream;  // the Arrow C stream interface

namespace retrain::data {

// A table that another library holds in memory (pandas, polars, pyarrow): its buffers are read where they lie, and
// released with the last frame. Takes the stream over: `stream->release` is null afterwards, whatever the outcome.
// E0202 when the stream is no table of columns or breaks off.
Result<std::unique_ptr<TableSource>> ImportStream(ArrowArrayStream* stream, const ReadOptions& options = {});

}  // namespace retrain::data
