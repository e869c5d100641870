#include "retrain/train/forest/lightgbm.h"

#include <fmt/format.h>

#include "retrain/train/forest/grower.h"
#include "retrain/train/forest/lightgbm_text.h"
#include "retrain/train/forest/wheel.h"

namespace retrain::train::forest {
namespace {

Result<Lightgbm> Load() {
  TRY(const auto library, WheelLibrary::Open("lightgbm", "lightgbm/lib/lib_lightgbm.so"));
  Lightgbm api{};
  TRY_OK(library.Find("LGBM_GetLastError", api.last_error));
  TRY_OK(library.Find("LGBM_DatasetCreateFromMat", api.dataset_from_matrix));
  TRY_OK(library.Find("LGBM_DatasetSetField", api.set_field));
  TRY_OK(library.Find("LGBM_DatasetFree", api.free_dataset));
  TRY_OK(library.Find("LGBM_BoosterCreate", api.create_booster));
  TRY_OK(library.Find("LGBM_BoosterAddValidData", api.add_stopping));
  TRY_OK(library.Find("LGBM_BoosterUpdateOneIter", api.update));
  TRY_OK(library.Find("LGBM_BoosterGetPredict", api.predict_dataset));
  TRY_OK(library.Find("LGBM_BoosterSaveModelToString", api.save));
  TRY_OK(library.Find("LGBM_BoosterFree", api.free_booster));
  TRY_OK(library.Find("LGBM_BoosterPredictForMat", api.predict_matrix));
  TRY_OK(library.Find("LGBM_BoosterPredictForMatSingleRowFastInit", api.prepare_row));
  TRY_OK(library.Find("LGBM_BoosterPredictForMatSingleRowFast", api.predict_row));
  return api;
}

std::string Objective(const GrowOptions& options) {
  switch (options.task) {
    case data::Task::kBinary: return "binary";
    case data::Task::kMulticlass: return fmt::format("multiclass num_class={}", options.classes);
    case data::Task::kRegression: return "regression";
  }
  return {};
}

std::string Parameters(const GrowOptions& options) {
  std::string categories;
  for (auto column = options.numbers; column < options.width(); ++column)
    categories += fmt::format("{}{}", categories.empty() ? "categorical_feature=" : ",", column);
  return fmt::format(
      "objective={} learning_rate={} num_leaves={} lambda_l2=1 seed={} num_threads={} deterministic=true "
      "force_row_wise=true verbosity=-1 metric=none {}",
      Objective(options), options.learning_rate, options.leaves, options.seed & 0x7fffffffU, options.threads,
      categories);
}

class LightgbmGrower final : public Grower {
 public:
  LightgbmGrower(const Lightgbm& api, const GrowOptions& options) : api_(api), options_(options) {}
  LightgbmGrower(const LightgbmGrower&) = delete;
  LightgbmGrower& operator=(const LightgbmGrower&) = delete;
  ~LightgbmGrower() override {
    if (booster_ != nullptr) api_.free_booster(booster_);
    if (stopping_ != nullptr) api_.free_dataset(stopping_);
    if (training_ != nullptr) api_.free_dataset(training_);
  }

  Status Begin(const Matrix& training, const Matrix& stopping) {
    const auto parameters = Parameters(options_);
    TRY_OK(Take(training, parameters, nullptr, training_));
    TRY_OK(api_.Check(api_.create_booster(training_, parameters.c_str(), &booster_)));
    stopping_rows_ = static_cast<std::size_t>(stopping.rows());
    if (stopping_rows_ == 0) return Ok();
    TRY_OK(Take(stopping, parameters, training_, stopping_));
    return api_.Check(api_.add_stopping(booster_, stopping_));
  }

  Result<bool> Round() override {
    int finished = 0;
    TRY_OK(api_.Check(api_.update(booster_, &finished)));
    return finished == 0;
  }

  Result<std::vector<double>> StoppingPredictions() override {
    const auto outputs = options_.base.size();
    std::vector<double> by_output(stopping_rows_ * outputs), by_row(by_output.size());
    std::int64_t count = 0;
    TRY_OK(api_.Check(api_.predict_dataset(booster_, 1, &count, by_output.data())));
    for (std::size_t i = 0; i < by_output.size(); ++i)
      by_row[i % stopping_rows_ * outputs + i / stopping_rows_] = by_output[i];
    return by_row;
  }

  Result<model::forest::Forest> Grown() override {
    TRY(const auto text, api_.ModelText(booster_));
    TRY(auto forest, ForestFromLightgbm(text));
    forest.base = options_.base;
    return forest;
  }

 private:
  Status Take(const Matrix& matrix, const std::string& parameters, Lightgbm::Handle reference, Lightgbm::Handle& into) {
    const auto rows = static_cast<int>(matrix.rows());
    TRY_OK(api_.Check(api_.dataset_from_matrix(matrix.values.data(), Lightgbm::kFloat64, rows,
                                               static_cast<std::int32_t>(options_.width()), Lightgbm::kRowMajor,
                                               parameters.c_str(), reference, &into)));
    TRY_OK(api_.Check(api_.set_field(into, "label", matrix.targets.data(), rows, Lightgbm::kFloat32)));
    if (!matrix.weights.empty())
      TRY_OK(api_.Check(api_.set_field(into, "weight", matrix.weights.data(), rows, Lightgbm::kFloat32)));
    std::vector<double> scores;  // output by output; the booster reads them when it is created
    for (const double base : options_.base) scores.insert(scores.end(), matrix.targets.size(), base);
    return api_.Check(
        api_.set_field(into, "init_score", scores.data(), static_cast<int>(scores.size()), Lightgbm::kFloat64));
  }

  const Lightgbm& api_;
  GrowOptions options_;
  Lightgbm::Handle training_ = nullptr, stopping_ = nullptr, booster_ = nullptr;
  std::size_t stopping_rows_ = 0;
};

}  // namespace

Result<const Lightgbm*> Lightgbm::Find() {
  static const Result<Lightgbm> api = Load();
  if (!api.ok()) return api.error();
  return &*api;
}

Status Lightgbm::Check(int outcome) const {
  if (outcome == 0) return Ok();
  return Error{"E0303", fmt::format("LightGBM says: {}", last_error())};
}

Result<std::string> Lightgbm::ModelText(Handle booster) const {
  std::int64_t bytes = 0;
  TRY_OK(Check(save(booster, 0, -1, 0, 0, &bytes, nullptr)));
  std::string text(static_cast<std::size_t>(bytes), '\0');
  TRY_OK(Check(save(booster, 0, -1, 0, bytes, &bytes, text.data())));
  return text;
}

Result<std::unique_ptr<Grower>> NewLightgbmGrower(const GrowOptions& options, const Matrix& training,
                                                  const Matrix& stopping) {
  TRY(const auto* api, Lightgbm::Find());
  auto grower = std::make_unique<LightgbmGrower>(*api, options);
  TRY_OK(grower->Begin(training, stopping));
  return std::unique_ptr<Grower>(std::move(grower));
}

}  // namespace retrain::train::forest
