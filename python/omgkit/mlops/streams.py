"""Detectors that watch a stream of numbers, one at a time, and say when its law has changed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import NamedTuple

from omgkit.mlops._engine import _core


class Outcome(NamedTuple):
    """What a detector says after a value."""

    drift: bool
    warning: bool


@dataclass(frozen=True)
class DetectorKind:
    """A detector that there is: its name, its rule and origin in a line, and its options with their usual values."""

    name: str
    what: str
    options: dict[str, float] = field(default_factory=dict)


def detectors() -> list[DetectorKind]:
    """All detectors: `adwin`, `ddm`, `page_hinkley`, …, `e_detector`."""
    return [DetectorKind(**fields) for fields in json.loads(_core.stream_detectors())]


class StreamDetector:
    """One detector with its memory of the stream; after a drift it starts anew with the next value.

        detector = StreamDetector("e_detector", mean=0.1, run_length=10_000)
        for loss in losses:
            if detector.update(loss).drift:
                ...

    Args:
        name: one of `detectors()`.
        options: the options that shall not have their usual value.

    Raises:
        ConfigError: no such detector or option, or a value out of its range.
    """

    def __init__(self, name: str, **options: float) -> None:
        self.name = name
        self._core = _core.StreamDetector(name, [(key, float(value)) for key, value in options.items()])
        self._last = Outcome(drift=False, warning=False)

    def update(self, value: float) -> Outcome:
        """Takes one more value.

        Raises:
            DataError: it is not finite, or not what the detector takes; the detector has not seen it then.
        """
        self._last = Outcome(*self._core.update(float(value)))
        return self._last

    @property
    def drift_detected(self) -> bool:
        """The last value ended in a drift."""
        return self._last.drift

    @property
    def warning_detected(self) -> bool:
        """The last value ended in a warning."""
        return self._last.warning

    @property
    def seen(self) -> int:
        """How many values it has taken."""
        return self._core.seen()

    def __repr__(self) -> str:
        return f"StreamDetector({self.name!r}, seen={self.seen})"
