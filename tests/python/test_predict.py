"""What the champion predicts, for tables of every library."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from omgkit.mlops import (
    DataError,
    ModelError,
    RetrainingPipeline,
)
from world import SMALL, World, table

pytestmark = pytest.mark.usefixtures("here")


@pytest.mark.parametrize(
    "convert",
    [
        pytest.param(lambda rows: rows, id="pyarrow"),
        pytest.param(lambda rows: rows.to_pandas(), id="pandas"),
        pytest.param(lambda rows: rows.to_pandas(types_mapper=pd.ArrowDtype), id="pandas of Arrow"),
        pytest.param(lambda rows: rows.to_pandas().astype({"colour": "category"}), id="pandas with categories"),
        pytest.param(lambda rows: rows.to_pandas().set_index("target"), id="pandas with an index"),
        pytest.param(lambda rows: pl.from_arrow(rows), id="polars"),
        pytest.param(lambda rows: rows.to_reader(max_chunksize=77), id="reader in small batches"),
        pytest.param(lambda rows: rows.select(["colour", "x2", "target", "x1"]), id="columns in another order"),
    ],
)
def test_every_library_gets_the_same_predictions(ready: RetrainingPipeline, convert: Callable[[pa.Table], Any]) -> None:
    rows = table(500, seed=3)
    probabilities = ready.predict_proba(rows)
    assert probabilities.shape == (500, 2) and probabilities.dtype == np.float64
    assert probabilities.sum(axis=1) == pytest.approx(1)
    np.testing.assert_array_equal(ready.predict_proba(convert(rows)), probabilities)
    labels = ready.predict(convert(rows))
    np.testing.assert_array_equal(labels, ready.classes[(probabilities[:, 1] >= 0.5).astype(int)])
    assert (labels == rows["target"].to_numpy()).mean() > 0.7


def test_labels_have_the_type_of_the_target(world: World) -> None:
    for name, labels in {"integer": [3, 8], "boolean": [False, True], "text": ["1", "2"], "number": [0.5, 1.5]}.items():
        rows = table(600)
        target = pa.array([labels[value] for value in rows["target"].to_pylist()])
        world.write(f"{name}/part.parquet", rows.set_column(3, "target", target))
        config = {**SMALL, "data_config": {"new_data_path": name, "min_new_samples": 100}}
        pipeline = RetrainingPipeline(name, config=config)
        assert pipeline.trigger().status == "promoted"
        assert pipeline.classes.tolist() == labels
        assert set(pipeline.predict(rows).tolist()) == set(labels)


def test_a_regression_predicts_values_and_has_no_probabilities(world: World) -> None:
    rows = table(1_500)
    world.write("data/new/part-1.parquet", rows.set_column(3, "target", pa.array(10 + 3 * rows["x1"].to_numpy())))
    config = {**SMALL, "validation_config": {"metrics": ["rmse"]}}
    config["training_config"] = {**SMALL["training_config"], "epochs": 20}
    pipeline = RetrainingPipeline(config=config)
    assert pipeline.trigger().status == "promoted"
    assert abs(pipeline.predict(rows) - (10 + 3 * rows["x1"].to_numpy())).mean() < 1
    assert len(pipeline.classes) == 0
    with pytest.raises(ModelError, match="no probabilities"):
        pipeline.predict_proba(rows)


def test_an_empty_table_gets_no_predictions(ready: RetrainingPipeline) -> None:
    assert ready.predict(table(0)).shape == (0,)
    assert ready.predict_proba(table(0)).shape == (0, 2)


def test_a_table_that_does_not_fit_names_the_column(ready: RetrainingPipeline) -> None:
    with pytest.raises(DataError, match="x1"):
        ready.predict(table(5).drop_columns(["x1"]))
    with pytest.raises(DataError, match="x1"):
        ready.predict(table(5).set_column(0, "x1", pa.array(["a"] * 5)))
    with pytest.raises(DataError, match="is no table"):
        ready.predict([1, 2])  # type: ignore[arg-type]


def test_without_a_champion_nothing_is_predicted() -> None:
    with pytest.raises(ModelError) as caught:
        RetrainingPipeline().predict(table(5))
    assert caught.value.code == "E0306"


def test_many_threads_predict_at_once(ready: RetrainingPipeline) -> None:
    rows = table(2_000, seed=6)
    expected = ready.predict_proba(rows)
    wrong: list[int] = []

    def work(number: int) -> None:
        if not all((ready.predict_proba(rows) == expected).all() for _ in range(10)):
            wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
