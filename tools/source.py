"""The C++ of this project as the checks see it: rooms, files, includes, code without its comments."""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Room:
    """One add_room(…) of retrain/CMakeLists.txt."""

    name: str
    description: str
    depends: tuple[str, ...] = ()
    test_depends: tuple[str, ...] = ()


def rooms(root: Path) -> dict[str, Room]:
    text = (root / "retrain/CMakeLists.txt").read_text()
    text = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    found = (_room(call) for call in re.findall(r'add_room\(((?:[^()"]|"[^"]*")*)\)', text))
    return {room.name: room for room in found}


def _room(call: str) -> Room:
    keys = ("NAME", "DESCRIPTION", "DEPENDS", "USES", "TEST_DEPENDS")
    values: dict[str, list[str]] = {key: [] for key in keys}
    key = ""
    for word in re.findall(r'"[^"]*"|\S+', call):
        if word in keys:
            key = word
        else:
            values[key].append(word.strip('"'))
    return Room(
        values["NAME"][0], " ".join(values["DESCRIPTION"]), tuple(values["DEPENDS"]), tuple(values["TEST_DEPENDS"])
    )


@dataclass(frozen=True)
class Source:
    """A C++ file; `path` is relative to the root and written with '/'."""

    path: str
    text: str

    @property
    def room(self) -> str:
        parts = self.path.split("/")
        return parts[1] if parts[0] == "retrain" and len(parts) > 2 else ""

    @property
    def is_test(self) -> bool:
        return self.path.endswith("_test.cpp") or self.path.startswith("tests/")

    @property
    def code(self) -> str:
        """The text with comments and the insides of strings blanked out; lines keep their numbers."""
        return _NOT_CODE.sub(_blank, self.text)

    def includes(self) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(self.text.splitlines(), 1):
            if found := re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line):
                yield number, found[1]


_NOT_CODE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|R"(?P<end>[^()\s\\]{0,16})\(.*?\)(?P=end)"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])'""",
    re.DOTALL,
)


def _blank(found: re.Match[str]) -> str:
    text = found[0]
    if text.startswith("/"):
        return re.sub(r"[^\n]", " ", text)
    return '"' + re.sub(r"[^\n]", " ", text[1:-1]) + '"' if len(text) > 1 else text


def sources(root: Path, *folders: str) -> list[Source]:
    """Every .h, .cpp and .inc file under the given folders (default: all that hold our C++)."""
    files = (
        file
        for folder in folders or ("retrain", "python/bindings", "tests", "bench", "fuzz")
        for file in (root / folder).rglob("*")
        if file.suffix in (".h", ".cpp", ".inc")
    )
    return [Source(file.relative_to(root).as_posix(), file.read_text()) for file in sorted(files)]


def report(violations: Callable[[Path], list[str]]) -> None:
    """The main program of a check: one line a violation, exit code 1 when there is any."""
    found = violations(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)
    print("\n".join(found) if found else "ok")
    sys.exit(1 if found else 0)
