"""Every source is compiled by some target and no test is hidden: a test that does not run proves nothing.

Looks at build/compile_commands.json, so the tree has to be configured (`./dev lint` does that).
"""

import json
import re
from pathlib import Path

from source import report, sources

PYTEST_FOLDERS = ("tests/python/", "python/tests/")
# path: why a test of it is not run by itself.
EXCEPTIONS = {
    "retrain/app/ports/real_process_test.cpp": "a test starts the program anew with the one that waits for ever"
}
SWITCHED_OFF = re.compile(r"\bDISABLED_\w+|\bGTEST_SKIP\(\)\s*;")
MACRO = re.compile(r"^\s*#\s*(if|endif)|^\s*((?:TYPED_)?TEST(?:_[FP])?|RC_GTEST_PROP)\s*\(")


def not_compiled(root: Path) -> list[str]:
    database = json.loads((root / "build/compile_commands.json").read_text())
    compiled = {Path(entry["directory"], entry["file"]).resolve() for entry in database}
    return [
        file.path
        for file in sources(root, "retrain", "python/bindings", "tests", "bench")
        if file.path.endswith(".cpp") and (root / file.path).resolve() not in compiled
    ]


def not_collected(root: Path) -> list[str]:
    """Python tests that pytest does not find, by their folder or their name."""

    def has_tests(file: Path) -> bool:
        return re.search(r"^\s*(?:async )?def test_", file.read_text(), re.MULTILINE) is not None

    def is_found(path: str) -> bool:
        return path.startswith(PYTEST_FOLDERS) and Path(path).name.startswith("test_")

    scripts = (
        file for folder in ("tests", "python", "retrain", "bench") for file in sorted((root / folder).rglob("*.py"))
    )
    paths = (file.relative_to(root).as_posix() for file in scripts if has_tests(file))
    return [path for path in paths if not is_found(path)]


def behind_macro(code: str) -> str:
    """The first test that stands between #if and #endif; empty: none."""
    depth = 0
    for line in code.splitlines():
        if found := MACRO.match(line):
            depth += {"if": 1, "endif": -1}.get(found[1], 0)
            if found[2] and depth > 0:
                return line.strip()
    return ""


def hidden(root: Path) -> list[str]:
    found = []
    for file in sources(root, "retrain", "tests"):
        if file.is_test and file.path not in EXCEPTIONS:
            off = SWITCHED_OFF.search(file.code)
            if words := (off[0] if off else behind_macro(file.code)):
                found.append(f"{file.path}: hides a test: {words}")
    return found


def violations(root: Path) -> list[str]:
    return (
        [f"{path}: no target compiles it" for path in not_compiled(root)]
        + [f"{path}: pytest does not find its tests" for path in not_collected(root)]
        + hidden(root)
    )


if __name__ == "__main__":
    report(violations)
