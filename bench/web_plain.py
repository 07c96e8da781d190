"""The route that anybody would write: FastAPI, polars and Parquet, for the JSON that the site serves.

    python bench/web_plain.py make FOLDER            a file a month, 4,096 entities
    python bench/web_plain.py serve FOLDER PORT

What it leaves out is what the site has: a manifest of what was measured, corrections, limits, tags.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from archive_reads import PER_FILE, YEAR_MONTHS, when
from made_points import START, STEP, Crowd

POINTS = 480


def make(folder: Path) -> None:
    """Write a year as twelve files."""
    import polars as pl  # noqa: PLC0415 — a peer, installed by the bench alone

    folder.mkdir(parents=True, exist_ok=True)
    crowd, at = Crowd(PER_FILE), START
    for month in range(YEAR_MONTHS):
        until = (at.replace(day=28) + timedelta(days=4)).replace(day=1)
        first, n_bins = (at - START) // STEP, (until - at) // STEP
        values = crowd.bins(first, n_bins)
        entities = np.repeat(np.arange(len(crowd.ids), dtype=np.int32), n_bins)
        times = np.tile(np.arange(first, first + n_bins, dtype=np.int32), len(crowd.ids))
        frame = pl.DataFrame(
            {"entity": entities, "bin": times, "value": values.reshape(-1).astype(np.float32)}
        )
        frame.write_parquet(folder / f"{month:02d}.parquet", row_group_size=n_bins * 16)
        at = until


def make_app(folder: Path) -> Any:  # noqa: ANN401 — an application
    """Return the application."""
    import polars as pl  # noqa: PLC0415 — a peer
    from fastapi import FastAPI  # noqa: PLC0415 — an extra

    app = FastAPI()
    numbers = {id_: number for number, id_ in enumerate(Crowd(PER_FILE).ids)}
    points = pl.scan_parquet(folder / "*.parquet")

    @app.get("/signals/{entity}")
    def signals(entity: str, first: int, until: int) -> dict[str, Any]:
        width = -(-(until - first) // POINTS)
        wanted = pl.col("entity") == numbers[entity]
        inside = (pl.col("bin") >= first) & (pl.col("bin") < until)
        value = pl.col("value").fill_nan(None)
        told = (
            points.filter(wanted & inside)
            .group_by(((pl.col("bin") - first) // width).alias("bucket"))
            .agg(value.min().alias("low"), value.max().alias("high"), value.null_count().alias("missing"))
            .sort("bucket")
            .collect()
        )
        return {
            "start": when(first).isoformat(),
            "step_s": width * STEP.total_seconds(),
            "low": told["low"].to_list(),
            "high": told["high"].to_list(),
            "missing": told["missing"].to_list(),
        }

    return app


def main() -> int:
    """Make the files, or serve them."""
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]))
    else:
        import uvicorn  # noqa: PLC0415 — an extra

        uvicorn.run(make_app(Path(sys.argv[2])), port=int(sys.argv[3]), log_level="warning")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
