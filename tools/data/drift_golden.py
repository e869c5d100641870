"""Writes tests/golden/drift: columns in drift.parquet, and in drift.json what other tools say of them.

    drift_golden.py [data] [scipy] [evidently] [nannyml]

Each part merges into drift.json; without a name, all are made. The tools pin different releases of what they build on,
so each part may run in an environment of its own; the releases are written beside the numbers.
"""

import json
import logging
import math
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = Path(__file__).resolve().parents[2] / "tests/golden/drift"
CASES = {
    "main": [
        *("num_normal", "num_lognormal", "num_ties", "int_few", "int_binary", "num_nulls", "num_constant"),
        *("num_outlier", "num_inf", "num_same", "cat_low", "cat_high", "cat_nulls", "cat_new", "cat_binary"),
        "cat_constant",
    ],
    "small": ["num_normal", "num_ties", "int_few", "cat_low", "cat_binary"],
    "equal": ["num_normal", "cat_low", "cat_binary", "cat_new"],
    "large": ["num_normal", "num_lognormal", "int_many"],
}
ROWS = {"main": (3000, 2000), "small": (18, 15), "equal": (400, 400), "large": (12000, 10500)}
SIDES = ("reference", "current")
NOTES = [
    "A row of the Parquet file belongs to one case and one side; only the columns listed for its case are used.",
    "kind num: declared numeric, cat: declared categorical. NannyML's chunks follow the order of the file.",
    "scipy and Evidently get the finite values; Evidently's score is a p-value or a distance, with its own threshold;"
    " default:X is the test X that it picks by itself.",
    "Evidently's TVD is a permutation p-value of 1,000 draws: compare within 0.06, and observed_tvd exactly.",
    "NannyML: whole is the method on all current rows, *_chunks are its ten chunks (and the rest) of each period.",
    "error: the tool raised; the fact counts, not the text.",
    "Tolerance: relative 1e-9 for statistics, 1e-6 for p-values above 1e-12, below that 1e-4 of the logarithm.",
]

Series = Any  # of pandas
Answer = dict[str, Any]


def kind(column: str) -> str:
    return "cat" if column.startswith("cat") else "num"


def zipf(categories: int) -> Any:
    weights = 1 / np.arange(1, categories + 1)
    return weights / weights.sum()


def texts(rng: np.random.Generator, name: str, rows: int, current: bool) -> Any:
    if name == "cat_low":
        return rng.choice(["a", "b", "c"], rows, p=[0.47, 0.3, 0.23] if current else [0.5, 0.3, 0.2]).astype(object)
    if name == "cat_high":
        return np.array([f"k{i:03d}" for i in rng.choice(400, rows, p=zipf(400))], dtype=object)
    if name == "cat_nulls":
        values = rng.choice(list("uvwxyz"), rows, p=zipf(6)).astype(object)
        values[rng.random(rows) < (0.12 if current else 0.05)] = None
        return values
    if name == "cat_new":
        values = rng.choice(list("ABCD"), rows, p=zipf(4)).astype(object)
        if current:
            values[:5] = "NEW"
        return values
    if name == "cat_binary":
        return np.where(rng.random(rows) < (0.65 if current else 0.6), "yes", "no").astype(object)
    return np.full(rows, "only", dtype=object)


def unlike_a_law(rng: np.random.Generator, name: str, rows: int, current: bool) -> Any:
    """Numbers with something that a test may trip over."""
    shift = 0.1 if current else 0.0
    if name == "num_nulls":
        values = rng.gamma(2.0, 1.0 + shift, rows)
        return np.where(rng.random(rows) < (0.15 if current else 0.1), np.nan, values)
    if name == "num_outlier":
        values = rng.standard_normal(rows) + 3 * shift
        if not current:
            values[7] = 1e6
        return values
    if name == "num_inf":
        values = rng.standard_normal(rows) + shift
        if current:
            values[[3, 30]], values[300] = np.inf, -np.inf
        return values
    return np.full(rows, 5.0)


def column(rng: np.random.Generator, name: str, rows: int, current: bool) -> Any:
    shift = 0.1 if current else 0.0
    plain: dict[str, Callable[[], Any]] = {
        "num_normal": lambda: rng.standard_normal(rows) + shift,
        "num_same": lambda: rng.standard_normal(rows),
        "num_lognormal": lambda: np.exp(1.5 * rng.standard_normal(rows)) * (1 + shift),
        "num_ties": lambda: np.round(rng.exponential(3.0 + shift, rows) * 2) / 2,
        "int_few": lambda: rng.poisson(2.0 + shift, rows).astype(np.int64),
        "int_many": lambda: rng.poisson(300.0 + 20 * shift, rows).astype(np.int64),
        "int_binary": lambda: (rng.random(rows) < 0.3 + shift / 2).astype(np.int64),
    }
    if name in plain:
        return plain[name]()
    return (texts if kind(name) == "cat" else unlike_a_law)(rng, name, rows, current)


def make_table() -> Any:
    names = sorted({name for columns in CASES.values() for name in columns})
    types = {"int": pa.int64(), "num": pa.float64(), "cat": pa.string()}
    parts = []
    for number, (case, columns) in enumerate(CASES.items()):
        for current, side in enumerate(SIDES):
            rows = ROWS[case][current]
            part: dict[str, Any] = {"case": [case] * rows, "side": [side] * rows}
            for place, name in enumerate(names):
                of_type = types[name[:3]]
                if name in columns:
                    rng = np.random.Generator(np.random.PCG64([4021, number, current, place]))
                    part[name] = pa.array(column(rng, name, rows, bool(current)), type=of_type, from_pandas=True)
                else:
                    part[name] = pa.nulls(rows, of_type)
            parts.append(pa.table(part))
    return pa.concat_tables(parts)


def plain(value: Any) -> Any:
    """As JSON has it: a float keeps every digit, one that is not finite becomes text."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(item) for item in value]
    return float(value) if math.isfinite(float(value)) else repr(float(value))


def answered(ask: Callable[[], Answer]) -> Answer:
    try:
        return {key: plain(value) for key, value in ask().items()}
    except Exception as raised:  # whatever a tool raises is its answer
        return {"error": f"{type(raised).__name__}: {str(raised)[:120]}"}


def pairs() -> Iterator[tuple[Answer, Series, Series]]:
    table = pq.read_table(FOLDER / "drift.parquet").to_pandas()
    whole = [name for name in table.columns if name.startswith("int")]
    for case, columns in CASES.items():
        for name in columns:
            samples = [table[(table["case"] == case) & (table["side"] == side)][name] for side in SIDES]
            samples = [sample.reset_index(drop=True) for sample in samples]
            as_type = "int64" if name in whole else "float64" if kind(name) == "num" else object
            reference, current = (sample.astype(as_type) for sample in samples)
            yield {"case": case, "column": name, "kind": kind(name)}, reference, current


def finite(sample: Series) -> Series:
    return sample.replace([-np.inf, np.inf], np.nan).dropna()


def counted(reference: Series, current: Series) -> Any:
    keys = sorted(set(reference) | set(current), key=str)
    counts = [sample.value_counts() for sample in (reference, current)]
    return np.array([[of.get(key, 0) for key in keys] for of in counts])


def scipy_of_numbers(x: Any, y: Any) -> dict[str, Callable[[], Answer]]:
    from scipy import stats

    def both(result: Any) -> Answer:
        return {"statistic": result.statistic, "pvalue": result.pvalue}

    def ks(**options: str) -> Answer:
        return both(stats.ks_2samp(x, y, **options))

    methods = [method for method in ("auto", "exact", "asymp") if method != "exact" or max(len(x), len(y)) <= 10_000]
    tests: dict[str, Callable[[], Answer]] = {f"ks_2samp:{method}": partial(ks, method=method) for method in methods}
    for side in ("less", "greater"):
        tests[f"ks_2samp:{side}"] = partial(ks, alternative=side)
    return tests | {
        "cramervonmises_2samp": lambda: both(stats.cramervonmises_2samp(x, y)),
        "anderson_ksamp:midrank": lambda: both(stats.anderson_ksamp([x, y])),
        "wasserstein_distance": lambda: {"statistic": stats.wasserstein_distance(x, y)},
        "energy_distance": lambda: {"statistic": stats.energy_distance(x, y)},
        "mannwhitneyu:two-sided": lambda: both(stats.mannwhitneyu(x, y)),
        "ttest_ind": lambda: both(stats.ttest_ind(x, y)),
        "ttest_ind:welch": lambda: both(stats.ttest_ind(x, y, equal_var=False)),
        "epps_singleton_2samp": lambda: both(stats.epps_singleton_2samp(x, y)),
    }


def scipy_of_categories(table: Any) -> dict[str, Callable[[], Answer]]:
    from scipy import stats
    from scipy.spatial import distance

    def contingency(**options: Any) -> Answer:
        result = stats.chi2_contingency(table, **options)
        return {"statistic": result.statistic, "pvalue": result.pvalue, "dof": result.dof}

    def fisher() -> Answer:
        result = stats.fisher_exact(table)
        return {"statistic": result.statistic, "pvalue": result.pvalue}

    tests: dict[str, Callable[[], Answer]] = {
        "chi2_contingency": contingency,
        "chi2_contingency:no-yates": lambda: contingency(correction=False),
        "g_contingency": lambda: contingency(correction=False, lambda_="log-likelihood"),
        "jensenshannon:e": lambda: {"statistic": distance.jensenshannon(*table)},
        "jensenshannon:2": lambda: {"statistic": distance.jensenshannon(*table, base=2)},
    }
    return tests | ({"fisher_exact": fisher} if table.shape[1] == 2 else {})


def ask_scipy() -> Iterator[Answer]:
    for head, all_reference, all_current in pairs():
        reference, current = finite(all_reference), finite(all_current)
        if head["kind"] == "num":
            tests = scipy_of_numbers(reference.to_numpy(), current.to_numpy())
        else:
            tests = scipy_of_categories(counted(reference, current))
        for name, ask in tests.items():
            yield head | {"test": name} | answered(ask)


EVIDENTLY = {
    "num": [
        *("ks", "wasserstein", "jensenshannon", "psi", "kl_div", "hellinger", "anderson", "cramer_von_mises"),
        *("mannw", "t_test", "es", "ed"),
    ],
    "cat": ["chisquare", "z", "jensenshannon", "psi", "kl_div", "hellinger", "TVD", "g_test", "fisher_exact"],
}


def ask_evidently() -> Iterator[Answer]:
    from evidently.legacy.calculations.stattests import registry
    from evidently.legacy.core import ColumnType

    for head, all_reference, all_current in pairs():
        reference, current = finite(all_reference), finite(all_current)
        of_kind, distinct = ColumnType(head["kind"]), len(set(reference) | set(current))
        tests = {name: registry.get_registered_stattest(name, of_kind) for name in EVIDENTLY[head["kind"]]}
        picked = registry.get_stattest(reference, current, of_kind, None)
        for name, test in (tests | {f"default:{picked.name}": picked}).items():
            if name in ("z", "fisher_exact") and distinct > 2:
                continue
            if name == "TVD" and (distinct > 50 or len(reference) + len(current) > 6000):
                continue

            def ask(test: Any = test, pair: tuple[Series, Series] = (reference, current), of: Any = of_kind) -> Answer:
                said = test(pair[0].copy(), pair[1].copy(), of, None)
                return {"score": said.drift_score, "threshold": said.actual_threshold, "drifted": bool(said.drifted)}

            answer = head | {"test": name} | answered(ask)
            if name == "TVD":
                p, q = (counts / counts.sum() for counts in counted(reference, current))
                answer["observed_tvd"] = float(np.abs(p - q).sum() / 2)
            yield answer


NANNYML = {
    "num": ["kolmogorov_smirnov", "jensen_shannon", "wasserstein", "hellinger"],
    "cat": ["chi2", "jensen_shannon", "l_infinity", "hellinger"],
}


def ask_nannyml() -> Iterator[Answer]:
    logging.disable(logging.WARNING)
    os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
    import nannyml

    def one(name: str, method: str, reference: Series, current: Series) -> Answer:
        methods = "continuous_methods" if kind(name) == "num" else "categorical_methods"
        calculator = nannyml.UnivariateDriftCalculator(column_names=[name], **{methods: [method]})
        calculator.fit(reference.to_frame(name))
        model = calculator._column_to_models_mapping[name][0]
        answer = {
            "whole": model.calculate(current),
            "upper_threshold": model.upper_threshold_value,
            "lower_threshold": model.lower_threshold_value,
        }
        frame = calculator.calculate(current.to_frame(name)).to_df()
        for period in ("reference", "analysis"):
            chunks = frame[frame[("chunk", "chunk", "period")] == period][name][method]
            answer[f"{period}_chunks"] = chunks["value"].astype(float).to_numpy()
            answer[f"{period}_alerts"] = [bool(alert) for alert in chunks["alert"]]
        if method == "chi2":
            model.calculate(current)
            answer["whole_pvalue"] = model._p_value
        return answer

    for head, reference, current in pairs():
        for method in NANNYML[head["kind"]]:
            ask = partial(one, head["column"], method, reference, current)
            yield head | {"test": method} | answered(ask)


PEERS = {"scipy": ask_scipy, "evidently": ask_evidently, "nannyml": ask_nannyml}


def write(document: Answer) -> None:
    head = {key: value for key, value in document.items() if key != "results"}
    rows = ",\n".join("  " + json.dumps(row) for row in document["results"])
    (FOLDER / "drift.json").write_text(json.dumps(head, indent=1)[:-2] + f',\n "results": [\n{rows}\n ]\n}}\n')


def main() -> None:
    warnings.filterwarnings("ignore")
    path = FOLDER / "drift.json"
    document = json.loads(path.read_text()) if path.exists() else {"versions": {}, "results": []}
    for part in sys.argv[1:] or ["data", *PEERS]:
        if part == "data":
            pq.write_table(make_table(), FOLDER / "drift.parquet", compression="zstd")
            columns = {case: {name: kind(name) for name in names} for case, names in CASES.items()}
            document = {"data": "drift.parquet", "cases": columns, "notes": NOTES, "versions": {}, "results": []}
        else:
            answers = [{"peer": part} | answer for answer in PEERS[part]()]
            used = {f"{part}:{name}": version(name) for name in ("scipy", "numpy", "pandas")}
            document["versions"] |= {part: version(part)} | used
            document["results"] = [row for row in document["results"] if row["peer"] != part] + answers
        write(document)


if __name__ == "__main__":
    main()
