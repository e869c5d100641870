"""What setup() takes and refuses, and where a pipeline lives."""

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from omgkit.mlops import (
    ConfigError,
    ModelRegistry,
    RetrainingPipeline,
)
from world import SMALL, World, table

pytestmark = pytest.mark.usefixtures("here")


def test_setup_returns_the_pipeline_and_trains_nothing(world: World) -> None:
    pipeline = RetrainingPipeline()
    assert pipeline.setup(**SMALL) is pipeline
    assert pipeline.runs() == [] and pipeline.champion is None and pipeline.versions() == []


def test_all_mistakes_of_a_config_come_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        RetrainingPipeline().setup(
            strategie="full",
            data_config={"new_data_path": "data/", "min_new_sample": 5},
            training_config={"epochs": "ten", "learning_rate": -1},
            validation_config={"minimum_improvment": 0.01, "metrics": ["acuracy"]},
        )
    mistakes = [caught.value, *caught.value.more]
    assert {mistake.where.key for mistake in mistakes} == {
        "strategie",
        "data_config.min_new_sample",
        "training_config.epochs",
        "training_config.learning_rate",
        "validation_config.minimum_improvment",
        "validation_config.metrics",
    }
    hints = {mistake.where.key: mistake.hint for mistake in mistakes}
    assert hints["strategie"] == "did you mean `strategy`?"
    assert hints["validation_config.minimum_improvment"] == "did you mean `minimum_improvement`?"
    assert hints["validation_config.metrics"] == "did you mean `accuracy`?"
    for mistake in mistakes:
        assert mistake.text in str(caught.value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("10", 'the text "10"'), (2.5, "2.5"), ([1], "a list"), ({"most": 3}, "a mapping"), (True, "true")],
)
def test_a_wrong_type_names_the_key_and_what_stands_there(value: object, shown: str) -> None:
    with pytest.raises(ConfigError) as caught:
        RetrainingPipeline().setup(data_config={"new_data_path": "data/"}, training_config={"epochs": value})
    assert caught.value.where.key == "training_config.epochs"
    assert "`epochs`" in caught.value.message and shown in caught.value.message


def test_a_value_that_no_config_can_hold_names_its_key() -> None:
    with pytest.raises(ConfigError) as caught:
        RetrainingPipeline().setup(data_config={"new_data_path": "data/", "features": ["a", {1, 2}]})
    assert caught.value.where.key == "data_config.features[1]"


def test_paths_and_numbers_of_numpy_are_taken_as_what_they_are(world: World) -> None:
    world.write("data/new/part-1.parquet", table(600))
    config: dict[str, Any] = copy.deepcopy(SMALL)
    config["data_config"]["new_data_path"] = Path("data/new")
    config["training_config"]["epochs"] = np.int64(2)
    config["training_config"]["learning_rate"] = np.float32(0.01)
    assert RetrainingPipeline(config=config).trigger().training["epochs"] == 2


def test_a_config_file_is_read_with_paths_from_its_own_folder(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.write("data/new/part-1.parquet", table(600))
    world.configure()
    (world.folder / "elsewhere").mkdir()
    monkeypatch.chdir(world.folder / "elsewhere")
    assert RetrainingPipeline(config=world.folder / "retrain.yaml").trigger().status == "promoted"


def test_a_mistake_in_a_config_file_says_its_line(world: World) -> None:
    world.configure("data_config:\n  new_data_path: data/\ntraining_config:\n  epoch: 3\n")
    with pytest.raises(ConfigError, match=r"retrain\.yaml:4:3"):
        RetrainingPipeline(config="retrain.yaml").trigger()


def test_setup_outlives_the_object(ready: RetrainingPipeline) -> None:
    assert RetrainingPipeline().trigger().status == "skipped"


def test_without_any_config_the_error_says_what_to_do() -> None:
    with pytest.raises(ConfigError) as caught:
        RetrainingPipeline().trigger()
    assert caught.value.code == "E0106" and "retrain init" in caught.value.hint


@pytest.mark.parametrize("name", ["", "a/b", "..", ".hidden", "white space", "x" * 65])
def test_a_name_that_could_not_be_a_folder_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="cannot name a pipeline"):
        RetrainingPipeline(name)


def test_named_pipelines_live_side_by_side(world: World) -> None:
    world.write("data/new/part-1.parquet", table(600))
    flights = RetrainingPipeline("flights", config=SMALL)
    assert flights.trigger().status == "promoted"
    assert (world.folder / ".retrain/pipelines/flights/state.db").exists()
    assert RetrainingPipeline("hotels").champion is None
    assert RetrainingPipeline("flights").trigger().status == "skipped"


def test_the_home_is_the_argument_then_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETRAIN_HOME", "from-environment")
    assert RetrainingPipeline().home == "from-environment"
    assert ModelRegistry().home == "from-environment"
    assert RetrainingPipeline(home=Path("given")).home == "given"
