"""Points of a long span: drawn all at once, as each alone would be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from darkhours.model.evidence import Grid
from darkhours.render.envelope import envelope
from darkhours.render.markup import _PLAIN, _visible, short
from darkhours.render.scale import Scale
from darkhours.render.span_picture import _edges, _points

START = datetime(2026, 1, 1, tzinfo=UTC)
PX = st.floats(0, 2000)


@given(st.lists(st.tuples(PX, PX), min_size=1, max_size=20))
def test_points_are_written_as_coordinates_are(points):
    expected = "L".join(f"{short(x)} {short(y)}" for x, y in points)

    assert _points(np.array(points)) == expected


@given(st.integers(-500, 500), st.integers(1, 3000), st.integers(1, 30))
def test_buckets_stand_where_their_instants_do(before, n_bins, days):
    grid = Grid(START + before * timedelta(minutes=10), timedelta(minutes=10), n_bins)
    scale = Scale(START, START + timedelta(days=days), 4.0, 996.0)
    env = envelope(np.ones(n_bins), 480)

    assert _edges(scale, grid, env).tolist() == [scale.at(grid.at(int(edge))) for edge in env.edges]


def test_what_is_taken_as_plain_shows_as_what_it_is():
    plain = [chr(code) for code in range(0x3000) if _PLAIN.fullmatch(chr(code))]

    assert all(_visible(char) == char for char in plain)
    assert len(plain) > 900
