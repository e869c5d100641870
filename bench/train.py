"""Training the native network against scikit-learn and PyTorch: flights, 137-64-64-1, batch 256, float32.

Times are CPU seconds an epoch on one thread, the least of several; the peers get their inputs encoded beforehand. The
gain of a second thread is in wall time, so it is only right on a machine that has two processors to spare.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import measure
import pyarrow as pa
import pyarrow.parquet as pq
from run import Row

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "build" / "bench" / "flights-137.parquet"
TARGET = "late"
CASE = "flights 137-64-64-1"
ROUNDS = 3  # ours and each peer in turn, so that a busy minute hits all


def table() -> None:
    """Flights with 14 numbers, none of them missing, and carrier, origin and destination."""
    if FILE.exists():
        return
    sys.path.insert(0, str(ROOT / "tools" / "data"))
    from flights import flights

    rows = flights()
    rows["month"], rows["day"] = rows.departure.dt.month, rows.departure.dt.day
    rows["weekday"] = rows.departure.dt.dayofweek
    rows = rows.drop(columns=["departure", "wind_gust"])
    weather = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "precip", "pressure", "visib"]
    for name in weather:
        rows[name] = rows.groupby("origin")[name].ffill().bfill()
    FILE.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pandas(rows, preserve_index=False), FILE)


def ours(threads: int = 1, kernels: str = "") -> dict[str, float]:
    command = [str(ROOT / "build/bin/train_speed"), str(FILE), TARGET, str(threads), "6"]
    found: dict[str, float] = json.loads(measure.run(command + ([kernels] if kernels else [])).output)
    return found


def peer(name: str) -> dict[str, float]:
    command = [sys.executable, str(ROOT / "bench/peers/train_mlp.py"), name, str(FILE), TARGET]
    found: dict[str, float] = json.loads(measure.run(command).output)
    return found


def runs_here(kernels: str) -> bool:
    try:
        ours(1, kernels)
    except SystemExit:
        return False
    return True


def rows() -> Iterator[Row]:
    table()
    levels = [name for name in ("v4", "v3") if runs_here(name)]
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        measured = {name: ours(1, name) for name in levels}
        measured |= {name: peer(name) for name in ("sklearn", "torch")}
        for name, found in measured.items():
            best[name] = min(best.get(name, float("inf")), found["cpu_seconds"])
    for name in levels:
        kernels = {"v4": "AVX-512", "v3": "AVX2"}[name]
        yield Row(f"{CASE}, {kernels}", "epoch, CPU s", best[name], best["sklearn"], "scikit-learn MLPClassifier")
        yield Row(f"{CASE}, {kernels}", "epoch, CPU s", best[name], best["torch"], "PyTorch, fused Adam")
    pairs = [(ours(1), ours(2)) for _ in range(3 * ROUNDS)]  # by turns: a busy moment then hits both
    one, two = (min(found, key=lambda one: one["wall_seconds"]) for found in zip(*pairs, strict=True))
    yield Row(f"{CASE}, 2 threads", "epoch, wall s", two["wall_seconds"], one["wall_seconds"], "ours, 1 thread")
    grown = one["grown_bytes"] / 1e6
    for name, said in (("sklearn", "scikit-learn MLPClassifier"), ("torch", "PyTorch, fused Adam")):
        yield Row(CASE, "above the data, peak MB", grown, peer(name)["grown_bytes"] / 1e6, said)
