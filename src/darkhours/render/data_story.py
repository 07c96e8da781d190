"""The headline of a data set and the sentences under it: how many fell, when, and how many are back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from markupsafe import Markup

from darkhours.model.state import State
from darkhours.render.clock import Clock
from darkhours.render.figures import capital
from darkhours.render.language import Language, mark, mark_many
from darkhours.render.markup import bdi
from darkhours.render.nouns import nouns_of
from darkhours.render.onsets import Fall, count_statuses, middle_onset, onset_at, tightest
from darkhours.render.raster import say_pattern
from darkhours.render.spans import main_outage
from darkhours.render.story import Headline, KeyNumber, headline, key_numbers, sentences

_STATUS_WORDS = (
    ("ongoing", mark("not back when the data ended")),
    ("probation", mark("back, too recently to be called lasting")),
    ("ended", mark("back for good")),
    ("none", mark("without any outage")),
    ("unmeasured", mark("not measured")),
)
_STATUS_COUNTS = {
    "ongoing": mark_many("{n} not back when the data ended", "{n} not back when the data ended"),
    "probation": mark_many(
        "{n} back, too recently to be called lasting", "{n} back, too recently to be called lasting"
    ),
    "ended": mark_many("{n} back for good", "{n} back for good"),
    "none": mark_many("{n} without any outage", "{n} without any outage"),
    "unmeasured": mark_many("{n} not measured", "{n} not measured"),
}
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
    language = clock.language
    told = [
        *_onsets(dark, clock, together=together),
        _statuses(falls, language),
        *_curfews(falls, language),
    ]
    keys = tuple(_keys(falls, dark, most_dark, language))
    return Told(head, after, plain, tuple(told), keys, _status(falls))


def _tell_one(fall: Fall, clock: Clock) -> Told:
    account = fall.account
    head = headline(account, clock)
    plain = " ".join(part for part in (head.before, head.number, head.after) if part)
    told = tuple(sentences(account, clock))
    keys = tuple(key_numbers(account, clock.language))
    return Told(head, Markup("{}").format(head.after), plain, told, keys, account.status)


def _status(falls: Sequence[Fall]) -> str:
    counts = count_statuses(falls)
    return next((status for status, _ in _STATUS_WORDS if counts[status]), "none")


def _headline(
    falls: Sequence[Fall], dark: Sequence[Fall], clock: Clock, *, together: bool
) -> tuple[Headline, Markup]:
    language = clock.language
    nouns = nouns_of([fall.account for fall in falls], language)
    if not dark:
        return _never_dark(falls, nouns.many, clock)
    number = language.say(
        "{n}\u00a0of\u00a0{total}", n=language.number(len(dark)), total=language.number(len(falls))
    )
    if len(dark) == len(falls):
        number = language.say("All\u00a0{total}", total=language.number(len(falls)))
    noun = nouns.many if len(falls) > 1 else nouns.one
    after, plain = (
        language.markup("{nouns} went dark", nouns=noun),
        language.say("{nouns} went dark", nouns=noun),
    )
    middle = middle_onset(dark)
    if together and middle and len(dark) > 1:
        half = mark("{nouns} went dark, half of them by {at}")
        after = language.markup(half, nouns=noun, at=clock.time(middle, brief=True))
        plain = language.say(half, nouns=noun, at=clock.text(middle))
    still = sum(fall.account.windows[-1].state is State.DARK for fall in dark)
    if still:
        tail = _all_still if still == len(dark) else _some_still
        tail_words = tail(still, language)
        after, plain = after + Markup("{}").format(tail_words), plain + tail_words
    return Headline("", number, "", plain), after


def _all_still(still: int, language: Language) -> str:
    return language.many(
        ", and all still was when the data ended", ", and all still were when the data ended", still
    )


def _some_still(still: int, language: Language) -> str:
    return language.many(
        ", and {n} still was when the data ended",
        ", and {n} still were when the data ended",
        still,
        n=language.number(still),
    )


def _never_dark(falls: Sequence[Fall], many: str, clock: Clock) -> tuple[Headline, Markup]:
    language = clock.language
    degraded = sum(fall.outage is not None for fall in falls)
    number = language.say("None\u00a0of\u00a0{total}", total=language.number(len(falls)))
    first = min(fall.account.start for fall in falls)
    last = max(fall.account.until for fall in falls)
    days = language.days(clock.local(first).date(), clock.local(last).date())
    after = language.say("{nouns} went dark from {days}", nouns=many, days=days)
    if degraded:
        after = language.many(
            "{nouns} went dark, {n} was degraded",
            "{nouns} went dark, {n} were degraded",
            degraded,
            n=language.number(degraded),
            nouns=many,
        )
    elif all(fall.account.status == "unmeasured" for fall in falls):
        after = language.say("{nouns} was measured from {days}", nouns=many, days=days)
    return Headline("", number, "", after), Markup("{}").format(after)


def _onsets(dark: Sequence[Fall], clock: Clock, *, together: bool) -> list[Markup]:
    """Return who fell first and last, and how close together most of them fell."""
    language = clock.language
    ordered = sorted((fall for fall in dark if fall.onset), key=onset_at)
    if len(ordered) < 2:  # noqa: PLR2004 — one alone was neither first nor last
        return [
            language.markup("{place} went dark at {at}.", place=bdi(fall.name), at=clock.time(onset_at(fall)))
            for fall in ordered
        ]
    first, last = ordered[0], ordered[-1]
    if onset_at(first) == onset_at(last):
        at = clock.time(onset_at(first))
        return [language.markup("They went dark at the same time, {at}.", at=at)]
    told = language.markup(
        "{first} was the first to go dark, at {begin}; {last} the last, at {end}.",
        first=bdi(first.name),
        begin=clock.time(onset_at(first)),
        last=bdi(last.name),
        end=clock.time(onset_at(last)),
    )
    if not together:
        return [told, language.markup("They did not fall together.")]
    begin, end = tightest([onset_at(fall) for fall in ordered])
    if end - begin < _HOUR:
        return [told, language.markup("Four of five fell within the same hour.")]
    length = language.bound((end - begin).total_seconds() / 3600)
    return [told, language.markup("Four of five fell within {hours} hours.", hours=length)]


def _statuses(falls: Sequence[Fall], language: Language) -> Markup:
    counts = count_statuses(falls)
    there = [(status, words) for status, words in _STATUS_WORDS if counts[status]]
    if len(there) == 1:
        return language.markup("All of them: {status}.", status=language.say(there[0][1]))
    parts = [
        language.many(*_STATUS_COUNTS[status], counts[status], n=language.number(counts[status]))
        for status, _ in there
    ]
    return Markup("{}.").format(capital(language.listing(parts)))


def _curfews(falls: Sequence[Fall], language: Language) -> list[Markup]:
    """Return the curfew of one entity, and how many others have one."""
    patterned = [fall for fall in falls if fall.account.patterns]
    if not patterned:
        return []
    first = patterned[0]
    values = {"place": bdi(first.name), "nights": say_pattern(first.account.patterns[0], language)}
    if len(patterned) == 1:
        return [language.markup("A curfew in {place}: {nights}.", **values)]
    return [
        language.markup_many(
            "A curfew in {place}: {nights}; {count} other also kept one.",
            "A curfew in {place}: {nights}; {count} others also kept one.",
            len(patterned) - 1,
            **values,
        )
    ]


def _keys(falls: Sequence[Fall], dark: Sequence[Fall], most_dark: int, language: Language) -> list[KeyNumber]:
    nouns = nouns_of([fall.account for fall in falls], language)
    if not dark:
        return []
    lengths = [fall.dark_h for fall in dark]
    keys = [
        KeyNumber(
            language.say("{nouns} that went dark", nouns=nouns.many),
            language.number(len(dark)),
            language.say("of {total}", total=language.number(len(falls))),
            part=False,
        ),
        KeyNumber(language.say("at once, at most"), language.number(most_dark), "", part=True),
        KeyNumber(
            language.say("dark hours, the median of them"),
            language.bound(median(lengths)),
            "",
            part=False,
        ),
        KeyNumber(
            language.say("dark hours, the longest"), language.number(round(max(lengths), 2)), "", part=True
        ),
    ]
    return keys if any(main_outage(fall.account) for fall in falls) else keys[:1]
