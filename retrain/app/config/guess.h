#pragma once

#include <string>
#include <vector>

#include "retrain/base/state_fs.h"
#include "retrain/data/frame.h"

namespace retrain::app {

// What a look at a table says about its columns, each guess with its reason.
struct Guess {
  std::string column;  // empty: nothing fits
  std::string reason;
};

struct TableGuess {
  std::string file;  // looked at; empty: no file was found
  std::vector<std::string> columns;
  Guess target;
  Guess time;
  Guess id;
};

// Looks at the first rows of a table: target by its name or by being the last column with few values, time by its
// type, id by its name and by never repeating.
TableGuess GuessColumns(const data::Frame& rows, const std::string& file);

// The text of a commented retrain.yaml for what was guessed.
std::string ConfigTemplate(const TableGuess& guess, const std::string& data_path, const std::string& validation_path);

}  // namespace retrain::app
