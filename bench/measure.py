"""What benchmarks measure with: CPU time and peak memory of a child process, medians over repetitions."""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# One thread unless a benchmark says otherwise, so that CPU time is comparable.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Cost:
    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
    output: str


def run(
    command: Sequence[str],
    environment: Mapping[str, str] = ONE_THREAD,
    folder: str | None = None,
    success: Sequence[int] = (0,),
) -> Cost:
    """Runs a command to its end; an exit code that is no `success` stops the benchmark with what it said."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.monotonic()
        child = subprocess.Popen(command, env=os.environ | environment, cwd=folder, stdout=output, stderr=errors)
        peak_bytes = 0
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid != 0:
                break
            peak_bytes = _memory_peak(child.pid) or peak_bytes
            time.sleep(0.002)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if child.returncode not in success:
            raise SystemExit(f"{' '.join(command)} ended with {child.returncode}:\n{errors.read()[-4000:]}")
        return Cost(usage.ru_utime + usage.ru_stime, wall, peak_bytes, output.read())


def _memory_peak(pid: int) -> int:
    """Of the program itself: what wait4 reports is never less than its parent had. 0 when it has just ended."""
    try:
        with Path(f"/proc/{pid}/status").open() as status:
            return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0


def median(measure: Callable[[], float], times: int = 3) -> float:
    return statistics.median(measure() for _ in range(times))
