"""Thirty kills of the daemon while files arrive: no chunk is lost, and none is learned from twice."""

import random
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from test_daemon import NEW_DATA, Daemon, eventually
from world import World, table

KILLS = 10
MOST_KILLS = 40
MOST_FILES = 40
ROWS = 120
TRAINING = {"epochs": 60, "hidden": [16], "early_stopping": False, "batch_size": 32}


class Feeder(threading.Thread):
    """Drops files at random moments: some in one move, some written in place, some by a rename."""

    def __init__(self, world: World, dice: random.Random) -> None:
        super().__init__()
        self.world, self.dice = world, dice
        self.names: list[str] = []
        self.ended = threading.Event()

    def run(self) -> None:
        while len(self.names) < MOST_FILES and not self.ended.wait(self.dice.uniform(0.05, 0.35)):
            name = f"part-{len(self.names):03}.parquet"
            if self.dice.random() < 0.5:
                self.world.write(f"data/new/{name}", table(ROWS, seed=len(self.names)))
            else:
                hidden = self.world.write(f"data/new/.{name}.tmp", table(ROWS, seed=len(self.names)))
                hidden.rename(self.world.folder / "data/new" / name)
            self.names.append(name)


def begun(folder: Path) -> World:
    world = World(folder)
    (world.folder / "data/new").mkdir(parents=True)
    world.configure(triggers=NEW_DATA, training_config=TRAINING)
    return world


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> float:
    """Seconds from the start of a daemon to the end of its first run."""
    world = begun(tmp_path_factory.mktemp("calm"))
    world.write("data/new/part-1.parquet", table(ROWS))
    began = time.monotonic()
    daemon = Daemon(world).ready()
    eventually(daemon.runs, daemon)
    seconds = time.monotonic() - began
    daemon.stop()
    return seconds


def was_interrupted(world: World) -> bool:
    """A run was shot down: it was taken up again, or waits for it."""
    if not (world.folder / ".retrain/state.db").exists():
        return False
    try:
        return bool(world.rows("select 1 from runs where attempt > 1 or ended = 0"))
    except sqlite3.OperationalError:  # killed before there were tables
        return False


@pytest.mark.parametrize("life", range(3))
def test_a_daemon_survives_its_kills(life: int, undisturbed: float, tmp_path: Path) -> None:
    world = begun(tmp_path)
    dice = random.Random(life)
    feeder = Feeder(world, dice)
    feeder.start()
    try:
        kills = 0
        while kills < KILLS or (kills < MOST_KILLS and not was_interrupted(world)):
            daemon = Daemon(world)
            feeder.ended.wait(dice.uniform(0, undisturbed))
            daemon.process.kill()
            daemon.process.wait()
            kills += 1
    finally:
        feeder.ended.set()
        feeder.join()

    daemon = Daemon(world).ready()
    try:

        def all_is_done() -> bool:
            taken = {Path(name).name for (name,) in world.rows("select name from chunks")}
            return taken == set(feeder.names) and daemon.pipeline()["state"] == "idle"

        eventually(all_is_done, daemon)
    finally:
        daemon.stop()

    names = [name for (name,) in world.rows("select name from chunks")]
    assert len(names) == len(set(names)) == len(feeder.names), "each file is one chunk"
    runs = world.bodies("select body from runs order by id")
    assert was_interrupted(world), "kills that hit nothing prove nothing"
    learned: list[int] = []
    for run in runs:
        if run["state"] == "promoted":
            learned = [] if run["strategy"] == "full" else learned
            learned += run["slice"]["chunks"]
    assert len(learned) == len(set(learned)), "a champion learns from a chunk once"
    assert world.retrain("doctor").code == 0


def test_no_planned_time_is_lost_or_met_twice(undisturbed: float, tmp_path: Path) -> None:
    """A daemon that was off for twelve minutes has each of them to catch up with, and is shot at while it does."""
    world = begun(tmp_path)
    world.configure(triggers=[{"type": "scheduled", "cron": "* * * * *", "missed": "all"}])
    Daemon(world).ready().stop()
    minute = 60_000
    start = int(time.time() * 1_000) - 12 * minute
    world.alter("update trigger_states set body = json_set(body, '$.planned_until_ms', ?)", start)

    dice = random.Random(7)
    for _ in range(KILLS):
        daemon = Daemon(world)
        time.sleep(dice.uniform(0, undisturbed))
        daemon.process.kill()
        daemon.process.wait()
    daemon = Daemon(world)
    begins = time.time() * 1_000

    def state() -> Any:
        return world.bodies("select body from trigger_states")[0]

    def met_until() -> int:
        return int(state()["planned_until_ms"])

    eventually(lambda: met_until() > begins - minute and not state()["queued"], daemon)
    daemon.stop()
    runs = world.bodies("select body from runs")
    assert {run["trigger"] for run in runs} == {"scheduled"}
    assert len(runs) == met_until() // minute - start // minute, "a run for each minute"
    assert world.retrain("doctor").code == 0
