"""A folder like that of a user, for tests: data, a config, a home, and the program."""

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

BUILD = Path(os.environ.get("RETRAIN_BUILD") or Path(__file__).parents[2] / "build")
PROGRAM = BUILD / "bin/retrain"

# A config that trains in well under a second and judges on the newest rows.
SMALL: dict[str, Any] = {
    "data_config": {"new_data_path": "data/new/", "min_new_samples": 100},
    "training_config": {"epochs": 12, "hidden": [8], "learning_rate": 0.03, "batch_size": 32},
    "validation_config": {"metrics": ["accuracy"]},
}


def table(rows: int, seed: int = 1, flip: bool = False) -> pa.Table:
    """Rows with something to learn: two numbers, a category with nulls, and `target`; `flip` turns the rule around."""
    rng = np.random.default_rng(seed)
    x1, x2 = rng.standard_normal(rows), rng.exponential(2.0, rows)
    words = rng.choice(["red", "green", "blue"], rows)
    score = x1 + np.where(words == "red", 1.0, -0.5) + 0.3 * rng.standard_normal(rows)
    return pa.table(
        {
            "x1": x1,
            "x2": x2,
            "colour": pa.array(words, mask=rng.random(rows) < 0.02),
            "target": pa.array((score > 0) != flip).cast(pa.int64()),
        }
    )


@dataclass
class Answer:
    """How the program ended: its exit code, the JSON object on standard output, and standard error."""

    code: int
    json: dict[str, Any]
    stderr: str

    @property
    def error(self) -> dict[str, Any]:
        """The error itself, or that of the run that failed."""
        error: dict[str, Any] = self.json["error"]
        return error


class World:
    """A folder like that of a user: data, a config, a home, and the program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = PROGRAM
        ours = ("RETRAIN_", "ASAN_OPTIONS")  # a sanitizer looks for leaks in the program, though not in Python
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(ours)}

    def write(self, path: str, rows: pa.Table) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(rows, file)
        return file

    def configure(self, text: str | None = None, **sections: Any) -> None:
        """Writes retrain.yaml: `text`, or SMALL with these keys changed inside its sections."""
        config: dict[str, Any] = dict(SMALL)
        for name, keys in sections.items():
            config[name] = {**SMALL.get(name, {}), **keys} if isinstance(keys, dict) else keys
        (self.folder / "retrain.yaml").write_text(json.dumps(config, indent=2) if text is None else text)

    def retrain(self, *arguments: str, within: tuple[str, ...] = ()) -> Answer:
        """Runs the program here with --json; `within` is a command that starts it."""
        command = [*within, str(PROGRAM), *arguments, "--json"]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60
        )
        return Answer(done.returncode, json.loads(done.stdout) if done.stdout.startswith("{") else {}, done.stderr)

    def first_champion(self, rows: int = 600) -> Answer:
        """Data, a config, and a first run that promotes."""
        self.write("data/new/part-1.parquet", table(rows))
        self.configure()
        answer = self.retrain("run")
        assert answer.json.get("status") == "promoted", answer
        return answer

    def rows(self, sql: str) -> list[Any]:
        """What the state database says, read past the program."""
        with closing(sqlite3.connect(f"file:{self.folder}/.retrain/state.db?mode=ro", uri=True)) as database:
            return database.execute(sql).fetchall()

    def bodies(self, sql: str) -> list[dict[str, Any]]:
        """The same of one column of JSON."""
        return [json.loads(body) for (body,) in self.rows(sql)]

    def alter(self, sql: str, *values: Any) -> None:
        """Changes the state behind the program's back."""
        with closing(sqlite3.connect(self.folder / ".retrain/state.db")) as database, database:
            database.execute(sql, values)

    def home_files(self) -> set[str]:
        home = self.folder / ".retrain"
        return {str(file.relative_to(home)) for file in home.rglob("*") if file.is_file()}
