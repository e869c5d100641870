"""Triggers as a user meets them: check, why, explain decision, run --trigger, and RetrainingPipeline.check()."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from omgkit.mlops import ConfigError, DataError, RetrainingPipeline
from world import PROGRAM, SMALL, World, table

TRIGGERS: list[dict[str, Any]] = [
    {"type": "scheduled", "cron": "0 0 * * 0", "time_zone": "Europe/Berlin"},
    {"type": "drift_detected", "threshold": 0.1},
    {"type": "performance_drop", "metric": "accuracy", "threshold": 0.05},
]


def in_other_units(rows: pa.Table) -> pa.Table:
    return rows.set_column(1, "x2", pc.multiply(rows["x2"], 1000.0))


@pytest.fixture
def champion(world: World) -> World:
    """A home with a champion, under the three triggers."""
    world.write("data/new/part-1.parquet", table(900))
    world.configure(triggers=TRIGGERS)
    assert world.retrain("run").json["status"] == "promoted"
    return world


def said(answer_triggers: list[dict[str, object]], name: str) -> dict[str, object]:
    return next(trigger for trigger in answer_triggers if trigger["subject"] == name)


def test_check_exits_with_zero_when_nothing_would_fire(champion: World) -> None:
    answer = champion.retrain("check")
    assert (answer.code, answer.json["run"], answer.stderr) == (0, None, "")
    assert [trigger["subject"] for trigger in answer.json["triggers"]] == [trigger["type"] for trigger in TRIGGERS]
    assert said(answer.json["triggers"], "drift_detected")["waits_for"]
    champion.write("data/new/part-2.parquet", table(600, seed=2))
    answer = champion.retrain("check")
    assert answer.code == 0, "more of the same"
    assert "0 of 4 columns drifted in 600 rows" in str(said(answer.json["triggers"], "drift_detected")["reason"])
    assert said(answer.json["triggers"], "performance_drop")["numbers"]["labelled_rows"] == 600  # type: ignore[index]


def test_check_exits_with_four_for_a_column_in_other_units_and_takes_nothing_in(champion: World) -> None:
    champion.write("data/new/part-2.parquet", in_other_units(table(600, seed=2)))
    before = champion.home_files()
    answer = champion.retrain("check")
    assert answer.code == 4
    drift = said(answer.json["triggers"], "drift_detected")
    assert (drift["fired"], drift["action"]) == (True, "run incremental")
    assert "in column `x2`" in str(drift["reason"])
    assert answer.json["run"]["trigger"] == "drift_detected"
    assert champion.home_files() == before
    assert champion.retrain("check").code == 4, "looking settles nothing"


def red_where_x1_is_small(rows: pa.Table) -> pa.Table:
    """Each column keeps its values; only which stand beside each other changes, and so what the model makes of them."""
    colours = np.empty(rows.num_rows, dtype=object)
    colours[np.argsort(rows["x1"])] = sorted(rows["colour"].to_pylist(), key=lambda colour: colour != "red")
    return rows.set_column(2, "colour", pa.array(colours))


def test_drift_is_told_by_the_predictions_where_no_column_by_itself_has_changed(champion: World) -> None:
    now = champion.write("data/new/part-2.parquet", red_where_x1_is_small(table(1200, seed=2)))
    drift = said(champion.retrain("check").json["triggers"], "drift_detected")
    assert drift["fired"] and "in column `prediction`, 1 of 4 columns drifted" in str(drift["reason"])
    by_column = champion.retrain("drift", "champion", str(now))
    assert by_column.code == 4 and by_column.json["sentence"] == "1 of 4 columns drifted: prediction"
    champion.configure(triggers=[{"type": "drift_detected", "columns": ["prediction"]}])
    assert champion.retrain("check").code == 4
    champion.configure(triggers=[{"type": "drift_detected", "columns": ["x1", "x2", "colour"]}])
    assert champion.retrain("check").code == 0


def test_drift_is_told_by_the_method_that_a_trigger_names(champion: World) -> None:
    methods = ["domain_classifier", "scipy/ks_2samp:auto", "evidently/default"]
    champion.configure(
        triggers=[{"type": "drift_detected", "name": name.split("/")[0], "method": name} for name in methods]
    )
    champion.write("data/new/part-2.parquet", red_where_x1_is_small(table(1200, seed=2)))
    told = {trigger["subject"]: trigger for trigger in champion.retrain("check").json["triggers"]}
    assert {name: trigger["fired"] for name, trigger in told.items()} == {
        "domain_classifier": True,
        "scipy": False,
        "evidently": False,
    }
    area = told["domain_classifier"]
    assert 0.588 < area["numbers"]["area_lower"] < area["numbers"]["area"] < 1
    assert area["reason"].startswith("a network tells old and new rows apart with an area of 0.")
    assert "`scipy/ks_2samp:auto` gives 0." in told["scipy"]["reason"]
    assert "0 of 2 columns drifted" in told["scipy"]["reason"], "a category is none for it"
    champion.write("data/new/part-2.parquet", in_other_units(table(1200, seed=2)))
    told = {trigger["subject"]: trigger for trigger in champion.retrain("check").json["triggers"]}
    assert told["domain_classifier"]["fired"] and not told["scipy"]["fired"], "one of its windows is no proof"
    champion.write("data/new/part-3.parquet", in_other_units(table(1200, seed=3)))
    told = {trigger["subject"]: trigger for trigger in champion.retrain("check").json["triggers"]}
    assert told["scipy"]["fired"] and "in column `x2`" in told["scipy"]["reason"]


@pytest.mark.parametrize(
    ("keys", "code", "message"),
    [
        ({"method": "evidently/psy"}, "E0102", "there is no drift method `evidently/psy`"),
        ({"method": "full"}, "E0105", "decides as `default` does"),
        ({"method": "scipy/wasserstein_distance"}, "E0105", "names no threshold, so it would never fire"),
        ({"method": "domain_classifier", "share": 0.5}, "E0105", "looks at all columns together"),
        ({"method": "evidently/psi", "columns": ["prediction"]}, "E0105", "predictions are none"),
    ],
)
def test_a_method_that_cannot_serve_a_trigger_is_refused(
    world: World, keys: dict[str, object], code: str, message: str
) -> None:
    world.configure(triggers=[{"type": "drift_detected", **keys}])
    answer = world.retrain("check")
    assert (answer.code, answer.error["code"]) == (2, code)
    assert message in answer.error["message"]
    assert answer.error["where"]["key"].startswith("triggers[0].")


def test_a_run_by_the_name_of_a_trigger_counts_as_its_firing(champion: World) -> None:
    champion.write("data/new/part-2.parquet", in_other_units(table(600, seed=2)))
    run = champion.retrain("run", "--trigger", "drift_detected", "--reason", "the nightly job saw it").json
    assert (run["trigger"], run["trigger_reason"]) == ("drift_detected", "the nightly job saw it")
    champion.write("data/new/part-3.parquet", in_other_units(table(600, seed=3)))
    drift = said(champion.retrain("check").json["triggers"], "drift_detected")
    assert not drift["fired"], "it rests"


def test_check_tells_a_drop_on_labelled_rows(champion: World) -> None:
    champion.write("data/new/part-2.parquet", table(600, seed=2, flip=True))
    answer = champion.retrain("check")
    drop = said(answer.json["triggers"], "performance_drop")
    assert answer.code == 4 and drop["fired"]
    numbers = drop["numbers"]
    assert isinstance(numbers, dict)
    assert numbers["drop_lower"] > 0.5 and numbers["now"] < 0.3 < 0.7 < numbers["baseline"]


def test_rows_without_labels_do_not_count(champion: World) -> None:
    rows = table(600, seed=2, flip=True)
    labels = pa.array(
        [value if row < 150 else None for row, value in enumerate(rows["target"].to_pylist())], pa.int64()
    )
    champion.write("data/new/part-2.parquet", rows.set_column(3, "target", labels))
    drop = said(champion.retrain("check").json["triggers"], "performance_drop")
    assert not drop["fired"]
    assert "150 new rows with a label, 50 short of min_labelled (200)" in str(drop["reason"])


ESTIMATED: dict[str, Any] = {"type": "performance_drop", "metric": "accuracy", "estimated": True, "name": "estimated"}


def near_the_border(rows: pa.Table) -> pa.Table:
    """Rows whose label is hardest to tell, as they come: without labels."""
    score = pc.add(rows["x1"], pc.if_else(pc.fill_null(pc.equal(rows["colour"], "red"), False), 1.0, -0.5))
    return rows.filter(pc.less(pc.abs(score), 0.25)).drop_columns("target")


def test_a_drop_is_estimated_from_the_scores_of_rows_without_labels(world: World) -> None:
    world.configure(triggers=[*TRIGGERS, ESTIMATED])
    world.write("data/new/part-1.parquet", table(20_000))
    assert world.retrain("run").json["status"] == "promoted"
    world.write("data/new/part-2.parquet", table(600, seed=2).drop_columns("target"))
    answer = world.retrain("check")
    same = said(answer.json["triggers"], "estimated")
    assert answer.code == 0 and not same["fired"], same["reason"]
    numbers = same["numbers"]
    assert isinstance(numbers, dict)
    assert abs(numbers["now"] - numbers["baseline"]) < 0.05 and numbers["model_error"] > 0
    world.write("data/new/part-2.parquet", near_the_border(table(4000, seed=2)))
    answer = world.retrain("check")
    harder = said(answer.json["triggers"], "estimated")
    assert answer.code == 4 and harder["fired"], harder["reason"]
    assert "estimated without labels" in str(harder["reason"])
    assert not said(answer.json["triggers"], "performance_drop")["fired"], "there is no label"
    why = said(world.retrain("why").json["triggers"], "estimated")
    assert why["numbers"]["drop_lower"] > 0  # type: ignore[index]


def test_a_table_can_be_estimated_from_python(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(world.folder)
    world.first_champion(20_000)
    pipeline = RetrainingPipeline()
    rows = table(600, seed=2)
    estimate = pipeline.estimate(rows.drop_columns("target"))
    right = np.mean(pipeline.predict(rows) == rows["target"].to_numpy())
    assert estimate["lower"] < right < estimate["upper"] and estimate["rows"] == 600
    assert estimate["error"] == pytest.approx(np.hypot(estimate["sampling_error"], estimate["model_error"]))
    assert estimate["unlike"] == ""
    assert pipeline.estimate(in_other_units(rows), "f1")["unlike"] == "`x2`"
    with pytest.raises(ConfigError, match="mae cannot be estimated without labels for a binary task"):
        pipeline.estimate(rows, metric="mae")
    with pytest.raises(DataError, match="x1"):
        pipeline.estimate(rows.drop_columns("x1"))


def test_an_estimate_of_rows_unlike_all_before_says_so_and_does_not_fire(champion: World) -> None:
    champion.configure(triggers=[ESTIMATED])
    champion.write("data/new/part-2.parquet", in_other_units(table(600, seed=2)).drop_columns("target"))
    answer = champion.retrain("check")
    trigger = said(answer.json["triggers"], "estimated")
    assert answer.code == 0 and not trigger["fired"]
    assert "cannot be estimated without labels" in str(trigger["reason"]) and "`x2`" in str(trigger["reason"])
    assert "labels" in str(trigger["waits_for"])


@pytest.mark.parametrize(
    ("keys", "data", "says"),
    [
        ({"metric": "log_loss"}, {}, "log_loss cannot be estimated without labels"),
        ({"metric": "r2"}, {"task": "regression"}, "r2 cannot be estimated without labels"),
        ({}, {"weight": "x2"}, "rows weigh differently"),
        ({"max_label_delay": "7d"}, {}, "max_label_delay says how old labels may be"),
    ],
)
def test_an_estimate_that_can_never_be_is_refused(
    champion: World, keys: dict[str, str], data: dict[str, str], says: str
) -> None:
    champion.configure(triggers=[{**ESTIMATED, **keys}], data_config=data)
    answer = champion.retrain("check")
    assert (answer.code, answer.error["code"]) == (2, "E0105") and says in answer.error["message"]


def test_a_drop_fires_only_when_ending_it_is_worth_the_training(champion: World) -> None:
    def drop(value: dict[str, object]) -> tuple[int, dict[str, object]]:
        champion.configure(triggers=[{**TRIGGERS[2], "value": value}], strategy="full")
        answer = champion.retrain("why")
        assert answer.code == 0, answer.error
        trigger = said(answer.json["triggers"], "performance_drop")
        return champion.retrain("check").code, trigger

    champion.write("data/new/part-2.parquet", table(600, seed=2, flip=True))
    code, dear = drop({"loss_per_row": 1, "cost_per_run": 1e6})
    assert code == 0 and "worth its cost" in str(dear["waits_for"])
    assert "by 1 past run" in str(dear["reason"])
    numbers = dear["numbers"]
    assert isinstance(numbers, dict)
    assert numbers["rows_per_day"] == 600 and numbers["promotion_chance"] == 2 / 3
    assert abs(numbers["expected_saving"] - numbers["drop"] * 600 * 7 * 2 / 3) < 1e-6
    assert numbers["expected_cost"] == 1e6 and numbers["training_seconds"] > 0
    code, cheap = drop({"loss_per_row": 1, "cost_per_hour": 1, "horizon": "30d"})
    assert code == 4 and "in 30 d" in str(cheap["reason"])


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"metric": "f1", "value": {"loss_per_row": 1}}, "f1 is no mean over rows"),
        ({"value": {"cost_per_run": 5}}, "`cost_per_run` weighs nothing without `loss_per_row`"),
    ],
)
def test_a_value_that_weighs_nothing_is_refused(champion: World, keys: dict[str, object], says: str) -> None:
    champion.configure(triggers=[{**TRIGGERS[2], **keys}])
    answer = champion.retrain("check")
    assert (answer.code, answer.error["code"]) == (2, "E0105") and says in answer.error["message"]


def test_a_larger_error_of_a_regression_is_estimated(world: World) -> None:
    def values(rows: int, seed: int, spread: float) -> pa.Table:
        rng = np.random.default_rng(seed)
        x = spread * (2 * rng.random(rows) - 1)
        return pa.table({"x": x, "target": 2 * x + (0.05 + np.abs(x)) * rng.standard_normal(rows)})

    mae = {"type": "performance_drop", "metric": "mae", "threshold": 0.1, "estimated": True}
    world.configure(triggers=[mae], validation_config={"metrics": ["mae"]})
    calm = pa.concat_tables([values(1200, 1, 0.3), values(1200, 2, 1.0)])
    world.write("data/new/part-1.parquet", calm.take(np.random.default_rng(3).permutation(2400)))
    assert world.retrain("run").json["status"] == "promoted"
    world.write("data/new/part-2.parquet", values(800, 4, 0.3).drop_columns("target"))
    assert world.retrain("check").code == 0
    outer = values(4000, 5, 1.0)
    world.write(
        "data/new/part-2.parquet",
        outer.filter(pc.less(pc.abs(pc.subtract(outer["x"], 0.85)), 0.1)).drop_columns("target"),
    )
    answer = world.retrain("check")
    assert answer.code == 4, answer.json["triggers"]
    numbers = said(answer.json["triggers"], "performance_drop")["numbers"]
    assert isinstance(numbers, dict)
    assert abs(numbers["now"] - 0.9 * np.sqrt(2 / np.pi)) < 0.15, "the mean of |z| times the deviation of the values"


def test_why_says_what_each_trigger_waits_for_and_when_it_looks_again(champion: World) -> None:
    answer = champion.retrain("why")
    assert answer.code == 0 and answer.json["last_run"]["status"] == "promoted"
    schedule = said(answer.json["triggers"], "scheduled")
    assert schedule["looks_again"] and schedule["threshold"] == "0 0 * * 0"
    assert "no new row has arrived" in answer.json["every_run"]["reason"]


def test_any_decision_of_the_journal_can_be_explained(champion: World) -> None:
    newest = champion.retrain("explain", "decision").json
    assert newest["kind"] == "promotion" and newest["body"]["action"] == "promoted"
    gate = champion.retrain("explain", "decision", str(newest["number"] - 1)).json
    assert gate["kind"] == "gate" and gate["body"]["numbers"]
    absent = champion.retrain("explain", "decision", "999")
    assert absent.code == 1 and absent.error["code"] == "E0504"


def test_a_trigger_that_is_none_is_refused_with_the_near_name(champion: World) -> None:
    answer = champion.retrain("run", "--trigger", "drift_detcted")
    assert (answer.code, answer.error["code"]) == (2, "E0107")
    assert answer.error["hint"] == "did you mean `drift_detected`?"


def test_pipelines_check_gives_the_decisions_with_their_numbers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(world.folder)
    monkeypatch.setenv("RETRAIN_PROGRAM", str(PROGRAM))
    world.write("data/new/part-1.parquet", table(900))
    pipeline = RetrainingPipeline(config={**SMALL, "triggers": TRIGGERS})
    first = {decision.trigger: decision for decision in pipeline.check()}
    assert set(first) == {"scheduled", "drift_detected", "performance_drop"}
    assert "no champion yet" in first["drift_detected"].reason
    assert pipeline.trigger().status == "promoted"
    world.write("data/new/part-2.parquet", in_other_units(table(600, seed=2)))
    drift = next(decision for decision in pipeline.check() if decision.trigger == "drift_detected")
    assert drift.fired and drift.action == "run incremental"
    assert drift.numbers["psi_lower"] > drift.numbers["threshold"] == 0.1
    pipeline.setup(**{**SMALL, "triggers": [], "limits": {"max_model_age": "30d"}})
    assert [decision.trigger for decision in pipeline.check()] == ["max_model_age"]


def test_a_damaged_file_is_named_by_why_and_refused_by_check(champion: World) -> None:
    (champion.folder / "data/new/part-2.parquet").write_bytes(b"PAR1 no table PAR1")
    why = champion.retrain("why")
    assert why.code == 0
    assert why.json["blocked"]["code"] == "E0202" and "part-2.parquet" in why.json["blocked"]["text"]
    check = champion.retrain("check")
    assert (check.code, check.error["code"]) == (1, "E0202")
