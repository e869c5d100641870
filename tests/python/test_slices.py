"""A candidate that is better on the whole and worse for some is refused, and the report says for whom."""

import json

import numpy as np
import pyarrow as pa
import pytest
from world import World


def flights(rows: int, seed: int, wrong: str = "") -> pa.Table:
    """A label that follows `delay`, the other way round for the carrier `wrong`; one row in eight is of carrier DL."""
    rng = np.random.default_rng(seed)
    delay = rng.standard_normal(rows)
    carrier = rng.choice(["UA", "AA", "DL"], rows, p=[0.35, 0.525, 0.125])
    late = (delay + 0.3 * rng.standard_normal(rows) > 0) != (carrier == wrong)
    return pa.table({"delay": delay, "carrier": carrier, "target": late.astype(np.int64)})


@pytest.fixture
def judged(world: World, request: pytest.FixtureRequest) -> World:
    """A first model that is wrong about UA, and a second one that is wrong about DL, a smaller carrier."""
    sections = {
        "data_config": {"validation_data": "validation.parquet"},
        "training_config": {"epochs": 40, "hidden": [16]},
    }
    world.configure(**sections)
    world.write("validation.parquet", flights(4_000, seed=9))
    world.write("data/new/part-1.parquet", flights(800, seed=1, wrong="UA"))
    assert world.retrain("run").json["status"] == "promoted"
    world.write("data/new/part-2.parquet", flights(8_000, seed=2, wrong="DL"))
    world.configure(**sections, validation_config=request.param)
    return world


@pytest.mark.parametrize("judged", [{"slices": ["carrier"]}], indirect=True)
def test_a_slice_that_got_worse_refuses(judged: World) -> None:
    run = judged.retrain("run", "full").json
    assert (run["status"], run["verdict"]) == ("kept", "reject")
    assert "points below champion 1 in `carrier = DL`" in run["reason"]
    assert "although on all rows it is" in run["reason"]
    outcomes = {slice["slice"]: slice["outcome"] for slice in run["slices"]}
    assert outcomes["carrier = DL"] == "worse"
    assert outcomes["carrier = UA"] == "not worse"


@pytest.mark.parametrize("judged", [{}], indirect=True)
def test_without_slices_it_is_promoted(judged: World) -> None:
    run = judged.retrain("run", "full").json
    assert run["status"] == "promoted"
    assert run["slices"] == []


@pytest.mark.parametrize("judged", [{"critical_slices": ["carrier = AA"], "slice_tolerance": 0.03}], indirect=True)
def test_a_critical_slice_that_holds_lets_it_pass(judged: World) -> None:
    run = judged.retrain("run", "full").json
    assert run["status"] == "promoted"
    assert [(slice["kind"], slice["outcome"]) for slice in run["slices"]] == [("critical", "not worse")]


@pytest.mark.parametrize(
    ("section", "code", "named"),
    [
        ({"slices": ["carrier >"]}, "E0102", "`carrier >` is no slice"),
        ({"critical_slices": ["carrier"]}, "E0105", "slice_tolerance"),
    ],
)
def test_a_slice_that_cannot_be_is_refused_at_once(world: World, section: object, code: str, named: str) -> None:
    world.write("data/new/part-1.parquet", flights(800, seed=1))
    world.configure(validation_config=section)
    answer = world.retrain("run")
    assert answer.code == 2
    assert answer.error["code"] == code
    assert named in answer.error["message"]


def test_a_slice_of_a_column_that_is_not_there_ends_the_run(world: World) -> None:
    world.write("data/new/part-1.parquet", flights(800, seed=1))
    world.configure(validation_config={"slices": ["carier"]})
    answer = world.retrain("run")
    assert answer.error["code"] == "E0203", json.dumps(answer.json)
    assert answer.error["hint"] == "write `carrier`"
    assert answer.error["where"]["key"] == "validation_config.slices"
    assert answer.json["stages"][-1]["name"] == "Data prepared", "before anything is trained"


def test_a_slice_whose_rows_weigh_nothing_says_nothing(world: World) -> None:
    rows = flights(4_000, seed=1)
    weight = pa.array(np.where(np.array(rows["carrier"]) == "DL", 0.0, 1.0))
    world.write("data/new/part-1.parquet", rows.append_column("weight", weight))
    world.configure(data_config={"weight": "weight"}, validation_config={"slices": ["carrier"]})
    run = world.retrain("run").json
    assert run["status"] == "promoted"
    silent = next(slice for slice in run["slices"] if slice["slice"] == "carrier = DL")
    assert silent["outcome"] == "insufficient"
    assert "weight" in silent["note"]


def test_what_was_forgotten_is_told_and_refused_beyond_the_budget(world: World) -> None:
    """Two windows in which the rule of UA turns around: who follows the second has forgotten the first."""
    training = {"epochs": 40, "hidden": [16]}
    world.configure(training_config=training)
    world.write("data/new/part-1.parquet", flights(4_000, seed=1))
    assert world.retrain("run").json["status"] == "promoted"
    world.write("data/new/part-2.parquet", flights(6_000, seed=2, wrong="UA"))
    world.configure(training_config=training, validation_config={"forgetting_budget": 0.05})
    refused = world.retrain("run").json
    assert refused["verdict"] == "reject"
    assert "on the rows that version 1 was judged on" in refused["reason"]

    world.configure(training_config=training)
    world.write("data/new/part-3.parquet", flights(6_000, seed=3, wrong="UA"))
    told = world.retrain("run").json
    assert told["status"] == "promoted"
    assert [(slice["kind"], slice["outcome"]) for slice in told["slices"]] == [("anchor", "only told")]
    assert told["slices"][0]["difference"] < -0.2
