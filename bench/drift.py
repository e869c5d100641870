"""What comparing two tables costs: read them, and compute the full suite of exact statistics for every column.

Ours does KS, Wasserstein, Cramér-von Mises, Anderson-Darling, Mann-Whitney, PSI, Jensen-Shannon, chi-square, nulls and
the default test with its intervals, from Parquet file to JSON. The peers do less: pyarrow reads both files and nothing
else (the floor), DuckDB one PSI a column in SQL, scipy KS or chi-square, NannyML Jensen-Shannon, Evidently one test a
column. Ours is CPU seconds of the whole process; a peer's are counted only from when its packages are imported. Each
works with one thread unless a row says otherwise; ours is the cheapest of three runs, a peer runs once.

`RETRAIN_PEERS=all` adds NannyML and Evidently, each in an environment of its own that is made now: minutes, and 5 GB.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import measure
import pyarrow as pa
import pyarrow.parquet as pq
from run import Row

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build/bin/retrain"
PEERS = ROOT / "bench/peers"
CACHE = ROOT / ".cache/bench"
sys.path.insert(0, str(ROOT / "tools/data"))

# Peers in an environment of their own: nothing else needs them, and the pins of the last two clash with ours.
APART = {
    "duckdb": ["duckdb==2.0.0", "pyarrow==26.0.1"],
    "nannyml": ["nannyml==0.13.1", "statsmodels", "pandas==2.3.3", "pyarrow==26.0.1"],
    "evidently": ["evidently==0.7.23", "pandas==2.3.3", "pyarrow==26.0.1"],
}


@dataclass(frozen=True)
class Case:
    name: str
    reference: Path
    current: Path


def wide_tables(rows: int) -> Case:
    """Two tables of 50 columns from one law, written once."""
    files = [CACHE / f"wide_{rows}_{seed}.parquet" for seed in (1, 2)]
    for seed, file in enumerate(files, 1):
        if not file.exists():
            command = [sys.executable, ROOT / "tools/data/make_table.py", file, "--rows", rows, "--seed", seed]
            subprocess.run(list(map(str, command)), check=True)
    return Case(f"{rows:,} × 50 against as many", *files)


def flights() -> Case:
    """January to March against April, all columns, as they come."""
    from flights import raw_flights

    files = CACHE / "flights_1_3.parquet", CACHE / "flights_4.parquet"
    if not files[1].exists():
        table = raw_flights()
        CACHE.mkdir(parents=True, exist_ok=True)
        for file, chosen in zip(files, (table.month <= 3, table.month == 4), strict=True):
            pq.write_table(pa.Table.from_pandas(table[chosen], preserve_index=False), file)
    return Case("flights, 81k rows × 18 against 28k", *files)


def ours(case: Case, *options: str) -> measure.Cost:
    command = [str(PROGRAM), "drift", str(case.reference), str(case.current), "--json", *options]
    return measure.run(command, success=(0, 4))


def cheapest(case: Case, *options: str) -> measure.Cost:
    return min((ours(case, *options) for _ in range(3)), key=lambda cost: cost.cpu_seconds)


def python_of(peer: str) -> str:
    if peer not in APART:
        return sys.executable
    python = CACHE / f"venv-{peer}/bin/python"
    whole = python.parents[1] / ".whole"  # an installation that was broken off is done again
    if not whole.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(python.parents[1])], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *APART[peer]], check=True)
        whole.touch()
    return str(python)


def peer(name: str, case: Case) -> tuple[float, float]:
    """CPU seconds from its packages imported to its scores, and peak bytes of the process."""
    cost = measure.run([python_of(name), str(PEERS / f"drift_{name}.py"), str(case.reference), str(case.current)])
    return json.loads(cost.output.splitlines()[-1])["cpu_seconds"], cost.peak_bytes


WHAT = {
    "pyarrow": "pyarrow reads both files, no more",
    "duckdb": "DuckDB, PSI in SQL",
    "scipy": "scipy, KS and chi-square",
    "nannyml": "NannyML, its default",
    "evidently": "Evidently, DataDriftPreset",
}


def rows() -> Iterator[Row]:
    every = os.environ.get("RETRAIN_PEERS") == "all"
    for case in (flights(), wide_tables(1_000_000)):
        profile = case.reference.with_suffix(".profile")
        ours(case, "--save-profile", str(profile))
        plain, full = cheapest(case, "--threads", "1"), cheapest(case, "--threads", "1", "--method", "full")
        kept = cheapest(Case("", profile, case.current), "--threads", "1")
        for name in WHAT if every else list(WHAT)[:3]:
            seconds, peak = peer(name, case)
            yield Row(case.name, "CPU s, full suite", full.cpu_seconds, seconds, WHAT[name])
            yield Row(case.name, "peak MB", full.peak_bytes / 1e6, peak / 1e6, WHAT[name])
        yield Row(case.name, "CPU s", plain.cpu_seconds, full.cpu_seconds, "ours: the default test, to the full suite")
        yield Row(case.name, "CPU s", kept.cpu_seconds, full.cpu_seconds, "ours: against a saved profile, likewise")
        two = cheapest(case, "--threads", "2", "--method", "full")
        yield Row(case.name, "wall s", two.wall_seconds, full.wall_seconds, "ours: two threads to one")
