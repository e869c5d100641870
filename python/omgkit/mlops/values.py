"""What a pipeline tells: runs, stages, decisions and versions. Snapshots that never change."""

from __future__ import annotations

import json
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from omgkit.mlops import errors
from omgkit.mlops._engine import _core


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a run that ended."""

    name: str  #: "Trigger validated", "Data prepared", "Training started", "Validation passed", "Model deployed"
    state: str  #: "done", "failed" or "skipped"
    seconds: float
    found: str  #: what it found, in a few words


@dataclass(frozen=True, slots=True, repr=False)
class Run:
    """One passage from trigger to verdict."""

    id: int
    status: str  #: "promoted", "kept", "skipped", "failed", "superseded" or "running"
    verdict: str | None  #: "promote", "reject", "inconclusive"; None before the comparison
    reason: str  #: one sentence: why it ended as it did
    sentence: str  #: status and reason together, as the terminal shows them
    strategy: str  #: "full", "incremental" or "transfer": what was really done
    strategy_reason: str  #: why that differs from what was asked for; empty: it does not
    trigger: str  #: what asked for the run
    trigger_reason: str  #: in whose words
    base: int | None  #: the champion when the run was created
    version: int | None  #: the candidate, once it was validated
    artifact: str | None  #: sha256 of the candidate's bytes
    rows: int  #: rows of new data that the run took
    stages: list[Stage]
    #: {metric: {"champion", "candidate", "difference", "lower", "upper", …}}: difference is how much better the
    #: candidate is, lower and upper are its one-sided bounds, all in units of the metric
    metrics: dict[str, dict[str, Any]]
    #: the first metric on each slice and on the rows of earlier windows: as above, and "slice", "kind", "outcome"
    slices: list[dict[str, Any]]
    training: dict[str, Any]  #: epochs, losses and rows
    notes: list[str]  #: what a person should know besides
    error: errors.RetrainError | None  #: when it failed
    created_at: datetime
    ended_at: datetime | None
    _fields: dict[str, Any] = field(compare=False)
    _home: str = field(compare=False)
    _ending: Future[Run] | None = field(default=None, compare=False)

    @classmethod
    def _from(cls, fields: dict[str, Any], home: str, ending: Future[Run] | None = None) -> Self:
        converted = {
            "stages": [Stage(**stage) for stage in fields["stages"]],
            "error": errors.of(fields["error"]) if fields["error"] else None,
            "created_at": datetime.fromisoformat(fields["created_at"]),
            "ended_at": _instant(fields["ended_at"]),
        }
        return cls(**{**fields, **converted}, _fields=fields, _home=home, _ending=ending)

    def wait(self, timeout: float | None = None) -> Run:
        """The run when it has ended, if `trigger(wait=False)` gave this one; any other is returned as it is.

        Args:
            timeout: seconds; raises `TimeoutError` after them, and the run goes on.
        """
        return self._ending.result(timeout) if self._ending else self

    def explain(self) -> str:
        """Everything about it as text: stages, metrics with their intervals, and its journal."""
        return _core.explain(self._home, self.id)

    def to_dict(self) -> dict[str, Any]:
        """What `retrain run --json` prints."""
        return dict(self._fields)

    def __repr__(self) -> str:
        lines = [f"Run {self.id}: {self.status}" + (f" ({self.verdict})" if self.verdict else ""), f"  {self.reason}"]
        for name, metric in list(self.metrics.items())[:2]:
            lines.append(f"  {name}: champion {_short(metric['champion'])}, candidate {_short(metric['candidate'])}")
        return "\n".join(line for line in lines if line.strip())

    def _repr_html_(self) -> str:
        return _core.html(self._home, self.id)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided and why: a value that holds whether or not it is acted on."""

    trigger: str  #: its name: the one that the config gives it, else its type
    fired: bool
    action: str  #: "run STRATEGY", "wait"; while a run is under way "queue", "skip" or "replace"
    reason: str  #: one sentence, with the numbers that made it so
    numbers: dict[str, float]  #: all that the decision looked at

    @classmethod
    def _from(cls, fields: dict[str, Any]) -> Self:
        return cls(fields["subject"], fields["fired"], fields["action"], fields["reason"], fields["numbers"])

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    def _repr_html_(self) -> str:
        return _core.decision_html(json.dumps({**asdict(self), "subject": self.trigger}))


@dataclass(frozen=True, slots=True, repr=False)
class Version:
    """A trained model, immutable."""

    id: int
    digest: str  #: sha256 of the artifact's bytes
    parent: int | None  #: the version that it went on from; None: trained from scratch
    strategy: str  #: "full", "incremental" or "transfer"
    run: int  #: that made it
    watermark: int  #: the last chunk of data that it has learned from
    metrics: dict[str, float]  #: on the validation rows of its run
    profile: str | None  #: sha256 of what later rows are held against; None: not made yet
    aliases: list[str]  #: "champion", "previous", …
    created_at: datetime
    home: str = field(compare=False)  #: the folder that it is kept in
    _fields: dict[str, Any] = field(compare=False)

    @classmethod
    def _from(cls, fields: dict[str, Any], home: str) -> Self:
        created_at = datetime.fromisoformat(fields["created_at"])
        return cls(**{**fields, "created_at": created_at}, home=home, _fields=fields)

    def to_dict(self) -> dict[str, Any]:
        """What `retrain models list --json` prints of it."""
        return dict(self._fields)

    def __repr__(self) -> str:
        aliases = f" ({', '.join(self.aliases)})" if self.aliases else ""
        origin = f"{self.strategy} from version {self.parent}" if self.parent else self.strategy
        metrics = ", ".join(f"{name} {_short(value)}" for name, value in list(self.metrics.items())[:4])
        return f"Version {self.id}{aliases}: {origin}, {self.digest[:12]}\n  {metrics}"

    def _repr_html_(self) -> str:
        return _core.version_html(json.dumps(self._fields))


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
