"""Beside the site: another process, or here another thread, works out baselines, and says why it cannot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Pipe

import numpy as np
import pytest

from darkhours.app.site_baseline import BaselineShelf, work_out
from darkhours.model.errors import StoreBusy, StoreError
from darkhours.web.beside import Asks, answer_beside

UNTIL = datetime(2026, 11, 26, tzinfo=UTC)
SPAN = UNTIL - timedelta(days=7), UNTIL


def test_each_process_is_told_what_it_asked_for(archive, site):
    one, other = (Asks(later) for _, later in answer_beside(archive, 2))

    told = one("region:KZ-75", *SPAN)
    assert other("region:KZ-75", SPAN[0] + timedelta(days=1), UNTIL).since == told.since

    expected = work_out(site.archive, "region:KZ-75", SPAN)
    assert told.baselines.keys() == expected.baselines.keys()
    for key, base in told.baselines.items():
        np.testing.assert_allclose(base, expected.baselines[key])


def test_what_fails_is_told_to_who_asked_and_the_next_is_answered(archive):
    asks = Asks(answer_beside(archive, 1)[0][1])

    with pytest.raises(StoreError, match="expected a place"):
        asks("region:XX-99", *SPAN)
    assert asks("region:KZ-75", *SPAN) is not None


def test_a_process_that_has_gone_is_no_mystery(archive):
    asks = Asks(answer_beside(archive, 1)[0][1])
    asks.line.close()

    with pytest.raises(StoreError, match="has gone"):
        asks("region:KZ-75", *SPAN)


def test_a_page_waits_for_a_short_span_and_has_it_bin_by_bin(archive, site):
    soon, _ = answer_beside(archive, 1)[0]
    view = site.place("region:KZ-75")

    beside = BaselineShelf(lambda: site.archive, soon=Asks(soon, fine=True, wait_s=60))
    told, own = (shelf.learn(site.archive, view) for shelf in (beside, BaselineShelf(lambda: site.archive)))

    assert not beside.is_pending(site.archive, view)
    assert told.since == own.since
    for line in view.lines:
        np.testing.assert_allclose(told.of(line), own.of(line), rtol=1e-6)


def test_who_would_wait_for_long_goes_on_and_an_old_answer_is_passed_over(site):
    ours, theirs = Pipe()
    asks, view = Asks(theirs, fine=True, wait_s=0.01), site.place("region:KZ-75")
    shelf = BaselineShelf(lambda: site.archive, soon=asks)

    assert shelf.learn(site.archive, view) is None
    assert shelf.is_pending(site.archive, view)
    first, _ = ours.recv()
    ours.send((first, "nobody waits for this"))
    ours.send((first + 1, None))
    assert shelf.learn(site.archive, view) is None
    assert not shelf.is_pending(site.archive, view)
    with pytest.raises(StoreBusy):
        asks("region:KZ-75", *SPAN)
