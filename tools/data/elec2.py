"""ELEC2, the electricity market of New South Wales, 1996-1998: will the price go up within the day?

usage: elec2.py FILE.parquet

45,312 half-hours in order of time (Harries 1999), out of the package `scikit-multiflow` 0.4.1. A classic of drifting
streams: columns feat_1 … feat_6 and target, all numbers.
"""

import io
import sys
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet as pq
from fetch import file_of_package

ANY_WHEEL = ("--only-binary=:all:", "--platform", "manylinux1_x86_64", "--python-version", "37")


def main(file: Path) -> None:
    table = pyarrow.csv.read_csv(io.BytesIO(file_of_package("scikit-multiflow", "0.4.1", "/elec.csv", *ANY_WHEEL)))
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, file)
    print(f"{file}: {table.num_rows:,} rows, columns {', '.join(table.column_names)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
