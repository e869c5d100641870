"""Our statistics on random data against those of scikit-learn and scipy, computed live.

`oracle` (tests/oracle) answers JSON requests with our numbers. Seeds are fixed; tolerances are those of double
arithmetic where both sides are exact, and follow from the number of resamples where one side is simulated.
"""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sklearn.metrics as sk
from numpy.typing import NDArray
from scipy import optimize, stats
from world import BUILD

Array = NDArray[Any]
EXACT = 1e-10


def ask(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Our answers, in the order of the requests."""
    program = BUILD / "bin/oracle"
    assert program.exists(), f"{program} is missing: build it with `./dev build`"
    plain = [
        {key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in r.items()} for r in requests
    ]
    ran = subprocess.run(
        [str(program)], input=json.dumps(plain), capture_output=True, text=True, timeout=120, check=True
    )
    answers: list[dict[str, Any]] = json.loads(ran.stdout)
    assert len(answers) == len(requests)
    assert not [answer["error"] for answer in answers if isinstance(answer.get("error"), str)]
    return answers


def probabilities(rng: np.random.Generator, y: Array, classes: int, skill: float) -> Array:
    """Rows that sum to 1, coarse enough that scores tie."""
    scores = np.round(rng.random((len(y), classes)) + skill * np.eye(classes)[y], 1) + 0.05
    return scores / scores.sum(axis=1, keepdims=True)


def weights_or_none(rng: np.random.Generator, rows: int, weighted: bool) -> Array | None:
    return rng.integers(0, 4, rows).astype(float) if weighted else None


def binary_metrics(y: Array, p: Array, w: Array | None) -> dict[str, float]:
    said = p[:, 1] >= 0.5
    counts: dict[str, Callable[..., float]] = {
        "precision": sk.precision_score,
        "recall": sk.recall_score,
        "f1": sk.f1_score,
    }
    return {name: metric(y, said, sample_weight=w, zero_division=0) for name, metric in counts.items()} | {
        "f1_macro": sk.f1_score(y, said, sample_weight=w, average="macro"),
        "f1_weighted": sk.f1_score(y, said, sample_weight=w, average="weighted"),
        "accuracy": sk.accuracy_score(y, said, sample_weight=w),
        "roc_auc": sk.roc_auc_score(y, p[:, 1], sample_weight=w),
        "log_loss": sk.log_loss(y, p, sample_weight=w),
        "brier": sk.brier_score_loss(y, p[:, 1], sample_weight=w),
        "average_precision": sk.average_precision_score(y, p[:, 1], sample_weight=w),
        "kappa": sk.cohen_kappa_score(y, said, sample_weight=w),
        "mcc": sk.matthews_corrcoef(y, said, sample_weight=w),
        "balanced_accuracy": sk.balanced_accuracy_score(y, said, sample_weight=w),
    }


def multiclass_metrics(y: Array, p: Array, w: Array | None) -> dict[str, float]:
    said, labels = p.argmax(axis=1), np.arange(p.shape[1])
    macro: dict[str, Any] = {"sample_weight": w, "labels": labels, "average": "macro", "zero_division": 0}
    areas = [sk.roc_auc_score(y == one, p[:, one], sample_weight=w) for one in labels]
    squares = ((p - np.eye(len(labels))[y]) ** 2).sum(axis=1)
    return {
        "accuracy": sk.accuracy_score(y, said, sample_weight=w),
        "precision": sk.precision_score(y, said, **macro),
        "recall": sk.recall_score(y, said, **macro),
        "f1": sk.f1_score(y, said, **macro),
        "f1_macro": sk.f1_score(y, said, **macro),
        "f1_weighted": sk.f1_score(y, said, **macro | {"average": "weighted"}),
        "roc_auc": float(np.mean(areas)),
        "log_loss": sk.log_loss(y, p, sample_weight=w, labels=labels),
        "brier": float(np.average(squares, weights=w)),
        "kappa": sk.cohen_kappa_score(y, said, sample_weight=w),
        "mcc": sk.matthews_corrcoef(y, said, sample_weight=w),
    }


def regression_metrics(y: Array, f: Array, w: Array | None) -> dict[str, float]:
    return {
        "rmse": sk.root_mean_squared_error(y, f, sample_weight=w),
        "mae": sk.mean_absolute_error(y, f, sample_weight=w),
        "r2": sk.r2_score(y, f, sample_weight=w),
        "mape": sk.mean_absolute_percentage_error(y, f, sample_weight=w),
        "pinball .9": sk.mean_pinball_loss(y, f, sample_weight=w, alpha=0.9),
    }


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_metrics_are_those_of_scikit_learn(task: str, weighted: bool) -> None:
    rng = np.random.default_rng(20)
    requests, expected = [], []
    for rows in (20, 57, 300, 2000):
        w = weights_or_none(rng, rows, weighted)
        request: dict[str, Any] = {"what": "metrics", "task": task} | ({"weights": w} if weighted else {})
        if task == "regression":
            y = rng.normal(3, 10, rows)
            f = y + rng.normal(0, 2, rows)
            requests.append(request | {"y": y, "scores": f})
            expected.append(regression_metrics(y, f, w))
            continue
        classes = 2 if task == "binary" else 4
        y = rng.integers(0, classes, rows)
        p = probabilities(rng, y, classes, 0.3)
        requests.append(request | {"classes": classes, "y": y, "scores": p.ravel()})
        expected.append(binary_metrics(y, p, w) if task == "binary" else multiclass_metrics(y, p, w))
    for ours, theirs in zip(ask(requests), expected, strict=True):
        for name, value in theirs.items():
            assert ours[name] == pytest.approx(value, rel=EXACT, abs=EXACT), name


def test_roc_auc_of_several_classes_is_scikit_learns_one_against_the_rest() -> None:
    rng = np.random.default_rng(4)
    y = rng.integers(0, 5, 400)
    p = probabilities(rng, y, 5, 0.4)
    (ours,) = ask([{"what": "metrics", "task": "multiclass", "classes": 5, "y": y, "scores": p.ravel()}])
    assert ours["roc_auc"] == pytest.approx(sk.roc_auc_score(y, p, multi_class="ovr", average="macro"), rel=EXACT)


def test_mcnemar_is_the_binomial_test_of_the_rows_that_differ() -> None:
    pairs = [(0, 7), (3, 3), (15, 5), (40, 61), (900, 1000)]
    for (wins, losses), ours in zip(
        pairs, ask([{"what": "mcnemar", "wins": b, "losses": c} for b, c in pairs]), strict=True
    ):
        n = wins + losses
        one_sided = stats.binomtest(wins, n, alternative="greater").pvalue
        assert ours["exact"] == pytest.approx(stats.binomtest(wins, n).pvalue, rel=EXACT)
        assert ours["one_sided_exact"] == pytest.approx(one_sided, rel=EXACT)
        assert ours["one_sided_mid_p"] == pytest.approx(one_sided - stats.binom.pmf(wins, n, 0.5) / 2, rel=EXACT)
        assert ours["asymptotic"] == pytest.approx(stats.chi2.sf((wins - losses) ** 2 / n, 1), rel=EXACT)


def score_statistic(wins: int, losses: int, n: int, difference: float) -> float:
    """Tango's statistic by its definition: the likelihood under the constraint is maximised numerically."""

    def unlikelihood(q: float) -> float:
        ties = n - wins - losses
        return -(wins * np.log(q + difference) + losses * np.log(q) + ties * np.log(1 - 2 * q - difference))

    least, most = max(0.0, -difference), (1 - difference) / 2
    edge = 1e-12 * (most - least)
    bounds = (least + edge, most - edge)
    q = optimize.minimize_scalar(unlikelihood, bounds=bounds, method="bounded", options={"xatol": 1e-12}).x
    return float((wins - losses - n * difference) / np.sqrt(n * (2 * q + difference * (1 - difference))))


def test_tango_is_the_score_statistic_of_the_likelihood_maximised_under_the_constraint() -> None:
    tables = [(15, 5, 200), (40, 61, 500), (3, 1, 12), (120, 90, 2000)]
    at = [-0.2, -0.03, 0.0, 0.02, 0.15]
    requests = [
        {"what": "tango", "wins": b, "losses": c, "n": n, "at": d, "confidence": 0.95} for b, c, n in tables for d in at
    ]
    for request, ours in zip(requests, ask(requests), strict=True):
        table = request["wins"], request["losses"], request["n"]
        assert ours["z"] == pytest.approx(score_statistic(*table, request["at"]), rel=1e-5, abs=1e-6)
        reach = stats.norm.ppf(0.95)
        assert score_statistic(*table, ours["lower"]) == pytest.approx(reach, rel=1e-5)
        assert score_statistic(*table, ours["upper"]) == pytest.approx(-reach, rel=1e-5)


def delong_by_definition(y: Array, scores: Array) -> tuple[Array, Array]:
    """The placements of each positive and each negative row, by all pairs."""
    pairs = np.subtract.outer(scores[y == 1], scores[y == 0])
    wins = (pairs > 0) + 0.5 * (pairs == 0)
    return wins.mean(axis=1), wins.mean(axis=0)


def test_delong_is_its_definition_by_all_pairs() -> None:
    rng = np.random.default_rng(9)
    requests = []
    for rows in (12, 80, 500):
        y = np.r_[0, 0, 1, 1, rng.integers(0, 2, rows - 4)]
        first, second = (np.round(rng.random(rows) + skill * y, 1) for skill in (0.3, 0.6))
        requests.append({"what": "delong", "y": y, "first": first, "second": second, "confidence": 0.9})
    for request, ours in zip(requests, ask(requests), strict=True):
        y = request["y"]
        a, b = (delong_by_definition(y, request[which]) for which in ("first", "second"))
        covariances = [np.cov(one, other) / len(one) for one, other in zip(a, b, strict=True)]
        total = covariances[0] + covariances[1]
        assert ours["first"] == pytest.approx(sk.roc_auc_score(y, request["first"]), rel=EXACT)
        assert ours["variance_first"] == pytest.approx(total[0, 0], rel=EXACT)
        assert ours["variance_second"] == pytest.approx(total[1, 1], rel=EXACT)
        assert ours["covariance"] == pytest.approx(total[0, 1], rel=EXACT)
        error = np.sqrt(total[0, 0] + total[1, 1] - 2 * total[0, 1])
        assert ours["lower"] == pytest.approx(ours["value"] - stats.norm.ppf(0.9) * error, rel=1e-8)


def test_the_paired_t_bound_and_p_value_are_scipys() -> None:
    rng = np.random.default_rng(2)
    requests = [
        {"what": "paired", "d": rng.gamma(2, 1, n) - 1.8, "width": 10.0, "confidence": 0.95} for n in (2, 9, 400)
    ]
    for request, ours in zip(requests, ask(requests), strict=True):
        test = stats.ttest_1samp(request["d"], 0, alternative="greater")
        assert ours["p"] == pytest.approx(test.pvalue, rel=1e-8)
        assert ours["t"]["lower"] == pytest.approx(test.confidence_interval(0.95).low, rel=1e-8)
        assert ours["maurer_pontil"]["lower"] < ours["t"]["value"]


def two_models(rng: np.random.Generator, rows: int, classes: int) -> tuple[Array, Array, Array]:
    y = rng.integers(0, classes, rows)
    shared = rng.random((rows, classes))

    def model(skill: float) -> Array:
        scores = shared + 0.5 * rng.random((rows, classes)) + skill * np.eye(classes)[y]
        return scores / scores.sum(axis=1, keepdims=True)

    return y, model(0.3), model(0.45)


def f1_by_counts(average: str) -> Callable[[Array, Array, Array], float]:
    """The difference of F1 out of counts: scikit-learn's function would take a minute for the resamples."""

    def f1(y: Array, said: Array) -> float:
        classes = int(max(y.max(), said.max())) + 1
        actual, predicted, hits = (np.bincount(rows, minlength=classes) for rows in (y, said, y[y == said]))
        ratios = 2 * hits / (actual + predicted)
        if average == "binary":
            return float(ratios[1])
        return float(np.average(ratios, weights=actual if average == "weighted" else None))

    return lambda y, a, b: f1(y, b) - f1(y, a)


BY_F1 = [(2, "f1", "binary"), (3, "f1_macro", "macro"), (3, "f1_weighted", "weighted")]


@pytest.mark.parametrize(("classes", "metric", "average"), BY_F1)
def test_the_cell_bootstrap_gives_scipys_bca_interval(classes: int, metric: str, average: str) -> None:
    y, a, b = two_models(np.random.default_rng(5), 600, classes)
    task = "binary" if classes == 2 else "multiclass"
    request: dict[str, Any] = {"what": "compare", "task": task, "classes": classes}
    request |= {"y": y, "champion": a.ravel(), "candidate": b.ravel(), "metrics": [metric], "resamples": 20000}
    ours = ask([request])[0][metric]
    assert ours["method"] == "cell bootstrap BCa"
    y, a, b = sample = (y, a.argmax(axis=1), b.argmax(axis=1))
    exact = sk.f1_score(y, b, average=average) - sk.f1_score(y, a, average=average)
    assert ours["difference"] == pytest.approx(exact, rel=EXACT)
    assert f1_by_counts(average)(*sample) == pytest.approx(exact, rel=EXACT)

    options: dict[str, Any] = {"paired": True, "vectorized": False, "n_resamples": 3000, "confidence_level": 0.9}
    theirs = stats.bootstrap(sample, f1_by_counts(average), rng=np.random.default_rng(1), **options)
    # The end of an interval of 3,000 resamples has a standard error of about 0.04 standard errors, and the bias
    # correction has its own: 0.2 is beyond chance.
    near = 0.2 * theirs.standard_error
    assert ours["lower"] == pytest.approx(theirs.confidence_interval.low, abs=near)
    assert ours["upper"] == pytest.approx(theirs.confidence_interval.high, abs=near)


def standard_error(statistic: Callable[..., float], sample: tuple[Array, ...]) -> float:
    """By 500 resamples of rows: its own relative error is 1/sqrt(1000), 3 %."""
    rng, rows = np.random.default_rng(3), len(sample[0])
    drawn = (rng.integers(0, rows, rows) for _ in range(500))
    return float(np.std([statistic(*(column[chosen] for column in sample)) for chosen in drawn]))


def rmse_difference(y: Array, a: Array, b: Array) -> float:
    return sk.root_mean_squared_error(y, a) - sk.root_mean_squared_error(y, b)


def r2_difference(y: Array, a: Array, b: Array, w: Array) -> float:
    return sk.r2_score(y, b, sample_weight=w) - sk.r2_score(y, a, sample_weight=w)


def f1_difference(y: Array, a: Array, b: Array, w: Array) -> float:
    return sk.f1_score(y, b > 0.5, sample_weight=w) - sk.f1_score(y, a > 0.5, sample_weight=w)


def auc_difference(y: Array, a: Array, b: Array, w: Array) -> float:
    return sk.roc_auc_score(y, b, sample_weight=w) - sk.roc_auc_score(y, a, sample_weight=w)


def test_influences_give_the_bootstraps_standard_error_where_rows_weigh_or_targets_are_numbers() -> None:
    rng = np.random.default_rng(8)
    y, w = rng.normal(0, 5, 1000), rng.integers(1, 4, 1000).astype(float)
    a, b = y + rng.normal(0, 2.2, 1000), y + rng.normal(0, 2, 1000)
    labels, pa, pb = two_models(rng, 1000, 2)
    numbers: dict[str, Any] = {"what": "compare", "task": "regression", "y": y, "champion": a, "candidate": b}
    classes: dict[str, Any] = {"what": "compare", "task": "binary", "classes": 2, "y": labels, "weights": w}
    classes |= {"champion": pa.ravel(), "candidate": pb.ravel()}
    cases: list[tuple[dict[str, Any], str, Callable[..., float], tuple[Array, ...]]] = [
        (numbers, "rmse", rmse_difference, (y, a, b)),
        (numbers | {"weights": w}, "r2", r2_difference, (y, a, b, w)),
        (classes, "f1", f1_difference, (labels, pa[:, 1], pb[:, 1], w)),
        (classes, "roc_auc", auc_difference, (labels, pa[:, 1], pb[:, 1], w)),
    ]
    answers = ask([request | {"metrics": [metric]} for request, metric, _, _ in cases])
    for (_, metric, statistic, sample), answer in zip(cases, answers, strict=True):
        ours = answer[metric]
        assert ours["method"] == "delta method"
        assert ours["difference"] == pytest.approx(statistic(*sample), rel=1e-9)
        error = (ours["upper"] - ours["lower"]) / (2 * stats.t.ppf(0.95, 999))
        assert error == pytest.approx(standard_error(statistic, sample), rel=0.15), metric


def test_a_metric_of_one_model_has_the_error_that_leaving_rows_out_shows() -> None:
    """Wilson's bounds by scipy; all other errors by the jackknife, which knows nothing of influences."""
    rng, rows = np.random.default_rng(5), 300
    y = rng.integers(0, 2, rows)
    p = probabilities(rng, y, 2, 0.6)
    t = rng.normal(size=rows)
    said = t + 0.7 * rng.normal(size=rows)
    names = {
        "binary": ["precision", "recall", "f1", "roc_auc", "log_loss", "brier"],
        "regression": ["rmse", "mae", "r2"],
    }
    whole = {
        "binary": {"task": "binary", "classes": 2, "y": y, "scores": p},
        "regression": {"task": "regression", "classes": 0, "y": t, "scores": said[:, None]},
    }
    for task, table in whole.items():
        left = [np.delete(np.arange(rows), row) for row in range(rows)]
        parts = [table] + [{**table, "y": table["y"][keep], "scores": table["scores"][keep]} for keep in left]
        asked = [{**part, "scores": part["scores"].ravel(), "what": "metrics"} for part in parts]
        values = ask(asked)
        ours = ask([{**asked[0], "what": "estimate", "metrics": names[task], "confidence": 0.95}])[0]
        for name in names[task]:
            without = np.array([value[name] for value in values[1:]])
            error = np.sqrt((rows - 1) / rows * ((without - without.mean()) ** 2).sum())
            assert ours[name]["value"] == pytest.approx(values[0][name], rel=EXACT)
            assert ours[name]["error"] == pytest.approx(error, rel=0.03), name
            reach = stats.t.ppf(0.95, rows - 1) * ours[name]["error"]
            assert ours[name]["lower"] == pytest.approx(max(ours[name]["value"] - reach, -np.inf), rel=1e-9), name
    accuracy = ask([{**whole["binary"], "scores": p.ravel(), "what": "estimate", "metrics": ["accuracy"]}])[0][
        "accuracy"
    ]
    hits = int(((p[:, 1] >= 0.5) == (y == 1)).sum())
    wilson = stats.binomtest(hits, rows).proportion_ci(0.90, method="wilson")
    assert (accuracy["lower"], accuracy["upper"]) == pytest.approx((wilson.low, wilson.high), rel=1e-9)
