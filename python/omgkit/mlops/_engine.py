"""The compiled engine, loaded after the pyarrow that it shares its Arrow libraries with; and where things lie."""

import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ARROW = "26.0"


def _need_pyarrow() -> None:
    cure = f'install the one that this package was built for: pip install "pyarrow=={ARROW}.*"'
    try:
        found = version("pyarrow")
    except PackageNotFoundError:
        raise ImportError(f"omgkit.mlops needs pyarrow {ARROW}, which is not installed\n  hint: {cure}") from None
    if not found.startswith(f"{ARROW}."):
        raise ImportError(f"omgkit.mlops needs pyarrow {ARROW}, and {found} is installed\n  hint: {cure}")


_need_pyarrow()
import pyarrow  # noqa: E402, F401  (maps libarrow, which the engine then finds in memory)
from omgkit.mlops import _core  # noqa: E402

__all__ = ["_core", "home_folder", "program"]


def home_folder(home: str | os.PathLike[str] | None, name: str = "default") -> str:
    """The folder of a pipeline's state: `home`, else RETRAIN_HOME, else `.retrain`; a named pipeline lies below it."""
    root = os.fspath(home) if home is not None else os.environ.get("RETRAIN_HOME") or ".retrain"
    return root if name == "default" else f"{root}/pipelines/{name}"


def program() -> str:
    """The `retrain` program, in which models are trained: RETRAIN_PROGRAM, else the one that came with this package."""
    if named := os.environ.get("RETRAIN_PROGRAM"):
        return named
    here = Path(__file__).parent
    places = [here / "bin/retrain", here.parents[2] / "bin/retrain"]  # in a wheel; in a build folder
    return str(next((place for place in places if place.exists()), places[0]))
