"""The versions of a home and the aliases that point at them."""

from __future__ import annotations

import json
import os

from omgkit.mlops._engine import _core, home_folder
from omgkit.mlops.errors import ConfigError
from omgkit.mlops.values import Version


class ModelRegistry:
    """The versions that runs have made, and which one is the champion.

    Args:
        home: folder that holds the state; default: the environment's RETRAIN_HOME, else `.retrain`.
    """

    def __init__(self, home: str | os.PathLike[str] | None = None) -> None:
        self.home = home_folder(home)

    def versions(self) -> list[Version]:
        """All versions, oldest first; none when nothing has run yet."""
        try:
            return [Version._from(fields, self.home) for fields in json.loads(_core.versions(self.home))]
        except ConfigError as error:
            if error.code == "E0106":
                return []
            raise

    @property
    def champion(self) -> Version | None:
        """The version that predicts; None before the first promotion."""
        return next((version for version in self.versions() if "champion" in version.aliases), None)

    def aliases(self) -> dict[str, int]:
        """{alias: version id}: `champion`, `previous`, …"""
        aliases: dict[str, int] = json.loads(_core.aliases(self.home)) if self.versions() else {}
        return aliases

    def promote(self, version: int, reason: str = "by hand") -> Version:
        """Makes a version the champion by hand and returns it. `reason` is kept in the journal.

        Raises:
            StoreError: there is no such version. BusyError: it is the champion already, or somebody else works here.
        """
        _core.promote(self.home, version, reason)
        return self._champion()

    def rollback(self, to_version: int | None = None, reason: str = "by hand") -> Version:
        """Goes back to the previous champion, or to a named version, and returns it.

        Raises:
            ModelError: there is no champion. StoreError: there is nothing to go back to.
        """
        _core.rollback(self.home, to_version, reason)
        return self._champion()

    def _champion(self) -> Version:
        champion = self.champion
        assert champion is not None  # it was just set
        return champion

    def __repr__(self) -> str:
        champion = self.aliases().get("champion", "none")
        return f"ModelRegistry({self.home!r}): {len(self.versions())} versions, champion {champion}"
