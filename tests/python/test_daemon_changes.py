"""What a person changes by hand while a daemon holds the home: it is done there, as it would be without it."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from omgkit.mlops import BusyError, ModelRegistry, RetrainingPipeline, StoreError
from test_daemon import Daemon, eventually
from world import SMALL, World, table

WEEKLY = [{"type": "scheduled", "cron": "0 0 * * 0"}]
Change = Callable[[World], Any]


def two_versions(world: World) -> World:
    world.write("data/new/part-1.parquet", table(600))
    world.configure(triggers=WEEKLY)
    for strategy in ("full", "full"):
        assert world.retrain("run", strategy).json["id"]
    return world


@pytest.fixture
def held(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    """A home with two versions that a daemon holds."""
    monkeypatch.chdir(two_versions(world).folder)
    daemon = Daemon(world).ready()
    yield daemon
    daemon.process.kill()
    daemon.process.wait()


def journal(world: World) -> list[tuple[str, dict[str, Any]]]:
    rows = world.rows("select kind, body from journal where kind in ('promotion', 'rollback', 'setup')")
    return [(kind, json.loads(body)) for kind, body in rows]


def test_moves_and_their_refusals_are_those_of_the_command_line_alone(held: Daemon, tmp_path: Path) -> None:
    alone = two_versions(World(tmp_path / "alone"))
    commands = [
        ("models", "promote", "2", "--reason", "looks good"),
        ("models", "promote", "2"),
        ("models", "promote", "9"),
        ("models", "rollback", "--reason", "it was not"),
        ("models", "rollback", "--to", "2"),
        ("models", "rollback"),
    ]
    for command in commands:
        for form in ([], ["--json"]):  # the second one finds the champion moved
            ways = [
                subprocess.run([str(world.program), *command, *form], cwd=world.folder, capture_output=True, text=True)
                for world in (held.world, alone)
            ]
            assert [ways[0].returncode, ways[0].stdout] == [ways[1].returncode, ways[1].stdout], command
            assert ways[0].stderr == ways[1].stderr
    moves = [entry for entry in journal(held.world) if "who" in entry[1]]
    assert moves == [entry for entry in journal(alone) if "who" in entry[1]] and len(moves) == 5, "and the same journal"
    eventually(lambda: held.pipeline()["champion"] == ModelRegistry().aliases()["champion"], held)


def test_python_moves_the_champion_under_a_daemon(held: Daemon) -> None:
    assert ModelRegistry().promote(2, reason="by python").id == 2
    assert RetrainingPipeline().rollback(reason="back").id == 1
    assert [(body["who"], body["reason"]) for kind, body in journal(held.world)[-2:]] == [
        ("python", "by python"),
        ("python", "back"),
    ]
    with pytest.raises(BusyError, match="version 1 is the champion already"):
        ModelRegistry().promote(1)
    with pytest.raises(StoreError):
        ModelRegistry().promote(9)


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("promote", {}, 400, "`version` must be the id of a version"),
        ("promote", {"version": "two"}, 400, "`version` must be the id of a version"),
        ("rollback", {"version": 0}, 400, "`version` must be the id of a version"),
        ("rollback", {"version": 7}, 404, "7"),
        ("setup", {"config": {"strategy": "best"}}, 400, "strategy"),
        ("setup", {}, 400, ""),
    ],
)
def test_what_cannot_be_changed_is_refused(held: Daemon, path: str, body: object, status: int, says: str) -> None:
    answered, answer = held.ask("POST", f"/api/v1/{path}", body)
    assert answered == status and says in answer["error"]["message"]
    assert held.ask("GET", f"/api/v1/{path}")[0] == 405


def test_setup_is_in_force_at_once_under_a_daemon_of_python(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(world.folder)
    monkeypatch.setenv("RETRAIN_PROGRAM", str(world.program))
    world.write("data/new/part-1.parquet", table(600))
    pipeline = RetrainingPipeline().setup(**SMALL).start()
    try:
        changed = RetrainingPipeline().setup(**{**SMALL, "strategy": "full"}, triggers=WEEKLY)
        assert changed.trigger().strategy == "full"
        assert [decision.trigger for decision in RetrainingPipeline().check()] == ["scheduled"]
        setups = [body for kind, body in journal(world) if kind == "setup"]
        assert [body["config"]["strategy"] for body in setups] == ["incremental", "full"]
        assert {body["who"] for body in setups} == {"setup()"}
        changed.setup(**{**SMALL, "strategy": "full"}, triggers=WEEKLY)
        assert len([1 for kind, _ in journal(world) if kind == "setup"]) == 2, "the same again changes nothing"
    finally:
        pipeline.stop()
