"""The headline and the sentences under it, composed from the account alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from darkhours.model.account import Account, Num, Window
from darkhours.model.state import State
from darkhours.render.clock import Clock
from darkhours.render.dates import long_days
from darkhours.render.figures import NBSP, count, hours, interval, share
from darkhours.render.markup import bdi, clean
from darkhours.render.share import SURE
from darkhours.render.spans import counted, first_return, main_outage, outage_span, same, window_span
from darkhours.render.words import SERVICES


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline in parts: what, the number, its interval, and the rule in words."""

    before: str
    number: str = ""
    doubt: str = ""
    after: str = ""


def subject(account: Account) -> str:
    """Return whom the headline is about: the place, or a service in it."""
    name = clean(account.name)
    if account.service == "internet":
        return name
    return f"{SERVICES.get(account.service, account.service)} in {name}".replace(
        "mobile", "Mobile", 1
    ).replace("wired", "Wired", 1)


def span_words(account: Account, clock: Clock) -> str:
    """Return the span of an account in dates."""
    last = clock.local(account.until)
    end = last.date()
    if (last.hour, last.minute) == (0, 0) and account.until > account.start:
        end = datetime.fromordinal(end.toordinal() - 1).date()
    return long_days(clock.local(account.start).date(), end)


def headline(account: Account, clock: Clock) -> Headline:
    """Return the headline: one number with its interval and its rule, or that there is none."""
    who, days = subject(account), span_words(account, clock)
    if account.status == "unmeasured":
        return Headline(f"{who}: nobody measured or told", after=f"from {days}")
    if not account.outages:
        return Headline(f"{who} stayed up", after=f"from {days}, as far as the evidence goes")
    if account.totals.get("gross_h") is None:
        return _never_dark(account, who)
    return _pattern(account, who) or _several(account, who) or _one(account, who)


def _never_dark(account: Account, who: str) -> Headline:
    rule = {
        "ongoing": "so far, without going wholly dark",
        "probation": "from the first trouble to the return",
    }
    after = rule.get(account.status, "from the first trouble to the lasting return")
    verb = "has been disrupted for" if account.status == "ongoing" else "was disrupted for"
    return _numbered(f"{who} {verb}", account.totals.get("disrupted_h"), after)


def _pattern(account: Account, who: str) -> Headline | None:
    if not account.patterns or account.totals.get("first_return_h") is not None:
        return None
    nights = sum(pattern.nights for pattern in account.patterns)
    first = account.patterns[0]
    after = f"on {count(nights, 'night')}, from {first.from_local} to {first.until_local}"
    return _numbered(f"{who} was dark for", account.totals.get("dark_h"), after)


def _several(account: Account, who: str) -> Headline | None:
    if len(account.outages) == 1:
        return None
    return _numbered(
        f"{who} was dark for", account.totals.get("dark_h"), f"in {count(len(account.outages), 'outage')}"
    )


def _one(account: Account, who: str) -> Headline:
    back, gross = account.totals.get("first_return_h"), account.totals.get("gross_h")
    if back is None:
        verb = "has been cut off for" if account.status == "ongoing" else "was cut off for"
        after = "since the first blackout" if account.status == "ongoing" else "from blackout to return"
        return _numbered(f"{who} {verb}", gross, after)
    after = "from the first blackout to the first return"
    if same(back, gross):
        after = "from the blackout to the return"
    elif account.status == "ongoing":
        after += ", and is off again"
    return _numbered(f"{who} was cut off for", back, after)


def _numbered(before: str, number: Num | None, after: str) -> Headline:
    if number is None:
        return Headline(before.rsplit(" ", 1)[0], after=after)
    doubt = interval(number, " to ")
    return Headline(
        before, f"{hours(number.value)}{NBSP}hours", f"({doubt})" if " to " in doubt else "", after
    )


def sentences(account: Account, clock: Clock) -> list[Markup]:
    """Return the sentences under the headline, most important first."""
    if not account.outages:
        return [_nothing(account)]
    found = [_span_sentence(account, clock), *_curfews(account), *dispute_sentences(account, clock)]
    found.append(_since(account, clock))
    return [sentence for sentence in found if sentence]


def _nothing(account: Account) -> Markup:
    if account.status == "unmeasured":
        return Markup(
            "No statement and no measured series speaks of {} in this span. Not measured is not up."
        ).format(bdi(account.name))
    return Markup("No window of {} is degraded or dark in this span.").format(bdi(account.name))


def _span_sentence(account: Account, clock: Clock) -> Markup:
    """Return where the headline's span begins and ends, and what its interval means."""
    rule = "first_return_h" if account.totals.get("first_return_h") else "gross_h"
    rule = rule if account.totals.get(rule) else "disrupted_h"
    spans, total = counted(account, rule), account.totals.get(rule)
    if len(spans) != 1 or total is None or (account.patterns and rule != "first_return_h"):
        return _outages_sentence(account, clock)
    found = Markup("It ran from {} to {}.").format(clock.time(spans[0][0]), clock.time(spans[0][1]))
    if account.status == "ongoing" and rule != "first_return_h":
        found = Markup("It began at {} and was not over at {}, where the evidence ends.").format(
            clock.time(spans[0][0]), clock.time(spans[0][1])
        )
    doubt = interval(total, " and ")
    if " and " in doubt:
        found += Markup(
            " Nine in ten of the sampled histories with this beginning and end give between {} hours."
        ).format(doubt)
    return found


def _outages_sentence(account: Account, clock: Clock) -> Markup:
    spans = [outage_span(account, outage) for outage in account.outages]
    first = f"The first of {count(len(spans), 'outage')}" if len(spans) > 1 else "It"
    last = "the last ended at" if len(spans) > 1 else "and ended at"
    return Markup("{} began at {}, {} {}.").format(
        first, clock.time(spans[0][0]), last, clock.time(spans[-1][1])
    )


def _curfews(account: Account) -> list[Markup]:
    return [
        Markup("A curfew: dark from {} to {} local time on {}, {}.").format(
            item.from_local, item.until_local, count(item.nights, "night"), long_days(item.first, item.last)
        )
        for item in account.patterns
    ]


def dispute_sentences(account: Account, clock: Clock) -> list[Markup]:
    """Return a sentence on each contested window, at most two."""
    disputed = [window for window in account.windows if window.contested and window.p < SURE]
    return [_dispute(account, window, clock) for window in disputed[:2]]


def _dispute(account: Account, window: Window, clock: Clock) -> Markup:
    start, end = window_span(account, window)
    length = hours((end - start).total_seconds() / 3600)
    question = Markup("Whether it was {} for the {} hours from {} is <b>contested</b>: ").format(
        window.state, length, clock.time(start)
    )
    sides = f"{count(len(window.contested), 'statement')} exclude each other; the sampled histories give it "
    return question + Markup("{}{}, and the account keeps both sides.").format(sides, share(window.p))


def _since(account: Account, clock: Clock) -> Markup:
    """Return what came after the first return, by status."""
    outage, back = main_outage(account), first_return(account)
    if outage is None:
        return Markup()
    later = [
        window for window in account.windows if back and window.start.at > back and window.state is State.DARK
    ]
    relapse = Markup()
    if later:
        relapse = Markup("The first return did not last: it went dark again at {}. ").format(
            clock.time(later[0].start.at)
        )
    end = clock.time(outage_span(account, outage)[1])
    if account.status == "ended":
        lasting = Markup("It was back for good at {}.").format(end)
        return relapse + lasting if later else Markup()
    if account.status == "probation":
        return relapse + Markup("It has been back since {}; that is too recent to be called lasting.").format(
            end
        )
    return relapse + Markup("It was not back at {}.").format(end) if later else Markup()


KEY_RULES = (
    "first_return_h",
    "first_return_dark_h",
    "gross_h",
    "dark_h",
    "disrupted_h",
    "degraded_h",
    "calendar_days",
)
KEY_WORDS = {
    "first_return_h": ("hours to the first return", False),
    "first_return_dark_h": ("of them dark", True),
    "gross_h": ("hours to the lasting return", False),
    "dark_h": ("of them dark", True),
    "disrupted_h": ("hours not as usual", False),
    "degraded_h": ("of them degraded", True),
    "calendar_days": ("local days touched", False),
}


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """One of the four key numbers: its words, value, interval, and whether it is a part of the one above."""

    words: str
    value: str
    doubt: str
    part: bool


def key_numbers(account: Account) -> list[KeyNumber]:
    """Return the four numbers that are quoted, with the rule of each in words."""
    totals = account.totals
    rules = [rule for rule in KEY_RULES if totals.get(rule)]
    if same(totals.get("first_return_h"), totals.get("gross_h")):
        rules = [rule for rule in rules if not rule.startswith("first_return")]
    if totals.get("gross_h") is None:
        rules = [rule for rule in rules if rule != "dark_h"]
    if same(totals.get("gross_h"), totals.get("disrupted_h")):
        rules = [rule for rule in rules if rule not in {"disrupted_h", "degraded_h"}]
    return [_key(account, rule) for rule in rules[:4]] if account.outages else []


def _key(account: Account, rule: str) -> KeyNumber:
    total = account.totals[rule]
    words, part = KEY_WORDS[rule]
    if rule == "gross_h" and account.status != "ended":
        words = "hours since the first blackout" if account.status == "ongoing" else "hours to the return"
    if rule == "gross_h" and len(account.outages) > 1:
        words = "hours from blackout to return, all outages"
    return KeyNumber(words, hours(total.value) if total else "", interval(total) if total else "", part)
