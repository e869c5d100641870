"""What a run costs besides learning, and how soon the program answers.

Ours: all five stages with a learner that does nothing, everything journalled and synced. Peer: Dagster, a job of five
steps that do nothing, in process with its SQLite instance (in an environment of its own, made on first use).
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import measure
from run import Row

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".cache" / "bench-dagster"


def ours() -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        cost = measure.run([str(ROOT / "build/bin/overhead"), "21", folder])
    return json.loads(cost.output)


def syncs_per_run() -> float:
    """Counted by strace: the difference between 11 runs and 1, over 10."""

    def count(runs: int) -> int:
        with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
            command = [
                "strace",
                "-f",
                "-c",
                "-e",
                "trace=fsync,fdatasync",
                str(ROOT / "build/bin/overhead"),
                str(runs),
                folder,
            ]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
        columns = [line.split() for line in said.splitlines()]  # % time, seconds, µs a call, calls, errors, name
        return sum(int(row[3]) for row in columns if row and row[-1] in ("fsync", "fdatasync"))

    return (count(11) - count(1)) / 10


def peer() -> dict[str, float]:
    python = PEER / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEER)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "dagster==1.13.27"], check=True)
    with tempfile.TemporaryDirectory() as home:
        cost = measure.run([str(python), str(ROOT / "bench/peers/dagster_steps.py")], {"DAGSTER_HOME": home})
    return json.loads(cost.output.splitlines()[-1])


def first_line_ms() -> float:
    program = str(ROOT / "build/bin/retrain")
    return measure.median(lambda: measure.run([program, "--version"]).wall_seconds, 21) * 1000


def python_start_ms() -> float:
    return measure.median(lambda: measure.run([sys.executable, "-c", "print(1)"]).wall_seconds, 21) * 1000


def rows() -> Iterator[Row]:
    mine, theirs, syncs = ours(), peer(), syncs_per_run()
    yield Row("five stages, nothing learned", "wall ms", mine["wall_ms"], theirs["wall_ms"], "dagster 1.13.27")
    without = mine["wall_ms"] - syncs * mine["sync_ms"]
    yield Row(
        f"  less {syncs:.0f} syncs of {mine['sync_ms']:.2f} ms",
        "wall ms",
        without,
        theirs["wall_ms"],
        "dagster 1.13.27",
    )
    yield Row(
        "five stages, nothing learned",
        "peak MB",
        mine["peak_bytes"] / 1e6,
        theirs["peak_bytes"] / 1e6,
        "dagster 1.13.27",
    )
    yield Row("command to first line", "wall ms", first_line_ms(), python_start_ms(), "python -c 'print(1)'")
