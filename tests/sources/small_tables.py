"""Small tables written by hand, read as a table of the town."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from darkhours.model.errors import InputError
from darkhours.sources import TableOptions
from darkhours.sources.table import parse

PLAIN = TableOptions(time="t", value="v")
NAN = float("nan")
HOUR = timedelta(hours=1)


def read(text, options=PLAIN, file="town.csv", **changes):
    return parse(text.encode(), replace(options, **changes), file)


def rows(*lines, header="t,v"):
    return "\n".join([header, *lines]) + "\n"


def hourly(*values, header="t,v"):
    return rows(*(f"2022-01-05 {hour:02}:00,{value}" for hour, value in enumerate(values)), header=header)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def fail(text, **changes):
    with pytest.raises(InputError) as caught:
        read(text, **changes)
    return str(caught.value)
