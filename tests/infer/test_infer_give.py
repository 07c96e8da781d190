"""What `give` promises: the change lies within it in nine of ten histories, as likely before as after."""

from __future__ import annotations

import numpy as np
import pytest
from small import TOWN, at, case, claim, grid, h

from darkhours.infer import Settings, infer_access
from darkhours.model.claim import Turn
from darkhours.model.state import STATE_ORDER, State


@pytest.mark.parametrize("kind", ["measurement", "press", "witness"])
@pytest.mark.parametrize("minutes", [5, 15, 30])
@pytest.mark.parametrize("give_h", [1.0, 2.0])
def test_a_turn_lies_within_its_give_in_nine_of_ten_histories(kind, minutes, give_h):
    turns = claim("a", "dark", Turn(at(40), give=h(give_h)), kind=kind)
    access = infer_access(case(turns), TOWN, grid(minutes), Settings(seed=7))
    fell = (access.codes == STATE_ORDER.index(State.DARK)).argmax(axis=1) * minutes / 60 - 40
    fell = fell[fell > -40]  # a few histories have it dark from the very start
    low, middle, high = np.percentile(fell, [5, 50, 95])
    assert abs(middle) <= minutes / 60 + 1e-9
    assert -low == pytest.approx(high, abs=minutes / 60 + 0.1)
    assert high == pytest.approx(give_h, abs=0.2 * give_h + minutes / 120)
