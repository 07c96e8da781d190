"""The segmentation that the bench compares with is the one it says it is."""

from __future__ import annotations

import numpy as np
import pytest

segmenters = pytest.importorskip("segmenters")


def _row(n_bins=240):
    from darkhours.score.rivals import Row

    values = 100 + np.random.default_rng(2).normal(size=n_bins) * 3
    values[180:200] *= 0.05
    return Row(values, 1.0)


def test_kernelcpd_finds_an_outage():
    (alarm,) = segmenters.find_by_kernel(_row())
    assert (alarm.first, alarm.end, alarm.state) == (180, 200, "dark")


def test_pelt_cuts_at_the_same_places():
    import ruptures

    shares = _row().values / 100
    noise = np.median(np.abs(np.diff(shares) - np.median(np.diff(shares)))) * 1.4826 / np.sqrt(2)
    penalty = segmenters.PENALTY * np.log(len(shares)) * max(noise, 0.01) ** 2
    pelt = ruptures.Pelt(model="l2", min_size=2, jump=1).fit(shares.reshape(-1, 1)).predict(pen=penalty)
    assert segmenters._cut(shares) == pelt
