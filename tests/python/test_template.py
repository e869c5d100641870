"""The template of the README, as a user pastes it."""

import textwrap
from pathlib import Path

import pytest
from omgkit.mlops import DataError, RetrainingPipeline, Run
from world import World, table

TEMPLATE = textwrap.dedent("""
    from omgkit.mlops import RetrainingPipeline

    pipeline = RetrainingPipeline()

    pipeline.setup(
        strategy="incremental",
        triggers=[
            {"type": "scheduled", "cron": "0 0 * * 0"},  # Weekly
            {"type": "drift_detected", "threshold": 0.1},
            {"type": "performance_drop", "metric": "accuracy", "threshold": 0.05}
        ],
        data_config={
            "new_data_path": "data/production/new/",
            "validation_data": "data/splits/val.parquet",
            "min_new_samples": 1000
        },
        training_config={
            "epochs": 10,
            "learning_rate": 1e-4,
            "early_stopping": True
        },
        validation_config={
            "metrics": ["accuracy", "f1"],
            "minimum_improvement": 0.01,
            "fallback_on_regression": True
        }
    )

    # Manual trigger
    pipeline.trigger(reason="manual_update")
""")


@pytest.fixture(autouse=True)
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(world.folder)
    monkeypatch.delenv("RETRAIN_HOME", raising=False)


def template() -> RetrainingPipeline:
    """Runs it and gives the pipeline that it made."""
    names: dict[str, RetrainingPipeline] = {}
    exec(TEMPLATE, names)
    return names["pipeline"]


def last_run() -> Run:
    return RetrainingPipeline().runs()[-1]


def test_the_template_trains_a_champion_and_judges_a_second_candidate(world: World) -> None:
    world.write("data/production/new/week-1.parquet", table(20_000, seed=1))
    world.write("data/splits/val.parquet", table(4_000, seed=2))
    pipeline = template()
    first = last_run()
    assert first.status == "promoted", first.explain()
    assert first.trigger_reason == "manual_update"
    assert [stage.name for stage in first.stages] == [
        "Trigger validated",
        "Data prepared",
        "Training started",
        "Validation passed",
        "Model deployed",
    ]
    assert pipeline.champion is not None and pipeline.champion.id == first.version

    world.write("data/production/new/week-2.parquet", table(3_000, seed=3))
    template()
    second = last_run()
    assert second.id == first.id + 1
    assert second.strategy == "incremental" and second.base == first.version
    assert second.verdict in {"promote", "reject", "inconclusive"}
    assert second.status == ("promoted" if second.verdict == "promote" else "kept")
    assert list(second.metrics) == ["accuracy", "f1"]


def test_without_data_the_error_says_what_is_missing_and_how_to_make_it(world: World) -> None:
    with pytest.raises(DataError) as caught:
        template()
    assert caught.value.code == "E0201"
    assert "data/production/new" in caught.value.message
    assert "mkdir -p data/production/new" in caught.value.hint
    assert RetrainingPipeline().runs() == []


def test_without_the_validation_file_the_error_names_it(world: World) -> None:
    world.write("data/production/new/week-1.parquet", table(1_200))
    with pytest.raises(DataError, match=r"data/splits/val\.parquet"):
        template()
    assert not list((Path(".retrain") / "artifacts").glob("*"))


def test_too_few_rows_skip_the_run_and_name_how_many_are_missing(world: World) -> None:
    world.write("data/production/new/week-1.parquet", table(700))
    world.write("data/splits/val.parquet", table(500, seed=2))
    template()
    run = last_run()
    assert run.status == "skipped"
    assert "300" in run.reason and "1,000" in run.reason
