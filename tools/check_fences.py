"""Each vendor library is seen from one place only, so that it can be replaced and its headers cost once."""

from dataclasses import dataclass
from pathlib import Path

from source import report, sources


@dataclass(frozen=True)
class Fence:
    vendor: str
    headers: tuple[str, ...]  # an include that starts with one of these
    inside: tuple[str, ...]  # a path that starts with one of these may have it


FENCES = (
    Fence("Arrow", ("arrow/", "parquet/"), ("retrain/data/arrow/",)),
    Fence("SQLite", ("sqlite3",), ("retrain/store/", "retrain/testing/", "retrain/app/ports/")),
    Fence("nanobind", ("nanobind/", "Python.h"), ("python/bindings/",)),
    Fence("yaml-cpp", ("yaml-cpp/",), ("retrain/app/config/", "tests/")),
    Fence("CLI11", ("CLI/",), ("retrain/app/cli/verb.cpp", "retrain/app/cli/program.cpp")),
    Fence("libcurl", ("curl/",), ("retrain/app/",)),
    Fence("nlohmann", ("nlohmann/",), ("retrain/base/",)),
    Fence("OpenSSL", ("openssl/",), ("retrain/base/",)),
    Fence("date", ("date/",), ("retrain/base/",)),
    Fence("Highway", ("hwy/",), ("retrain/stats/sort_values.cpp",)),
    Fence("Eigen", ("Eigen/", "unsupported/Eigen/"), ("retrain/model/mlp/", "retrain/train/mlp/")),
    Fence("dlopen", ("dlfcn.h",), ("retrain/model/", "retrain/train/")),
    Fence("GoogleTest", ("gtest/", "gmock/", "rapidcheck"), ("retrain/testing/", "tests/")),
)


def violations(root: Path) -> list[str]:
    found = []
    for file in sources(root):
        for line, include in file.includes():
            for fence in FENCES:
                if not include.startswith(fence.headers) or file.path.startswith(fence.inside):
                    continue
                if fence.vendor == "GoogleTest" and file.is_test:
                    continue
                found.append(
                    f"{file.path}:{line}: <{include}> outside {fence.vendor}'s fence: {', '.join(fence.inside)}"
                )
    return found


if __name__ == "__main__":
    report(violations)
