"""KS for numbers and chi-square for all else, with pandas in between, as it is usually written."""

import drift_common
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from scipy import stats


def compare(reference: str, current: str, columns: list[str]) -> dict[str, float]:
    before, now = (pq.read_table(path, columns=columns).to_pandas() for path in (reference, current))
    scores = {}
    for name in columns:
        first, second = before[name].dropna(), now[name].dropna()
        if pd.api.types.is_numeric_dtype(first):
            scores[name] = float(stats.ks_2samp(first.to_numpy(), second.to_numpy()).pvalue)
        else:
            counts = pd.concat([first.value_counts(), second.value_counts()], axis=1).fillna(0).to_numpy(np.float64)
            scores[name] = float(stats.chi2_contingency(counts.T).pvalue) if len(counts) > 1 else 1.0
    return scores


drift_common.run(compare)
