"""RetrainingPipeline: one model that is kept fresh."""

from __future__ import annotations

import atexit
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from omgkit.mlops import errors
from omgkit.mlops._engine import _core, home_folder, program
from omgkit.mlops.errors import ConfigError
from omgkit.mlops.registry import ModelRegistry
from omgkit.mlops.tables import Table, class_array, stream
from omgkit.mlops.values import Decision, Run, Version

Section = Mapping[str, Any]


class RetrainingPipeline:
    """One model to keep fresh: its config, its runs, its champion.

    Args:
        name: of the pipeline. `default` lives in the home folder itself, any other in `pipelines/NAME` below it.
        home: folder that holds the state; default: the environment's RETRAIN_HOME, else `.retrain`.
        config: path of a YAML file (its relative paths start at its folder), or a mapping with the keys of `setup()`.
            Without it: what `setup()` is given, else `retrain.yaml` in the working folder, else what was set up before.

    Looking never waits and never fails because a run is under way. Safe from many threads.
    """

    def __init__(
        self,
        name: str = "default",
        home: str | os.PathLike[str] | None = None,
        config: str | os.PathLike[str] | Section | None = None,
    ) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name):
            hint = "use letters, digits, `.`, `_` and `-`, and begin with a letter or digit"
            _core.fail("E0102", f"`{name}` cannot name a pipeline", "name", hint)
        self.name = name
        self.home = home_folder(home, name)
        self._registry = ModelRegistry(self.home)
        self._config: str | None = None
        self._config_file = ""
        self._loaded: tuple[str, _core.Model] | None = None
        if isinstance(config, Mapping):
            self.setup(**config)
        elif config is not None:
            self._config_file = os.fspath(config)

    def setup(
        self,
        *,
        strategy: str | None = None,
        triggers: list[Section] | None = None,
        limits: Section | None = None,
        data_config: Section | None = None,
        model_config: Section | None = None,
        training_config: Section | None = None,
        validation_config: Section | None = None,
        deployment_config: Section | None = None,
        notifications: list[Section] | None = None,
        **unknown: Any,
    ) -> RetrainingPipeline:
        """Checks the config and stores it in the home; trains nothing. `retrain schema` lists every key.

        Returns:
            The pipeline itself.

        Raises:
            ConfigError: with every mistake there is, the first one in front and the others in `.more`; a key that does
                not exist comes with the near name. Nothing is stored then.
            BusyError: another process than a daemon works on this home.
        """
        given = {
            "strategy": strategy,
            "triggers": triggers,
            "limits": limits,
            "data_config": data_config,
            "model_config": model_config,
            "training_config": training_config,
            "validation_config": validation_config,
            "deployment_config": deployment_config,
            "notifications": notifications,
            **unknown,
        }
        text = json.dumps(_plain({key: value for key, value in given.items() if value is not None}), ensure_ascii=False)
        _core.setup(self.home, text)
        self._config, self._config_file = text, ""
        return self

    def trigger(
        self,
        reason: str = "manual",
        strategy: str | None = None,
        wait: bool = True,
        progress: bool | None = None,
    ) -> Run:
        """Retrains now: prepares the new data, trains a candidate, judges it against the champion, deploys or refuses.

        A run that was interrupted goes on where it was. Ctrl-C stops between two epochs and loses nothing. When a
        daemon keeps this pipeline (`start()`, `retrain up`), it does the run, and all that is seen of it is the same.

        Args:
            reason: your words, kept in the journal.
            strategy: "full", "incremental" or "transfer"; default: as the config says.
            wait: False returns at once with status "running"; `Run.wait()` gives the end. The interpreter does not
                exit before.
            progress: show the five stages on standard error; default: only on a terminal.

        Returns:
            The run, also when it failed inside: then with status "failed" and its `error`.

        Raises:
            RetrainError: when there is no run to tell of: ConfigError for a config with mistakes, DataError for data
                that are not there, BusyError when another process works here, StoreError for a home that cannot be
                written.
        """
        shows = sys.stderr.isatty() if progress is None else progress
        started: Future[Run] = Future()
        ending: Future[Run] = Future()
        config = self._config_text()

        def on_start(text: str) -> None:
            started.set_result(Run._from(json.loads(text), self.home, ending))

        def run() -> Run:
            text = _core.run_to_end(
                self.home, program(), config, self._config_file, "manual", reason, strategy, shows, on_start
            )
            return Run._from(json.loads(text), self.home)

        if wait:
            return run()
        threading.Thread(target=_resolve, args=(ending, started, run), name=f"retrain {self.name}").start()
        return started.result()

    def start(self, listen: str = "off") -> RetrainingPipeline:
        """Has a daemon keep the pipeline fresh: it watches the data, keeps time, and retrains when a trigger says so.

        It is a process of its own (`retrain up`) that ends with `stop()` or with this interpreter; its log is
        `daemon.log` in the home. Nothing happens when a daemon keeps this pipeline already.

        Args:
            listen: where it serves `/healthz` and `/metrics`, as "127.0.0.1:8765"; "off": nowhere.

        Returns:
            The pipeline itself, when the daemon is ready.

        Raises:
            ConfigError: there is no config, or it has mistakes. BusyError: another process works in this home.
        """
        if _core.daemon_answers(self.home):
            return self
        file = self._config_file
        if not file and self._config is None and self.name == "default" and Path("retrain.yaml").exists():
            file = "retrain.yaml"
        config = ["--config", file] if file else ["--stored"]
        Path(self.home).mkdir(parents=True, exist_ok=True)
        command = [program(), "up", "--json", "--home", self.home, "--listen", listen, *config]
        with Path(self.home, "daemon.log").open("ab") as log:
            daemon = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )
        while not _core.daemon_answers(self.home):
            if daemon.poll() is not None:
                said = daemon.stdout.read() if daemon.stdout else b""
                raise errors.of(json.loads(said)["error"])
            time.sleep(0.01)
        _daemons[str(Path(self.home).resolve())] = daemon
        return self

    def stop(self) -> None:
        """Ends the daemon that keeps this pipeline, whoever started it; a run under way goes on the next time.

        Nothing happens when there is none.
        """
        if _core.stop_daemon(self.home):
            while _core.daemon_answers(self.home):
                time.sleep(0.01)
        if daemon := _daemons.pop(str(Path(self.home).resolve()), None):
            _end(daemon)

    def check(self) -> list[Decision]:
        """What each trigger would decide now, with its numbers; starts nothing.

        Raises:
            ConfigError: there is no config, or it has mistakes. DataError: there are no data to look at.
        """
        found = json.loads(_core.check(self.home, self._config_text(), self._config_file))
        return [Decision._from(fields) for fields in found]

    def runs(self) -> list[Run]:
        """All runs, oldest first; none when nothing has run yet."""
        try:
            return [Run._from(fields, self.home) for fields in json.loads(_core.runs(self.home))]
        except ConfigError as error:
            if error.code == "E0106":
                return []
            raise

    def run(self, id: int) -> Run:
        """One run. Raises StoreError when there is none of this id."""
        return Run._from(json.loads(_core.run(self.home, id)), self.home)

    @property
    def champion(self) -> Version | None:
        """The version that predicts; None before the first promotion."""
        return self._registry.champion

    def versions(self) -> list[Version]:
        """All versions, oldest first."""
        return self._registry.versions()

    def rollback(self, to_version: int | None = None, reason: str = "by hand") -> Version:
        """Goes back to the previous champion, or to a named version, and returns it.

        Raises:
            ModelError: there is no champion. StoreError: there is nothing to go back to. BusyError: a run is under way.
        """
        return self._registry.rollback(to_version, reason)

    def predict(self, table: Table) -> NDArray[Any]:
        """What the champion predicts: for each row its class (of the target's type), or its value.

        Args:
            table: anything with `__arrow_c_stream__`: pandas, Polars, pyarrow, … Columns that are no features are
                ignored, and so is a pandas index.

        Returns:
            An array of as many rows.

        Raises:
            ModelError: there is no champion. DataError: a feature is missing or of another type.
        """
        model = self._champion_model()
        contract = json.loads(model.contract())
        if contract["task"] == "regression":
            return model.scores(stream(table))[:, 0]
        return class_array(contract)[model.classes(stream(table))]

    def predict_proba(self, table: Table) -> NDArray[np.float64]:
        """The champion's probability of each class: an array rows × classes, in the order of `classes`.

        Raises:
            ModelError: there is no champion, or it is a regression. DataError: a feature is missing or of another type.
        """
        model = self._champion_model()
        if json.loads(model.contract())["task"] == "regression":
            hint = "use predict(), which gives the values"
            _core.fail("E0307", "a regression model has no probabilities", "predict_proba", hint)
        return model.scores(stream(table))

    def estimate(self, table: Table, metric: str = "accuracy") -> dict[str, Any]:
        """A metric of the champion on rows without labels, from its scores and what they meant on its validation rows.

        It sees that the rows have become harder, not that the right answers have changed.

        Args:
            table: has the champion's features; other columns are ignored.
            metric: `accuracy`, `precision`, `recall`, `f1`, `roc_auc`; of a regression `mae` or `rmse`.

        Returns:
            `value` with one-sided bounds `lower` and `upper` at 95 %, from `error`, which joins `sampling_error` and
            `model_error`; `rows`; and `unlike`: empty, or where more than 5 % of the rows (`unlike_share`) are unlike
            all that the champion was judged on, so that the value means nothing.

        Raises:
            ModelError: there is no champion. ConfigError: a metric that cannot be estimated. DataError: too few rows,
                or a feature is missing.
        """
        estimate: dict[str, Any] = json.loads(_core.estimate(self.home, metric, stream(table)))
        return estimate

    @property
    def classes(self) -> NDArray[Any]:
        """The champion's classes, in the order of the columns of `predict_proba`; empty for a regression."""
        return class_array(json.loads(self._champion_model().contract()))

    def _config_text(self) -> str | None:
        """What setup() was given; a named pipeline does not take the retrain.yaml that lies about."""
        if self._config is None and not self._config_file and self.name != "default":
            return _core.stored_config(self.home)
        return self._config

    def _champion_model(self) -> _core.Model:
        champion = self.champion
        if champion is None:
            hint = "call trigger(), or run `retrain run`"
            _core.fail("E0306", f"there is no champion yet in {self.home}", "", hint)
        assert champion is not None
        loaded = self._loaded
        if loaded is None or loaded[0] != champion.digest:
            loaded = self._loaded = (champion.digest, _core.load_model(self.home, champion.id))
        return loaded[1]

    def __repr__(self) -> str:
        champion, runs = self.champion, self.runs()
        lines = [f"RetrainingPipeline({self.name!r}) in {self.home}"]
        lines.append(f"  champion: version {champion.id}" if champion else "  champion: none yet")
        lines.append(f"  last run: {runs[-1].sentence}" if runs else "  nothing has run yet: setup(…), then trigger()")
        return "\n".join(lines)


def _resolve(ending: Future[Run], started: Future[Run], run: Any) -> None:
    """Runs to the end, in a thread of its own. What fails before there is a run belongs to the one who started it."""
    try:
        ending.set_result(run())
    except BaseException as fault:
        ending.set_exception(fault)
        if not started.done():
            started.set_exception(fault)


# The daemons that start() began, by the resolved path of their home.
_daemons: dict[str, subprocess.Popen[bytes]] = {}


@atexit.register
def _end_all() -> None:
    for daemon in _daemons.values():
        _end(daemon)


def _end(daemon: subprocess.Popen[bytes]) -> None:
    """Ends a daemon of our own, also one that stop() has ended already."""
    daemon.terminate()
    daemon.wait()
    if daemon.stdout:
        daemon.stdout.close()


def _plain(value: Any, key: str = "") -> Any:
    """A config as JSON has it: mappings, lists, texts, numbers; paths become texts, numpy's numbers become Python's."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(name): _plain(item, f"{key}.{name}" if key else str(name)) for name, item in value.items()}
        case list() | tuple():
            return [_plain(item, f"{key}[{index}]") for index, item in enumerate(value)]
        case os.PathLike():
            return os.fspath(value)
        case np.generic():
            return value.item()
    kind = type(value).__qualname__
    _core.fail("E0102", f"`{key}` is a {kind}, which no config can hold", key, "`retrain schema` lists every key")
