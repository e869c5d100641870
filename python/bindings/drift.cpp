#include "bindings.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/vector.h>

#include <thread>

#include "retrain/app/check_drift.h"
#include "retrain/app/ports/thread_team.h"
#include "retrain/data/arrow/c_stream.h"
#include "retrain/report/drift_report.h"

// Tables compared column by column: tables in, a report as JSON out.
namespace retrain::python {
namespace {

// A table given as a PyCapsule of the Arrow C stream interface, which it uses up. Its buffers are kept, not copied.
std::shared_ptr<const data::ColumnTable> TableOf(const nb::object& capsule) {
  auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"));
  if (stream == nullptr) throw nb::python_error();
  const nb::gil_scoped_release release;
  const auto source = Need(data::ImportStream(stream));
  return Need(data::KeepInMemory(*source));
}

drift::DetectorOptions OptionsOf(double threshold, std::string method, std::vector<std::string> columns,
                                 std::vector<std::string> categorical) {
  return {.choice = {.columns = std::move(columns), .categorical = std::move(categorical)},
          .compare = {.threshold = threshold},
          .method = std::move(method)};
}

app::RealStateFs kFiles;  // a detector may read its reference for as long as it lives

app::ThreadTeam Team() { return app::ThreadTeam(static_cast<int>(std::thread::hardware_concurrency())); }

class Detector final {
 public:
  explicit Detector(app::DriftCheck check) : check_(std::move(check)) {}

  std::string CheckTable(const nb::object& capsule) const {
    const auto table = TableOf(capsule);
    const nb::gil_scoped_release release;
    auto team = Team();
    return drift::ToJson(Need(app::CheckTable(check_, *table, team))).Dump();
  }
  std::string CheckPath(const std::string& path) const {
    const nb::gil_scoped_release release;
    auto team = Team();
    return drift::ToJson(Need(app::CheckFiles(kFiles, check_, path, team))).Dump();
  }
  nb::bytes Profile() const {
    const auto bytes = drift::ProfileToBytes(check_.detector.profile());
    return nb::bytes(bytes.data(), bytes.size());
  }

 private:
  app::DriftCheck check_;
};

Detector FromTable(const nb::object& capsule, double threshold, const std::string& method,
                   const std::vector<std::string>& columns, const std::vector<std::string>& categorical) {
  auto table = TableOf(capsule);
  const nb::gil_scoped_release release;
  auto team = Team();
  return Detector(
      {Need(drift::DriftDetector::Make(std::move(table), OptionsOf(threshold, method, columns, categorical), team))});
}

Detector FromPath(const std::string& path, const std::string& home, std::optional<std::int64_t> version,
                  double threshold, const std::string& method, const std::vector<std::string>& columns,
                  const std::vector<std::string>& categorical) {
  const nb::gil_scoped_release release;
  auto team = Team();
  const app::DriftReference reference{path, home, version ? std::optional(VersionId{*version}) : std::nullopt};
  return Detector(
      Need(app::OpenReference(kFiles, reference, OptionsOf(threshold, method, columns, categorical), team)));
}

drift::DriftReport ReportOf(const std::string& json) {
  return Need(drift::DriftReportFromJson(Need(ParseJson(json, "drift report"))));
}

std::string Html(const std::string& json) { return report::ToHtml(ReportOf(json)); }
std::string Page(const std::string& json, const std::string& title) {
  return report::ToHtmlPage(ReportOf(json), title);
}
std::string Text(const std::string& json) { return report::ToText(ReportOf(json)); }

}  // namespace

void BindDrift(nb::module_& module) {
  nb::class_<Detector>(module, "Detector")
      .def("check_table", &Detector::CheckTable, nb::arg("stream"))
      .def("check_path", &Detector::CheckPath, nb::arg("path"))
      .def("profile", &Detector::Profile);
  module.def("detector_of_table", &FromTable, nb::arg("stream"), nb::arg("threshold"), nb::arg("method"),
             nb::arg("columns"), nb::arg("categorical"));
  module.def("detector_of_path", &FromPath, nb::arg("path"), nb::arg("home"), nb::arg("version").none(),
             nb::arg("threshold"), nb::arg("method"), nb::arg("columns"), nb::arg("categorical"));
  module.def("drift_html", &Html, nb::arg("report"));
  module.def("drift_page", &Page, nb::arg("report"), nb::arg("title"));
  module.def("drift_text", &Text, nb::arg("report"));
}

}  // namespace retrain::python
