"""Writes tests/golden/unlabelled/*.json: scores and labels, and how well NannyML believes the model to do without them.

Run where NannyML 0.13 is installed. `binary` and `classes` hold CBPE; `regression` holds DLE, with the losses that its
trained regressors predict, so that all that comes after them can be compared.
"""

import json
import logging
import os
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

FOLDER = Path(__file__).resolve().parents[2] / "tests/golden/unlabelled"
METRICS = ["accuracy", "precision", "recall", "specificity", "f1", "roc_auc"]
LOSSES = ["mae", "mape", "mse", "rmse", "msle", "rmsle"]
ORIGIN = "NannyML {}, scikit-learn {}, numpy {}; written by tools/data/unlabelled_golden.py"
Frame = Any  # of pandas


def binary(rng: np.random.Generator, rows: int, late: bool) -> Frame:
    """Scores that are too sure of themselves; later ones are higher."""
    score = rng.beta(2 if late else 1.4, 1.6, rows).round(9)
    chance = 0.15 + 0.7 * score**1.6
    return pd.DataFrame({"p1": score, "said": (score >= 0.5).astype(int), "y": (rng.random(rows) < chance).astype(int)})


def classes(rng: np.random.Generator, rows: int, late: bool) -> Frame:
    strength = rng.standard_normal((rows, 3)) * 1.3 + np.array([0.6 if late else 0.2, 0, -0.2])
    chance = np.exp(strength) / np.exp(strength).sum(axis=1, keepdims=True)
    sharp = chance**1.7
    score = (sharp / sharp.sum(axis=1, keepdims=True)).round(9)
    truth = (rng.random((rows, 1)) > chance.cumsum(axis=1)).sum(axis=1).clip(0, 2)
    frame = pd.DataFrame(score, columns=["p0", "p1", "p2"])
    return frame.assign(said=score.argmax(axis=1), y=truth)


def plain(values: Any) -> list[Any]:
    return [None if value is None or not np.isfinite(value) else float(value) for value in values]


def of_metrics(frame: Frame, names: list[str]) -> dict[str, Any]:
    """The chunks of the analysis period, a list for each number."""
    chunks = frame[frame[("chunk", "period")] == "analysis"]
    numbers = {
        "value": "value",
        "sampling error": "sampling_error",
        "lower": "lower_confidence_boundary",
        "upper": "upper_confidence_boundary",
        "lower threshold": "lower_threshold",
        "upper threshold": "upper_threshold",
    }
    answers: dict[str, Any] = {}
    for name in names:
        answers[name] = {ours: plain(chunks[(name, theirs)]) for ours, theirs in numbers.items()}
        answers[name]["alarm"] = [bool(alert) for alert in chunks[(name, "alert")]]
    return answers


def ask_cbpe(make: Callable[[np.random.Generator, int, bool], Frame], seed: int, many: bool) -> dict[str, Any]:
    import nannyml

    rng = np.random.Generator(np.random.PCG64(seed))
    reference, analysis = make(rng, 1500, False), make(rng, 600, True)
    columns = [name for name in reference.columns if name.startswith("p")]
    estimator = nannyml.CBPE(
        y_pred_proba={int(name[1:]): name for name in columns} if many else "p1",
        y_pred="said",
        y_true="y",
        metrics=METRICS,
        problem_type="classification_multiclass" if many else "classification_binary",
    )
    estimator.fit(reference)
    frame = estimator.estimate(analysis.drop(columns="y")).to_df()
    if many:
        calibrates = [type(one).__name__ != "NoopCalibrator" for one in estimator._calibrators.values()]
    else:
        calibrates = [bool(estimator.needs_calibration)]
    return {
        "reference": {name: reference[name].tolist() for name in reference},
        "analysis": {name: analysis[name].tolist() for name in analysis if name != "y"},
        "calibrates": calibrates,
        "chunks": len(frame[frame[("chunk", "period")] == "analysis"]),
        "metrics": of_metrics(frame, METRICS),
    }


def ask_dle() -> dict[str, Any]:
    import nannyml

    rng = np.random.Generator(np.random.PCG64(5))

    def make(rows: int, late: bool) -> Frame:
        x = rng.uniform(0, 4 if late else 3, rows)
        said = 2 + 3 * x
        return pd.DataFrame({"x": x, "said": said, "y": (said + (0.3 + x) * rng.standard_normal(rows)).clip(0.1)})

    reference, analysis = make(1200, False), make(400, True)
    estimator = nannyml.DLE(["x"], y_pred="said", y_true="y", metrics=LOSSES)
    estimator.fit(reference)
    frame = estimator.estimate(analysis.drop(columns="y")).to_df()
    predicted = {
        metric.column_name: metric._dee_model.predict(analysis[["x", "said"]]).tolist() for metric in estimator.metrics
    }
    return {
        "reference": {name: reference[name].tolist() for name in ("said", "y")},
        "predicted losses": predicted,
        "chunks": len(frame[frame[("chunk", "period")] == "analysis"]),
        "metrics": of_metrics(frame, LOSSES),
    }


def main() -> None:
    logging.disable(logging.WARNING)
    os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
    FOLDER.mkdir(exist_ok=True)
    origin = ORIGIN.format(*(version(name) for name in ("nannyml", "scikit-learn", "numpy")))
    documents = {"binary": ask_cbpe(binary, 3, False), "classes": ask_cbpe(classes, 4, True), "regression": ask_dle()}
    for name, document in documents.items():
        parts = [f"{json.dumps(key)}: {json.dumps(value, allow_nan=False)}" for key, value in document.items()]
        text = ",\n ".join([f'"origin": {json.dumps(origin)}', *parts])
        (FOLDER / f"{name}.json").write_text(f"{{\n {text}\n}}\n")


if __name__ == "__main__":
    main()
