"""Beside the site: another process, or here another thread, works out baselines, and says why it cannot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from darkhours.app.site_baseline import work_out
from darkhours.model.errors import StoreError
from darkhours.web.beside import answer_beside

UNTIL = datetime(2026, 11, 26, tzinfo=UTC)
SPAN = UNTIL - timedelta(days=7), UNTIL


def test_each_process_is_told_what_it_asked_for(archive, site):
    one, other = answer_beside(archive, 2)

    told = one("region:KZ-75", *SPAN)
    assert other("region:KZ-75", SPAN[0] + timedelta(days=1), UNTIL).since == told.since

    expected = work_out(site.archive, "region:KZ-75", *SPAN)
    assert told.baselines.keys() == expected.baselines.keys()
    for key, base in told.baselines.items():
        np.testing.assert_allclose(base, expected.baselines[key])


def test_what_fails_is_told_to_who_asked_and_the_next_is_answered(archive):
    (asks,) = answer_beside(archive, 1)

    with pytest.raises(StoreError, match="expected a place"):
        asks("region:XX-99", *SPAN)
    assert asks("region:KZ-75", *SPAN) is not None


def test_a_process_that_has_gone_is_no_mystery(archive):
    (asks,) = answer_beside(archive, 1)
    asks.line.close()

    with pytest.raises(StoreError, match="has gone"):
        asks("region:KZ-75", *SPAN)
