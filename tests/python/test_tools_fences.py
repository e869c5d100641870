import check_fences
import pytest


@pytest.mark.parametrize(
    ("path", "include"),
    [
        ("retrain/data/frame.h", "<arrow/api.h>"),
        ("retrain/registry/registry.cpp", "<sqlite3.h>"),
        ("retrain/pipeline/config.cpp", "<yaml-cpp/yaml.h>"),
        ("retrain/model/model.h", "<Eigen/Dense>"),
        ("retrain/app/main.cpp", "<nanobind/nanobind.h>"),
        ("retrain/base/text.h", "<gtest/gtest.h>"),
        ("python/bindings/module.cpp", "<dlfcn.h>"),
    ],
)
def test_a_vendor_header_outside_its_fence_is_found(tree, path, include):
    found = check_fences.violations(tree({path: f"// first line\n#include {include}\n"}))
    assert len(found) == 1 and found[0].startswith(f"{path}:2: {include}")


def test_inside_its_fence_it_is_free(tree):
    root = tree(
        {
            "retrain/data/arrow/read.cpp": "#include <arrow/api.h>\n#include <parquet/arrow/reader.h>\n",
            "retrain/store/sqlite.cpp": "#include <sqlite3.h>\n",
            "retrain/base/text_test.cpp": "#include <gtest/gtest.h>\n",
            "python/bindings/module.cpp": "#include <nanobind/nanobind.h>\n",
        }
    )
    assert check_fences.violations(root) == []
