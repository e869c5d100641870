"""What benchmarks measure with: CPU time and peak memory of a child process, medians over repetitions."""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

# One thread unless a benchmark says otherwise, so that CPU time is comparable.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Cost:
    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
    output: str


def run(command: Sequence[str], environment: Mapping[str, str] = ONE_THREAD, folder: str | None = None) -> Cost:
    """Runs a command to its end; an exit code other than 0 stops the benchmark with what it said."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.monotonic()
        child = subprocess.Popen(command, env=os.environ | environment, cwd=folder, stdout=output, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if child.returncode != 0:
            raise SystemExit(f"{' '.join(command)} ended with {child.returncode}:\n{errors.read()[-4000:]}")
        return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024, output.read())


def median(measure: Callable[[], float], times: int = 3) -> float:
    return statistics.median(measure() for _ in range(times))
