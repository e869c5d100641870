"""A daemon whose wall clock somebody sets: ahead, a missed time is dealt with by policy; back, nothing runs twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_daemon import Daemon, eventually
from world import World, table

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)  # Debian's libfaketime


class Clocked:
    """A daemon with a run planned for Sundays, begun on Friday, 5 March 2027, under a clock that can be set."""

    def __init__(self, world: World, missed: str) -> None:
        assert FAKETIME, "libfaketime is missing: ./dev setup installs it"
        self.world = world
        self.file = world.folder / "clock"
        self.set("2027-03-05 12:00:00")
        (world.folder / "data/new").mkdir(parents=True)
        world.configure(triggers=[{"type": "scheduled", "cron": "0 0 * * 0", "missed": missed, "grace": "1h"}])
        self.daemon = Daemon(
            world,
            TZ="UTC",
            LD_PRELOAD=str(FAKETIME),
            FAKETIME_TIMESTAMP_FILE=str(self.file),
            FAKETIME_NO_CACHE="1",
            FAKETIME_DONT_FAKE_MONOTONIC="1",
            NO_FAKE_STAT="1",
            ASAN_OPTIONS="verify_asan_link_order=0",
        ).ready()

    def set(self, moment: str) -> None:
        """From then on the clock goes as it did since the daemon began."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"@{moment}\n")
        fresh.replace(self.file)

    def move(self, moment: str, way: str) -> None:
        before = self.daemon.text().count(f"the clock was set {way}")
        self.set(moment)
        eventually(lambda: self.daemon.text().count(f"the clock was set {way}") > before, self.daemon)

    def look(self, name: str, rows: int) -> None:
        """A file arrives, and the triggers have been looked at with it."""
        looks = self.daemon.pipeline()["looks"]
        self.world.write(f"data/new/{name}.parquet", table(rows, seed=rows))
        eventually(lambda: self.daemon.pipeline()["looks"] > looks, self.daemon)

    def state(self) -> dict[str, Any]:
        return self.world.bodies("select body from trigger_states")[0]


@pytest.fixture
def clocked(world: World, request: pytest.FixtureRequest) -> Iterator[Clocked]:
    made = Clocked(world, request.param)
    yield made
    made.daemon.process.kill()
    made.daemon.process.wait()


@pytest.mark.parametrize("clocked", ["once"], indirect=True)
def test_a_sunday_that_the_clock_jumps_over_is_caught_up_and_never_met_twice(clocked: Clocked) -> None:
    daemon = clocked.daemon
    clocked.look("part-1", 600)
    assert daemon.runs() == []
    clocked.move("2027-03-07 12:00:00", "ahead")
    eventually(daemon.runs, daemon)
    (run,) = daemon.runs()
    assert run["trigger"] == "scheduled"
    assert "planned for 2027-03-07 00:00 UTC, missed then and caught up" in run["trigger_reason"]

    clocked.move("2027-03-05 13:00:00", "back")
    clocked.look("part-2", 601)
    clocked.move("2027-03-07 00:00:05", "ahead")
    clocked.look("part-3", 602)
    assert len(daemon.runs()) == 1, "that Sunday is dealt with"

    clocked.move("2027-03-13 12:00:00", "ahead")
    clocked.move("2027-03-14 00:00:00", "ahead")
    eventually(lambda: len(daemon.runs()) == 2, daemon)
    assert "planned for 2027-03-14 00:00 UTC, on time" in daemon.runs()[1]["trigger_reason"]


@pytest.mark.parametrize(("clocked", "runs"), [("all", 3), ("skip", 0)], indirect=["clocked"])
def test_three_sundays_that_the_clock_jumps_over_follow_the_policy(clocked: Clocked, runs: int) -> None:
    clocked.look("part-1", 600)
    clocked.move("2027-03-24 12:00:00", "ahead")
    eventually(lambda: clocked.state()["planned_until_ms"] == 1_805_587_200_000, clocked.daemon)  # 21 March
    clocked.look("part-2", 601)
    eventually(lambda: len(clocked.daemon.runs()) >= runs, clocked.daemon)
    clocked.look("part-3", 602)
    assert len(clocked.daemon.runs()) == runs


@pytest.mark.parametrize("clocked", ["skip"], indirect=True)
def test_a_damaged_file_costs_no_planned_time_and_is_told_of(clocked: Clocked) -> None:
    daemon, world = clocked.daemon, clocked.world
    clocked.look("part-1", 600)
    damaged = world.folder / "data/new/part-2.parquet"
    damaged.write_bytes(b"PAR1 no table PAR1")
    eventually(lambda: daemon.pipeline()["error"], daemon)
    clocked.move("2027-03-07 00:00:01", "ahead")
    eventually(lambda: clocked.state()["queued"], daemon)
    why = world.retrain("why").json
    assert why["blocked"]["code"] == "E0202" and "part-2.parquet" in why["blocked"]["text"]
    (trigger,) = why["triggers"]
    assert "part-2.parquet" in trigger["waits_for"]
    assert "part-2.parquet" in trigger["last"]["reason"], "the journal tells of it too"
    assert daemon.runs() == []

    damaged.unlink()
    clocked.set("2027-03-09 00:00:00")
    eventually(daemon.runs, daemon)
    (run,) = daemon.runs()
    assert (run["trigger"], run["status"]) == ("scheduled", "promoted")
    assert run["trigger_reason"].startswith("fired at 2027-03-07 00:")
    assert "when no run could begin" in run["trigger_reason"]
