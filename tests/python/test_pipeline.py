"""RetrainingPipeline, Run, Version and ModelRegistry, as their docstrings promise."""

import json
import os
import pickle
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pyarrow as pa
import pytest
from omgkit.mlops import (
    BusyError,
    ConfigError,
    DataError,
    ModelRegistry,
    RetrainError,
    RetrainingPipeline,
    StoreError,
)
from world import SMALL, World, table

pytestmark = pytest.mark.usefixtures("here")


# ---- runs ---------------------------------------------------------------------------------------------------------


def test_a_run_tells_everything_in_its_fields(ready: RetrainingPipeline) -> None:
    (run,) = ready.runs()
    assert (run.id, run.status, run.verdict, run.strategy, run.trigger, run.base) == (
        1,
        "promoted",
        "promote",
        "full",
        "manual",
        None,
    )
    assert run.error is None and run.rows == 600 and run.version == 1
    assert [stage.state for stage in run.stages] == ["done"] * 5
    assert all(stage.seconds >= 0 for stage in run.stages)
    accuracy = run.metrics["accuracy"]
    assert accuracy["lower"] <= accuracy["difference"] <= accuracy["upper"]
    assert accuracy["difference"] == pytest.approx(accuracy["candidate"] - accuracy["champion"])
    assert run.created_at.tzinfo is not None and run.ended_at is not None and run.ended_at >= run.created_at
    assert run.sentence.startswith("run 1 promoted version 1: ")
    assert run.reason in run.explain()


def test_a_run_shows_itself_in_few_lines_and_in_html_without_script(ready: RetrainingPipeline) -> None:
    (run,) = ready.runs()
    assert len(repr(run).splitlines()) <= 5 and "promoted" in repr(run)
    html = run._repr_html_()
    assert "<svg" in html and "<script" not in html and len(html) < 20_000
    assert run.sentence in html


def test_versions_and_decisions_show_themselves_in_html_without_script(ready: RetrainingPipeline, world: World) -> None:
    version = ready.champion
    assert version is not None
    html = version._repr_html_()
    assert "version 1 (champion)" in html and version.digest[:12] in html and "accuracy" in html
    world.write("data/new/<part>.parquet", table(300, seed=2))
    ready.setup(**SMALL, triggers=[{"type": "drift_detected", "name": "<drift>"}])
    (decision,) = ready.check()
    shown = decision._repr_html_()
    assert "&lt;drift&gt;: wait" in shown and "psi_lower" in shown
    for text in (html, shown):
        assert text.startswith('<div style="font-family:sans-serif">') and text.endswith("</div>")
        assert "<script" not in text and len(text) < 20_000


def test_runs_survive_reopening(ready: RetrainingPipeline) -> None:
    again = RetrainingPipeline()
    assert again.runs() == ready.runs()
    assert again.run(1) == ready.run(1)
    assert again.champion == ready.champion
    with pytest.raises(StoreError, match="there is no run 7: the last one is 1"):
        again.run(7)


def test_values_cannot_be_changed(ready: RetrainingPipeline) -> None:
    for value in (ready.run(1), ready.champion):
        with pytest.raises(AttributeError):
            value.id = 3  # type: ignore[misc, union-attr]


def test_a_run_that_fails_inside_is_returned_with_its_error(ready: RetrainingPipeline, world: World) -> None:
    bad = table(300, seed=5)
    world.write(
        "data/new/part-2.parquet", bad.set_column(3, "target", pa.array([None, *bad["target"].to_pylist()[1:]]))
    )
    run = ready.trigger()
    assert run.status == "failed" and isinstance(run.error, DataError)
    assert run.error.code == "E0205" and run.error.where.row == 0
    assert "champion 1" in run.error.kept
    assert "part-2.parquet waits: a mended file of this name takes its place" in run.error.kept
    assert ready.champion is not None and ready.champion.id == 1
    world.write("data/new/part-2.parquet", bad)
    assert ready.trigger().status in ("kept", "promoted"), "it says the truth"


def test_the_command_line_tells_the_same_of_a_run(ready: RetrainingPipeline, world: World) -> None:
    run = ready.run(1)
    assert world.retrain("runs", "1").json == run.to_dict()
    assert world.retrain("runs").json["runs"] == [run.to_dict()]
    listed = world.retrain("models", "list").json["versions"]
    assert listed == [version.to_dict() for version in ready.versions()]


def test_an_unknown_strategy_is_refused_before_there_is_a_run(ready: RetrainingPipeline) -> None:
    with pytest.raises(ConfigError, match="incrmental"):
        ready.trigger(strategy="incrmental")
    assert len(ready.runs()) == 1


def test_without_waiting_the_run_is_under_way_and_can_be_waited_for(world: World) -> None:
    world.write("data/new/part-1.parquet", table(600))
    pipeline = RetrainingPipeline(config=SMALL)
    run = pipeline.trigger(wait=False)
    assert run.id == 1 and run.status == "running"
    ended = run.wait(60)
    assert ended.status == "promoted" and ended == pipeline.run(1)
    assert ended.wait() is ended


def test_without_waiting_what_fails_before_there_is_a_run_is_raised_at_once() -> None:
    with pytest.raises(ConfigError):
        RetrainingPipeline().trigger(wait=False)


def test_progress_is_shown_when_asked_for(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    world.write("data/new/part-1.parquet", table(600))
    pipeline = RetrainingPipeline(config=SMALL)
    pipeline.trigger(progress=True)
    assert "Data prepared" in capfd.readouterr().err
    pipeline.trigger()
    assert capfd.readouterr() == ("", "")


# ---- versions -----------------------------------------------------------------------------------------------------


def two_champions(pipeline: RetrainingPipeline, world: World) -> None:
    world.write("data/new/part-2.parquet", table(3_000, seed=9, flip=True))
    assert pipeline.trigger(strategy="incremental").status == "promoted", pipeline.runs()[-1].explain()


def test_rollback_goes_back_to_the_previous_champion(ready: RetrainingPipeline, world: World) -> None:
    two_champions(ready, world)
    assert ModelRegistry().aliases() == {"champion": 2, "previous": 1}
    back = ready.rollback(reason="wrong labels")
    assert back.id == 1 and back == ready.champion
    assert ready.rollback(to_version=2).id == 2
    newest = ready.versions()[-1]
    assert newest.parent == 1 and newest.strategy == "incremental" and len(newest.digest) == 64


def test_predictions_follow_the_champion(ready: RetrainingPipeline, world: World) -> None:
    rows = table(200, seed=4)
    before = ready.predict(rows)
    two_champions(ready, world)
    assert (ready.predict(rows) != before).mean() > 0.5
    ready.rollback()
    assert (ready.predict(rows) == before).all()


def test_rollback_says_when_there_is_nothing_to_go_back_to(ready: RetrainingPipeline) -> None:
    with pytest.raises(StoreError, match="no previous champion"):
        ready.rollback()
    with pytest.raises(StoreError, match="9"):
        ready.rollback(to_version=9)
    with pytest.raises(BusyError, match="is the champion already"):
        ModelRegistry().promote(1)
    with pytest.raises(ConfigError, match="there is no pipeline in elsewhere"):
        ModelRegistry("elsewhere").rollback()


def test_the_registry_promotes_by_hand(ready: RetrainingPipeline, world: World) -> None:
    two_champions(ready, world)
    assert ModelRegistry().promote(1, reason="trial").id == 1
    assert "2 versions, champion 1" in repr(ModelRegistry())
    assert len(repr(ready.champion).splitlines()) <= 5


# ---- other processes ----------------------------------------------------------------------------------------------


def test_a_home_where_somebody_works_is_busy(ready: RetrainingPipeline) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    try:
        for call in (ready.trigger, ready.rollback, lambda: ready.setup(**{**SMALL, "strategy": "full"})):
            with pytest.raises(BusyError) as caught:
                call()
            assert caught.value.code == "E0401"
        assert ready.champion is not None and len(ready.predict(table(5))) == 5  # looking needs no lock
    finally:
        holder.communicate("\n")
    assert ready.trigger().status == "skipped"


HOLD_THE_LOCK = textwrap.dedent("""
    import fcntl, sys
    file = open(".retrain/lock", "r+")
    fcntl.lockf(file, fcntl.LOCK_EX)
    print("held", flush=True)
    sys.stdin.readline()
""")

LONG_RUN = textwrap.dedent("""
    import sys
    from omgkit.mlops import RetrainingPipeline
    try:
        RetrainingPipeline().trigger(progress=True)
    except KeyboardInterrupt:
        print("stopped", flush=True)
        sys.exit(9)
""")


def test_ctrl_c_stops_cleanly_and_the_run_goes_on_at_the_next_trigger(world: World) -> None:
    world.write("data/new/part-1.parquet", table(20_000))
    long = {**SMALL["training_config"], "epochs": 3_000, "early_stopping": False}
    pipeline = RetrainingPipeline(config={**SMALL, "training_config": long})
    process = subprocess.Popen(
        [sys.executable, "-c", LONG_RUN], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    while "Data prepared" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (9, "stopped\n"), err
    (run,) = pipeline.runs()
    assert run.status == "running"
    assert world.retrain("doctor").code == 0


# ---- errors -------------------------------------------------------------------------------------------------------


def test_errors_can_be_caught_together_pickled_and_read(world: World) -> None:
    with pytest.raises(RetrainError) as caught:
        RetrainingPipeline().trigger()
    error = caught.value
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is ConfigError and str(again) == str(error) == error.text
    assert error.text.startswith("error[E0106]: ") and f"hint: {error.hint}" in error.text


def test_a_missing_program_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.write("data/new/part-1.parquet", table(600))
    monkeypatch.setenv("RETRAIN_PROGRAM", "/nowhere/retrain")
    run = RetrainingPipeline(config=SMALL).trigger()
    assert run.status == "failed" and run.error is not None and "/nowhere/retrain" in run.error.message


def test_another_pyarrow_is_refused_in_our_own_words(tmp_path: Path) -> None:
    found = "import importlib.metadata as m; m.version = lambda name: '25.0.0'"
    done = subprocess.run([sys.executable, "-c", f"{found}\nimport omgkit.mlops"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "ImportError: omgkit.mlops needs pyarrow 26.0, and 25.0.0 is installed" in done.stderr
    assert 'pip install "pyarrow==26.0.*"' in done.stderr


def test_the_stub_names_what_the_module_has() -> None:
    from omgkit.mlops import _core

    stub = (Path(__file__).parents[2] / "python/omgkit/mlops/_core.pyi").read_text()
    for name in (name for name in dir(_core) if not name.startswith("_")):
        assert f"def {name}(" in stub or f"class {name}:" in stub, name


def test_libarrow_is_mapped_once() -> None:
    maps = Path(f"/proc/{os.getpid()}/maps").read_text()
    assert len({line.split()[-1] for line in maps.splitlines() if "libarrow.so" in line}) == 1


def test_the_json_of_a_run_is_json(ready: RetrainingPipeline) -> None:
    assert json.loads(json.dumps(ready.run(1).to_dict())) == ready.run(1).to_dict()
