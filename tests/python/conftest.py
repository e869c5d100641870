"""What the Python tests of this folder share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from world import World


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
