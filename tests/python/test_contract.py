"""What orchestrators and editors rely on: exit codes, one JSON object on standard output, and the JSON Schema."""

import json
import subprocess
from typing import Any

import jsonschema
import pytest
from world import World, table

TEMPLATE: dict[str, Any] = {
    "strategy": "incremental",
    "triggers": [
        {"type": "scheduled", "cron": "0 0 * * 0"},
        {"type": "drift_detected", "threshold": 0.1},
        {"type": "performance_drop", "metric": "accuracy", "threshold": 0.05},
    ],
    "data_config": {
        "new_data_path": "data/production/new/",
        "validation_data": "data/splits/val.parquet",
        "min_new_samples": 1000,
    },
    "training_config": {"epochs": 10, "learning_rate": 1e-4, "early_stopping": True},
    "validation_config": {
        "metrics": ["accuracy", "f1"],
        "minimum_improvement": 0.01,
        "fallback_on_regression": True,
    },
}


@pytest.fixture
def schema(world: World) -> dict[str, Any]:
    return world.retrain("schema").json


def test_the_schema_is_one_and_takes_the_template(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(TEMPLATE, schema)


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("training_config", "epoch", 3),
        ("training_config", "epochs", 0),
        ("training_config", "epochs", "ten"),
        ("validation_config", "metrics", ["acuracy"]),
        ("validation_config", "confidence", 1),
        ("data_config", "new_data_path", 7),
    ],
)
def test_the_schema_refuses_what_the_program_refuses(
    schema: dict[str, Any], world: World, section: str, key: str, value: object
) -> None:
    wrong = {**TEMPLATE, section: {**TEMPLATE[section], key: value}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema)
    world.configure(json.dumps(wrong))
    answer = world.retrain("run")
    assert answer.code == (2 if value != 7 else 1), answer  # YAML reads 7 as the name of a folder


@pytest.mark.parametrize(
    "trigger", [{"type": "drift"}, {"type": "scheduled"}, {"cron": "0 0 * * 0"}, {"type": "manual", "cron": "x"}]
)
def test_the_schema_refuses_wrong_triggers(schema: dict[str, Any], trigger: dict[str, str]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**TEMPLATE, "triggers": [trigger]}, schema)


def test_what_init_writes_is_a_config_that_runs(world: World, schema: dict[str, Any]) -> None:
    world.write("data/production/new/part-1.parquet", table(2_000))
    assert world.retrain("init").code == 0
    text = (world.folder / "retrain.yaml").read_text()
    assert "target" in text and "#" in text
    assert world.retrain("run").json["status"] == "promoted"
    assert world.retrain("init").code == 2  # it is there already


def test_done_is_0_and_a_skipped_run_is_done_too(world: World) -> None:
    assert world.first_champion().code == 0
    answer = world.retrain("run")
    assert (answer.code, answer.json["status"]) == (0, "skipped")


def test_a_candidate_that_proves_nothing_is_3(world: World) -> None:
    world.first_champion()
    world.configure(validation_config={"minimum_improvement": 0.9})
    world.write("data/new/part-2.parquet", table(600, seed=2))
    answer = world.retrain("run")
    assert (answer.code, answer.json["status"]) == (3, "kept")
    assert answer.json["verdict"] in {"reject", "inconclusive"}
    assert world.retrain("status").json["champion"] == 1


def test_a_failed_run_is_1_and_a_wrong_config_2(world: World) -> None:
    world.configure()
    assert world.retrain("run").code == 1  # no data
    world.configure("strategy: fulll\n")
    assert world.retrain("run").code == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["rnu"], "did you mean `retrain run`?"),
        (["run", "ful"], "full"),
        (["run", "--resaon", "x"], "did you mean `--reason`?"),
        (["models", "prmote", "3"], "did you mean `retrain models promote`?"),
        (["runs", "-1"], ""),
        ([], "--help"),
    ],
)
def test_wrong_usage_is_2_and_says_what_would_be_right(world: World, words: list[str], says: str) -> None:
    done = subprocess.run(
        [world.program, *words], cwd=world.folder, env=world.environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error[E0107]: ") and says in done.stderr
    assert not (world.folder / ".retrain").exists()


def test_json_alone_is_on_standard_output_and_logs_are_not(world: World) -> None:
    world.write("data/new/part-1.parquet", table(600))
    world.configure()
    loud = subprocess.run(
        [world.program, "run"], cwd=world.folder, env=world.environment, capture_output=True, text=True
    )
    assert "Data prepared" in loud.stderr and "Data prepared" not in loud.stdout
    assert loud.stdout.startswith("run 1 promoted version 1: ")
    for verb in (
        ["status"],
        ["runs"],
        ["runs", "1"],
        ["explain", "last"],
        ["models", "list"],
        ["models", "show", "1"],
        ["why"],
        ["schema"],
        ["doctor"],
    ):
        answer = world.retrain(*verb)
        assert answer.code == 0 and answer.json and answer.stderr == "", verb


def test_explain_tells_cause_and_cure_of_every_code_that_there_is(world: World) -> None:
    answer = world.retrain("explain", "E0203")
    assert answer.json["kind"] == "data" and answer.json["cure"]
    assert world.retrain("explain", "E9999").code == 2
