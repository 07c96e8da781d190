"""Known failures of other systems, as a table that any detector can be held against.

`find_failure(detector, failure, seed)` gives the sentence of what went wrong, or None. Rivals are run
here to show that they fail there; ours is run by the tests of the inference. Left out, because
panels of one entity cannot show them: averaging over AS counts (what is averaged is decided
before a panel is made) and UTC only (local hours are an account's, not a detector's).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from darkhours.model.state import State
from darkhours.score.detector import Detector, Findings
from darkhours.score.events import NOT_UP, Found, Truth
from darkhours.score.metrics import Tally, summarise, tally
from darkhours.score.recipes import find_recipe
from darkhours.score.synthetic import Scenario, make_scenario

Verdict = Callable[[Findings, tuple[Truth, ...]], str | None]


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """Something that published systems get wrong.

    Args:
        name: in a few words.
        make: a seed in, panels and truth out.
        judge: findings and truth in, what is wrong out; None where nothing is.
        fails: rivals that are shown to fail here, at every seed.
    """

    name: str
    make: Callable[[int], Scenario]
    judge: Verdict
    fails: tuple[str, ...]


def find_failure(detector: Detector, failure: KnownFailure, seed: int = 0) -> str | None:
    """Return what a detector gets wrong, or None."""
    scenario = failure.make(seed)
    return failure.judge(detector(scenario.panels, unrelated=scenario.recipe.unrelated), scenario.truths)


def _draw(name: str, **changes) -> Callable[[int], Scenario]:
    recipe = replace(find_recipe(name), **changes)
    return lambda seed: make_scenario(recipe, seed)


def _keep(name: str, *families: str, **changes) -> Callable[[int], Scenario]:
    """Draw a recipe and keep the panels of some families only."""

    def make(seed: int) -> Scenario:
        scenario = _draw(name, **changes)(seed)
        return replace(scenario, panels=tuple(p for p in scenario.panels if p.family in families))

    return make


def _windows(findings: Findings, truth: Truth) -> tuple[Found, ...]:
    return tuple(window for window in findings.get(truth.entity, ()) if window.state in NOT_UP)


def _hours(windows, until, state=State.DARK) -> float:
    chosen = [window for window in windows if window.state is state]
    ends = [window.end.at if window.end else until for window in chosen]
    spans = (end - window.start.at for window, end in zip(chosen, ends, strict=True))
    return sum(spans, timedelta()) / timedelta(hours=1)


def _nothing(findings: Findings, truths: tuple[Truth, ...]) -> str | None:
    """Nothing is not up."""
    count = sum(len(_windows(findings, truth)) for truth in truths)
    return f"{count} windows that are not up, expected none" if count else None


def _only_true(findings: Findings, truths: tuple[Truth, ...]) -> str | None:
    """Every true event is found, and nothing that touches none."""
    told = sum((tally(truth, findings.get(truth.entity, ())) for truth in truths), Tally())
    if told.matched == told.true and not told.false:
        return None
    return f"{told.matched} of {told.true} found, {told.false} false"


def _lasts(hours: float, give: float, windows: int) -> Verdict:
    """So many dark windows, together so many hours."""

    def judge(findings: Findings, truths: tuple[Truth, ...]) -> str | None:
        truth = truths[0]
        dark = [window for window in _windows(findings, truth) if window.state is State.DARK]
        total = _hours(dark, truth.until)
        if len(dark) == windows and abs(total - hours) <= give:
            return None
        return f"{len(dark)} dark windows of {total:.1f} h, expected {windows} of {hours:g} h"

    return judge


def _never_dark_but_unknown(findings: Findings, truths: tuple[Truth, ...]) -> str | None:
    for truth in truths:
        if _windows(findings, truth):
            return f"{truth.entity}: not up where nobody measured"
        if not any(window.state is State.UNKNOWN for window in findings.get(truth.entity, ())):
            return f"{truth.entity}: nothing says that nobody measured"
    return None


def _still_on(findings: Findings, truths: tuple[Truth, ...]) -> str | None:
    windows = _windows(findings, truths[0])
    if windows and windows[-1].end is None:
        return None
    return "expected a window without end, for the data end in the dark"


def _degraded_for_good(findings: Findings, truths: tuple[Truth, ...]) -> str | None:
    for truth in truths:
        windows = _windows(findings, truth)
        if [(window.state, window.end) for window in windows] != [(State.DEGRADED, None)]:
            return f"{truth.entity}: expected one degraded window without end, got {len(windows)}"
    return None


def _at_most_one_dark(findings: Findings, truths: tuple[Truth, ...]) -> str | None:
    count = sum(w.state is State.DARK for truth in truths for w in _windows(findings, truth))
    return f"{count} dark windows, expected at most one" if count > 1 else None


def _coming_back_in_part(findings: Findings, truths: tuple[Truth, ...]) -> str | None:
    """While families disagree it is degraded, for most of the four days."""
    for truth in truths:
        partly = truth.windows[1]
        inside = [
            window
            for window in findings.get(truth.entity, ())
            if window.state is State.DEGRADED
            and window.start.at < partly.end
            and (window.end is None or window.end.at > partly.start)
        ]
        spans = [
            min(w.end.at if w.end else truth.until, partly.end) - max(w.start.at, partly.start)
            for w in inside
        ]
        share = sum(spans, timedelta()) / (partly.end - partly.start)
        if share < 0.8:
            return f"{truth.entity}: degraded for {share:.0%} of the time in which two families disagree"
    return None


def _recall_and_no_noise(findings: Findings, truths: tuple[Truth, ...]) -> str | None:
    score = summarise(sum((tally(t, findings.get(t.entity, ())) for t in truths), Tally()))
    return None if score.recall == 1 and score.precision == 1 else f"{score.tally.matched}/{score.tally.true}"


_CALM = {"noise": (0.03, 0.03), "swing": (0.0, 0.0), "weekend": (0.0, 0.0)}

KNOWN_FAILURES: tuple[KnownFailure, ...] = (
    KnownFailure(
        "a flat median on a diurnal signal: swing of 40 %, no outage, 60 days",
        _draw("diurnal", weekend=(0.0, 0.0), noise=(0.035, 0.035)), _nothing, ("ioda", "flat-median"),
    ),
    KnownFailure("a weekly dip on top of it", _draw("diurnal"), _nothing, ("ioda", "flat-median")),
    KnownFailure("a slow decline", _draw("decline"), _nothing, ("ioda", "flat-median", "chocolatine")),
    KnownFailure(
        "prober loss read as an outage", _draw("prober-loss", **_CALM), _only_true,
        ("ioda", "flat-median", "chocolatine", "cusum", "cloudflare", "cdn"),
    ),
    KnownFailure(
        "nulls read as zero", _draw("prober-nulls", **_CALM), _never_dark_but_unknown,
        ("ioda", "flat-median", "chocolatine", "cusum", "cloudflare", "cdn"),
    ),
    KnownFailure(
        "a blackout of 88 days is forgotten", _draw("blackout-88d", **_CALM), _lasts(2112, 0.5, 1),
        ("ioda", "ioda-at-once", "flat-median", "cloudflare"),
    ),
    KnownFailure(
        "curfews that become ordinary", _draw("curfew-70", **_CALM), _lasts(560, 2, 70),
        ("cusum", "cloudflare"),
    ),
    KnownFailure(
        "drops are announced, restorations never", _draw("brief-returns", **_CALM), _lasts(476, 0.5, 3),
        ("ioda-at-once", "flat-median", "cusum", "cloudflare"),
    ),
    KnownFailure(
        "an alert without an end is closed at the edge of the query", _draw("ongoing", **_CALM), _still_on,
        ("ioda", "ioda-at-once", "flat-median"),
    ),
    KnownFailure(
        "an event of one demand signal over three days is dropped",
        _keep("families", "cloudflare.traffic", n_entities=2, events=(1, 1), lasts_h=(96, 120)), _only_true,
        ("chocolatine",),
    ),
    KnownFailure(
        "BGP and probing of a null-routed country: BGP does not vote it up",
        _keep("families", "ioda.bgp", "ioda.probing", n_entities=2, **_CALM), _recall_and_no_noise,
        ("cusum",),
    ),
    KnownFailure(
        "families that disagree about a return", _draw("disagreement", **_CALM), _coming_back_in_part,
        ("ioda", "flat-median", "chocolatine", "cusum", "cloudflare", "cdn"),
    ),
    KnownFailure(
        "a step to 60 % becomes the new ordinary", _draw("step", **_CALM), _degraded_for_good,
        ("ioda", "flat-median", "cusum", "cloudflare", "cdn"),
    ),
    KnownFailure(
        "single zeros read as outages", _draw("isolated-zeros", **_CALM), _at_most_one_dark,
        ("ioda", "flat-median", "chocolatine", "cloudflare", "cdn"),
    ),
    KnownFailure(
        "noise of 15 % that remembers itself", _draw("noisy", n_entities=2), _nothing,
        ("ioda", "flat-median", "chocolatine"),
    ),
    KnownFailure(
        "thin counts", _draw("thin-quiet", n_entities=2), _nothing,
        ("ioda", "flat-median", "cloudflare", "trinocular"),
    ),
)  # fmt: skip
