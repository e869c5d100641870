#include "retrain/train/forest/xgboost.h"

#include <fmt/format.h>

#include "retrain/train/forest/grower.h"
#include "retrain/train/forest/wheel.h"
#include "retrain/train/forest/xgboost_json.h"

namespace retrain::train::forest {
namespace {

Result<Xgboost> Load() {
  TRY(const auto library, WheelLibrary::Open("xgboost-cpu", "xgboost/lib/libxgboost.so"));
  Xgboost api{};
  TRY_OK(library.Find("XGBGetLastError", api.last_error));
  TRY_OK(library.Find("XGDMatrixCreateFromDense", api.matrix_from_dense));
  TRY_OK(library.Find("XGDMatrixSetInfoFromInterface", api.set_info));
  TRY_OK(library.Find("XGDMatrixSetStrFeatureInfo", api.set_texts));
  TRY_OK(library.Find("XGDMatrixFree", api.free_matrix));
  TRY_OK(library.Find("XGBoosterCreate", api.create_booster));
  TRY_OK(library.Find("XGBoosterSetParam", api.set_parameter));
  TRY_OK(library.Find("XGBoosterUpdateOneIter", api.update));
  TRY_OK(library.Find("XGBoosterPredictFromDMatrix", api.predict));
  TRY_OK(library.Find("XGBoosterSaveModelToBuffer", api.save));
  TRY_OK(library.Find("XGBoosterFree", api.free_booster));
  return api;
}

// An array as NumPy's array interface describes it.
template <class T>
std::string Array(const std::vector<T>& values, std::string_view shape, std::string_view type) {
  return fmt::format(R"({{"data":[{},true],"shape":[{}],"typestr":"{}","version":3}})",
                     reinterpret_cast<std::uintptr_t>(values.data()), shape, type);
}

std::string Array(const std::vector<float>& values) { return Array(values, fmt::format("{}", values.size()), "<f4"); }

std::vector<std::pair<const char*, std::string>> Parameters(const GrowOptions& options) {
  const bool many = options.task == data::Task::kMulticlass;
  std::vector<std::pair<const char*, std::string>> parameters = {
      {"objective", many                                  ? "multi:softprob"
                    : options.task == data::Task::kBinary ? "binary:logistic"
                                                          : "reg:squarederror"},
      {"learning_rate", fmt::format("{}", options.learning_rate)},
      {"tree_method", "hist"},
      {"grow_policy", "lossguide"},
      {"max_depth", "0"},
      {"max_leaves", fmt::format("{}", options.leaves)},
      {"seed", fmt::format("{}", options.seed & 0x7fffffffU)},
      {"nthread", fmt::format("{}", options.threads)},
      {"verbosity", "0"}};
  if (many) parameters.emplace_back("num_class", fmt::format("{}", options.classes));
  return parameters;
}

class XgboostGrower final : public Grower {
 public:
  XgboostGrower(const Xgboost& api, const GrowOptions& options) : api_(api), options_(options) {}
  XgboostGrower(const XgboostGrower&) = delete;
  XgboostGrower& operator=(const XgboostGrower&) = delete;
  ~XgboostGrower() override {
    if (booster_ != nullptr) api_.free_booster(booster_);
    if (stopping_ != nullptr) api_.free_matrix(stopping_);
    if (training_ != nullptr) api_.free_matrix(training_);
  }

  Status Begin(const Matrix& training, const Matrix& stopping) {
    TRY_OK(Take(training, training_));
    std::vector<Xgboost::Handle> matrices = {training_};
    if (stopping.rows() > 0) {
      TRY_OK(Take(stopping, stopping_));
      matrices.push_back(stopping_);
    }
    TRY_OK(api_.Check(api_.create_booster(matrices.data(), matrices.size(), &booster_)));
    for (const auto& [name, value] : Parameters(options_))
      TRY_OK(api_.Check(api_.set_parameter(booster_, name, value.c_str())));
    return Ok();
  }

  Result<bool> Round() override {
    TRY_OK(api_.Check(api_.update(booster_, rounds_++, training_)));
    return true;
  }

  Result<std::vector<double>> StoppingPredictions() override {
    const std::uint64_t* shape = nullptr;
    std::uint64_t dimensions = 0;
    const float* values = nullptr;
    TRY_OK(api_.Check(api_.predict(
        booster_, stopping_, R"({"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":true})",
        &shape, &dimensions, &values)));
    std::uint64_t count = 1;
    for (std::uint64_t i = 0; i < dimensions; ++i) count *= shape[i];
    return std::vector<double>(values, values + count);
  }

  Result<model::forest::Forest> Grown() override {
    TRY(const auto json, api_.ModelJson(booster_));
    return ForestFromXgboost(json, options_.learning_rate);
  }

 private:
  Status Take(const Matrix& matrix, Xgboost::Handle& into) {
    const auto array = Array(matrix.values, fmt::format("{},{}", matrix.rows(), options_.width()), "<f8");
    TRY_OK(api_.Check(api_.matrix_from_dense(
        array.c_str(), fmt::format(R"({{"missing":NaN,"nthread":{}}})", options_.threads).c_str(), &into)));
    TRY_OK(api_.Check(api_.set_info(into, "label", Array(matrix.targets).c_str())));
    if (!matrix.weights.empty()) TRY_OK(api_.Check(api_.set_info(into, "weight", Array(matrix.weights).c_str())));
    std::vector<const char*> kinds(options_.numbers, "float");
    kinds.insert(kinds.end(), options_.categories, "c");
    return api_.Check(api_.set_texts(into, "feature_type", kinds.data(), kinds.size()));
  }

  const Xgboost& api_;
  GrowOptions options_;
  Xgboost::Handle training_ = nullptr, stopping_ = nullptr, booster_ = nullptr;
  int rounds_ = 0;
};

}  // namespace

Result<const Xgboost*> Xgboost::Find() {
  static const Result<Xgboost> api = Load();
  if (!api.ok()) return api.error();
  return &*api;
}

Status Xgboost::Check(int outcome) const {
  if (outcome == 0) return Ok();
  return Error{"E0303", fmt::format("XGBoost says: {}", last_error())};
}

Result<std::string> Xgboost::ModelJson(Handle booster) const {
  std::uint64_t bytes = 0;
  const char* text = nullptr;  // the booster's own, until its next call
  TRY_OK(Check(save(booster, R"({"format":"json"})", &bytes, &text)));
  return std::string(text, bytes);
}

Result<std::unique_ptr<Grower>> NewXgboostGrower(const GrowOptions& options, const Matrix& training,
                                                 const Matrix& stopping) {
  TRY(const auto* api, Xgboost::Find());
  auto grower = std::make_unique<XgboostGrower>(*api, options);
  TRY_OK(grower->Begin(training, stopping));
  return std::unique_ptr<Grower>(std::move(grower));
}

}  // namespace retrain::train::forest
