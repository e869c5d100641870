"""`start()` and `stop()`: a daemon of Python's own."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from omgkit.mlops import ConfigError, RetrainingPipeline
from world import SMALL, World, table


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.chdir(world.folder)
    monkeypatch.setenv("RETRAIN_PROGRAM", str(world.program))
    (world.folder / "data/new").mkdir(parents=True)
    yield world
    RetrainingPipeline().stop()


def set_up() -> RetrainingPipeline:
    return RetrainingPipeline().setup(**SMALL, triggers=[{"type": "new_data", "min_new_samples": 100}])


def eventually(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end, Path(".retrain/daemon.log").read_text()
        time.sleep(0.01)


def test_start_keeps_the_model_fresh_until_stop(here: World) -> None:
    pipeline = set_up().start()
    assert pipeline.start() is pipeline, "once is enough"
    here.write("data/new/part-1.parquet", table(600))
    eventually(lambda: pipeline.champion)
    assert pipeline.runs()[0].trigger == "new_data"

    handed_over = pipeline.trigger(reason="by hand", strategy="full")
    assert (handed_over.id, handed_over.trigger) == (2, "manual")
    assert handed_over.status in ("kept", "promoted")
    assert pipeline.trigger(wait=False).wait(30).status == "skipped"
    set_up()  # the same again changes nothing

    pipeline.stop()
    pipeline.stop()
    assert not Path(".retrain/control.sock").exists()
    here.write("data/new/part-2.parquet", table(600, seed=2))
    assert len(pipeline.runs()) == 3
    RetrainingPipeline().start()  # keeps what setup() stored, and catches up
    eventually(lambda: len(pipeline.runs()) == 4 and pipeline.runs()[3].status != "running")


def test_a_daemon_that_cannot_begin_says_why(here: World) -> None:
    with pytest.raises(ConfigError, match="there is no"):
        RetrainingPipeline().start()
    (here.folder / "retrain.yaml").write_text("strategy: best\n")
    with pytest.raises(ConfigError) as fault:
        RetrainingPipeline(config="retrain.yaml").start()
    assert {fault.value.code, *(other.code for other in fault.value.more)} == {"E0102", "E0104"}
