#include "bindings.h"

#include <nanobind/ndarray.h>

#include "retrain/data/arrow/c_stream.h"
#include "retrain/serve/predictor.h"

// A loaded version: tables in, numpy arrays out.
namespace retrain::python {
namespace {

// One version in memory. Immutable: any number of threads may predict.
class LoadedModel final {
 public:
  explicit LoadedModel(std::unique_ptr<model::Model> model) : model_(std::move(model)) {}

  std::string Contract() const { return model::ToJson(model_->contract()).Dump(); }

  // Scores of a table, given as a PyCapsule of the Arrow C stream interface, which it uses up.
  model::Predictions Predict(const nb::object& capsule) const {
    auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"));
    if (stream == nullptr) throw nb::python_error();
    const nb::gil_scoped_release release;
    const auto table = Need(data::ImportStream(stream));
    model::Predictions all;
    while (const auto frame = Need(table->Next())) {
      const auto scores = Need(model_->Predict(*frame));
      all.rows += scores.rows;
      all.outputs = scores.outputs;
      all.values.insert(all.values.end(), scores.values.begin(), scores.values.end());
    }
    if (all.rows == 0)
      all.outputs = std::max<std::int64_t>(1, static_cast<std::int64_t>(model_->contract().labels.classes.size()));
    return all;
  }

  std::vector<std::int64_t> Classes(const model::Predictions& scores) const {
    std::vector<std::int64_t> codes(scores.rows);
    for (std::int64_t row = 0; row < scores.rows; ++row) codes[row] = serve::ClassOf(model_->contract(), scores, row);
    return codes;
  }

 private:
  std::unique_ptr<model::Model> model_;
};

// A numpy array that owns the vector's memory.
template <class T, std::size_t kDimensions>
nb::ndarray<nb::numpy, T, nb::ndim<kDimensions>> Array(std::vector<T> values,
                                                       const std::array<std::size_t, kDimensions>& shape) {
  auto* kept = new std::vector<T>(std::move(values));
  const nb::capsule owner(kept, [](void* vector) noexcept { delete static_cast<std::vector<T>*>(vector); });
  return {kept->data(), kDimensions, shape.data(), owner};
}

auto Scores(const LoadedModel& model, const nb::object& capsule) {
  auto scores = model.Predict(capsule);
  const std::array<std::size_t, 2> shape = {static_cast<std::size_t>(scores.rows),
                                            static_cast<std::size_t>(scores.outputs)};
  return Array<double, 2>(std::move(scores.values), shape);
}

auto Classes(const LoadedModel& model, const nb::object& capsule) {
  auto codes = model.Classes(model.Predict(capsule));
  const std::array<std::size_t, 1> shape = {codes.size()};
  return Array<std::int64_t, 1>(std::move(codes), shape);
}

LoadedModel Load(const std::string& home, std::int64_t version) {
  const nb::gil_scoped_release release;
  const auto artifact = Need(OpenOld(home)->home().registry().LoadArtifact(VersionId{version}));
  return LoadedModel(Need(model::LoadModel(artifact)));
}

}  // namespace

void BindModel(nb::module_& module) {
  nb::class_<LoadedModel>(module, "Model")
      .def("contract", &LoadedModel::Contract)
      .def("scores", &Scores, nb::arg("stream"))
      .def("classes", &Classes, nb::arg("stream"));
  module.def("load_model", &Load, nb::arg("home"), nb::arg("version"));
}

}  // namespace retrain::python
