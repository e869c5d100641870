// ELEC2 as a stream: the first tenth of the rows trains a first model, then updates of 672 rows (two weeks) each test
// the model and then train it. Prints one JSON object: accuracy and log loss over all tested rows, of the updated model
// and of the first one, which never learned again.
//
// usage: elec2 FILE.parquet [OPTIONS-JSON] [UPDATE-OPTIONS-JSON]
#include <cmath>
#include <filesystem>

#include <unistd.h>

#include <fmt/format.h>

#include "bench/answer.h"
#include "retrain/app/ports/real_clock.h"
#include "retrain/app/ports/real_state_fs.h"
#include "retrain/data/labels.h"
#include "retrain/train/slice.h"
#include "retrain/train/trainer.h"

namespace retrain {
namespace {

constexpr std::int64_t kUpdateRows = 672;
constexpr double kStoppingShare = 0.15;  // of each slice, its newest rows

struct Score {
  double loss = 0;
  std::int64_t right = 0, rows = 0;

  void Add(const model::Predictions& predictions, const std::vector<double>& targets) {
    for (std::int64_t row = 0; row < predictions.rows; ++row) {
      const double p = predictions.At(row, 1), y = targets[static_cast<std::size_t>(row)];
      loss -= std::log(std::max(y > 0.5 ? p : 1 - p, 1e-15));
      right += (p >= 0.5) == (y > 0.5) ? 1 : 0;
      ++rows;
    }
  }
  Json ToJson() const {
    Json json;
    json.Set("accuracy", static_cast<double>(right) / static_cast<double>(rows))
        .Set("log_loss", loss / static_cast<double>(rows));
    return json;
  }
};

class Stream {
 public:
  Stream(StateFs& files, Clock& clock, std::string path)
      : files_(files), path_(std::move(path)), trainer_({files, clock, serial_}) {
    contract_.labels = {.task = data::Task::kBinary, .classes = {"0", "1"}};
    contract_.roles.target = "target";
    for (int i = 1; i <= 6; ++i)
      contract_.roles.features.push_back({fmt::format("feat_{}", i), data::ColumnType::kNumber});
  }

  Result<train::TrainOutcome> Train(train::Strategy strategy, const train::TrainOptions& options, std::int64_t begin,
                                    std::int64_t end, const std::string& base) {
    const auto cut = end - std::llround(kStoppingShare * static_cast<double>(end - begin));
    train::TrainJob job{.strategy = strategy,
                        .options = options,
                        .contract = contract_,
                        .training = {{path_, begin, cut}},
                        .stopping = {{path_, cut, end}},
                        .base_artifact = base,
                        .checkpoint = ""};
    return trainer_.Train(job, nullptr);
  }

  Status Test(const model::Model& model, std::int64_t begin, std::int64_t end, Score& score) {
    const train::FileSlice slice(files_, {{path_, begin, end}}, contract_);
    return train::ForEachFrame(slice, contract_, [&](const train::LabelledRows& rows) -> Status {
      TRY(const auto predictions, model.Predict(rows.rows));
      score.Add(predictions, {rows.targets.begin(), rows.targets.end()});
      return Ok();
    });
  }

 private:
  StateFs& files_;
  std::string path_;
  Serial serial_;
  train::InProcessTrainer trainer_;
  model::Contract contract_;
};

Result<std::unique_ptr<model::Model>> Load(const std::string& bytes) {
  TRY(const auto artifact, model::Decode(bytes, "champion"));
  return model::LoadModel(artifact);
}

Result<Json> Replay(const std::string& path, const train::TrainOptions& first, const train::TrainOptions& later) {
  app::RealStateFs files;
  app::RealClock clock;
  Stream stream(files, clock, path);
  const auto base = (std::filesystem::temp_directory_path() / fmt::format("elec2-{}.rtm", ::getpid())).string();
  TRY(const auto rows, data::CountRows(files, path));
  std::int64_t at = rows / 10;
  TRY(auto outcome, stream.Train(train::Strategy::kFull, first, 0, at, ""));
  TRY(const auto frozen, Load(outcome.artifact));
  Score updated_score, frozen_score;
  Json epochs = Json::MakeArray();
  epochs.Append(outcome.best_epoch);
  while (at < rows) {
    const auto end = std::min(at + kUpdateRows, rows);
    TRY(const auto champion, Load(outcome.artifact));
    TRY_OK(stream.Test(*champion, at, end, updated_score));
    TRY_OK(stream.Test(*frozen, at, end, frozen_score));
    TRY_OK(WriteFileDurably(files, base, outcome.artifact));
    TRY(outcome, stream.Train(train::Strategy::kIncremental, later, at, end, base));
    epochs.Append(outcome.best_epoch);
    at = end;
  }
  TRY_OK(files.Unlink(base));
  Json json;
  json.Set("updated", updated_score.ToJson())
      .Set("frozen", frozen_score.ToJson())
      .Set("best_epochs", std::move(epochs));
  return json;
}

Result<train::TrainOptions> OptionsFrom(const char* text, train::TrainOptions options) {
  TRY(auto changes, ParseJson(text, "the options"));
  Json json = train::ToJson(options);
  for (const auto& [key, value] : changes.members()) json.Set(key, value);
  return train::TrainOptionsFromJson(json);
}

Result<Json> Run(int count, char** words) {
  if (count < 2) return Error{"E0107", "usage: elec2 FILE.parquet [OPTIONS-JSON] [UPDATE-OPTIONS-JSON]"};
  TRY(const auto first, OptionsFrom(count > 2 ? words[2] : "{}", {}));
  TRY(const auto later, OptionsFrom(count > 3 ? words[3] : "{}", first));
  return Replay(words[1], first, later);
}

}  // namespace
}  // namespace retrain

int main(int count, char** words) { return retrain::Answer(retrain::Run(count, words)); }
