"""ELEC2 replayed: a model kept fresh through three years of an electricity market, beside the same model left alone.

The first tenth of the rows is history; then 61 updates of 672 rows (two weeks) arrive as files. Each first tests the
champion, on labels it has never seen, and is then dropped into the folder and triggered on. Means over the updates.
The newest tenth of a slice is 67 rows, too few for proof, so the gate compares bare estimates here: a wrong promotion
costs two weeks at most, a missed one costs as much.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from omgkit.mlops import RetrainingPipeline
from run import Row

SEEDS = (1, 2, 3)
UPDATE_ROWS = 672
DATA = Path(__file__).resolve().parents[1] / ".cache/elec2.parquet"


def config(folder: Path, seed: int) -> dict[str, Any]:
    return {
        "strategy": "incremental",
        "data_config": {"new_data_path": folder / "new", "min_new_samples": 400},
        "training_config": {"epochs": 15, "batch_size": 64, "hidden": [128, 128], "seed": seed},
        "validation_config": {"metrics": ["log_loss"], "evidence": "point"},
    }


def score(pipeline: RetrainingPipeline, rows: pa.Table) -> tuple[float, float]:
    """Log loss and accuracy of the champion."""
    up = pipeline.predict_proba(rows)[:, 1]
    truth = rows["target"].to_numpy() == 1
    likely = np.clip(np.where(truth, up, 1 - up), 1e-15, 1)
    return float(-np.log(likely).mean()), float(((up >= 0.5) == truth).mean())


def replay(rows: pa.Table, seed: int, folder: Path) -> tuple[np.ndarray, np.ndarray, int]:
    """Means of (log loss, accuracy) of the fresh and of the frozen model, and how many updates were promoted."""
    history = rows.num_rows // 10
    (folder / "new").mkdir(parents=True)
    pq.write_table(rows.slice(0, history), folder / "new/0000.parquet")
    fresh, frozen = (
        RetrainingPipeline(home=folder / name, config=config(folder, seed)) for name in ("fresh", "frozen")
    )
    fresh.trigger()
    frozen.trigger()
    scores: list[tuple[tuple[float, float], tuple[float, float]]] = []
    for number, start in enumerate(range(history, rows.num_rows, UPDATE_ROWS), 1):
        update = rows.slice(start, UPDATE_ROWS)
        scores.append((score(fresh, update), score(frozen, update)))
        pq.write_table(update, folder / f"new/{number:04}.parquet")
        fresh.trigger(reason=f"update {number}")
    means = np.array(scores).mean(axis=0)
    return means[0], means[1], sum(run.status == "promoted" for run in fresh.runs()[1:])


def elec2() -> pa.Table:
    """The table, made by tools/data/elec2.py when it is not there."""
    if not DATA.exists():
        script = Path(__file__).resolve().parents[1] / "tools/data/elec2.py"
        subprocess.run([sys.executable, str(script), str(DATA)], check=True, stdout=sys.stderr)
    return pq.read_table(DATA)


def rows() -> Iterator[Row]:
    table = elec2()
    results = []
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            fresh, frozen, promoted = replay(table, seed, Path(folder))
        results.append((fresh, frozen))
        yield from compared(f"ELEC2, seed {seed}, {promoted} promoted", fresh, frozen)
    yield from compared("ELEC2, mean of the seeds", *np.mean(results, axis=0))


def compared(case: str, fresh: np.ndarray, frozen: np.ndarray) -> Iterator[Row]:
    yield Row(case, "log loss", float(fresh[0]), float(frozen[0]), "the first champion, left alone")
    yield Row(case, "error rate", 1 - float(fresh[1]), 1 - float(frozen[1]), "the first champion, left alone")
