#pragma once

#include <string>

#include "retrain/drift/report.h"

namespace retrain::report {

// "28,330 rows against 80,789 of the reference, method default, threshold 0.1".
std::string WhatWasCompared(const drift::DriftReport& report);

// A table for the terminal: the sentence, then a line a column, those that drifted first. Stable ones are counted
// after the first `most_columns` lines.
std::string ToText(const drift::DriftReport& report, std::size_t most_columns = 40);

// For a notebook: the sentence, and a table with a picture for each of the first columns.
std::string ToHtml(const drift::DriftReport& report);

// The same as a page that stands alone, for light and dark, without scripts and without anything from elsewhere.
// `title` says what was compared with what.
std::string ToHtmlPage(const drift::DriftReport& report, const std::string& title);

// Shares of both tables in each cell of one column, side by side, as an SVG of at most 20 kB.
std::string CellsPlot(const drift::ColumnDrift& column);

}  // namespace retrain::report
