"""Tables on their way into the engine, and labels on their way out."""

from __future__ import annotations

import json
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from omgkit.mlops._engine import _core


class Table(Protocol):
    """Anything with rows and named columns that speaks Arrow: pandas, Polars, pyarrow, DuckDB, …"""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


def stream(table: Table) -> object:
    """The Arrow C stream of a table, without the columns that are a pandas index."""
    if not hasattr(table, "__arrow_c_stream__"):
        kind = type(table)
        _core.fail(
            "E0202",
            f"a `{kind.__module__}.{kind.__qualname__}` is no table: it has no `__arrow_c_stream__`",
            "",
            "give a table of pandas (2.2 or newer), Polars or pyarrow; `pyarrow.table({…})` makes one of columns",
        )
    reader = pa.RecordBatchReader.from_stream(table)
    index = [name for name in (reader.schema.pandas_metadata or {}).get("index_columns", []) if isinstance(name, str)]
    if not index:
        return reader.__arrow_c_stream__()
    return reader.read_all().drop_columns(index).__arrow_c_stream__()


def class_array(contract: dict[str, Any]) -> NDArray[Any]:
    """The classes in the order of their codes, as values of the target's own type."""
    classes: list[str] = contract["classes"]
    match contract.get("target_type", "text"):
        case "integer":
            return np.array([int(name) for name in classes], dtype=np.int64)
        case "number":
            return np.array([float(name) for name in classes], dtype=np.float64)
        case "boolean":
            return np.array([json.loads(name) for name in classes], dtype=np.bool_)
        case _:
            return np.array(classes, dtype=object)
