"""How often a drift alarm is false, and how often a real shift is found: the promise of the default test.

Ten columns like those of real tables: skewed delays with ties, whole numbers with few values, distances that repeat,
nulls; categories with 3, 16, 105 and 4,000 values, most of them rare. Seeds are fixed, and limits are binomial
quantiles at 1 - 1e-6, so that another generator would pass as well.
"""

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from omgkit.mlops import DriftDetector
from scipy import stats

SPLITS = 120
NUMBERS = ("delay", "late", "hours", "distance", "minute", "hour")
WORDS = {"origin": (3, 20), "carrier": (16, 3), "dest": (105, 10), "tail": (4000, 400)}  # how many, and how even


def shares(levels: int, evenness: int) -> NDArray[np.float64]:
    weights = 1 / (np.arange(levels) + float(evenness))
    return weights / weights.sum()


def table(n: int, rng: np.random.Generator, shift: float = 0.0, points: float = 0.0) -> pa.Table:
    """`shift` moves each number by so many standard deviations, `points` is added to the share of the first word."""
    delay = np.round(rng.exponential(30, n) - 10 + 30 * shift)
    numbers = {
        "delay": delay,
        "late": rng.standard_t(3, n) + np.sqrt(3) * shift,
        "hours": rng.lognormal(0, 0.6, n) + 0.74 * shift,
        "distance": np.round(rng.normal(1000 + 500 * shift, 500, n) / 20) * 20,
        "minute": rng.integers(0, 60, n) + 17.3 * shift,
        "hour": np.round(rng.normal(13, 4, n) + 4 * shift),
    }
    columns = {name: pa.array(values, mask=rng.random(n) < 0.02) for name, values in numbers.items()}
    for name, (levels, evenness) in WORDS.items():
        p = shares(levels, evenness) * (1 - points)
        p[0] += points
        columns[name] = pa.array(rng.choice(levels, n, p=p)).cast(pa.string())
    return pa.table(columns)


def most(runs: int, rate: float) -> int:
    return int(stats.binom.ppf(1 - 1e-6, runs, rate))


@pytest.mark.parametrize(("threshold", "n"), [(0.0, 500), (0.0, 5000), (0.1, 500), (0.1, 5000)])
def test_clean_tables_raise_an_alarm_in_at_most_one_of_twenty(threshold: float, n: int) -> None:
    rng = np.random.default_rng([7, n])
    alarms = sum(DriftDetector(table(n, rng), threshold=threshold).check(table(n, rng)).drifted for _ in range(SPLITS))
    assert alarms <= most(SPLITS, 0.05)


def test_small_shifts_are_found_when_any_difference_matters() -> None:
    """So that silence is no trick: 0.1 standard deviations and 3 points, with 5,000 rows."""
    rng = np.random.default_rng(8)
    found = dict.fromkeys((*NUMBERS, *WORDS), 0)
    runs = 30
    for _ in range(runs):
        report = DriftDetector(table(5000, rng), threshold=0).check(table(5000, rng, shift=0.1, points=0.03))
        for name in found:
            found[name] += report.columns[name].outcome == "drifted"
    assert sum(found[name] for name in NUMBERS) >= 0.85 * runs * len(NUMBERS), found
    assert sum(found[name] for name in WORDS) >= 0.29 * runs * len(WORDS), found


def psi(p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
    return float(((q - p) * np.log(q / p)).sum())


def tilted(effect: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares of ten cells, and others at a known distance from them."""
    p = np.full(10, 0.1)

    def slope(by: float) -> NDArray[np.float64]:
        return p * (1 + by * (np.arange(10) - 4.5) / 4.5)

    low, high = 0.0, 0.99
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if psi(p, slope(middle)) > effect else (middle, high)
    return p, slope(low)


@pytest.mark.parametrize("kind", ["word", "number"])
@pytest.mark.parametrize("n", [5000, 50000])
def test_an_effect_below_the_threshold_is_silent_and_one_above_is_not(n: int, kind: str) -> None:
    rng = np.random.default_rng([9, n])

    def column(p: NDArray[np.float64]) -> pa.Table:
        cells = rng.choice(10, n, p=p)
        return pa.table(
            {"x": pa.array(cells + rng.random(n)) if kind == "number" else pa.array(cells).cast(pa.string())}
        )

    def alarms(effect: float, runs: int) -> int:
        p, q = tilted(effect)
        return sum(DriftDetector(column(p)).check(column(q)).drifted for _ in range(runs))

    assert alarms(0.05, 60) <= most(60, 0.05)
    assert alarms(0.2, 60) >= 60 - most(60, 0.05)
