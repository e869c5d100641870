"""What the gate's interval of an F1 difference costs, against the ways it is done in Python.

20,000 rows, two models that differ on one row in twelve, 10,000 resamples; from the rows to both ends of the interval.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import measure
import numpy as np
from run import Row
from scipy import stats
from sklearn.metrics import f1_score

PROGRAM = Path(__file__).resolve().parent.parent / "build/bin/gate"
ROWS, RESAMPLES = 20_000, 10_000
CASE = "F1 difference, 20k rows, 10k resamples"


def two_models() -> np.ndarray:
    """Columns label, champion, candidate: a third positive, both models right on about three rows in four."""
    rng = np.random.default_rng(1)
    y = rng.random(ROWS) < 0.33
    champion = y ^ (rng.random(ROWS) < 0.25)
    candidate = champion ^ (rng.random(ROWS) < np.where(champion == y, 0.07, 0.12))
    return np.stack([y, champion, candidate], axis=1).astype(np.uint8)


def f1_difference(cells: np.ndarray) -> np.ndarray:
    """Of counts [..., 8] with index 4 label + 2 champion + candidate."""
    positive = cells[..., 4:].sum(-1)
    hits = cells[..., 6] + cells[..., 7], cells[..., 5] + cells[..., 7]
    said = (cells[..., [2, 3, 6, 7]].sum(-1), cells[..., [1, 3, 5, 7]].sum(-1))
    return 2 * hits[1] / (said[1] + positive) - 2 * hits[0] / (said[0] + positive)


def numpy_cells(rows: np.ndarray) -> np.ndarray:
    counts = np.bincount(rows @ np.array([4, 2, 1]), minlength=8)
    drawn = np.random.default_rng(1).multinomial(ROWS, counts / ROWS, RESAMPLES)
    return np.quantile(f1_difference(drawn), (0.025, 0.975))


def scipy_bca(rows: np.ndarray, resamples: int) -> None:
    def difference(y: np.ndarray, a: np.ndarray, b: np.ndarray, axis: int) -> np.ndarray:
        hits, said = ((y & a).sum(axis), (y & b).sum(axis)), (a.sum(axis), b.sum(axis))
        return 2 * hits[1] / (said[1] + y.sum(axis)) - 2 * hits[0] / (said[0] + y.sum(axis))

    columns = tuple(rows.T.astype(bool))
    stats.bootstrap(columns, difference, paired=True, n_resamples=resamples, batch=100, method="percentile")


def sklearn_loop(rows: np.ndarray, resamples: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(resamples):
        y, a, b = rows[rng.integers(0, ROWS, ROWS)].T
        f1_score(y, b) - f1_score(y, a)


def cpu_ms(work: Callable[[], object], times: int) -> float:
    def once() -> float:
        begin = time.process_time()
        work()
        return 1000 * (time.process_time() - begin)

    return statistics.median(once() for _ in range(times))


def rows() -> Iterator[Row]:
    table = two_models()
    with tempfile.NamedTemporaryFile() as file:
        file.write(table.tobytes())
        file.flush()
        answer = json.loads(measure.run([str(PROGRAM), file.name, str(RESAMPLES), "21"]).output)
    ours = answer["ms"]
    theirs = numpy_cells(table)
    if not np.allclose(theirs, (answer["lower"], answer["upper"]), atol=5e-4):
        raise SystemExit(f"the intervals differ: {answer}, numpy {theirs}")
    yield Row(CASE, "CPU ms", ours, cpu_ms(lambda: numpy_cells(table), 21), "numpy multinomial on the 8 cells")
    yield Row(
        CASE, "CPU ms", ours, 20 * cpu_ms(lambda: scipy_bca(table, 500), 3), "scipy bootstrap, vectorised (500 × 20)"
    )
    yield Row(
        CASE, "CPU ms", ours, 200 * cpu_ms(lambda: sklearn_loop(table, 50), 1), "scikit-learn f1_score loop (50 × 200)"
    )
