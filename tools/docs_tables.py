"""Writes the tables of the documentation that come from code: `docs_tables.py [--check]`.

A table stands between `<!-- table: NAME -->` and `<!-- end of table -->`; what is between them is replaced. With
--check nothing is written, and the exit code is 1 when a table is not what the code says.
"""

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from check_error_codes import rows as error_rows
from source import ROOT, rooms

DOCS = ("docs/architecture.md", "docs/errors.md")
STATES = "retrain/pipeline/state.h"


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def room_table(root: Path) -> str:
    rows = [(f"`{room.name}`", room.description, " ".join(room.depends) or "–") for room in rooms(root).values()]
    return table(("room", "what lives in it", "depends on"), rows)


def _array(root: Path, name: str) -> list[tuple[str, ...]]:
    """The rows of a constexpr array of braces in the state table; names of enumerators without their k."""
    body = re.search(rf"{name}\[\] = \{{(.*?)\n\}};", (root / STATES).read_text(), re.DOTALL)
    if not body:
        raise SystemExit(f"{STATES} has no array {name}")
    words = re.compile(r'State::k(\w+)|"([^"]*)"|\b(true|false)\b')
    return [
        tuple(found[1].lower() if found[1] else found[2] or found[3] or "" for found in words.finditer(row))
        for row in re.findall(r"\{(.*?)\}", body[1], re.DOTALL)
    ]


def stage_table(root: Path) -> str:
    rows = [
        (f"`{name}`", stage or "–", "yes" if end == "true" else "") for _, name, stage, end in _array(root, "kStates")
    ]
    return table(("state", "stage that ends with it", "a run can end here"), rows)


def edge_table(root: Path) -> str:
    return table(("from", "to", "when"), [(f"`{a}`", f"`{b}`", when) for a, b, when in _array(root, "kEdges")])


def error_table(root: Path) -> str:
    return table(("code", "kind", "what is wrong", "what to do"), [(f"`{c}`", *rest) for c, *rest in error_rows(root)])


TABLES: dict[str, Callable[[Path], str]] = {
    "rooms": room_table,
    "states": stage_table,
    "edges": edge_table,
    "errors": error_table,
}


def rewritten(text: str, root: Path) -> str:
    def fill(found: re.Match[str]) -> str:
        if found[2] not in TABLES:
            raise SystemExit(f"no table `{found[2]}`; there are {', '.join(TABLES)}")
        return f"{found[1]}\n{TABLES[found[2]](root)}\n{found[3]}"

    return re.sub(r"(<!-- table: (\w+) -->)\n.*?(<!-- end of table -->)", fill, text, flags=re.DOTALL)


def main(root: Path, check: bool) -> int:
    stale = []
    for name in DOCS:
        old = (root / name).read_text()
        if (new := rewritten(old, root)) != old:
            stale.append(name)
            if not check:
                (root / name).write_text(new)
    for name in stale:
        print(f"{name}: {'not what the code says; run tools/docs_tables.py' if check else 'written'}")
    return 1 if stale and check else 0


if __name__ == "__main__":
    sys.exit(main(ROOT, "--check" in sys.argv[1:]))
