#include <fmt/format.h>

#include "retrain/app/cli/command.h"
#include "retrain/base/text.h"
#include "retrain/data/files.h"
#include "retrain/serve/predictor.h"

// `retrain predict FILE`: the champion's predictions as CSV.
namespace retrain::app {
namespace {

// The id of a row when the model knows an id column and the file has it, else the row's number.
std::string RowName(const data::Column* ids, std::int64_t row, std::int64_t offset) {
  if (ids == nullptr || ids->IsNull(row)) return fmt::format("{}", offset + row);
  if (ids->type == data::ColumnType::kText) return std::string(ids->levels[ids->codes[row]]);
  return fmt::format("{:.17g}", ids->numbers[row]);
}

std::string Quoted(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string Header(const model::Contract& contract) {
  std::string line = contract.roles.id.empty() ? "row" : Quoted(contract.roles.id);
  line += ",prediction";
  for (const auto& name : contract.labels.classes) line += "," + Quoted("p_" + name);
  return line + "\n";
}

Result<Command::Answer> Predict(const Command& command, const std::string& file, const std::string& out) {
  TRY(auto engine, command.OpenOld());
  TRY(const auto model, engine->LoadChampion());
  const auto& contract = model->contract();
  TRY(const auto source, data::OpenFile(engine->files(), file));
  std::string csv = Header(contract);
  std::int64_t rows = 0;
  while (true) {
    TRY(const auto frame, source->Next());
    if (!frame) break;
    TRY(const auto scores, model->Predict(*frame));
    const auto* ids = contract.roles.id.empty() ? nullptr : frame->Find(contract.roles.id);
    for (std::int64_t row = 0; row < frame->rows(); ++row) {
      csv += Quoted(RowName(ids, row, rows)) + "," + Quoted(serve::LabelOf(contract, scores, row));
      for (std::int64_t k = 0; !contract.labels.classes.empty() && k < scores.outputs; ++k) {
        csv += fmt::format(",{:.6g}", scores.At(row, k));
      }
      csv += '\n';
    }
    rows += frame->rows();
  }
  Json json;
  json.Set("file", file).Set("rows", rows);
  if (out.empty()) return Command::Answer{.text = csv, .json = json.Set("csv", csv)};
  TRY_OK(WriteFileDurably(engine->files(), out, csv));
  return Command::Answer{.text = fmt::format("{} predictions are in {}", Grouped(rows), out),
                         .json = json.Set("out", out)};
}

}  // namespace

void AddPredict(Verb& program, Command& command) {
  auto file = std::make_shared<std::string>();
  auto out = std::make_shared<std::string>();
  auto verb = AddVerb(program, command, "predict", "predict the rows of a file with the champion, as CSV",
                      [&command, file, out] { return Predict(command, *file, *out); });
  verb.Option("file", *file, "Parquet, CSV or Arrow", {.required = true});
  verb.Option("--out", *out, "file to write; left out: standard output");
}

}  // namespace retrain::app
