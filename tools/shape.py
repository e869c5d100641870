"""Prints measures of the code in which decay shows early: `shape.py`. A trend starts a talk.

Only the first four fail: rooms in a cycle, undeclared edges, tests that nothing runs, fence violations. A `!` stands
before what is past its mark.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import check_fences
import check_ports
import check_rooms
import check_tests_run
from count_tests import count, slowest
from source import ROOT, Source, sources


@dataclass(frozen=True)
class Measure:
    name: str
    value: str
    mark: str = ""  # what would be a sign of trouble
    past: bool = False  # it is there
    fails: bool = False  # and that alone is an error


@dataclass(frozen=True)
class Tag:
    """What ctags says of one function or member."""

    path: str
    line: int
    end: int
    kind: str
    name: str
    scope: str

    @property
    def lines(self) -> int:
        return self.end - self.line + 1


class Shape:
    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def files(self) -> list[Source]:
        return sources(self.root, "retrain", "python/bindings")

    @cached_property
    def code_files(self) -> list[Source]:
        return [file for file in self.files if not file.is_test]

    @cached_property
    def tags(self) -> list[Tag]:
        names = [str(self.root / file.path) for file in self.code_files]
        layout = "%F|%n|%e|%K|%Z|%N"
        command = ["ctags", "-x", "--languages=C++", "--c++-kinds=fm", f"--_xformat={layout}", *names]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        rows = (line.split("|", 5) for line in output.splitlines())
        return [
            Tag(Path(path).relative_to(self.root).as_posix(), int(line), int(end or line), kind, name, scope)
            for path, line, end, kind, scope, name in rows
        ]

    @cached_property
    def public_headers(self) -> list[Source]:
        """Headers of a room that another room includes."""
        shared = {
            include
            for file in self.code_files
            for _, include in file.includes()
            if (other := Source(include, "").room) and other != file.room
        }
        return [file for file in self.files if file.path in shared]

    def fences(self) -> Iterator[Measure]:
        def strict(name: str, found: list[str]) -> Measure:
            return Measure(name, "\n".join([str(len(found)), *found]), "any", bool(found), bool(found))

        yield strict("rooms in a cycle", check_rooms.cycles(self.root))
        yield strict("edges that DEPENDS does not name", check_rooms.undeclared_includes(self.root))
        yield strict("tests and sources that nothing runs", check_tests_run.violations(self.root))
        yield strict(
            "vendor headers and ways out past a fence",
            check_fences.violations(self.root) + check_ports.violations(self.root),
        )

    def lengths(self) -> Iterator[Measure]:
        functions = [tag for tag in self.tags if tag.kind == "function"]
        long = [tag for tag in functions if tag.lines > 60]
        share = len(long) / max(1, len(functions))
        longest = max(functions, key=lambda tag: tag.lines)
        yield Measure(
            "functions over 60 lines",
            f"{len(long)} of {len(functions)} ({share:.1%}); longest {longest.lines}: {longest.name} in {longest.path}",
            "above 1.5 %",
            share > 0.015,
        )
        by_length = sorted(self.files, key=lambda file: len(file.text.splitlines()))
        lengths = [len(file.text.splitlines()) for file in by_length]
        yield Measure("lines of code, of tests", f"{sum_lines(self.code_files)}, {sum_lines(self.test_files())}")
        yield Measure(
            "file length: 90th percentile, longest",
            f"{lengths[int(0.9 * (len(lengths) - 1))]}, {lengths[-1]} ({by_length[-1].path})",
            "past 400",
            lengths[-1] > 400,
        )

    def test_files(self) -> list[Source]:
        return [file for file in self.files if file.is_test] + sources(self.root, "tests")

    def headers(self) -> Iterator[Measure]:
        lines = sum_lines(self.public_headers)
        comments = sum("//" in line for file in self.public_headers for line in file.text.splitlines())
        silent = [file for file in self.public_headers if "thread" not in file.text]
        yield Measure("headers that other rooms include, their lines", f"{len(self.public_headers)}, {lines}")
        share = comments / max(1, lines)
        yield Measure("comment share of those headers", f"{share:.0%}", "below 20 %", lines > 0 and share < 0.2)
        yield Measure("those headers that say something on threads", f"{len(self.public_headers) - len(silent)}")

    def habits(self) -> Iterator[Measure]:
        fields = Counter(
            tag.scope
            for tag in self.tags
            if tag.kind == "member" and re.search(r"(?:Options|Config|Settings|Rule)$", tag.scope)
        )
        name, most = fields.most_common(1)[0] if fields else ("none", 0)
        yield Measure("fields of the largest struct of options", f"{most}: {name}", "above 12", most > 12)
        for habit, pattern, mark in (
            ("friend", r"^\s*friend\b", "rising"),
            ("TEST_ hooks", r"\bTEST_(?![FP]\b)\w+\(|\w+ForTest\w*\(", "rising"),
            (
                "mutable statics",
                r"^\s*(?:static|thread_local)\s+(?!const|assert|inline const)[\w:<>, ]+\s\w+(?:\s*=|;|\{)",
                "any",
            ),
            ("shared_ptr members", r"shared_ptr<[^;()]*>\s+\w+_\s*(?:;|=|\{)", "rising"),
        ):
            hits = self.count_in(self.code_files, pattern)
            yield Measure(habit, str(hits), mark, mark == "any" and hits > 0)
        sleeps = self.count_in(self.test_files(), r"\bsleep_(?:for|until)\b|\bu?sleep\(")
        yield Measure("sleeps in tests", str(sleeps), "any", sleeps > 0)
        todos = sum(len(re.findall(r"\b(?:TODO|FIXME|XXX)\b", file.text)) for file in self.files)
        yield Measure("TODO", str(todos), "any", todos > 0)
        doubled = doubled_code([file for file in self.code_files if not file.path.endswith(".inc")])
        yield Measure("places of doubled code (six lines)", "\n".join([str(len(doubled)), *doubled]), "rising")

    @staticmethod
    def count_in(files: list[Source], pattern: str) -> int:
        return sum(len(re.findall(pattern, file.code, re.MULTILINE)) for file in files)

    def suite(self) -> Iterator[Measure]:
        results = self.root / "build/results"
        if any(results.glob("*.xml")):
            counts = count(results)
            name, seconds = slowest(results)
            yield Measure(
                "last suite", f"{counts.text()}, {counts.seconds:.0f} s of tests; slowest {seconds:.0f} s: {name}"
            )

    def measures(self) -> list[Measure]:
        return [*self.fences(), *self.lengths(), *self.headers(), *self.habits(), *self.suite()]


def sum_lines(files: list[Source]) -> int:
    return sum(len(file.text.splitlines()) for file in files)


def doubled_code(files: list[Source], window: int = 6) -> list[str]:
    """Pairs of places where the same six lines of code stand, the first six of each stretch."""
    first: dict[tuple[str, ...], str] = {}
    found = []
    for file in files:
        numbered = [(number, " ".join(line.split())) for number, line in enumerate(file.code.splitlines(), 1)]
        lines = [
            (number, line) for number, line in numbered if len(line) > 4 and not line.startswith(("#", "namespace"))
        ]
        inside = False
        for start in range(len(lines) - window + 1):
            words = tuple(line for _, line in lines[start : start + window])
            place = f"{file.path}:{lines[start][0]}"
            known = first.setdefault(words, place)
            if known != place and not inside:
                found.append(f"{known} and {place}")
            inside = known != place
    return found


def main() -> int:
    measures = Shape(ROOT).measures()
    width = max(len(measure.name) for measure in measures)
    for measure in measures:
        value, *details = measure.value.splitlines()
        mark = f"   ({measure.mark} is a sign of trouble)" if measure.mark and measure.past else ""
        print(f"{'!' if measure.past else ' '} {measure.name:<{width}}  {value}{mark}")
        for detail in details[:10]:
            print(f"      {detail}")
        if len(details) > 10:
            print(f"      … and {len(details) - 10} more")
    return 1 if any(measure.fails for measure in measures) else 0


if __name__ == "__main__":
    sys.exit(main())
