"""Fifty kills: whatever is shot down and when, the same command afterwards ends as if nothing had happened."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from world import World, table

LIVES = 10
KILLS_IN_A_LIFE = 5
TRAINING = {"epochs": 120, "hidden": [32], "learning_rate": 0.01, "early_stopping": False, "batch_size": 32}


def prepared(folder: Path, life: int) -> World:
    """Even lives begin with nothing but data, odd ones with a champion and new data after it."""
    world = World(folder)
    world.write("data/new/part-1.parquet", table(1_500))
    world.configure(training_config=TRAINING)
    if life % 2:
        assert world.retrain("run").json["status"] == "promoted"
        world.write("data/new/part-2.parquet", table(1_500, seed=2, flip=True))
    return world


def outcome(world: World) -> dict[str, Any]:
    """What has to be the same: bytes, verdict and every number behind it."""
    answer = world.retrain("run")
    assert answer.code == 0, answer
    return {key: answer.json[key] for key in ("artifact", "verdict", "status", "strategy", "metrics", "rows")}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[Path, dict[str, Any], float]]:
    """For both kinds of life: the folder before the run, how the run ends, and how long it takes in seconds."""
    kinds = {}
    for kind in (0, 1):
        start = tmp_path_factory.mktemp(f"start-{kind}")
        prepared(start, kind)
        calm = World(tmp_path_factory.mktemp("calm") / "world")
        shutil.copytree(start, calm.folder)
        began = time.monotonic()
        kinds[kind] = (start, outcome(calm), time.monotonic() - began)
    return kinds


def children(pid: int) -> Iterator[int]:
    with contextlib.suppress(OSError):
        yield from (int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def shoot(world: World, moment: float, at_child: bool) -> bool:
    """Starts a run and kills it, or its training process, after `moment` seconds. False: there was nothing to hit."""
    command = [str(world.program), "run", "--json"]
    run = subprocess.Popen(command, cwd=world.folder, env=world.environment, stdout=subprocess.DEVNULL)
    hit = False
    try:
        run.wait(moment)
    except subprocess.TimeoutExpired:
        for victim in children(run.pid) if at_child else [run.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
                hit = True
    run.wait()
    return hit


@pytest.mark.parametrize("life", range(LIVES))
def test_a_run_survives_its_kills(
    life: int, undisturbed: dict[int, tuple[Path, dict[str, Any], float]], tmp_path: Path
) -> None:
    start, expected, seconds = undisturbed[life % 2]
    world = World(tmp_path / "world")
    shutil.copytree(start, world.folder)
    dice = random.Random(life)
    shots = 0
    while shots < KILLS_IN_A_LIFE:
        shots += shoot(world, dice.uniform(0, seconds), at_child=shots % 2 == 1)
        if runs_ended(world) > life % 2:
            shutil.rmtree(world.folder)  # it was faster than the shot: the next one gets a new life
            shutil.copytree(start, world.folder)
    assert outcome(world) == expected

    doctor = world.retrain("doctor")
    assert doctor.code == 0, doctor.json
    assert not list((world.folder / ".retrain/work").iterdir())
    assert not [path for path in world.home_files() if path.endswith(".tmp")]


def runs_ended(world: World) -> int:
    """With a verdict: how many runs were faster than the shots."""
    if not (world.folder / ".retrain/state.db").exists():
        return 0
    runs = world.retrain("runs").json.get("runs", [])
    return sum(run["verdict"] is not None and run["status"] != "running" for run in runs)
