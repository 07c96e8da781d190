"""What a claim weighs, where it reaches, and which access states agree with it."""

from __future__ import annotations

import numpy as np
import pytest
from small import LAND, OTHER, PLACES, TOWN, claim

from darkhours.infer.claims.agreement import agreement, targets
from darkhours.infer.claims.weights import own_weight, reach_share
from darkhours.model.claim import KINDS
from darkhours.model.state import ACCESS_SERVICES, PROJECTION, STATE_ORDER, Access, State


@pytest.mark.parametrize(
    ("fields", "nats"),
    [
        pytest.param({"kind": "measurement"}, 10, id="measurement"),
        pytest.param({"kind": "operator"}, 10, id="operator"),
        pytest.param({"kind": "press"}, 8, id="press"),
        pytest.param({"kind": "official"}, 6, id="official"),
        pytest.param({"kind": "ngo"}, 6, id="ngo"),
        pytest.param({"kind": "witness"}, 5, id="witness"),
        pytest.param({"kind": "measurement", "relayed": True}, 5, id="press-relays-a-measurement"),
        pytest.param({"kind": "press", "relayed": True}, 7.2, id="press-relays-press"),
        pytest.param({"kind": "measurement", "weight": 3.0}, 3, id="a-weight-of-its-own"),
        pytest.param({"kind": "measurement", "relayed": True, "weight": 3.0}, 3, id="own-weight-is-final"),
        pytest.param({"kind": "measurement", "weight": 0.0}, 0, id="kept-but-unused"),
    ],
)
def test_a_claim_weighs_by_who_observed_it_and_who_passes_it_on(fields, nats):
    assert own_weight(claim("a", "dark", **fields)) == pytest.approx(nats)


@pytest.mark.parametrize(
    ("fields", "state", "entity", "share"),
    [
        pytest.param({"entity": TOWN}, "dark", TOWN, 1.0, id="its-own"),
        pytest.param({"entity": LAND}, "dark", TOWN, 0.7, id="dark-from-outside"),
        pytest.param({"entity": LAND}, "up", TOWN, 0.6, id="up-from-outside"),
        pytest.param({"entity": LAND}, "degraded", TOWN, 0.4, id="degraded-from-outside"),
        pytest.param({"entity": LAND, "extent": "most"}, "dark", TOWN, 0.56, id="most"),
        pytest.param({"entity": LAND, "extent": "some"}, "dark", TOWN, 0.0, id="some-reach-nowhere"),
        pytest.param({"entity": LAND, "extent": "some"}, "dark", LAND, 1.0, id="some-count-for-the-whole"),
        pytest.param({"entity": LAND, "excepted": (TOWN,)}, "dark", TOWN, 0.0, id="excepted"),
        pytest.param({"entity": LAND, "excepted": (TOWN,)}, "dark", OTHER, 0.7, id="another-is-excepted"),
        pytest.param({"entity": TOWN}, "dark", LAND, 0.0, id="never-upwards"),
        pytest.param({"entity": TOWN}, "dark", OTHER, 0.0, id="never-sideways"),
    ],
)
def test_a_claim_reaches_downwards_only_and_not_what_it_leaves_out(fields, state, entity, share):
    place = PLACES[entity]
    assert reach_share(claim("a", state, **fields), state, place, place.within) == pytest.approx(share)


EVERY = [(service, state) for service in ACCESS_SERVICES for state in ("up", "degraded", "dark")]


@pytest.mark.parametrize(("service", "state"), EVERY)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("own", [True, False])
def test_agreement_is_a_share_and_a_state_that_is_so_agrees_most(service, state, kind, own):
    shares = agreement(claim("a", state, service=service, kind=kind), state, own=own)
    said = [STATE_ORDER[code] == state for code in PROJECTION[service]]
    assert ((shares >= 0) & (shares <= 1)).all()
    assert shares[said].max() == shares.max() == 1.0


@pytest.mark.parametrize("service", ACCESS_SERVICES)
def test_up_and_dark_of_one_service_agree_with_nothing_of_each_other(service):
    up, dark = (np.array(PROJECTION[service]) == STATE_ORDER.index(s) for s in (State.UP, State.DARK))
    assert (agreement(claim("a", "dark", service=service), "dark")[up] == 0).all()
    assert (agreement(claim("a", "up", service=service), "up")[dark] == 0).all()


def test_a_paper_calls_wired_lines_alone_the_internet_and_a_probe_does_not():
    shares = {kind: agreement(claim("a", "up", kind=kind), "up")[Access.FIXED_ONLY] for kind in KINDS}
    assert shares["press"] == shares["witness"] == 1.0
    assert shares["measurement"] == shares["operator"] < 1.0


@pytest.mark.parametrize(("service", "state"), EVERY)
@pytest.mark.parametrize("extent", ["all", "some"])
def test_a_reported_change_leads_into_the_state_and_never_from_a_state_to_itself(service, state, extent):
    shares = targets(claim("a", state, service=service, extent=extent), state)
    assert shares.shape == (7, 7)
    assert (np.diag(shares) == 0).all()
    assert (shares >= 0).all()
    assert (shares.sum(axis=1) <= 1 + 1e-12).all()


@pytest.mark.parametrize(("service", "state"), [pair for pair in EVERY if pair[1] != "up"])
def test_a_reported_fall_leads_from_up_into_its_state_alone(service, state):
    row = targets(claim("a", state, service=service), state)[Access.UP]
    assert {STATE_ORDER[PROJECTION[service][target]] for target in np.flatnonzero(row)} == {state}
    assert row.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("fields", "state", "start", "end"),
    [
        pytest.param({}, "dark", Access.UP, Access.DARK, id="all-goes-dark"),
        pytest.param({}, "up", Access.DARK, Access.UP, id="all-comes-back"),
        pytest.param({"service": "mobile"}, "dark", Access.UP, Access.FIXED_ONLY, id="mobile-goes"),
        pytest.param({"service": "fixed"}, "up", Access.DARK, Access.FIXED_ONLY, id="wires-come-back-alone"),
        pytest.param({"service": "mobile"}, "up", Access.FIXED_ONLY, Access.UP, id="mobile-completes-it"),
        pytest.param({"extent": "some"}, "dark", Access.UP, Access.DEGRADED, id="some-of-it-is-degraded"),
        pytest.param(
            {"detail": "fixed-only"}, "degraded", Access.UP, Access.FIXED_ONLY, id="the-detail-names-it"
        ),
    ],
)
def test_a_reported_change_leads_mostly_where_the_words_say(fields, state, start, end):
    row = targets(claim("a", state, **fields), state)[start]
    assert row[end] == row.max() > 0
