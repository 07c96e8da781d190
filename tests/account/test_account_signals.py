"""Which signals carry a window, and edges inside bins; an hour a bin, letters as in the other tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from darkhours.account.posterior import read_posterior
from darkhours.account.signals import routing_detail, signals_behind
from darkhours.account.spans import paths_of
from darkhours.account.story import tell_story
from darkhours.account.windows import make_windows
from darkhours.model.evidence import Grid
from darkhours.model.timeline import SILENT, SignalVoice, Timeline

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
CODE = {"u": 0, "g": 1, "D": 2, "?": 3, ".": SILENT}
HOUR = timedelta(hours=1)


def codes_of(text: str) -> np.ndarray:
    return np.array([CODE[letter] for letter in text], dtype=np.uint8)


def voice(leans: str, *, family="a", sense="reachability", level=1.0, step=HOUR) -> SignalVoice:
    """Return a signal that leans to a state in each bin; a dot is silence."""
    grid = Grid(BEGIN, step, len(leans))
    return SignalVoice(f"{family}.x", family, sense, grid, codes_of(leans), np.full(len(leans), level))


def posterior(text: str, *voices: SignalVoice):
    codes = np.tile(codes_of(text), (20, 1))
    grid = Grid(BEGIN, HOUR, len(text))
    families = tuple(sorted({v.family for v in voices}))
    timeline = Timeline(
        "local:a",
        "internet",
        grid,
        codes,
        np.zeros_like(codes),
        (),
        families,
        (),
        (),
        voices,
        least_dark_h=2.0,
    )
    return read_posterior(timeline, "UTC")


def behind(text: str, *voices: SignalVoice, window: int = 1) -> list[str]:
    post = posterior(text, *voices)
    return [v.family for v in signals_behind(voices, post.parts[window], post)]


@pytest.mark.parametrize(
    ("leans", "carries"),
    [
        pytest.param("uuDDDDuu", True, id="throughout"),
        pytest.param("uuDDuuuu", True, id="in-half-of-it"),
        pytest.param("uuDuuuuu", False, id="in-a-quarter"),
        pytest.param("uuD...uu", True, id="wherever-it-tells"),
        pytest.param("uu....uu", False, id="silent"),
        pytest.param("uuggggu.", False, id="another-state"),
    ],
)
def test_a_signal_carries_a_window_when_it_leans_there_half_of_the_time(leans, carries):
    assert behind("uuDDDDuu", voice(leans)) == (["a"] if carries else [])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("uuuuu", "DDDDD", ["a", "b"], id="disagreement-carries-it"),
        pytest.param("uuugg", "DDDgg", ["a", "b"], id="three-in-five-is-enough"),
        pytest.param("uuggg", "DDDDD", ["a"], id="two-in-five-to-up-is-degraded-itself"),
        pytest.param("ggggg", "DDDDD", ["a"], id="one-that-leans-to-it"),
        pytest.param("ggggg", "ggggg", ["a", "b"], id="both-lean-to-it"),
        pytest.param("uuuuu", ".....", ["a"], id="nobody-else-told-of-it"),
    ],
)
def test_a_degraded_window_is_carried_by_those_that_lean_to_it_or_by_their_disagreement(one, other, expected):
    assert behind("uuggggguu", voice(f"uu{one}uu"), voice(f"uu{other}uu", family="b")) == expected


def test_a_signal_on_other_bins_than_the_story_is_read_by_time():
    assert behind("uuDDDDuu", voice("uDDu", step=2 * HOUR)) == ["a"]


@pytest.mark.parametrize(
    ("voices", "families", "single"),
    [
        pytest.param([voice("uuDDDDuu")], ("a",), True, id="one-family"),
        pytest.param([voice("uuDDDDuu"), voice("uuDDDDuu")], ("a",), True, id="two-signals-of-one-family"),
        pytest.param(
            [voice("uuDDDDuu"), voice("uuDDDDuu", family="b")], ("a", "b"), False, id="two-families"
        ),
        pytest.param([voice("uuDDDDuu"), voice("uuuuuuuu", family="b")], ("a",), True, id="one-against-one"),
    ],
)
def test_a_window_of_one_family_is_single_source(voices, families, single):
    window = make_windows(posterior("uuDDDDuu", *voices))[1]
    assert (window.families, window.single_source) == (families, single)
    assert window.evidence == tuple(sorted({f"{family}/{family}.x" for family in families}))


REACH, DEMAND, OTHER = (voice("uuDDDDuu", family=s, sense=s) for s in ("reachability", "demand", "other"))


@pytest.mark.parametrize(
    ("level", "beside", "expected"),
    [
        pytest.param(0.0, [REACH], "withdrawn", id="no-routes"),
        pytest.param(0.099, [REACH], "withdrawn", id="below-a-tenth"),
        pytest.param(0.1, [REACH], None, id="a-tenth"),
        pytest.param(0.49, [REACH], None, id="below-a-half"),
        pytest.param(0.5, [REACH], "announced-but-dark", id="a-half"),
        pytest.param(1.0, [DEMAND], "announced-but-dark", id="people-are-seen-by-demand"),
        pytest.param(1.0, [OTHER], None, id="nobody-sees-people"),
        pytest.param(0.0, [], "withdrawn", id="routes-alone"),
        pytest.param(np.nan, [REACH], None, id="routes-not-measured"),
    ],
)
def test_routing_says_how_a_place_is_dark(level, beside, expected):
    post = posterior("uuDDDDuu", voice("........", family="bgp", sense="routing", level=level), *beside)
    assert routing_detail(post.parts[1], post) == expected
    assert make_windows(post)[1].detail == expected


def test_routing_says_nothing_of_a_window_that_is_not_dark():
    post = posterior("uugggguu", voice("........", family="bgp", sense="routing", level=0.0), REACH)
    assert routing_detail(post.parts[1], post) is None


# --- edges inside bins -----------------------------------------------------------------------------------


def shifts_at(text: str, *lines: dict[int, float]):
    """Return samples of one path, each with its changes moved inside their bins."""
    shifts = np.zeros((len(lines), len(text)), dtype=np.float32)
    for row, line in enumerate(lines):
        for t, shift in line.items():
            shifts[row, t] = shift
    return np.tile(codes_of(text), (len(lines), 1)), shifts


@pytest.mark.parametrize(
    ("text", "line", "step_h", "expected"),
    [
        pytest.param("uuDDDuu", {}, 1.0, [(0, 2), (2, 5), (5, 7)], id="on-the-grid"),
        pytest.param("uuDDDuu", {2: 0.25, 5: -0.5}, 1.0, [(0, 2.25), (2.25, 4.5), (4.5, 7)], id="both-edges"),
        pytest.param("uuDDDuu", {2: 0.25}, 0.5, [(0, 1.125), (1.125, 2.5), (2.5, 3.5)], id="half-hours"),
        pytest.param("DDuuuuu", {0: 0.5, 2: 0.5}, 1.0, [(0, 2.5), (2.5, 7)], id="the-beginning-stays"),
    ],
)
def test_spans_of_a_path_meet_where_its_changes_lie(text, line, step_h, expected):
    codes, shifts = shifts_at(text, line)
    (path,) = paths_of(codes, step_h, shifts)
    assert np.array([(span.start, span.end) for span in path]) == pytest.approx(np.array(expected))
    assert sum(span.hours for span in path) == pytest.approx(len(text) * step_h)


def test_each_sample_has_its_own_edges():
    codes, shifts = shifts_at("uuDDDuu", {2: 0.0}, {2: 0.5})
    assert [path[1].start for path in paths_of(codes, 1.0, shifts)] == [2.0, 2.5]


def test_the_story_tells_the_median_edge_and_its_ninety_percent():
    lines = [{2: k / 100, 5: 0.25} for k in range(101)]
    codes, shifts = shifts_at("uuDDDuu", *lines)
    _, dark, after = tell_story(codes, 1.0, 2.0, shifts)
    assert (dark.start, dark.earliest, dark.latest) == pytest.approx((2.5, 2.05, 2.95), abs=0.02)
    assert (after.start, after.earliest, after.latest) == pytest.approx((5.25, 5.25, 5.25))
    assert (dark.first, dark.until) == (2, 5)


def test_the_story_without_shifts_stands_on_the_grid():
    codes, _ = shifts_at("uuDDDuu", {}, {})
    assert [part.start for part in tell_story(codes, 1.0, 2.0)] == [0, 2, 5]


def test_the_totals_of_a_sample_are_those_of_its_own_edges():
    codes, shifts = shifts_at("uuDDDDuu", *({2: k / 100, 6: k / 100} for k in range(101)))
    grid = Grid(BEGIN, HOUR, 8)
    timeline = Timeline(
        "local:a", "internet", grid, codes, codes, (), (), (), (), least_dark_h=2.0, shifts=shifts
    )
    post = read_posterior(timeline, "UTC")
    assert post.totals("dark_h") == pytest.approx(np.full(101, 4.0), abs=1e-5)
    window = make_windows(post)[1]
    assert window.start.at == BEGIN + timedelta(hours=2.5)
    assert window.start.earliest < window.start.at < window.start.latest
