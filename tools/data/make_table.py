"""A wide table of chosen size with something to learn in it, for tests of memory and speed.

usage: make_table.py FILE.parquet [--rows 1000000] [--columns 50] [--seed 1]

Besides `target` (0 or 1) there are `--columns` features: every fifth one is a category (4 to 60 words), the others are
numbers, normal, skewed or whole, with 2 % nulls. The target is a noisy function of the first ten. Rows are made and
written in blocks, so 10 million rows need no more memory than 100,000; the same arguments give the same values.
"""

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

BLOCK_ROWS = 100_000
NULL_FRACTION = 0.02


def column(index: int, rows: int, rng: np.random.Generator) -> tuple[pa.Array, np.ndarray]:
    """The values, and what they add to the score of the target."""
    nulls = rng.random(rows) < NULL_FRACTION
    if index % 5 == 4:
        words = np.array([f"word{word}" for word in range(4 + 7 * (index % 9))])
        codes = rng.geometric(0.2, rows) % len(words)
        return pa.array(words[codes], mask=nulls), np.where(nulls, 0, np.cos(codes + index))
    normal = rng.standard_normal(rows)
    signal = np.where(nulls, 0, np.sin(2 * normal) + 0.5 * normal)
    match index % 5:
        case 0:
            return pa.array(normal, mask=nulls), signal
        case 1:
            return pa.array(np.exp(normal), mask=nulls), signal
        case 2:
            return pa.array(np.round(10 * normal).astype(np.int64), mask=nulls), signal
        case _:
            return pa.array((1000 + 3 * normal).astype(np.float32), mask=nulls), signal


def block(rows: int, columns: int, seed: int, number: int) -> pa.Table:
    rng = np.random.default_rng([seed, number])
    values, score = {}, rng.standard_normal(rows)
    for index in range(columns):
        values[f"c{index:02}"], signal = column(index, rows, rng)
        score += signal if index < 10 else 0
    values["target"] = pa.array((score > 0).astype(np.int64))
    return pa.table(values)


def main() -> None:
    options = argparse.ArgumentParser(description="A wide table with something to learn in it")
    options.add_argument("file", type=Path)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--columns", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    chosen.file.parent.mkdir(parents=True, exist_ok=True)
    schema = block(1, chosen.columns, chosen.seed, 0).schema
    with pq.ParquetWriter(chosen.file, schema) as writer:
        for number, start in enumerate(range(0, chosen.rows, BLOCK_ROWS)):
            writer.write_table(block(min(BLOCK_ROWS, chosen.rows - start), chosen.columns, chosen.seed, number))


if __name__ == "__main__":
    main()
