"""LightGBM and XGBoost as learners: from a config to predictions, and through kills."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from omgkit.mlops import RetrainingPipeline
from world import SMALL, World, table

LIBRARIES = ["lightgbm", "xgboost"]


def prepared(folder: Path, library: str, **training: object) -> World:
    folder.mkdir(exist_ok=True)
    world = World(folder)
    world.write("data/new/part-1.parquet", table(2_000))
    training_config = {"epochs": 60, "learning_rate": 0.1} | training
    config = {**SMALL, "model_config": {"type": library}, "training_config": training_config}
    world.configure(json.dumps(config))
    return world


@pytest.mark.parametrize("library", LIBRARIES)
def test_trees_are_grown_renewed_and_asked_like_any_model(library: str, tmp_path: Path) -> None:
    world = prepared(tmp_path, library)
    first = world.retrain("run").json
    assert (first["status"], first["strategy"]) == ("promoted", "full"), first
    assert first["metrics"]["accuracy"]["candidate"] > 0.85
    world.write("data/new/part-2.parquet", table(1_000, seed=2, flip=True))
    second = world.retrain("run").json
    assert (second["status"], second["strategy"]) == ("promoted", "incremental"), second
    assert second["metrics"]["accuracy"]["candidate"] > 0.85

    fresh = table(500, seed=3, flip=True)
    pipeline = RetrainingPipeline(home=world.folder / ".retrain")
    said = pipeline.predict(fresh)
    assert np.mean(said == fresh["target"].to_numpy()) > 0.85
    world.write("fresh.parquet", fresh)
    answer = world.retrain("predict", "fresh.parquet", "--out", "said.parquet")
    assert answer.code == 0, answer


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_killed_training_ends_in_the_same_bytes(library: str, tmp_path: Path) -> None:
    long = {"epochs": 1_500, "early_stopping": False}
    began = time.monotonic()
    calm = prepared(tmp_path / "calm", library, **long).retrain("run").json
    whole = time.monotonic() - began
    world = prepared(tmp_path / "world", library, **long)
    ends = []
    for share in (0.05, 0.2, 0.4):
        run = subprocess.Popen(
            [str(world.program), "run", "--json"], cwd=world.folder, env=world.environment, stdout=subprocess.DEVNULL
        )
        try:
            run.wait(share * whole)
        except subprocess.TimeoutExpired:
            os.kill(run.pid, signal.SIGKILL)
        ends.append(run.wait())
    assert -signal.SIGKILL in ends, "kills that hit nothing prove nothing"
    after = world.retrain("run").json
    assert {key: after[key] for key in ("artifact", "status", "metrics")} == {
        key: calm[key] for key in ("artifact", "status", "metrics")
    }
