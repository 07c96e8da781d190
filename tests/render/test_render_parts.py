"""The parts of a drawing: shares that add up, marks that never overlap, colours that can be read."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import almaty_claims as claims
import almaty_fixture as fixture
import odd_fixtures as odd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkhours.model.state import State
from darkhours.render import page, svg
from darkhours.render.marks import pack
from darkhours.render.markup import clean, safe_link, tag, text_width, wrap
from darkhours.render.palette import DARK, LIGHT, contrast
from darkhours.render.register import short_labels
from darkhours.render.scale import Scale, grid, shown_span
from darkhours.render.share import clip, shares
from darkhours.render.spans import counted

HOUR = timedelta(hours=1)


def read_xml(text):
    """Return the root of a drawing of ours."""
    return ET.fromstring(text)  # noqa: S314 — written by this program a moment ago


@pytest.mark.parametrize("colours", [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")])
@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        pytest.param("ink", "paper", 7.0, id="text-on-paper"),
        pytest.param("mute", "paper", 5.5, id="small-text-on-paper"),
        pytest.param("ink", "tint", 7.0, id="text-on-a-chosen-row"),
        pytest.param("mute", "tint", 4.5, id="small-text-on-a-chosen-row"),
        pytest.param("link", "paper", 4.5, id="links"),
        pytest.param("hot", "paper", 4.5, id="contested"),
        pytest.param("good", "paper", 4.5, id="supported"),
        pytest.param("ondark", "dark", 7.0, id="words-inside-dark"),
        pytest.param("up", "dark", 7.0, id="up-against-dark"),
        pytest.param("frame", "paper", 3.0, id="frames-and-lines"),
        pytest.param("dots", "paper", 3.0, id="dots-of-unknown"),
        pytest.param("degb", "degs", 3.0, id="stripes-of-degraded"),
    ],
)
def test_colours_keep_their_contrast(colours, text, ground, least):
    assert contrast(colours[text], colours[ground]) >= least


def test_both_palettes_name_the_same_roles():
    assert LIGHT.keys() == DARK.keys()


@pytest.mark.parametrize(
    "account",
    [
        pytest.param(fixture.almaty(), id="almaty"),
        pytest.param(fixture.capital(), id="overlapping-edges"),
        pytest.param(odd.holes(), id="doubtful-windows"),
    ],
)
def test_shares_of_the_states_lie_between_nothing_and_all_and_never_cross(account):
    for cut in shares(account.windows, account.until):
        assert -1e-9 <= cut.dark <= cut.trouble <= cut.known + 1e-9 <= 1 + 2e-9


def test_an_edge_is_half_way_at_its_best_instant():
    account = fixture.almaty()
    edge = account.windows[2].start
    cut = clip(shares(account.windows, account.until), edge.at, edge.at + HOUR)[0]
    assert cut.dark == pytest.approx(0.5)


def test_a_doubtful_window_fills_only_its_probability():
    account = fixture.almaty()
    night = account.windows[3]
    middle = night.start.latest + (night.end.earliest - night.start.latest) / 2
    cut = clip(shares(account.windows, account.until), middle, middle + HOUR)[0]
    assert 1 - cut.dark == pytest.approx(night.p)


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(0.1, 200)), max_size=60))
def test_marks_in_one_row_never_overlap(parts):
    boxes = [(begin, begin + width) for begin, width in parts]
    rows: dict[int, list[tuple[float, float]]] = {}
    for box, row in zip(boxes, pack(boxes), strict=True):
        rows.setdefault(row, []).append(box)
    for row in rows.values():
        ordered = sorted(row)
        assert all(left[1] <= right[0] for left, right in pairwise(ordered))


@given(st.text(max_size=80))
def test_no_text_can_break_out_of_an_element(text):
    element = read_xml(str(tag("a", text, title=text)))
    assert "".join(element.itertext()).replace("\u00a0", " ") == clean(text).replace("\u00a0", " ")
    assert len(element) == 0


@given(st.text(max_size=200), st.integers(1, 5))
def test_wrapped_text_keeps_to_its_lines(text, lines):
    assert len(wrap(clean(text), 120, 11, lines)) <= lines


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        pytest.param("Internet will return to the cities in", 184.5, id="narrow-letters"),
        pytest.param("Bank and payment services fail", 173.2, id="broad-letters"),
        pytest.param("134.75–136.25", 82.5, id="figures"),
        pytest.param("All MTS shops in Almaty", 131.9, id="capitals"),
    ],
)
def test_estimated_widths_hold_the_broadest_ordinary_face(text, measured):
    """Measured in DejaVu Sans at 11 px, which is broader than what most readers have."""
    assert 0.98 * measured <= text_width(text, 11) <= 1.15 * measured


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        pytest.param("https://example.org/a?b=1", True, id="https"),
        pytest.param("http://example.org", True, id="http"),
        pytest.param("javascript:alert(1)", False, id="script"),
        pytest.param("data:text/html,x", False, id="data"),
        pytest.param("//example.org", False, id="no-scheme"),
        pytest.param("https://exa mple.org", False, id="blank-inside"),
        pytest.param("https://[::1", False, id="broken-host"),
        pytest.param("java\nscript:alert(1)", False, id="newline-inside"),
        pytest.param(None, False, id="none"),
    ],
)
def test_only_ordinary_web_addresses_become_links(url, safe):
    assert (safe_link(url) is not None) is safe


@given(st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=40))
def test_every_claim_has_a_short_label_of_its_own(ids):
    labels = short_labels(ids)
    assert list(labels) == ids
    assert len(set(labels.values())) == len(ids)


@pytest.mark.parametrize(
    ("rule", "hours"),
    [
        pytest.param("first_return_h", 111.5, id="to-the-first-return"),
        pytest.param("first_return_dark_h", 107.0, id="dark-of-it"),
        pytest.param("gross_h", 135.25, id="to-the-lasting-return"),
        pytest.param("dark_h", 126.25, id="dark-in-all"),
        pytest.param("restored_h", 9.0, id="restored"),
        pytest.param("disrupted_h", 157.75, id="disrupted"),
    ],
)
def test_the_hours_that_a_rule_paints_are_the_hours_that_it_counts(rule, hours):
    spans = counted(fixture.almaty(), rule)
    assert sum((end - start) / HOUR for start, end in spans) == pytest.approx(hours)


@pytest.mark.parametrize(
    ("days", "ticks"),
    [
        pytest.param(1, (8, 24), id="hours-in-a-day"),
        pytest.param(13, (13, 14), id="days-in-a-fortnight"),
        pytest.param(90, (89, 92), id="every-day-has-a-line-in-a-season"),
    ],
)
def test_the_grid_has_lines_that_fit_the_span(days, ticks):
    start = datetime(2022, 1, 2, tzinfo=UTC)
    found = grid(Scale(start, start + timedelta(days=days), 0, 1010), UTC)
    assert ticks[0] <= len(found) <= ticks[1]


def test_the_picture_shows_two_ordinary_days_before_and_three_after():
    start, until = shown_span([fixture.almaty()], timezone(claims.OFFSET))
    assert (start, until) == (claims.local(2), claims.local(15))


@pytest.mark.parametrize("name", [*odd.ODD])
def test_every_picture_on_its_own_is_xml_without_links(name):
    root = read_xml(svg([odd.ODD[name]()], None))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert not [
        item
        for item in root.iter("{http://www.w3.org/2000/svg}a")
        if not item.get("href", "").startswith("#")
    ]


def test_the_picture_of_almaty_has_its_title_both_palettes_and_no_link_into_a_page():
    text = svg([fixture.almaty(), fixture.capital(), fixture.country()], claims.case())
    root = read_xml(text)
    assert root.find("{http://www.w3.org/2000/svg}title").text.startswith("Almaty was cut off for 111.5")
    assert "prefers-color-scheme:dark" in text
    assert "<a " not in text


def test_a_picture_of_hostile_words_is_still_xml():
    accounts, case = odd.hostile()
    read_xml(svg(accounts, case))


STATES = st.sampled_from([State.UP, State.DEGRADED, State.DARK, State.UNKNOWN])


@st.composite
def small_accounts(draw):
    """Return an account whose windows tile a span of any states and lengths."""
    parts = draw(st.lists(st.tuples(STATES, st.integers(1, 400)), min_size=1, max_size=8))
    states = [parts[0], *(new for old, new in pairwise(parts) if old[0] != new[0])]
    account = odd.plain(
        [(state, length / 4) for state, length in states],
        tz=draw(st.sampled_from(["UTC", "Asia/Almaty", "Asia/Kathmandu", "America/New_York"])),
        doubt_h=draw(st.sampled_from([0.0, 0.5, 6.0, 90.0])),
        p=draw(st.sampled_from([0.3, 0.79, 0.8, 1.0])),
    )
    troubled = [place for place, (state, _) in enumerate(states) if state in {State.DEGRADED, State.DARK}]
    if not troubled:
        return account
    last = troubled[-1] if troubled[-1] < len(states) - 1 else None
    return odd.outage(account, troubled[0], last, "ended" if last is not None else "ongoing")


@settings(max_examples=40, deadline=None)
@given(small_accounts())
def test_any_account_becomes_a_page_and_a_picture(account):
    from test_render_page import read

    reader = read(page([account], None))
    assert "windows" in reader.ids
    read_xml(svg([account], None))
