"""Did the columns of a table change by more than matters?

from omgkit.mlops import DriftDetector

report = DriftDetector("data/2013-01.parquet").check("data/2013-02.parquet")
print(report)
report.columns["distance"].outcome
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from omgkit.mlops._engine import _core, home_folder
from omgkit.mlops.tables import Table, stream
from omgkit.mlops.values import Version

Source = Table | str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class ColumnDrift:
    """What became of one column. Effects are PSI, in nats: 0.1 is a shift of about 0.3 standard deviations."""

    name: str
    kind: str  #: "numeric" or "categorical"
    outcome: str  #: "drifted", "stable", "undecided" or "failed"
    reason: str  #: one sentence, with the numbers that made it so
    effect: float | None  #: without the part that chance adds; None with a named method
    lower: float | None  #: the effect is at least this, with 95 % confidence
    upper: float | None  #: at most this, with 95 % confidence; None: nothing is known
    statistic: float | None  #: the PSI as it is usually computed, or the number of the named method
    p_value: float | None  #: of "the effect is at most the threshold", or of the named method
    adjusted_p_value: float | None  #: over all tests of the report (Benjamini-Hochberg)
    threshold: float | None
    importance: float | None  #: to the model of the version that is the reference, 0 to 1; None: there is none
    nulls: dict[str, Any]  #: reference_share, current_share, and a test of their own
    n_reference: int  #: rows with a value
    n_current: int
    rows_to_decide: int | None  #: about how many current rows would turn "undecided" into an answer
    statistics: dict[str, float]  #: ks, wasserstein, … with method="full"
    cells: list[dict[str, Any]] = field(repr=False)  #: label, and rows of both tables in each cell


@dataclass(frozen=True, slots=True)
class JointDrift:
    """Both tables as wholes: can a model tell of which one a row is?"""

    outcome: str  #: "drifted", "stable" or "undecided"
    reason: str  #: one sentence, with the numbers that made it so
    area: float | None  #: under the ROC curve: 0.5 is a guess, 1 never wrong; None: too few rows
    lower: float | None  #: the area is at least this, with 95 % confidence
    upper: float | None  #: at most this, with 95 % confidence
    p_value: float | None  #: of "the area is at most that of the threshold"
    threshold: float  #: the area that a shift by the report's threshold gives
    n_reference: int  #: rows that were looked at
    n_current: int


@dataclass(frozen=True, slots=True, repr=False)
class DriftReport:
    """Two tables, column by column; drifted columns first, those with the largest effect × importance first."""

    drifted: bool  #: any column is, or all together are
    sentence: str  #: all of it in one line
    method: str
    threshold: float
    drifted_share: float  #: of the columns that were compared
    rows_reference: int
    rows_current: int
    columns: dict[str, ColumnDrift]
    joint: JointDrift | None  #: with method="domain_classifier", which compares no column by itself
    left_out: dict[str, str]  #: columns that were not compared, and why
    _fields: dict[str, Any] = field(compare=False)

    @classmethod
    def _from(cls, fields: dict[str, Any]) -> DriftReport:
        columns = {column["name"]: ColumnDrift(**column) for column in fields["columns"]}
        joint = JointDrift(**fields["joint"]) if fields["joint"] else None
        return cls(**{**fields, "columns": columns, "joint": joint}, _fields=fields)

    def to_dict(self) -> dict[str, Any]:
        """What `retrain drift --json` prints."""
        return dict(self._fields)

    def to_frame(self) -> Any:
        """A pandas table with a row a column, indexed by its name."""
        rows = [
            {key: value for key, value in column.items() if key not in ("cells", "nulls", "statistics")}
            | {"null_share_before": column["nulls"]["reference_share"]}
            | {"null_share_now": column["nulls"]["current_share"]}
            | column["statistics"]
            for column in self._fields["columns"]
        ]
        return pa.Table.from_pylist(rows).to_pandas().set_index("name") if rows else pa.table({}).to_pandas()

    def to_html(self, path: str | os.PathLike[str], title: str = "Drift report") -> None:
        """Writes a page with a picture for each of the first columns. It needs nothing from elsewhere."""
        Path(path).write_text(_core.drift_page(json.dumps(self._fields), title), encoding="utf-8")

    def _repr_html_(self) -> str:
        return _core.drift_html(json.dumps(self._fields))

    def __repr__(self) -> str:
        return _core.drift_text(json.dumps(self._fields))


class DriftDetector:
    """A reference that tables are checked against.

    A column drifts when the data exclude an effect as small as `threshold`, so harmless shifts raise no alarm however
    many rows there are; without any drift the chance of an alarm over all columns is at most 5 %.

    Args:
        reference: a table of pandas, Polars, pyarrow, …; the path of a file, a folder or a glob, or of a profile that
            `save` wrote; or a version such as `pipeline.champion`, which stands for the rows that it learned from.
        threshold: the smallest effect (PSI) that matters; 0 asks for any difference at all.
        method: "default"; "full" gives exact statistics beside; "domain_classifier" lets a network tell the tables
            apart by all columns together; `PEER/TEST` gives that tool's number and rule, such as
            "scipy/ks_2samp:auto", "evidently/psi" or "nannyml/jensen_shannon".
        columns: only these; default: all but times.
        categorical: numbers that are to be counted as categories.

    Raises:
        DataError: a column that is named does not exist, or the reference has no rows. ConfigError: no such method.
    """

    def __init__(
        self,
        reference: Source | Version,
        threshold: float = 0.1,
        method: str = "default",
        columns: Sequence[str] | None = None,
        categorical: Sequence[str] | None = None,
    ) -> None:
        options = (threshold, method, list(columns or ()), list(categorical or ()))
        if isinstance(reference, Version):
            self._detector = _core.detector_of_path("", reference.home, reference.id, *options)
        elif isinstance(reference, str | os.PathLike):
            self._detector = _core.detector_of_path(os.fspath(reference), home_folder(None), None, *options)
        else:
            self._detector = _core.detector_of_table(stream(reference), *options)
        self.threshold, self.method = threshold, method

    def check(self, current: Source) -> DriftReport:
        """Compares a table, or the files at a path, with the reference.

        Raises:
            DataError: the table cannot be read. A column that is missing or changed its type is no error but "failed".
        """
        if isinstance(current, str | os.PathLike):
            return DriftReport._from(json.loads(self._detector.check_path(os.fspath(current))))
        return DriftReport._from(json.loads(self._detector.check_table(stream(current))))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Keeps the reference's counts, some kilobytes, so that a later check needs no reference table."""
        if self.method != "default":
            cure = "make a detector with the default method to save it"
            _core.fail("E0105", f"method `{self.method}` keeps no counts of the reference", "method", cure)
        Path(path).write_bytes(self._detector.profile())

    def __repr__(self) -> str:
        return f"DriftDetector(threshold={self.threshold}, method={self.method!r})"
