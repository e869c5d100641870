"""clang-tidy over every compiled file of this project: `clang_tidy.py BUILD_FOLDER [PART_OF_PATH…]`.

A file that was clean stays clean until it, a header of ours that it includes, its compile command or the rules change;
so the second run is quick. The memory of clean files is BUILD_FOLDER/clang-tidy-clean.json.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from source import ROOT

TIDY = "clang-tidy-19"
FOLDERS = ("retrain", "python/bindings", "tests", "bench")
# The compile commands are g++'s; clang need not know all of its warnings.
FLAGS = (
    "--quiet",
    "--extra-arg=-Wno-unknown-warning-option",
    "--extra-arg=-Wno-deprecated-declarations",
    "--extra-arg=-Qunused-arguments",
)


@cache
def included(file: Path) -> frozenset[Path]:
    """Headers of ours that a file includes, directly."""
    names = re.findall(r'^\s*#\s*include\s*"([^"]+)"', file.read_text(), re.MULTILINE)
    places = [place for name in names for place in (ROOT / name, file.parent / name)]
    return frozenset(place for place in places if place.is_file())


def closure(file: Path) -> list[Path]:
    seen: set[Path] = set()
    todo = [file]
    while todo:
        if (next_file := todo.pop()) not in seen:
            seen.add(next_file)
            todo += included(next_file)
    return sorted(seen)


def fingerprint(file: Path, command: str) -> str:
    digest = hashlib.sha256(repr((TIDY, FLAGS, command)).encode())
    for part in (ROOT / ".clang-tidy", ROOT / "requirements.txt", *closure(file)):
        digest.update(part.read_bytes())
    return digest.hexdigest()


def without_prelude(build: Path) -> Path:
    """A folder whose compile commands do not know g++'s precompiled headers: each file stands on its own includes."""
    folder = build / "clang-tidy"
    folder.mkdir(exist_ok=True)
    commands = (build / "compile_commands.json").read_text()
    (folder / "compile_commands.json").write_text(re.sub(r"-Winvalid-pch -include \S+cmake_pch\.hxx ", "", commands))
    return folder


def complaints(file: Path, build: Path) -> str:
    run = subprocess.run([TIDY, "-p", str(build), *FLAGS, str(file)], capture_output=True, text=True, check=False)
    noise = re.compile(r"^\d+ warnings? (?:generated|treated)|^Suppressed|^Use -header-filter", re.MULTILINE)
    lines = [line for line in (run.stdout + run.stderr).splitlines() if not noise.match(line)]
    return "" if run.returncode == 0 else "\n".join(lines)


def main(build: Path, wanted: list[str]) -> int:
    own = without_prelude(build)
    database = json.loads((own / "compile_commands.json").read_text())
    commands = {Path(entry["directory"], entry["file"]).resolve(): entry["command"] for entry in database}
    memory = build / "clang-tidy-clean.json"
    clean: dict[str, str] = json.loads(memory.read_text()) if memory.exists() else {}
    todo = {}
    for file, command in sorted(commands.items()):
        ours = any(file.is_relative_to(ROOT / folder) for folder in FOLDERS)
        if not ours or (wanted and not any(part in str(file) for part in wanted)):
            continue
        mark = fingerprint(file, command)
        if clean.get(str(file)) != mark:
            todo[file] = mark

    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as team:
        for (file, mark), text in zip(todo.items(), team.map(lambda file: complaints(file, own), todo), strict=True):
            if text:
                print(text)
                failed += 1
            else:
                clean[str(file)] = mark
                memory.write_text(json.dumps(clean, indent=0))
    print(f"{len(todo)} files looked at, {failed} with complaints, {len(commands) - len(todo)} unchanged")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))
