"""What a daemon costs that has nothing to do, and how soon it decides. The peer's column is the limit that we set.

A file that is moved into a watched folder leads to a decision (200 files, one after another). Ten thousand pipelines,
each with a folder, a home and triggers of its own, wait for a minute.
"""

import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from run import Row

ROOT = Path(__file__).resolve().parent.parent
FILES = 200
PIPELINES = 10_000
IDLE_SECONDS = 60


class Daemon:
    def __init__(self, folder: Path) -> None:
        self.socket = folder / ".retrain/control.sock"
        command = [str(ROOT / "build/bin/retrain"), "up", "--listen", "off"]
        self.log = (folder / "up.log").open("wb")
        self.process = subprocess.Popen(command, cwd=folder, stderr=self.log)
        self.connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Any:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("daemon")
            self.connection.sock = socket.socket(socket.AF_UNIX)
            self.connection.sock.connect(os.path.relpath(self.socket))
        self.connection.request("GET", path)
        text = self.connection.getresponse().read().decode()
        return json.loads(text) if text.startswith("{") else text

    def ready(self) -> None:
        while True:
            if self.process.poll() is not None:
                raise SystemExit("the daemon ended")
            try:
                pipelines = self.get("/api/v1/status")["pipelines"]
                if all(pipeline["looks"] > 1 and pipeline["state"] == "idle" for pipeline in pipelines):
                    return
            except OSError:
                self.connection = None
            time.sleep(0.2)

    def usage(self) -> tuple[float, float]:
        """CPU seconds so far and resident bytes."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return cpu, int(fields[21]) * os.sysconf("SC_PAGE_SIZE")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        self.log.close()


def config(path: str) -> str:
    triggers = [{"type": "new_data", "min_new_samples": 1_000_000_000}, {"type": "scheduled", "cron": "0 0 * * 0"}]
    return json.dumps({"data_config": {"new_data_path": path, "min_new_samples": 1_000_000_000}, "triggers": triggers})


def reaction(folder: Path) -> Iterator[Row]:
    (folder / "new").mkdir(parents=True)
    (folder / "retrain.yaml").write_text(config("new/"))
    dice = np.random.default_rng(1)
    daemon = Daemon(folder)
    daemon.ready()
    milliseconds = []
    for number in range(FILES):
        rows = pa.table({"x": dice.standard_normal(1_000), "target": dice.integers(0, 2, 1_000)})
        pq.write_table(rows, folder / "waiting.parquet")
        looks = daemon.get("/api/v1/status")["pipelines"][0]["looks"]
        began = time.monotonic()
        (folder / "waiting.parquet").rename(folder / f"new/{number:04}.parquet")
        while daemon.get("/api/v1/status")["pipelines"][0]["looks"] == looks:
            pass
        milliseconds.append((time.monotonic() - began) * 1e3)
    daemon.stop()
    yield Row("a file leads to a decision", "median of 200, ms", statistics.median(milliseconds), 100, "limit")
    yield Row("a file leads to a decision", "95th of 100, ms", float(np.quantile(milliseconds, 0.95)), 100, "limit")


def idle(folder: Path) -> Iterator[Row]:
    (folder / "pipelines").mkdir(parents=True)
    for number in range(PIPELINES):
        (folder / f"new/{number}").mkdir(parents=True)
        (folder / f"pipelines/p{number}.yaml").write_text(config(f"../new/{number}"))
    daemon = Daemon(folder)
    daemon.ready()
    time.sleep(2)
    before, _ = daemon.usage()
    time.sleep(IDLE_SECONDS)
    after, resident = daemon.usage()
    daemon.stop()
    yield Row("10,000 idle pipelines", "share of a core, %", (after - before) / IDLE_SECONDS * 100, 5, "limit")
    yield Row("10,000 idle pipelines", "memory, MB", resident / 1e6, 1_000, "limit")


def rows() -> Iterator[Row]:
    for part in (reaction, idle):
        folder = Path(tempfile.mkdtemp(dir=ROOT / "build"))
        try:
            yield from part(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
