"""Writes tests/golden/statistics/two_sample.json: samples, and what scipy says of them.

Run in the environment of requirements.txt, whose scipy the file names as its origin:

    .venv/bin/python tools/data/two_sample_vectors.py
"""

import json
import math
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy import stats
from scipy.spatial import distance

PATH = Path(__file__).resolve().parents[2] / "tests/golden/statistics/two_sample.json"
Sample = NDArray[np.float64]


def samples() -> dict[str, tuple[Sample, Sample]]:
    rng = np.random.Generator(np.random.PCG64(20260))
    normal = rng.standard_normal
    return {
        "plain": (normal(31).round(6), normal(24).round(6) + 0.4),
        "few, no ties": (normal(7).round(6), normal(6).round(6)),
        "one short": (normal(8).round(6) + 0.7, normal(60).round(6)),
        "equal sizes": (normal(30).round(6), normal(30).round(6) * 1.5),
        "counts": (rng.poisson(2.0, 18).astype(float), rng.poisson(3.0, 15).astype(float)),
        "two values": ((rng.random(40) < 0.3).astype(float), (rng.random(50) < 0.5).astype(float)),
        "far apart": (normal(12).round(6), normal(15).round(6) + 40),
        "heavy tails": (np.exp(3 * normal(70)).round(9), np.exp(3 * normal(90)).round(9)),
        "larger": (normal(260).round(4), (1.1 * normal(410) + 0.1).round(4)),
        "larger with ties": (normal(300).round(1), normal(200).round(1) - 0.2),
    }


def test(result: Any) -> list[float]:
    return [float(result.statistic), float(result.pvalue)]


def of_samples(x: Sample, y: Sample) -> dict[str, Any]:
    answers: dict[str, Any] = {"first": x.tolist(), "second": y.tolist()}
    for method in ("exact", "asymp"):
        for side in ("two-sided", "less", "greater"):
            answers[f"ks {method} {side}"] = test(stats.ks_2samp(x, y, method=method, alternative=side))
    for side in ("two-sided", "less", "greater"):
        answers[f"mann-whitney {side}"] = test(stats.mannwhitneyu(x, y, alternative=side))
    answers["cramer-von mises"] = test(stats.cramervonmises_2samp(x, y))
    answers["anderson-darling"] = test(stats.anderson_ksamp([x, y], variant="midrank"))
    answers["student"] = test(stats.ttest_ind(x, y))
    answers["welch"] = test(stats.ttest_ind(x, y, equal_var=False))
    answers["epps-singleton"] = test(stats.epps_singleton_2samp(x, y))
    answers["wasserstein"] = float(stats.wasserstein_distance(x, y))
    answers["energy"] = float(stats.energy_distance(x, y))
    return answers


def of_counts(first: list[int], second: list[int]) -> dict[str, Any]:
    table = np.array([first, second])
    fit = np.array(first) * sum(second) / sum(first)
    p, q = table[0] / sum(first), table[1] / sum(second)
    answers: dict[str, Any] = {
        "first": first,
        "second": second,
        "chi-square": test(stats.chi2_contingency(table)),
        "chi-square without yates": test(stats.chi2_contingency(table, correction=False)),
        "likelihood ratio": test(stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")),
        "jensen-shannon": float(distance.jensenshannon(p, q)),
        "hellinger": float(np.linalg.norm(np.sqrt(p) - np.sqrt(q)) / math.sqrt(2)),
        "total variation": float(np.abs(p - q).sum() / 2),
        "largest difference": float(np.abs(p - q).max()),
    }
    if all(first):
        answers["goodness of fit"] = test(stats.chisquare(second, fit))
    if all(first) and all(second):
        answers["stability"] = float(((p - q) * np.log(p / q)).sum())
        answers["kullback-leibler"] = float(stats.entropy(p, q))
    if len(first) == 2:
        answers["fisher"] = test(stats.fisher_exact(table))
    return answers


def laws() -> dict[str, Any]:
    reaches = (0.4, 0.6, 0.9, 1.2, 1.5, 1.9, 2.5, 4.0, 7.0)
    two_sided = [
        [n, z / math.sqrt(n), float(stats.kstwo.sf(z / math.sqrt(n), n))]
        for n in (1, 2, 5, 20, 100, 140, 141, 500, 3000, 20000, 300000)
        for z in reaches
    ]
    one_sided = [
        [n, z / math.sqrt(n), float(stats.ksone.sf(z / math.sqrt(n), n))]
        for n in (1, 2, 5, 20, 100, 900, 1500, 20000, 300000)
        for z in reaches
        if z / math.sqrt(n) < 1
    ]
    return {"two-sided": two_sided, "one-sided": one_sided}


def lines(document: dict[str, Any]) -> str:
    """JSON with a line for each member of a member, finite numbers only."""

    def dump(value: Any) -> str:
        return json.dumps(value, allow_nan=False)

    parts = []
    for key, value in document.items():
        if isinstance(value, dict):
            inner = ",\n  ".join(f"{dump(name)}: {dump(of)}" for name, of in value.items())
            parts.append(f"{dump(key)}: {{\n  {inner}\n }}")
        elif isinstance(value, list):
            parts.append(f"{dump(key)}: [\n  " + ",\n  ".join(dump(of) for of in value) + "\n ]")
        else:
            parts.append(f"{dump(key)}: {dump(value)}")
    return "{\n " + ",\n ".join(parts) + "\n}"


def main() -> None:
    warnings.filterwarnings("ignore")
    counts = [([16, 18, 16, 14, 12, 12], [16, 16, 16, 16, 16, 8]), ([30, 12], [22, 25]), ([3, 1], [1, 5])]
    counts += [([120, 0, 33, 7], [90, 4, 51, 0]), ([4, 9], [9, 4])]
    document = {
        "origin": f"scipy {scipy.__version__}, numpy {np.__version__}; written by tools/data/two_sample_vectors.py",
        "samples": {name: of_samples(*pair) for name, pair in samples().items()},
        "counts": [of_counts(*pair) for pair in counts],
        "laws": laws(),
    }
    PATH.write_text(lines(document) + "\n")


if __name__ == "__main__":
    main()
