"""Evidently's DataDriftPreset as it comes, without its HTML."""

import warnings

warnings.filterwarnings("ignore")

import drift_common  # noqa: E402
import pandas as pd  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
from evidently import DataDefinition, Dataset, Report  # noqa: E402
from evidently.presets import DataDriftPreset  # noqa: E402


def compare(reference: str, current: str, columns: list[str]) -> dict[str, float]:
    before, now = (pq.read_table(path, columns=columns).to_pandas() for path in (reference, current))
    numbers = [name for name in columns if pd.api.types.is_numeric_dtype(before[name])]
    kinds = DataDefinition(
        numerical_columns=numbers, categorical_columns=[name for name in columns if name not in numbers]
    )
    report = Report([DataDriftPreset()])
    answer = report.run(Dataset.from_pandas(now, kinds), Dataset.from_pandas(before, kinds)).dict()
    return {m["config"]["column"]: float(m["value"]) for m in answer["metrics"] if "column" in m["config"]}


drift_common.run(compare)
