"""The headline of a data set and the sentences under it: how many fell, when, and how many are back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from markupsafe import Markup

from darkhours.model.state import State
from darkhours.render.clock import Clock
from darkhours.render.dates import long_days
from darkhours.render.figures import NBSP, bound, capital, count, hours, listing
from darkhours.render.markup import bdi
from darkhours.render.onsets import Fall, count_statuses, middle_onset, noun_of, onset_at, tightest
from darkhours.render.raster import say_pattern
from darkhours.render.spans import main_outage
from darkhours.render.story import Headline, KeyNumber, headline, key_numbers, sentences

_STATUS_WORDS = (
    ("ongoing", "not back when the data ended"),
    ("probation", "back, too recently to be called lasting"),
    ("ended", "back for good"),
    ("none", "without any outage"),
    ("unmeasured", "not measured"),
)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said at the head of the page.

    Args:
        headline: in parts, as on the page of an account.
        after: what follows the headline's number, with both readings of any time in it.
        title: the headline as plain text, local time.
        sentences: under it.
        keys: the key numbers.
        status: of the data set: `ongoing` where anything is.
    """

    headline: Headline
    after: Markup
    title: str
    sentences: tuple[Markup, ...]
    keys: tuple[KeyNumber, ...]
    status: str


def tell_data_set(falls: Sequence[Fall], clock: Clock, *, together: bool, most_dark: int) -> Told:
    """Return what the head of the page says.

    Args:
        falls: the entities in rank.
        clock: of the page.
        together: whether the onsets came as one wave.
        most_dark: how many were dark at once at most.
    """
    if len(falls) == 1:
        return _tell_one(falls[0], clock)
    dark = [fall for fall in falls if fall.dark]
    head, after = _headline(falls, dark, clock, together=together)
    plain = " ".join(part for part in (head.before, head.number, head.after) if part)
    told = [*_onsets(dark, clock, together=together), _statuses(falls), *_curfews(falls)]
    return Told(head, after, plain, tuple(told), tuple(_keys(falls, dark, most_dark)), _status(falls))


def _tell_one(fall: Fall, clock: Clock) -> Told:
    account = fall.account
    head = headline(account, clock)
    plain = " ".join(part for part in (head.before, head.number, head.after) if part)
    told = tuple(sentences(account, clock))
    return Told(
        head, Markup("{}").format(head.after), plain, told, tuple(key_numbers(account)), account.status
    )


def _status(falls: Sequence[Fall]) -> str:
    counts = count_statuses(falls)
    return next((status for status, _ in _STATUS_WORDS if counts[status]), "none")


def _headline(
    falls: Sequence[Fall], dark: Sequence[Fall], clock: Clock, *, together: bool
) -> tuple[Headline, Markup]:
    one, many = noun_of([fall.account for fall in falls])
    if not dark:
        return _never_dark(falls, many, clock)
    number = f"{len(dark):,}{NBSP}of{NBSP}{len(falls):,}"
    if len(dark) == len(falls):
        number = f"All{NBSP}{len(falls):,}"
    noun = many if len(falls) > 1 else one
    after = Markup("{} went dark").format(noun)
    plain = f"{noun} went dark"
    middle = middle_onset(dark)
    if together and middle and len(dark) > 1:
        after += Markup(", half of them by {}").format(clock.time(middle, brief=True))
        plain += f", half of them by {clock.text(middle)}"
    still = sum(fall.account.windows[-1].state is State.DARK for fall in dark)
    if still:
        told = "all" if still == len(dark) else f"{still:,}"
        tail = f", and {told} still {'were' if still > 1 else 'was'} when the data ended"
        after, plain = after + Markup("{}").format(tail), plain + tail
    return Headline("", number, "", plain), after


def _never_dark(falls: Sequence[Fall], many: str, clock: Clock) -> tuple[Headline, Markup]:
    degraded = sum(fall.outage is not None for fall in falls)
    number = f"None{NBSP}of{NBSP}{len(falls):,}"
    first = min(fall.account.start for fall in falls)
    last = max(fall.account.until for fall in falls)
    days = long_days(clock.local(first).date(), clock.local(last).date())
    after = f"{many} went dark from {days}"
    if degraded:
        after = f"{many} went dark, {degraded:,} {'was' if degraded == 1 else 'were'} degraded"
    elif all(fall.account.status == "unmeasured" for fall in falls):
        after = f"{many} was measured from {days}"
    return Headline("", number, "", after), Markup("{}").format(after)


def _onsets(dark: Sequence[Fall], clock: Clock, *, together: bool) -> list[Markup]:
    """Return who fell first and last, and how close together most of them fell."""
    ordered = sorted((fall for fall in dark if fall.onset), key=onset_at)
    if len(ordered) < 2:  # noqa: PLR2004 — one alone was neither first nor last
        return [
            Markup("{} went dark at {}.").format(bdi(fall.name), clock.time(onset_at(fall)))
            for fall in ordered
        ]
    first, last = ordered[0], ordered[-1]
    if onset_at(first) == onset_at(last):
        return [Markup("They went dark at the same time, {}.").format(clock.time(onset_at(first)))]
    told = Markup("{} was the first to go dark, at {}; {} the last, at {}.").format(
        bdi(first.name), clock.time(onset_at(first)), bdi(last.name), clock.time(onset_at(last))
    )
    if not together:
        return [told, Markup("They did not fall together.")]
    begin, end = tightest([onset_at(fall) for fall in ordered])
    length = bound((end - begin).total_seconds() / 3600)
    told_hours = "the same hour" if end - begin < _HOUR else f"{length} hours"
    return [told, Markup("Four of five fell within {}.").format(told_hours)]


def _statuses(falls: Sequence[Fall]) -> Markup:
    counts = count_statuses(falls)
    parts = [f"{counts[status]:,} {words}" for status, words in _STATUS_WORDS if counts[status]]
    if len(parts) == 1:
        status = next(status for status, _ in _STATUS_WORDS if counts[status])
        return Markup("All of them: {}.").format(dict(_STATUS_WORDS)[status])
    return Markup("{}.").format(capital(listing(parts)))


def _curfews(falls: Sequence[Fall]) -> list[Markup]:
    """Return the curfew of one entity, and how many others have one."""
    patterned = [fall for fall in falls if fall.account.patterns]
    if not patterned:
        return []
    first = patterned[0]
    told = Markup("A curfew in {}: {}").format(bdi(first.name), say_pattern(first.account.patterns[0]))
    more = f"; {count(len(patterned) - 1, 'other')} also kept one" if len(patterned) > 1 else ""
    return [told + Markup("{}.").format(more)]


def _keys(falls: Sequence[Fall], dark: Sequence[Fall], most_dark: int) -> list[KeyNumber]:
    _, many = noun_of([fall.account for fall in falls])
    if not dark:
        return []
    lengths = [fall.dark_h for fall in dark]
    keys = [
        KeyNumber(f"{many} that went dark", f"{len(dark):,}", f"of {len(falls):,}", part=False),
        KeyNumber("at once, at most", f"{most_dark:,}", "", part=True),
        KeyNumber("dark hours, the median of them", bound(median(lengths)), "", part=False),
        KeyNumber("dark hours, the longest", hours(round(max(lengths), 2)), "", part=True),
    ]
    return keys if any(main_outage(fall.account) for fall in falls) else keys[:1]
