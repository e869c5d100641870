"""`retrain up`: it notices, runs, answers, stops and goes on."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from world import SMALL, World, table

PATIENCE = 30.0  # seconds until something that must come is missing
NEW_DATA = [{"type": "new_data", "min_new_samples": 100}]
LONG = {"epochs": 4_000, "hidden": [64], "early_stopping": False, "batch_size": 16}


class LocalConnection(http.client.HTTPConnection):
    """HTTP over a socket file."""

    def __init__(self, path: Path) -> None:
        super().__init__("daemon", timeout=PATIENCE)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(os.path.relpath(self.path))


class Daemon:
    """A daemon in a world."""

    def __init__(self, world: World, *arguments: str, **environment: str) -> None:
        self.world = world
        self.log = world.folder / "up.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(world.program), "up", "--listen", "127.0.0.1:0", *arguments],
                cwd=world.folder,
                env={**world.environment, **environment},
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = LocalConnection(self.world.folder / ".retrain/control.sock")
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, json.loads(text) if text.startswith("{") and text.count("\n") == 1 else text
        finally:
            connection.close()

    def status(self) -> Any:
        return self.ask("GET", "/api/v1/status")[1]

    def pipeline(self, name: str = "default") -> Any:
        return next(pipeline for pipeline in self.status()["pipelines"] if pipeline["name"] == name)

    def ready(self) -> "Daemon":
        def answers() -> bool:
            assert self.process.poll() is None, self.text()
            with contextlib.suppress(OSError):
                return all(pipeline["looks"] > 0 or pipeline["error"] for pipeline in self.status()["pipelines"])
            return False

        eventually(answers, self)
        return self

    def runs(self) -> list[dict[str, Any]]:
        runs: list[dict[str, Any]] = self.ask("GET", "/api/v1/runs")[1]["runs"]
        return [run for run in runs if run["status"] != "running"]

    def stop(self, signal_number: int = signal.SIGTERM) -> float:
        """Seconds until it has ended."""
        began = time.monotonic()
        self.process.send_signal(signal_number)
        self.process.wait(PATIENCE)
        return time.monotonic() - began

    def text(self) -> str:
        return self.log.read_text()


def eventually(holds: Callable[[], object], daemon: Daemon) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, daemon.text()
        time.sleep(0.01)


@pytest.fixture
def up(world: World) -> Iterator[Callable[..., Daemon]]:
    """Starts daemons in the world and ends those that are left."""
    started: list[Daemon] = []

    def start(*arguments: str, **environment: str) -> Daemon:
        started.append(Daemon(world, *arguments, **environment))
        return started[-1]

    yield start
    for daemon in started:
        if daemon.process.poll() is None:
            daemon.process.kill()
            daemon.process.wait()


Up = Callable[..., Daemon]


def empty(world: World, **sections: Any) -> None:
    (world.folder / "data/new").mkdir(parents=True)
    world.configure(triggers=NEW_DATA, **sections)


def test_a_file_that_arrives_leads_to_a_run(world: World, up: Up) -> None:
    empty(world)
    daemon = up().ready()
    world.write("data/new/part-1.parquet", table(600))
    eventually(daemon.runs, daemon)
    run = daemon.runs()[0]
    assert (run["status"], run["trigger"]) == ("promoted", "new_data")
    eventually(lambda: daemon.pipeline()["champion"] == 1, daemon)

    world.write("data/new/deep/er/part-2.parquet", table(300, seed=2))  # below a folder that was not there
    eventually(lambda: len(daemon.runs()) == 2, daemon)
    assert daemon.stop() < 5
    assert daemon.process.returncode == 0


def test_a_run_is_handed_over_and_looks_like_one_of_its_own(world: World, up: Up) -> None:
    world.write("data/new/part-1.parquet", table(600))
    world.configure()
    alone = World(world.folder / "alone")
    alone.write("data/new/part-1.parquet", table(600))
    alone.configure()
    expected = subprocess.run([str(alone.program), "run"], cwd=alone.folder, capture_output=True, text=True)

    daemon = up().ready()
    shown = subprocess.run([str(world.program), "run"], cwd=world.folder, capture_output=True, text=True)
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, expected.stdout, expected.stderr)
    assert len(daemon.runs()) == 1

    again = world.retrain("run", "--reason", "once more", "full")
    assert again.code == 3, "not promoted: the same exit code as without a daemon"
    assert (again.json["trigger_reason"], again.json["strategy"]) == ("once more", "full")
    assert world.retrain("run", "--config", "nowhere.yaml").code == 2


def test_a_run_can_be_asked_for_and_followed(world: World, up: Up) -> None:
    world.write("data/new/part-1.parquet", table(600))
    world.configure(triggers=[{"type": "manual"}])
    daemon = up().ready()
    status, answer = daemon.ask("POST", "/api/v1/runs", {"reason": "by a script"})
    assert (status, answer["asked"]) == (202, True)
    eventually(daemon.runs, daemon)
    status, run = daemon.ask("GET", "/api/v1/runs/1")
    assert (status, run["trigger_reason"]) == (200, "by a script")

    status, lines = daemon.ask("POST", "/api/v1/runs?follow=true", {})
    events = [json.loads(line) for line in lines.splitlines()]
    assert next(event["event"] for event in events if event["event"] != "wait") == "start"
    assert events[-1]["event"] == "end"
    assert events[-1]["run"]["status"] == "skipped", "nothing new"
    assert daemon.ask("GET", "/api/v1/runs/2/events")[1]["run"]["id"] == 2

    status, checked = daemon.ask("POST", "/api/v1/check")
    assert status == 200
    assert len(checked["triggers"]) == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/v1/runs/99", None, 404),
        ("GET", "/api/v1/runs/first", None, 404),
        ("GET", "/api/v1/nothing", None, 404),
        ("GET", "/", None, 404),
        ("DELETE", "/api/v1/runs/1", None, 405),
        ("GET", "/api/v1/stop", None, 405),
        ("POST", "/api/v1/status", {}, 405),
        ("POST", "/api/v1/runs?pipeline=other", {}, 404),
        ("POST", "/api/v1/runs", [1], 400),
        ("POST", "/api/v1/runs", {"strategy": "best"}, 400),
        ("POST", "/api/v1/runs", {"config": {"strategy": "full"}}, 400),
    ],
)
def test_what_cannot_be_answered_says_so(world: World, up: Up, method: str, path: str, body: Any, status: int) -> None:
    empty(world)
    daemon = up().ready()
    assert daemon.ask(method, path, body)[0] == status
    assert daemon.process.poll() is None


def test_a_second_daemon_says_who_holds_the_home(world: World, up: Up) -> None:
    empty(world)
    first = up().ready()
    second = up()
    assert second.process.wait(PATIENCE) == 75
    assert f"process {first.process.pid}, `retrain up`" in second.text()
    assert first.process.poll() is None
    first.ready()


def test_the_open_port_has_health_and_metrics_and_nothing_else(world: World, up: Up) -> None:
    world.first_champion()
    world.configure(triggers=[{"type": "drift_detected", "windows": "3 of 3"}])
    world.write("data/new/part-2.parquet", table(300, seed=2))
    daemon = up().ready()
    port = daemon.status()["port"]

    def get(path: str, host: str = "localhost") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    assert get("/healthz")[0] == 200
    status, metrics = get("/metrics")
    assert status == 200
    assert 'retrain_champion_info{model="default",version="1"} 1' in metrics
    scores = dict(re.findall(r'retrain_drift_score{model="default",column="(.*?)"} (.*)', metrics))
    assert set(scores) == {"x1", "x2", "colour", "prediction"}
    assert all(0 <= float(score) < 0.1 for score in scores.values())
    assert get("/api/v1/status")[0] == 404
    assert get("/metrics", host="evil.example")[0] == 421, "a page that gave its own name our address"


def test_a_config_with_mistakes_leaves_the_former_one_in_force(world: World, up: Up) -> None:
    empty(world)
    daemon = up().ready()
    before = (world.folder / "retrain.yaml").read_text()
    world.configure(before.replace('"min_new_samples": 100', '"min_new_sample": 100', 1))
    daemon.process.send_signal(signal.SIGHUP)
    eventually(lambda: daemon.status()["reload_error"], daemon)
    assert "E0101" in daemon.text()
    assert "did you mean `min_new_samples`?" in daemon.text()
    world.write("data/new/part-1.parquet", table(600))
    eventually(daemon.runs, daemon)

    world.configure(triggers=[{"type": "new_data", "min_new_samples": 5_000}])
    status, answer = daemon.ask("POST", "/api/v1/reload")
    assert (status, answer) == (200, {"pipelines": 1})
    assert daemon.status()["reload_error"] is None
    world.write("data/new/part-2.parquet", table(600, seed=2))
    looks = daemon.pipeline()["looks"]
    eventually(lambda: daemon.pipeline()["looks"] > looks, daemon)
    assert len(daemon.runs()) == 1, "600 rows are not 5,000"


def test_sigterm_ends_it_within_5_s_and_the_run_goes_on_later(world: World, up: Up) -> None:
    empty(world, training_config=LONG)
    daemon = up().ready()
    world.write("data/new/part-1.parquet", table(3_000))
    eventually(lambda: daemon.pipeline()["state"] == "running" and daemon.pipeline()["run"], daemon)
    eventually(lambda: list((world.folder / ".retrain/work").glob("*.checkpoint")), daemon)
    assert daemon.stop() < 5
    assert daemon.process.returncode == 0
    assert world.retrain("runs").json["runs"][0]["status"] == "running"

    daemon = up()
    eventually(lambda: daemon.process.poll() is None and "goes on" not in daemon.text() and follows(daemon), daemon)
    assert world.retrain("runs").json["runs"][0]["id"] == 1
    assert daemon.stop() < 5


def follows(daemon: Daemon) -> bool:
    with contextlib.suppress(OSError):
        return bool(daemon.pipeline()["run"] == 1)
    return False


def test_several_pipelines_live_in_one_daemon(world: World, up: Up) -> None:
    for name in ("a", "b"):
        (world.folder / f"data/{name}").mkdir(parents=True)
        config = {
            **SMALL,
            "triggers": NEW_DATA,
            "data_config": {**SMALL["data_config"], "new_data_path": f"../data/{name}"},
        }
        (world.folder / "pipelines").mkdir(exist_ok=True)
        (world.folder / f"pipelines/{name}.yaml").write_text(json.dumps(config))
    daemon = up().ready()
    world.write("data/b/part-1.parquet", table(600))
    eventually(lambda: daemon.pipeline("b")["champion"] == 1, daemon)
    assert daemon.pipeline("a")["champion"] is None
    status, _ = daemon.ask("GET", "/api/v1/runs")
    assert status == 404, "which of them?"
    assert len(daemon.ask("GET", "/api/v1/runs?pipeline=b")[1]["runs"]) == 1

    world.write("data/a/part-1.parquet", table(600))
    eventually(lambda: daemon.pipeline("a")["champion"] == 1, daemon)
    handed_over = world.retrain("run", "--home", ".retrain/pipelines/a")
    assert handed_over.json["status"] == "skipped", handed_over

    (world.folder / "pipelines/a.yaml").unlink()
    assert daemon.ask("POST", "/api/v1/reload")[0] == 200
    eventually(lambda: [pipeline["name"] for pipeline in daemon.status()["pipelines"]] == ["b"], daemon)


def test_who_waits_for_a_pipeline_that_leaves_is_told(world: World, up: Up) -> None:
    (world.folder / "pipelines").mkdir()
    for name in ("a", "b"):
        data = {**SMALL["data_config"], "new_data_path": f"../data/{name}"}
        world.write(f"data/{name}/part-1.parquet", table(3_000))
        config = {**SMALL, "triggers": [{"type": "manual"}], "training_config": LONG, "data_config": data}
        (world.folder / f"pipelines/{name}.yaml").write_text(json.dumps(config))
    daemon = up().ready()
    daemon.ask("POST", "/api/v1/runs?pipeline=a")
    eventually(lambda: daemon.pipeline("a")["run"], daemon)
    waits = LocalConnection(world.folder / ".retrain/control.sock")
    waits.request("POST", "/api/v1/runs?pipeline=a&follow=true")
    answer = waits.getresponse()
    assert json.loads(answer.readline())["event"] == "wait"
    (world.folder / "pipelines/a.yaml").unlink()
    daemon.process.send_signal(signal.SIGHUP)
    last = json.loads(answer.readline())
    assert (last["event"], last["error"]["code"]) == ("error", "E0403")
    assert "`a` has left the daemon's configs" in last["error"]["message"]
    assert answer.read() == b"", "and no more"
    assert daemon.stop() < 5


def test_the_service_manager_is_told(world: World, up: Up) -> None:
    empty(world)
    address = world.folder / "notify"
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.settimeout(PATIENCE)
    manager.bind(os.path.relpath(address))
    daemon = up(NOTIFY_SOCKET="notify", WATCHDOG_USEC="100000")
    told: list[str] = []

    def hears(word: str) -> bool:
        while not any(word in message for message in told):
            told.append(manager.recv(4096).decode())
        return True

    assert hears("READY=1")
    told.clear()
    assert hears("WATCHDOG=1"), "again and again"
    daemon.process.send_signal(signal.SIGHUP)
    assert hears("RELOADING=1")
    daemon.process.send_signal(signal.SIGTERM)
    assert hears("STOPPING=1")
    daemon.process.wait(PATIENCE)
