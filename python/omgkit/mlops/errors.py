"""Errors of the engine. Each carries what the command line prints, and its parts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words stand that an error speaks of. What does not apply is empty, 0 or None."""

    file: str = ""
    line: int = 0  #: from 1
    column: int = 0  #: from 1
    key: str = ""  #: of the config, or a column of the table
    row: int | None = None  #: from 0, within `file`


class RetrainError(Exception):
    """An expected failure: what is wrong, where, a cure to paste, and what was kept.

    Attributes:
        code: such as "E0203"; `retrain explain E0203` tells cause and cure.
        kind: "config", "data", "model", "busy" or "store": the subclass.
        message: what is wrong, with names and numbers, in one sentence.
        where: a `Place`.
        hint: a cure that can be pasted; may be empty.
        kept: what was not lost; may be empty.
        more: further errors of the same pass, such as all other mistakes of a config.
        text: all of it as the command line prints it; `str(error)` is the same.
    """

    def __init__(self, fields: dict[str, Any]) -> None:
        super().__init__(fields)
        self.code: str = fields["code"]
        self.kind: str = fields["kind"]
        self.message: str = fields["message"]
        self.where = Place(**fields["where"])
        self.hint: str = fields["hint"]
        self.kept: str = fields["kept"]
        self.more: list[RetrainError] = [of(item) for item in fields["more"]]
        self.text: str = fields["text"]

    def __str__(self) -> str:
        return self.text


class ConfigError(RetrainError):
    """Settings that are unknown, of the wrong type, missing, or that contradict each other."""


class DataError(RetrainError):
    """Data that cannot be learned from, or a table that the champion cannot predict."""


class ModelError(RetrainError):
    """A training that failed, a model that cannot be read, or no champion yet."""


class BusyError(RetrainError):
    """Another process works on this home, or has moved the champion meanwhile."""


class StoreError(RetrainError):
    """The home cannot be written or is damaged, or it holds no such run or version."""


_KINDS: dict[str, type[RetrainError]] = {
    "config": ConfigError,
    "data": DataError,
    "model": ModelError,
    "busy": BusyError,
    "store": StoreError,
}


def of(fields: dict[str, Any]) -> RetrainError:
    """The error of the kind that its fields name."""
    return _KINDS[fields["kind"]](fields)


def from_json(text: str) -> RetrainError:
    """What the engine raises."""
    return of(json.loads(text))
