"""Drift by the public faces: the Python class and the command line give one report."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from omgkit.mlops import ConfigError, DataError, DriftDetector, RetrainingPipeline
from scipy import stats
from world import PROGRAM, World, table


def rows(n: int, seed: int, shift: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n) + shift
    x[rng.random(n) < 0.05] = np.nan
    return pd.DataFrame(
        {
            "x": x,
            "count": rng.poisson(3, n),
            "word": rng.choice(["a", "b", "c", None], n),
            "yes": rng.random(n) < 0.3,
            "when": pd.date_range("2026-01-01", periods=n, freq="min"),
        }
    )


def drift(*arguments: object) -> tuple[int, dict[str, Any]]:
    ran = subprocess.run([str(PROGRAM), "drift", *map(str, arguments), "--json"], capture_output=True, text=True)
    return ran.returncode, json.loads(ran.stdout)


def test_a_shift_is_found_and_nothing_else() -> None:
    report = DriftDetector(rows(4000, 1)).check(rows(4000, 2, shift=0.8))
    assert report.drifted
    assert report.sentence == "1 of 4 columns drifted: x"
    assert {name: column.outcome for name, column in report.columns.items()} == {
        "x": "drifted",
        "count": "stable",
        "word": "stable",
        "yes": "stable",
    }
    x = report.columns["x"]
    assert x.lower is not None and x.effect is not None and x.upper is not None
    assert 0.1 < x.lower < x.effect < x.upper
    assert 0.04 < x.nulls["reference_share"] < 0.06
    assert "a time" in report.left_out["when"]


def test_the_effect_of_a_normal_shift_is_its_known_one() -> None:
    """The symmetric divergence of N(0, 1) and N(d, 1) is d²; cells lose a little of it."""
    report = DriftDetector(rows(200_000, 1)).check(rows(200_000, 2, shift=0.5))
    assert report.columns["x"].effect == pytest.approx(0.25, rel=0.1)


def test_full_gives_the_statistics_of_scipy() -> None:
    before, now = rows(3000, 1), rows(2000, 2, shift=0.1)
    report = DriftDetector(before, method="full").check(now)
    a, b = before["x"].dropna(), now["x"].dropna()
    x = report.columns["x"].statistics
    assert x["ks"] == pytest.approx(stats.ks_2samp(a, b).statistic, rel=1e-12)
    assert x["ks_p_value"] == pytest.approx(stats.ks_2samp(a, b).pvalue, rel=1e-9)
    assert x["wasserstein"] == pytest.approx(stats.wasserstein_distance(a, b), rel=1e-9)
    assert x["cramer_von_mises"] == pytest.approx(stats.cramervonmises_2samp(a, b).statistic, rel=1e-9)
    assert x["mann_whitney_p_value"] == pytest.approx(stats.mannwhitneyu(a, b).pvalue, rel=1e-9)
    counts = pd.concat([before["word"].value_counts(), now["word"].value_counts()], axis=1).to_numpy().T
    word = report.columns["word"].statistics
    assert word["chi_square_p_value"] == pytest.approx(stats.chi2_contingency(counts).pvalue, rel=1e-9)


def test_a_named_method_gives_that_tools_number() -> None:
    before, now = rows(3000, 1), rows(2000, 2, shift=0.1)
    report = DriftDetector(before, method="scipy/ks_2samp:auto", columns=["x"]).check(now)
    truth = stats.ks_2samp(before["x"].dropna(), now["x"].dropna())
    assert report.columns["x"].statistic == pytest.approx(truth.statistic, rel=1e-12)
    assert report.columns["x"].p_value == pytest.approx(truth.pvalue, rel=1e-9)
    assert report.columns["x"].effect is None


def test_numbers_can_be_counted_as_categories() -> None:
    report = DriftDetector(rows(500, 1), columns=["count"], categorical=["count"]).check(rows(500, 2))
    assert report.columns["count"].kind == "categorical"
    assert {"3", "4"} <= {cell["label"] for cell in report.columns["count"].cells}


def test_every_way_to_give_the_tables_gives_one_report(tmp_path: Path) -> None:
    before, now = rows(3000, 1), rows(3000, 2, shift=0.6)
    for name, frame in (("before", before), ("now", now)):
        pq.write_table(pa.Table.from_pandas(frame), tmp_path / f"{name}.parquet", row_group_size=700)
    detector = DriftDetector(before)
    detector.save(tmp_path / "before.profile")
    truth = detector.check(now).to_dict()
    assert DriftDetector(tmp_path / "before.parquet").check(tmp_path / "now.parquet").to_dict() == truth
    assert DriftDetector(tmp_path / "before.profile").check(now).to_dict() == truth
    for reference in ("before.parquet", "before.profile"):
        code, report = drift(tmp_path / reference, tmp_path / "now.parquet", "--threads", 2)
        assert (code, report) == (4, truth)


def test_the_program_keeps_a_profile_and_writes_a_page(tmp_path: Path) -> None:
    rows(1000, 1).to_parquet(tmp_path / "a.parquet")
    rows(1000, 2).to_csv(tmp_path / "b.csv", index=False)
    code, report = drift(
        tmp_path / "a.parquet", tmp_path / "b.csv", "--save-profile", tmp_path / "p", "--html", tmp_path / "page.html"
    )
    assert code == 0, report
    assert report["sentence"] == "none of 4 columns drifted"
    assert drift(tmp_path / "p", tmp_path / "b.csv") == (code, report)
    page = (tmp_path / "page.html").read_text()
    assert page.count("<svg") == 4
    assert "<script" not in page


def test_a_frame_and_a_page_come_from_the_report(tmp_path: Path) -> None:
    report = DriftDetector(rows(1000, 1), method="full").check(rows(1000, 2))
    frame = report.to_frame()
    assert set(frame.index) == {"x", "count", "word", "yes"}
    assert frame.loc["x", "ks"] == report.columns["x"].statistics["ks"]
    report.to_html(tmp_path / "page.html", title="June & May")
    assert "June &amp; May" in (tmp_path / "page.html").read_text()
    assert "<svg" in report._repr_html_()
    assert report.sentence in repr(report)


@pytest.mark.parametrize(
    ("current", "reason"),
    [
        (pa.table({"x": ["1", "2"]}), "it was number and is now text"),
        (pa.table({"y": [1.0, 2.0]}), "column `x` is not in the current table (1 column)"),
    ],
)
def test_a_column_that_cannot_be_compared_has_failed(current: pa.Table, reason: str) -> None:
    report = DriftDetector(pa.table({"x": [1.0, 2.0, 3.5]})).check(current)
    assert not report.drifted
    assert report.columns["x"].outcome == "failed"
    assert report.columns["x"].reason == reason


def test_what_cannot_be_is_an_error_with_a_cure(tmp_path: Path) -> None:
    table = pa.table({"distance": [1.0, 2.0]})
    with pytest.raises(DataError, match="column `distanc` is not in the reference") as wrong_column:
        DriftDetector(table, columns=["distanc"])
    assert "write `distance`" in str(wrong_column.value)
    with pytest.raises(ConfigError, match="no drift method `scipy/ks_2sampl:auto`"):
        DriftDetector(table, method="scipy/ks_2sampl:auto")
    with pytest.raises(DataError, match="no rows"):
        DriftDetector(table.slice(0, 0))
    assert DriftDetector(table).check(table.slice(0, 0)).columns["distance"].outcome == "undecided"
    (tmp_path / "p").write_bytes(DriftDetector(table)._detector.profile()[:-3])
    code, answer = drift(tmp_path / "p", tmp_path / "p")
    assert code == 1
    assert answer["error"]["code"] == "E0301"


def test_a_network_tells_tables_apart_that_differ_in_no_column(tmp_path: Path) -> None:
    def correlated(rho: float, seed: int) -> pa.Table:
        rng = np.random.default_rng(seed)
        x, noise = rng.standard_normal((2, 1500))
        return pa.table({"x": x, "y": rho * x + np.sqrt(1 - rho**2) * noise})

    before, now = correlated(0.8, 1), correlated(-0.8, 2)
    assert not DriftDetector(before).check(now).drifted
    report = DriftDetector(before, method="domain_classifier").check(now)
    joint = report.joint
    assert report.drifted and joint is not None and joint.outcome == "drifted" and not report.columns
    assert joint.area is not None and joint.lower is not None and joint.upper is not None and joint.p_value is not None
    assert 0.5 < joint.threshold < joint.lower < joint.area < joint.upper < 1 and joint.p_value < 1e-9
    assert joint.reason in repr(report) and joint.reason in report._repr_html_()
    pq.write_table(before, tmp_path / "before.parquet")
    pq.write_table(now, tmp_path / "now.parquet")
    arguments = (tmp_path / "before.parquet", tmp_path / "now.parquet", "--method", "domain_classifier")
    assert drift(*arguments) == (4, report.to_dict())
    assert drift(*arguments, "--threads", 1) == (4, report.to_dict()), "the same with any number of threads"
    code, clean = drift(tmp_path / "before.parquet", tmp_path / "before.parquet", "--method", "domain_classifier")
    assert code == 0 and clean["joint"]["outcome"] != "drifted"


def test_a_version_stands_for_the_rows_that_it_learned_from(ready: RetrainingPipeline, world: World) -> None:
    now = world.write("data/now.parquet", table(500, seed=2, flip=True))
    champion = ready.champion
    assert champion is not None and champion.profile is not None
    report = DriftDetector(champion).check(now)
    assert report.rows_reference == 450, "the newest rows stopped the training and judged it"
    assert set(report.columns) == {"x1", "x2", "colour", "prediction"}
    assert report.columns["prediction"].n_reference == 150, "rows that the model did not learn from"
    importance = {name: column.importance or 0 for name, column in report.columns.items()}
    assert importance["x1"] > importance["colour"] > 10 * importance["x2"], "the rule is x1 and red"
    code, by_number = drift("1", now)
    assert (code, by_number) == (0, report.to_dict())
    assert drift("champion", now) == (0, by_number)
    full = DriftDetector(champion, method="full", columns=["x1"]).check(now)
    assert full.columns["x1"].statistics and full.columns["x1"].effect == report.columns["x1"].effect
    code, answer = drift("7", now)
    assert (code, answer["error"]["code"]) == (1, "E0504")
    code, answer = drift("challenger", now)
    assert answer["error"]["code"] == "E0201", "no alias, and no such path"


def test_a_column_that_a_profile_does_not_have_is_named(tmp_path: Path) -> None:
    DriftDetector(rows(500, 1)).save(tmp_path / "p")
    with pytest.raises(DataError, match="column `cuont` is not in the profile") as error:
        DriftDetector(tmp_path / "p", columns=["cuont"])
    assert error.value.hint == "write `count`"
    with pytest.raises(ConfigError, match="column `count` is counted as numeric"):
        DriftDetector(tmp_path / "p", categorical=["count"])


def test_doctor_tells_of_a_profile_that_was_altered(ready: RetrainingPipeline, world: World) -> None:
    assert world.retrain("doctor").code == 0
    champion = ready.champion
    assert champion is not None and champion.profile is not None
    file = world.folder / ".retrain/artifacts" / champion.profile[:2] / champion.profile[2:]
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-1])
    answer = world.retrain("doctor")
    assert answer.code == 1
    assert next(check for check in answer.json["checks"] if check["check"] == "versions")["ok"] is False
