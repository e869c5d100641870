#include "bindings.h"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include "retrain/drift/streams/detector.h"

// Detectors that watch a stream.
namespace retrain::python {
namespace {

// One detector with its memory of the stream. One thread at a time.
class StreamDetector final {
 public:
  StreamDetector(std::string name, const std::vector<std::pair<std::string, double>>& options)
      : name_(std::move(name)), detector_(Need(drift::streams::MakeDetector(name_, options))) {}

  std::pair<bool, bool> Update(double value) {
    const auto outcome = Need(drift::streams::Feed(*detector_, name_, value));
    return {outcome.drift, outcome.warning};
  }
  std::int64_t Seen() const { return detector_->seen(); }

 private:
  std::string name_;
  std::unique_ptr<drift::streams::Detector> detector_;
};

std::string Detectors() {
  Json all = Json::MakeArray();
  for (const auto& kind : drift::streams::DetectorKinds()) {
    Json options = Json::MakeObject();
    for (const auto& option : drift::streams::OptionsOf(kind.name)) options.Set(option.name, option.usual);
    Json one = Json::MakeObject();
    one.Set("name", kind.name).Set("what", kind.what).Set("options", std::move(options));
    all.Append(std::move(one));
  }
  return all.Dump();
}

}  // namespace

void BindStreams(nb::module_& module) {
  nb::class_<StreamDetector>(module, "StreamDetector")
      .def(nb::init<std::string, const std::vector<std::pair<std::string, double>>&>(), nb::arg("name"),
           nb::arg("options"))
      .def("update", &StreamDetector::Update, nb::arg("value"))
      .def("seen", &StreamDetector::Seen);
  module.def("stream_detectors", &Detectors);
}

}  // namespace retrain::python
