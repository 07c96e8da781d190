"""Hourly means of a day of all entities, from the same Parquet: ours beside polars, DuckDB and pandas.

    python bench/archive_peers.py NAME FOLDER

NAME is ``darkhours``, ``polars``, ``duckdb`` or ``pandas``; FOLDER is the archive ``recent`` of
`archive_reads`. Each is a process of its own, so that its memory can be told. Prints the means' number and
sum, which must agree.
"""

from __future__ import annotations

import sqlite3
import sys
import warnings
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
from made_points import START

DAY, PER_HOUR = timedelta(days=1), 12
Summary = tuple[int, float]


def roll_up_ours(folder: Path) -> Summary:
    """Read batches, average whole hours."""
    from darkhours.store import open_archive  # noqa: PLC0415 — each peer loads its own library alone

    count, total = 0, 0.0
    with open_archive(folder) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an hour that nobody measured has no mean
        for panel in archive.batches("probing.slash24_up_cnt", START, START + DAY):
            means = np.nanmean(panel.values.reshape(len(panel.entities), -1, PER_HOUR), axis=2)
            count += int(np.isfinite(means).sum())
            total += float(np.nansum(means))
    return count, total


def roll_up_polars(folder: Path) -> Summary:
    """Scan, group by entity and hour."""
    import polars as pl  # noqa: PLC0415 — a peer

    hours = (
        pl.scan_parquet(find_files(folder))
        .group_by("entity", pl.col("time").dt.truncate("1h"))
        .agg(pl.col("value").mean())
    )
    means = hours.select(pl.col("value").count().alias("n"), pl.col("value").sum().alias("sum")).collect()
    return int(means["n"][0]), float(means["sum"][0])


def roll_up_duckdb(folder: Path) -> Summary:
    """Select, group by entity and hour."""
    import duckdb  # noqa: PLC0415 — a peer

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        row = connection.execute(
            "SELECT count(mean), sum(mean) FROM (SELECT avg(value) AS mean FROM read_parquet(?) "
            "GROUP BY entity, date_trunc('hour', time))",
            [find_files(folder)],
        ).fetchone()
    return (0, 0.0) if row is None else (int(row[0]), float(row[1]))


def roll_up_pandas(folder: Path) -> Summary:
    """Read the columns, group by entity and hour."""
    import pandas as pd  # noqa: PLC0415 — a peer

    frame = pd.concat([pd.read_parquet(name) for name in find_files(folder)], ignore_index=True)
    means = frame.groupby(["entity", frame["time"].dt.floor("h")], observed=True, sort=False)["value"].mean()
    return int(means.count()), float(means.sum())


def find_files(folder: Path) -> list[str]:
    """Return the files of the first day, as the manifest names them."""
    with sqlite3.connect(folder / "darkhours-archive.sqlite") as sql:
        rows = sql.execute("SELECT name FROM files WHERE dropped_us IS NULL ORDER BY from_bin LIMIT 1")
        return [str(folder / "points" / name) for (name,) in rows]


PEERS: dict[str, Callable[[Path], Summary]] = {
    "darkhours": roll_up_ours,
    "polars": roll_up_polars,
    "duckdb": roll_up_duckdb,
    "pandas": roll_up_pandas,
}

if __name__ == "__main__":
    found = PEERS[sys.argv[1]](Path(sys.argv[2]))
    print(f"{found[0]} means, sum {found[1]:.0f}")
