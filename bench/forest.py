"""Predicting with trees: LightGBM by itself, and the same model by our own predictor, which needs no library.

A single row is LightGBM's prepared call for one row after another; a batch is its call for a matrix, with as many
threads as ours. Wall microseconds a row, the least of seven turns, in turn. Both read the same doubles.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import measure
from run import Row

PROGRAM = Path(__file__).resolve().parent.parent / "build/bin/forest"

CASES = {"single": "one row", "batch_1": "100,000 rows, 1 thread", "batch_2": "100,000 rows, 2 threads"}
MODELS = ((20, 100, 31), (20, 500, 63))  # columns, trees, leaves


def rows() -> Iterator[Row]:
    for columns, trees, leaves in MODELS:
        command = list(map(str, (PROGRAM, 100_000, columns, trees, leaves)))
        said = json.loads(measure.run(command, {"OMP_WAIT_POLICY": "passive"}).output)
        if not said["difference"] <= 1e-6:
            raise SystemExit(f"the predictions differ by {said['difference']}")
        for key, case in CASES.items():
            name = f"{trees} trees, {case}"
            yield Row(name, "wall µs a row", said[key]["ours"], said[key]["lightgbm"], "LightGBM 4.7.0")
