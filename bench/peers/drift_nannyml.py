"""NannyML's univariate calculator as it comes: Jensen-Shannon, ten chunks a period."""

import logging
import os
import warnings

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
logging.disable(logging.WARNING)
warnings.filterwarnings("ignore")

import drift_common  # noqa: E402
import nannyml  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402


def compare(reference: str, current: str, columns: list[str]) -> dict[str, bool]:
    before, now = (pq.read_table(path, columns=columns).to_pandas() for path in (reference, current))
    calculator = nannyml.UnivariateDriftCalculator(
        column_names=columns, continuous_methods=["jensen_shannon"], categorical_methods=["jensen_shannon"]
    )
    calculator.fit(before)
    frame = calculator.calculate(now).filter(period="analysis").to_df()
    return {name: bool(frame[name]["jensen_shannon"]["alert"].any()) for name in columns}


drift_common.run(compare)
