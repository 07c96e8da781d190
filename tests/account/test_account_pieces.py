"""Pieces: what is counted a few paths at a time is what is counted at once."""

from __future__ import annotations

import numpy as np
import pytest

from darkhours.account import story, windows


@pytest.mark.parametrize("at_once", [1, 7, 23, 10_000])
def test_shares_and_turns_do_not_move_with_how_much_is_counted_at_once(monkeypatch, at_once):
    rng = np.random.default_rng(3)
    access = rng.integers(0, 7, (11, 23)).astype(np.uint8)
    held = access > 2
    codes = rng.integers(0, 3, (11, 23)).astype(np.uint8)
    gain = np.cumsum((codes == 0).astype(int) - (codes == 2), axis=1)
    for module in (story, windows):
        monkeypatch.setattr(module, "MOST_BINS", at_once)

    share = windows._access_share(access, held)

    assert share.tolist() == (np.bincount(access[held], minlength=7) / held.sum()).tolist()
    assert story._turns(codes, 0, 2).tolist() == (1 + gain.argmax(axis=1)).tolist()


def test_where_the_state_never_holds_the_whole_window_is_counted():
    access = np.array([[0, 6], [6, 6]], dtype=np.uint8)

    share = windows._access_share(access, np.zeros((2, 2), dtype=bool))

    assert share.tolist() == [0.25, 0, 0, 0, 0, 0, 0.75]
