"""How often an alarm is false, and how often a real shift is found, on ten columns of real flights.

Six columns of numbers and four of categories (3, 16, 105 and about 4,000 values). `clean`: two samples of one year that
share no row. `shifted`: every column moved a little, its support kept: numbers by 0.1 standard deviations, the most
frequent category by 3 points. Ours with threshold 0 (any difference counts) and with the default; the peer is scipy's
KS and chi-square at p < 0.05 a column, as it is usually done. Numbers are per cent; an alarm of a data set is one of
any of its columns.

`RETRAIN_SPLITS` sets how many pairs of samples are drawn (200).
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from omgkit.mlops import DriftDetector
from run import Row
from scipy import stats

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools/data"))

NUMBERS = ["dep_delay", "arr_delay", "air_time", "distance", "sched_dep_time", "hour"]
WORDS = ["origin", "carrier", "dest", "tailnum"]
SIZES = (500, 5_000, 50_000)
SPLITS = int(os.environ.get("RETRAIN_SPLITS", "200"))

Alarms = dict[str, bool]


def ours(before: pd.DataFrame, now: pd.DataFrame, threshold: float) -> Alarms:
    tables = [pa.Table.from_pandas(frame, preserve_index=False) for frame in (before, now)]
    report = DriftDetector(tables[0], threshold=threshold).check(tables[1])
    return {name: column.outcome == "drifted" for name, column in report.columns.items()}


def scipy_alarms(before: pd.DataFrame, now: pd.DataFrame) -> Alarms:
    alarms = {}
    for name in NUMBERS:
        alarms[name] = bool(stats.ks_2samp(before[name].dropna(), now[name].dropna(), method="asymp").pvalue < 0.05)
    for name in WORDS:
        counts = pd.concat([before[name].value_counts(), now[name].value_counts()], axis=1).fillna(0).to_numpy().T
        alarms[name] = bool(stats.chi2_contingency(counts).pvalue < 0.05)
    return alarms


def weights(column: pd.Series) -> NDArray[np.float64]:
    """Of each row, cumulated: drawn by them, the column is shifted and holds no value that it did not hold before."""
    if column.name in NUMBERS:
        z = (column - column.mean()) / column.std()
        weight = (1 + 0.1 * z).fillna(1.0).clip(lower=0).to_numpy()
    else:
        is_top = (column == column.mode()[0]).to_numpy()
        p = is_top.mean()
        weight = np.where(is_top, (p + 0.03) / p, (1 - p - 0.03) / (1 - p))
    return np.cumsum(weight / weight.sum())


def draw(table: pd.DataFrame, n: int, rng: np.random.Generator, cumulated: dict[str, NDArray[np.float64]] | None):
    """A reference and a current sample; the latter shifted by the weights, when there are any."""
    rows = rng.choice(len(table), 2 * n, replace=False)
    before, now = (table.iloc[part].reset_index(drop=True) for part in (rows[:n], rows[n:]))
    if cumulated is not None:
        now = pd.DataFrame(
            {
                name: table[name].to_numpy()[np.minimum(np.searchsorted(c, rng.random(n)), len(table) - 1)]
                for name, c in cumulated.items()
            }
        )
    return before, now


def per_cent(found: list[Alarms], names: list[str]) -> float:
    return 100 * float(np.mean([[alarms[name] for name in names] for alarms in found]))


def rows() -> Iterator[Row]:
    from flights import raw_flights

    table = raw_flights()[NUMBERS + WORDS]
    for name in WORDS:
        table[name] = table[name].astype(object).where(table[name].notna(), None)
    cumulated = {name: weights(table[name]) for name in NUMBERS + WORDS}
    for scenario in ("clean", "shifted"):
        for n in SIZES:
            rng = np.random.default_rng([20261123, n, scenario == "shifted"])
            zero, default, peer = [], [], []
            for _ in range(SPLITS):
                before, now = draw(table, n, rng, cumulated if scenario == "shifted" else None)
                zero.append(ours(before, now, 0))
                default.append(ours(before, now, 0.1))
                peer.append(scipy_alarms(before, now))
            for measure, names in (("numbers", NUMBERS), ("categories", WORDS)):
                for threshold, found in (("0", zero), ("0.1", default)):
                    case = f"{scenario}, n = {n:,}, threshold {threshold}"
                    yield Row(case, f"alarms, % of {measure}", per_cent(found, names), per_cent(peer, names), "scipy")
            for threshold, found in (("0", zero), ("0.1", default)):
                sets = [100 * float(np.mean([any(alarms.values()) for alarms in which])) for which in (found, peer)]
                yield Row(f"{scenario}, n = {n:,}, threshold {threshold}", "alarms, % of data sets", *sets, "scipy")
