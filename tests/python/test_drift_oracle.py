"""The tests of two samples on random data against those of scipy, computed live.

Sizes are such that exact laws, limits, the matrix, the series and the sum of Smirnov's terms all take part.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from scipy.spatial import distance
from test_oracles import ask

Sample = NDArray[Any]
Pair = tuple[float, float | None]
SIZES = [(12, 9), (25, 25), (60, 140), (300, 280), (900, 2500), (12000, 11000)]


def both(result: Any) -> Pair:
    return float(result.statistic), float(result.pvalue)


def epps_singleton(x: Sample, y: Sample) -> Pair:
    return both(stats.epps_singleton_2samp(x, y))


OF_NUMBERS: dict[str, Callable[[Sample, Sample], Pair]] = {
    "ks_2samp:auto": lambda x, y: both(stats.ks_2samp(x, y)),
    "ks_2samp:asymp": lambda x, y: both(stats.ks_2samp(x, y, method="asymp")),
    "ks_2samp:less": lambda x, y: both(stats.ks_2samp(x, y, alternative="less")),
    "ks_2samp:greater": lambda x, y: both(stats.ks_2samp(x, y, alternative="greater")),
    "cramervonmises_2samp": lambda x, y: both(stats.cramervonmises_2samp(x, y)),
    "anderson_ksamp:midrank": lambda x, y: both(stats.anderson_ksamp([x, y], variant="midrank")),
    "mannwhitneyu:two-sided": lambda x, y: both(stats.mannwhitneyu(x, y)),
    "ttest_ind": lambda x, y: both(stats.ttest_ind(x, y)),
    "ttest_ind:welch": lambda x, y: both(stats.ttest_ind(x, y, equal_var=False)),
    "epps_singleton_2samp": epps_singleton,
    "wasserstein_distance": lambda x, y: (float(stats.wasserstein_distance(x, y)), None),
    "energy_distance": lambda x, y: (float(stats.energy_distance(x, y)), None),
}


def table(x: Sample, y: Sample) -> NDArray[np.int64]:
    keys = np.union1d(x, y)
    return np.array([[(sample == key).sum() for key in keys] for sample in (x, y)])


def contingency(x: Sample, y: Sample, **options: Any) -> Pair:
    return both(stats.chi2_contingency(table(x, y), **options))


OF_CATEGORIES: dict[str, Callable[[Sample, Sample], Pair]] = {
    "chi2_contingency": contingency,
    "chi2_contingency:no-yates": lambda x, y: contingency(x, y, correction=False),
    "g_contingency": lambda x, y: contingency(x, y, correction=False, lambda_="log-likelihood"),
    "jensenshannon:e": lambda x, y: (float(distance.jensenshannon(*table(x, y))), None),
    "jensenshannon:2": lambda x, y: (float(distance.jensenshannon(*table(x, y), base=2)), None),
}


def numbers(rng: np.random.Generator, rows: int, moved: bool, kind: int) -> Sample:
    shift = 0.15 if moved else 0.0
    if kind == 0:
        return rng.standard_normal(rows) + shift
    if kind == 1:
        return np.exp(2 * rng.standard_normal(rows)) * (1 + shift)
    return rng.poisson(6 + 2 * shift, rows).astype(float)


def compare(name: str, cases: list[tuple[Sample, Sample]], theirs: Callable[[Sample, Sample], Pair]) -> None:
    requests = [{"what": "method", "name": f"scipy/{name}", "reference": x, "current": y} for x, y in cases]
    for (x, y), ours in zip(cases, ask(requests), strict=True):
        statistic, p_value = theirs(x, y)
        where = f"{name} of {len(x)} and {len(y)} values"
        assert ours["statistic"] == pytest.approx(statistic, rel=1e-9, abs=1e-9), where
        assert ("p_value" in ours) == (p_value is not None)
        if p_value is not None and p_value > 1e-12:
            assert ours["p_value"] == pytest.approx(p_value, rel=1e-6), where


@pytest.mark.parametrize("name", OF_NUMBERS)
@pytest.mark.filterwarnings("ignore")
def test_of_numbers_as_scipy_has_it(name: str) -> None:
    rng = np.random.default_rng(31)
    cases = [
        (numbers(rng, n, False, kind), numbers(rng, m, moved, kind))
        for n, m in SIZES
        for kind in range(3)
        for moved in (False, True)
    ]
    compare(name, cases, OF_NUMBERS[name])


@pytest.mark.parametrize("name", OF_CATEGORIES)
def test_of_categories_as_scipy_has_it(name: str) -> None:
    rng = np.random.default_rng(32)
    cases = []
    for n, m in SIZES[:-1]:
        for levels in (2, 5, 40):
            weights = rng.dirichlet(np.full(levels, 2.0), 2)
            draws = [rng.choice(levels, rows, p=p) for rows, p in zip((n, m), weights, strict=True)]
            cases.append((draws[0].astype(str), draws[1].astype(str)))
    compare(name, cases, OF_CATEGORIES[name])
