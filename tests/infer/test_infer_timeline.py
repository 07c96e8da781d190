"""From claims to paths: bounds, what beats what, services over the access, silence, seeds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small import LAND, OTHER, SPAN_H, START, TOWN, at, case, claim, grid, h

from darkhours.infer import Settings, infer_access, infer_timeline
from darkhours.infer.claims.evidence import bounded
from darkhours.infer.timeline import make_grid
from darkhours.model.claim import During, Turn, Within
from darkhours.model.state import Access

FEW = Settings(step=h(1), seed=3, n_samples=400)
UP, DEGRADED, DARK, UNKNOWN = range(4)


def access(*claims, entity=TOWN, settings=FEW):
    return infer_access(case(*claims), entity, grid(), settings)


def share(timeline, code: int, hour: int) -> float:
    return float((timeline.codes[:, hour] == code).mean())


CUT = claim("cut", "dark", Turn(at(20)), origin="probe", kind="measurement")
BACK = claim("back", "up", Turn(at(50)), origin="probe", kind="measurement")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param([0, -3], [0, -3], id="inside"),
        pytest.param([0, -8], [0, -8], id="exactly-on-the-bound"),
        pytest.param([0, -8.5], [0, -8], id="beyond-the-bound"),
        pytest.param([-5, -9], [0, -4], id="the-best-comes-to-nought"),
        pytest.param([-100, -100], [0, 0], id="no-difference-is-no-evidence"),
    ],
)
def test_reports_move_one_bin_by_eight_nats_at_most(row, expected):
    assert bounded(np.array([row], dtype=float)).tolist() == [expected]


def test_a_grid_leaves_out_a_bin_that_would_pass_the_end():
    assert make_grid(START, at(2.5), h(1)).n_bins == 2
    assert make_grid(START, at(1), h(1)).n_bins == 1


def test_a_span_shorter_than_a_bin_has_no_grid():
    with pytest.raises(ValueError, match="shorter than one step"):
        make_grid(START, at(0.5), h(1))


def test_a_cut_and_a_return_of_one_origin_are_dark_between():
    timeline = access(CUT, BACK)
    assert share(timeline, UP, 10) > 0.95
    assert share(timeline, DARK, 35) > 0.95
    assert share(timeline, UP, 60) > 0.95


def test_nobody_claims_anything_and_all_is_unknown():
    timeline = access()
    assert (timeline.codes == UNKNOWN).all()
    assert timeline.families == ()


@pytest.mark.parametrize(
    ("told", "entity", "is_heard"),
    [
        pytest.param({"entity": LAND}, TOWN, True, id="downwards"),
        pytest.param({"entity": LAND, "excepted": (TOWN,)}, TOWN, False, id="excepted"),
        pytest.param({"entity": LAND, "extent": "some"}, TOWN, False, id="some-regions"),
        pytest.param({"entity": TOWN}, LAND, False, id="upwards"),
        pytest.param({"entity": OTHER}, TOWN, False, id="sideways"),
        pytest.param({"entity": TOWN, "weight": 0.0}, TOWN, False, id="no-weight"),
        pytest.param({"entity": TOWN, "service": "messaging"}, TOWN, False, id="a-service-over-it"),
    ],
)
def test_an_entity_hears_what_reaches_it(told, entity, is_heard):
    timeline = access(replace(CUT, **told), entity=entity)
    assert [voice.claim.id for voice in timeline.voices] == (["cut"] if is_heard else [])


def test_its_own_claim_beats_what_reaches_it_from_outside():
    outside = claim("land", "dark", During(at(20), at(60)), entity=LAND, kind="measurement")
    own = claim("town", "up", During(at(20), at(60)), kind="witness")
    assert share(access(outside), DARK, 40) > 0.9
    assert share(access(outside, own), UP, 40) > 0.9


@pytest.mark.parametrize(
    ("claims", "hour", "code"),
    [
        pytest.param(
            (claim("a", "dark", During(at(2), at(10)), published=at(10)),), 80, DARK, id="still-held"
        ),
        pytest.param(
            (claim("a", "dark", During(at(2), at(10)), published=at(10)),), 82, UNKNOWN, id="after-72-hours"
        ),
        pytest.param((CUT, BACK), SPAN_H - 1, UP, id="up-persists-without-evidence"),
    ],
)
def test_a_tail_that_is_not_up_is_forgotten_and_one_that_is_up_is_not(claims, hour, code):
    assert share(access(*claims), code, hour) > 0.9


@pytest.mark.parametrize(
    ("service", "code"), [("internet", DEGRADED), ("fixed", UP), ("mobile", DARK)], ids=str
)
def test_fixed_and_mobile_are_read_off_the_paths_of_the_internet(service, code):
    told = case(claim("m", "dark", During(at(20), at(60)), service="mobile", kind="measurement"))
    internet = infer_access(told, TOWN, grid(), FEW)
    assert (internet.access[:, 40] == Access.FIXED_ONLY).mean() > 0.9
    assert share(infer_timeline(told, internet, service, FEW), code, 40) > 0.9


def test_a_service_over_the_internet_is_dark_where_it_is_and_never_feeds_it():
    chat = claim("chat", "dark", During(at(70), at(80)), service="messaging", kind="measurement")
    told = case(CUT, BACK, chat)
    internet = infer_access(told, TOWN, grid(), FEW)
    messaging = infer_timeline(told, internet, "messaging", FEW)
    assert (messaging.codes[internet.codes == DARK] == DARK).all()
    assert share(messaging, DARK, 75) > 0.9
    assert share(internet, UP, 75) > 0.9
    assert (internet.codes == access(CUT, BACK).codes).all()
    assert {voice.claim.id for voice in messaging.voices} == {"cut", "back", "chat"}


def test_a_copy_is_muted_behind_what_it_copies():
    copy = replace(CUT, id="copy", source="paper", relayed=True)
    timeline = access(CUT, copy, BACK)
    assert timeline.muted == (("copy", "cut"),)
    assert (timeline.codes == access(CUT, BACK).codes).all()


def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    draw = [access(CUT, BACK, settings=replace(FEW, seed=seed)).codes.tobytes() for seed in (1, 1, 2)]
    assert draw[0] == draw[1] != draw[2]


def test_the_order_of_claims_changes_no_path():
    told = case(CUT, BACK)
    turned = replace(told, claims=told.claims[::-1])
    paths = [infer_access(c, TOWN, grid(), FEW).codes for c in (told, turned)]
    assert (paths[0] == paths[1]).all()


def test_a_stretch_lies_somewhere_in_its_interval_and_lasts_about_as_long_as_it_is_said_to():
    hours_back = claim("some", "up", Within(at(28), at(44), h(4)), kind="measurement")
    timeline = access(CUT, BACK, hours_back)
    lasted = (timeline.codes[:, 28:44] != DARK).sum(axis=1)
    assert (lasted > 0).mean() > 0.9
    assert 3 <= np.median(lasted[lasted > 0]) <= 5
    assert max(share(timeline, UP, hour) for hour in range(28, 44)) < 0.9  # nobody knows where


def test_those_who_exclude_a_stretch_share_the_odds_by_their_weights():
    start = claim("gone", "dark", Turn(at(20)), origin="agency")
    stretch = claim("some", "up", Within(at(28), at(38), h(4)), kind="press")
    against = claim("none", "dark", During(at(28), at(38)), kind="press")
    back = claim("back", "up", Turn(at(60)), origin="agency")
    timeline = access(start, stretch, against, back)
    had_it = (timeline.codes[:, 28:38] != DARK).any(axis=1).mean()
    assert timeline.contests == (("some", "none"),)
    assert 0.2 < had_it < 0.8
