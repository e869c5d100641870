"""What the drift peers share: their two files, and CPU seconds counted from when their packages are imported."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import pyarrow.dataset  # noqa: F401  (read_table would load it on the clock)
import pyarrow.parquet as pq
import pyarrow.types as types


def columns_of(path: str) -> list[str]:
    """All but times, which no peer compares."""
    return [field.name for field in pq.read_schema(path) if not types.is_temporal(field.type)]


def run(compare: Callable[[str, str, list[str]], dict[str, Any]]) -> None:
    reference, current = sys.argv[1:3]
    begin = time.process_time()
    scores = compare(reference, current, columns_of(reference))
    print(json.dumps({"cpu_seconds": time.process_time() - begin, "columns": len(scores)}))
