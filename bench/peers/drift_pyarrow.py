"""The floor: both files read, with one thread, and nothing computed."""

import drift_common
import pyarrow.parquet as pq


def compare(reference: str, current: str, columns: list[str]) -> dict[str, int]:
    return {path: pq.read_table(path, columns=columns, use_threads=False).num_rows for path in (reference, current)}


drift_common.run(compare)
