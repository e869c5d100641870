"""Triggers that fire while a run is under way: `limits.overlap`, and what a killed daemon owes."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from test_daemon import LONG, Daemon, eventually
from world import World, table

HOUR = 3_600_000


class Planned:
    """A pipeline with a run for each hour, five of which have been missed, and a first run that takes long."""

    def __init__(self, world: World, overlap: str) -> None:
        self.world = world
        (world.folder / "data/new").mkdir(parents=True)
        triggers = [{"type": "scheduled", "cron": "0 * * * *", "missed": "all"}]
        world.configure(triggers=triggers, limits={"overlap": overlap}, training_config=LONG)
        Daemon(world).ready().stop()
        self.missed_until = int(time.time() * 1_000) // HOUR * HOUR - 5 * HOUR
        planned = "update trigger_states set body = json_set(body, '$.planned_until_ms', ?)"
        world.alter(planned, self.missed_until)
        world.write("data/new/part-1.parquet", table(600))

    def state(self) -> dict[str, Any]:
        return self.world.bodies("select body from trigger_states")[0]

    def times_met(self) -> int:
        return (int(self.state()["planned_until_ms"]) - self.missed_until) // HOUR

    def runs(self) -> list[dict[str, Any]]:
        return self.world.bodies("select body from runs order by id")

    def up(self) -> Daemon:
        """A daemon whose run is under way."""
        self.daemon = Daemon(self.world)
        self.daemon.ready()
        eventually(lambda: self.daemon.pipeline()["run"], self.daemon)
        return self.daemon


@pytest.fixture
def planned(world: World, request: pytest.FixtureRequest) -> Iterator[Planned]:
    made = Planned(world, request.param)
    yield made
    made.daemon.process.kill()
    made.daemon.process.wait()


def look_beside(planned: Planned, looks_before: int) -> None:
    """A file arrives, and the triggers are looked at although the run goes on."""
    planned.world.write("data/new/part-2.parquet", table(300, seed=2))
    eventually(lambda: planned.daemon.pipeline()["looks"] > looks_before, planned.daemon)


@pytest.mark.parametrize("planned", ["skip"], indirect=True)
def test_skip_lets_a_planned_time_go(planned: Planned) -> None:
    daemon = planned.up()
    look_beside(planned, daemon.pipeline()["looks"])
    assert daemon.pipeline()["state"] == "running"
    eventually(lambda: planned.times_met() > 1, daemon)
    assert len(planned.runs()) == 1
    assert "is let go (overlap: skip)" in json.dumps(planned.world.retrain("why").json)


@pytest.mark.parametrize("planned", ["queue"], indirect=True)
def test_queue_keeps_it_for_the_end_of_the_run(planned: Planned) -> None:
    daemon = planned.up()
    look_beside(planned, daemon.pipeline()["looks"])
    eventually(lambda: planned.state()["queued"], daemon)
    assert len(planned.runs()) == 1
    assert "the end of run 1" in json.dumps(planned.world.retrain("why").json)


@pytest.mark.parametrize("planned", ["replace"], indirect=True)
def test_replace_gives_up_the_run_that_is_under_way(planned: Planned) -> None:
    daemon = planned.up()
    planned.world.write("data/new/part-2.parquet", table(300, seed=2))
    eventually(lambda: len(planned.runs()) == 2, daemon)
    first, second = planned.runs()
    assert (first["state"], first["error"]["code"]) == ("failed", "E0303")
    assert "scheduled fired meanwhile" in first["error"]["message"]
    assert second["trigger"] == "scheduled"
    assert planned.times_met() == 2


@pytest.mark.parametrize("planned", ["skip", "queue"], indirect=True)
def test_an_interrupted_run_costs_no_planned_time(planned: Planned) -> None:
    planned.up().process.kill()
    planned.daemon.process.wait()
    assert planned.times_met() == 1
    daemon = planned.up()  # looks, and takes the run up
    assert daemon.pipeline()["run"] == 1
    assert planned.times_met() == 1, "nobody drove the run when the daemon looked"
    assert not planned.state()["queued"]
