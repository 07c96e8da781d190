"""Points as CSV: a name of a user's own may hold a comma or a quote, and the columns stay what they are."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import numpy as np

from darkhours.app.archive import Read
from darkhours.model.entity import Entity
from darkhours.model.evidence import Grid
from darkhours.model.panel import Panel
from darkhours.model.signal import describe_signal


def test_a_name_with_a_comma_or_a_quote_is_one_cell():
    ids = ("country:KZ", "local:Kerman,Bam", 'local:"Bam"')
    panel = Panel(
        describe_signal("probing.slash24_up_cnt"),
        "acme.probing",
        "acme",
        tuple(Entity(one, one, "UTC") for one in ids),
        Grid(datetime(2024, 1, 1, tzinfo=UTC), timedelta(minutes=5), 2),
        np.array([[812.0, np.nan], [1.0, 0.0], [2.5, 3.0]]),
    )
    rows = list(csv.reader(io.StringIO(Read(panel, 1).as_csv())))
    assert [row[1] for row in rows[1:]] == [one for one in ids for _ in range(2)]
    assert [row[2] for row in rows[1:]] == ["812", "", "1", "0", "2.5", "3"]
