"""What the Python tests of this folder share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from omgkit.mlops import RetrainingPipeline
from world import PROGRAM, SMALL, World, table


@pytest.fixture
def tree(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """A small source tree: {path: text} written below a folder of its own."""

    def plant(files: dict[str, str]) -> Path:
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        return tmp_path

    return plant


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty folder of a user."""
    return World(tmp_path)


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user stands in that folder."""
    monkeypatch.chdir(world.folder)
    monkeypatch.delenv("RETRAIN_HOME", raising=False)
    monkeypatch.setenv("RETRAIN_PROGRAM", str(PROGRAM))


@pytest.fixture
def ready(here: None, world: World) -> RetrainingPipeline:
    """A pipeline with a champion."""
    world.write("data/new/part-1.parquet", table(600))
    pipeline = RetrainingPipeline(config=SMALL)
    assert pipeline.trigger().status == "promoted"
    return pipeline
