"""Ways to break a folder of a user."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
from world import World, table


def config(**sections: Any) -> Callable[[World], None]:
    def change(world: World) -> None:
        world.write("data/new/part-1.parquet", table(600))
        world.configure(**sections)

    return change


def yaml(text: str) -> Callable[[World], None]:
    return lambda world: world.configure(text)


def config_only(world: World) -> None:
    world.configure()


def nothing(world: World) -> None:
    """As it is."""


def same(rows: pa.Table) -> pa.Table:
    return rows


def both(*changes: Callable[[World], None]) -> Callable[[World], None]:
    """One after the other."""

    def change(world: World) -> None:
        for one in changes:
            one(world)

    return change


def ask(change: Callable[[pa.Table], pa.Table]) -> Callable[[World], None]:
    """A file of rows to predict."""

    def write(world: World) -> None:
        world.write("ask.parquet", change(table(5)))

    return write


def home_is_a_file(world: World) -> None:
    (world.folder / ".retrain").write_text("")


def empty_home(world: World) -> None:
    world.configure()
    world.retrain("doctor")


def data(change: Callable[[pa.Table], pa.Table], file: str = "part-1", **sections: Any) -> Callable[[World], None]:
    """A file of new data that is 400 changed rows."""

    def write(world: World) -> None:
        world.write(f"data/new/{file}.parquet", change(table(400, seed=7)))
        if sections or not (world.folder / "retrain.yaml").exists():
            world.configure(**sections)

    return write


def second(change: Callable[[pa.Table], pa.Table]) -> Callable[[World], None]:
    return data(change, file="part-2")


def replaced(column: str, values: Callable[[list[Any]], Any]) -> Callable[[pa.Table], pa.Table]:
    def change(rows: pa.Table) -> pa.Table:
        index = rows.schema.get_field_index(column)
        return rows.set_column(index, column, pa.array(values(rows[column].to_pylist())))

    return change


def at(row: int, value: Any) -> Callable[[list[Any]], list[Any]]:
    return lambda values: [*values[:row], value, *values[row + 1 :]]


def added(name: str, values: Callable[[pa.Table], Any]) -> Callable[[pa.Table], pa.Table]:
    return lambda rows: rows.append_column(name, pa.array(values(rows)))


def file(path: str, content: bytes | str) -> Callable[[World], None]:
    def write(world: World) -> None:
        (world.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (world.folder / path).write_bytes(content if isinstance(content, bytes) else content.encode())
        if not (world.folder / "retrain.yaml").exists():
            world.configure()

    return write


def garbled_parquet(world: World) -> None:
    """Whole by its ends, and nonsense between them."""
    world.configure()
    path = world.write("data/new/part-1.parquet", table(400))
    content = bytearray(path.read_bytes())
    content[4:600] = bytes(596)
    path.write_bytes(content)


def leak(world: World) -> None:
    world.write("data/new/part-1.parquet", table(400))
    world.write("data/val.parquet", table(400).slice(100, 50))
    world.configure(data_config={"validation_data": "data/val.parquet"})


def overwritten(world: World) -> None:
    """A file that a version has learned from gets other bytes under its old name."""
    world.write("fresh.parquet", table(600, seed=11)).replace(world.folder / "data/new/part-1.parquet")


def artifact(world: World) -> Path:
    kept = (path for path in (world.folder / ".retrain/artifacts").rglob("*") if path.is_file())
    (path,) = (path for path in kept if path.read_bytes().startswith(b"RETRAIN"))  # beside it lies its profile
    return path


def flip_a_byte(world: World) -> None:
    path = artifact(world)
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def lose_the_artifact(world: World) -> None:
    artifact(world).unlink()


def alter_the_kept_data(world: World) -> None:
    """What an editor does that writes in place: link and original change together."""
    (path,) = (path for path in (world.folder / ".retrain/data").rglob("*") if path.is_file())
    path.chmod(0o644)
    with path.open("r+b") as kept:
        kept.seek(100)
        kept.write(b"oops")


def scribble_over_the_database(world: World) -> None:
    for path in (world.folder / ".retrain").glob("state.db-*"):
        path.unlink()
    (world.folder / ".retrain/state.db").write_bytes(b"not a database" * 1000)


def from_the_future(world: World) -> None:
    world.alter("update schema_steps set steps = steps + 5 where room = 'runs'")


def rows_of_csv(*lines: str) -> Callable[[World], None]:
    head = ["x1,x2,target"] + [f"{row % 7},{row % 5},{row % 2}" for row in range(200)]
    return file("data/new/part-1.csv", "\n".join([*head, *lines]) + "\n")
