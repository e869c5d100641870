"""Runs the benchmarks: `run.py [NAME] [--json]`. Ours and the peer are measured in the same run, on the same machine.

A benchmark is a module NAME.py of this folder with a docstring and a function `rows()` that yields Row values as they
are measured. Times are CPU seconds unless the measure says otherwise.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
NO_BENCHMARKS = {"run", "measure"}


@dataclass(frozen=True)
class Row:
    case: str
    measure: str  # with its unit
    ours: float
    peer: float
    peer_name: str

    @property
    def ratio(self) -> float:
        """How often ours fits into the peer's: 2 is half the time or half the memory."""
        return self.peer / self.ours if self.ours else float("inf")

    def to_dict(self) -> dict[str, str | float | None]:
        """For JSON, which knows no infinity."""
        return asdict(self) | {"ratio": self.ratio if self.ours else None}


def benchmarks() -> list[str]:
    return sorted(file.stem for file in FOLDER.glob("*.py") if file.stem not in NO_BENCHMARKS)


def show(rows: Iterable[Row]) -> list[Row]:
    """Prints each row when it is there: a benchmark takes its time."""
    shown = []
    print(f"{'case':<34} {'measure':<22} {'ours':>10} {'peer':>10}  {'ratio':>6}  peer's name")
    for row in rows:
        numbers = f"{row.ours:>10.4g} {row.peer:>10.4g}  {row.ratio:>5.1f}×"
        print(f"{row.case:<34} {row.measure:<22} {numbers}  {row.peer_name}", flush=True)
        shown.append(row)
    return shown


def main() -> int:
    options = argparse.ArgumentParser(description="ours and the peers, measured in the same run")
    options.add_argument("name", nargs="?", choices=benchmarks(), help="default: all")
    options.add_argument("--json", action="store_true", help="one JSON list at the end")
    chosen = options.parse_args()
    found: list[Row] = []
    for name in [chosen.name] if chosen.name else benchmarks():
        rows = importlib.import_module(name).rows()
        if chosen.json:
            found += rows
        else:
            print(f"\n{name}")
            show(rows)
    if chosen.json:
        json.dump([row.to_dict() for row in found], sys.stdout, indent=2)
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
