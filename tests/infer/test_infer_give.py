"""What `give` promises: the change lies within it in nine of ten histories, as likely before as after."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from small import TOWN, at, case, claim, grid, h

from darkhours.account import read_posterior
from darkhours.account.spans import paths_of
from darkhours.account.story import tell_story
from darkhours.account.windows import make_windows
from darkhours.infer import Settings, infer_access
from darkhours.infer.chain.place import place_changes
from darkhours.model.claim import Turn
from darkhours.model.state import State

PATHS = np.array([[0, 2, 0, 2, 2, 0]] * 400, dtype=np.uint8)


@pytest.mark.parametrize("kind", ["measurement", "press"])
@pytest.mark.parametrize("minutes", [5, 15, 30])
@pytest.mark.parametrize(("give_h", "taken_h"), [(0.25, 0.5), (0.5, 0.5), (1.0, 1.0), (2.0, 2.0)])
@pytest.mark.parametrize("hour", [40.0, 40 + 25 / 60])
def test_a_turn_lies_within_its_give_in_nine_of_ten_histories(kind, minutes, give_h, taken_h, hour):
    turns = case(claim("a", "dark", Turn(at(hour), give=h(give_h)), kind=kind))
    settings = Settings(seed=7, step=timedelta(minutes=minutes))
    windows = make_windows(read_posterior(infer_access(turns, TOWN, grid(minutes), settings), "UTC"))
    edge = next(window.start for window in windows if window.state is State.DARK)
    early, told, late = ((x - at(hour)) / h(1) for x in (edge.earliest, edge.at, edge.latest))
    assert abs(told) * 60 <= (10 if minutes == 30 else 5)
    assert -early == pytest.approx(taken_h, rel=0.25)
    assert late == pytest.approx(taken_h, rel=0.25)


@pytest.mark.parametrize("minutes", [1, 5, 10, 15, 30, 60, 360])
def test_changes_lie_on_whole_minutes_of_half_a_bin_and_none_overtakes_another(minutes):
    shifts = place_changes(PATHS, timedelta(minutes=minutes), 7)
    told = shifts * minutes
    assert np.abs(told - np.rint(told)).max() < 1e-3
    assert (np.abs(shifts) < 0.5).all()
    assert (shifts[:, [0, 4]] == 0).all()
    assert abs(told[:, 1].mean()) <= minutes / 20
    assert (np.diff(np.arange(6) + shifts)[:, [1, 2]] > 0).all()


def test_a_change_lies_where_it_does_whatever_else_the_paths_hold():
    step = timedelta(minutes=15)
    fewer = PATHS.copy()
    fewer[:, 1] = 0
    assert (place_changes(fewer, step, 7)[:, 3] == place_changes(PATHS, step, 7)[:, 3]).all()
    assert (place_changes(PATHS[:, :4], step, 7) == place_changes(PATHS, step, 7)[:, :4]).all()


def test_a_place_is_asked_for_only_where_something_changes():
    fewer = PATHS.copy()
    fewer[:, 1] = 0
    shifts = place_changes(PATHS, timedelta(minutes=15), 7)
    blank = np.where(np.arange(PATHS.shape[1]) < 3, 0, shifts).astype(np.float32)
    assert paths_of(fewer, 0.25, shifts) == paths_of(fewer, 0.25, blank)
    assert tell_story(fewer, 0.25, shifts=shifts) == tell_story(fewer, 0.25, shifts=blank)
