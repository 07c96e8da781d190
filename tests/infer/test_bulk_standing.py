"""What is told bin by bin agrees with the live account of the readable code."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_panels import TUNING, falls, panel, steady, swinging

from darkhours.account.outage import LONGEST_PROBATION_H, PROBATION_H, PROBATION_TIMES
from darkhours.app.measured import Question, account_of
from darkhours.infer.bulk.resume import begin
from darkhours.infer.bulk.standing import (
    CAME_BACK,
    IS_DARK,
    IS_DEGRADED,
    PASSED,
    SHALLOW,
    begin_standing,
    make_rules,
    move_standing,
)
from darkhours.infer.signals.rows import make_rows
from darkhours.infer.signals.timelines import Asked, infer_signals

PROBATION = (PROBATION_H, PROBATION_TIMES, LONGEST_PROBATION_H)
RULES = make_rules(TUNING, 1.0, PROBATION)
DAYS, KNOWN = 45, 29 * 24
N = DAYS * 24
STATES, STATUSES = ("up", "degraded", "dark"), ("none", "ongoing", "probation", "ended")
WORDS = {IS_DARK: "dark", IS_DEGRADED: "degraded", CAME_BACK: "back", PASSED: "passed"}


def stand(panels, *, portions=()):
    """Return what is told of each entity, and (bin, word, state) of each change of the first one."""
    state, told = begin(make_rows(panels, TUNING), TUNING)
    now = begin_standing(len(state.entities), 0)
    marks = np.zeros((len(state.entities), told.values.shape[1]), dtype=np.uint8)
    move_standing(state.kinds, RULES, now, told, marks)
    at = np.flatnonzero(marks[0])
    return now, [(int(t), WORDS[int(marks[0, t])]) for t in at]


def live(panels):
    found = list(infer_signals(panels, Asked(form="live")))
    return [account_of(each, Question(form="live")).account for each in found]


def line(*spans, share=0.03, days=DAYS, seed=1):
    return falls(steady(days, 1000.0, seed=seed), *spans, share=share)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(line(), [], id="nothing"),
        pytest.param(
            line((800, 820)),
            [(802, "dark"), (821, "back"), (820 + 71, "passed")],
            id="drop-and-return",
        ),
        pytest.param(line((N - 2, N)), [], id="what-may-be-an-incomplete-end-is-not-told"),
        pytest.param(
            line((800, 802)),
            [(803, "back"), (802 + 71, "passed")],
            id="what-was-short-is-told-when-it-is-over",
        ),
        pytest.param(line((800, 801)), [], id="one-bin-is-no-outage"),
        pytest.param(
            line((800, 820), (840, 860)),
            [(802, "dark"), (821, "back"), (842, "dark"), (861, "back"), (860 + 71, "passed")],
            id="a-relapse",
        ),
        pytest.param(
            falls(line((800, 820), share=0.5), (820, 840), share=0.03)[None],
            [(802, "degraded"), (821, "dark"), (841, "back"), (840 + 71, "passed")],
            id="from-degraded-to-dark",
        ),
        pytest.param(line((1000, N)), [(1002, "dark")], id="it-lasts"),
    ],
)
def test_what_is_told_when(values, expected):
    assert stand([panel(values, signal="probing.slash24_up_cnt")])[1] == expected


deep = st.tuples(st.integers(KNOWN, N), st.integers(1, 90), st.sampled_from([0.0, 0.03]))
# Degraded takes some six bins (the method): of a shorter one the account itself is in doubt.
shallow = st.tuples(
    st.integers(KNOWN, N - SHALLOW), st.integers(SHALLOW, 90), st.sampled_from([0.3, 0.5, 0.7])
)
spans = st.lists(deep | shallow, max_size=5)


def is_doubtful(account):
    """Return whether histories are of two minds on the last outage, or on when its probation ends.

    The story of an account shows what two in five have; what is told as it goes is the middle one.
    """
    outages = account.outages
    ups = [(w.end.at - w.start.at).total_seconds() / 3600 for w in account.windows if w.state == "up"]
    if any(abs(hours - PROBATION_H) <= PROBATION_TIMES for hours in ups):
        return True
    if any(w.p < 0.65 for w in account.windows if w.state != "unknown"):
        return True
    if not outages or outages[-1].end is None:
        return False
    back = outages[-1].end.at
    up = (
        sum((w.end.at - max(w.start.at, back)).total_seconds() for w in account.windows if w.end.at > back)
        / 3600
    )
    lasted = [each.lasted_h for each in outages[-1].returns[:-1]]
    lasting = min(max(PROBATION_H, PROBATION_TIMES * max(lasted, default=0.0)), LONGEST_PROBATION_H)
    return abs(up - lasting) <= 1 + PROBATION_TIMES


def apart(now, e, account):
    """Return what differs between what is told of an entity and its live account."""
    status = STATUSES[int(now.status[e])]
    windows = [w for w in account.windows if w.state != "unknown"]
    out = {}
    if account.status != status:
        out["status"] = (status, account.status)
    if windows[-1].state != STATES[int(now.code[e])]:
        out["state"] = (STATES[int(now.code[e])], str(windows[-1].state))
    if account.outages and status != "none":
        begun = account.start + now.begun[e] * (account.until - account.start) / N
        hours = abs((account.outages[-1].start.at - begun).total_seconds()) / 3600
        if hours > 2:
            out["begun"] = hours
    return out


@settings(max_examples=15)
@given(outages=st.lists(spans, min_size=2, max_size=2), seed=st.integers(0, 50))
def test_what_is_told_at_the_end_agrees_with_the_live_account(outages, seed):
    lines = []
    for k, some in enumerate(outages):
        values = swinging(DAYS, 0.2, 1000.0, seed=seed + k)
        for first, n, share in some:
            values = falls(values, (first, min(N, first + n)), share=share)
        lines.append(np.round(values))
    panels = [panel(np.array(lines), signal="probing.slash24_up_cnt")]
    now, _ = stand(panels)
    for e, account in enumerate(live(panels)):
        assert is_doubtful(account) or apart(now, e, account) == {}
