"""The headline and the sentences under it, composed from the account alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from darkhours.model.account import Account, Num, Window
from darkhours.model.state import State
from darkhours.render.clock import Clock
from darkhours.render.figures import NBSP, capital
from darkhours.render.language import ENGLISH, TO, Language, mark
from darkhours.render.markup import bdi, clean, tag
from darkhours.render.share import SURE
from darkhours.render.spans import counted, first_return, main_outage, outage_span, same, window_span
from darkhours.render.words import service_word


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline in parts: what, the number, its interval, and the rule in words."""

    before: str
    number: str = ""
    doubt: str = ""
    after: str = ""


def subject(account: Account, language: Language = ENGLISH) -> str:
    """Return whom the headline is about: the place, or a service in it."""
    name = clean(account.name)
    if account.service == "internet":
        return name
    service = capital(service_word(account.service, language))
    return language.say("{service} in {place}", service=service, place=name)


def span_words(account: Account, clock: Clock) -> str:
    """Return the span of an account in dates."""
    last = clock.local(account.until)
    end = last.date()
    if (last.hour, last.minute) == (0, 0) and account.until > account.start:
        end = datetime.fromordinal(end.toordinal() - 1).date()
    return clock.language.days(clock.local(account.start).date(), end)


def headline(account: Account, clock: Clock) -> Headline:
    """Return the headline: one number with its interval and its rule, or that there is none."""
    language = clock.language
    who, days = subject(account, language), span_words(account, clock)
    if account.status == "unmeasured":
        return Headline(
            language.say("{who}: nobody measured or told", who=who),
            after=language.say("from {days}", days=days),
        )
    if not account.outages:
        return Headline(
            language.say("{who} stayed up", who=who),
            after=language.say("from {days}, as far as the evidence goes", days=days),
        )
    if account.totals.get("gross_h") is None:
        return _never_dark(account, who, language)
    return (
        _pattern(account, who, language) or _several(account, who, language) or _one(account, who, language)
    )


def _never_dark(account: Account, who: str, language: Language) -> Headline:
    rule = {
        "ongoing": mark("so far, without going wholly dark"),
        "probation": mark("from the first trouble to the return"),
    }
    lasting = mark("from the first trouble to the lasting return")
    after = language.say(rule.get(account.status, lasting))
    verb = mark("{who} was disrupted for")
    if account.status == "ongoing":
        verb = mark("{who} has been disrupted for")
    return _numbered(language.say(verb, who=who), account.totals.get("disrupted_h"), after, language)


def _pattern(account: Account, who: str, language: Language) -> Headline | None:
    if not account.patterns or account.totals.get("first_return_h") is not None:
        return None
    nights = sum(pattern.nights for pattern in account.patterns)
    first = account.patterns[0]
    after = language.many(
        "on {count} night, from {begin} to {end}",
        "on {count} nights, from {begin} to {end}",
        nights,
        begin=language.digits(first.from_local),
        end=language.digits(first.until_local),
    )
    before = language.say("{who} was dark for", who=who)
    return _numbered(before, account.totals.get("dark_h"), after, language)


def _several(account: Account, who: str, language: Language) -> Headline | None:
    if len(account.outages) == 1:
        return None
    after = language.many("in {count} outage", "in {count} outages", len(account.outages))
    before = language.say("{who} was dark for", who=who)
    return _numbered(before, account.totals.get("dark_h"), after, language)


def _one(account: Account, who: str, language: Language) -> Headline:
    back, gross = account.totals.get("first_return_h"), account.totals.get("gross_h")
    before, after = mark("{who} was cut off for"), mark("from the first blackout to the first return")
    if back is None:
        after = mark("from blackout to return")
        if account.status == "ongoing":
            before, after = mark("{who} has been cut off for"), mark("since the first blackout")
    elif same(back, gross):
        after = mark("from the blackout to the return")
    elif account.status == "ongoing":
        after = mark("from the first blackout to the first return, and is off again")
    return _numbered(language.say(before, who=who), back or gross, language.say(after), language)


def _numbered(before: str, number: Num | None, after: str, language: Language) -> Headline:
    if number is None:
        return Headline(before.removesuffix(" for").rstrip(":"), after=after)
    doubt = f"({language.interval(number, TO)})" if language.doubtful(number) else ""
    return Headline(before, language.spell(number.value, "hour", glue=NBSP), doubt, after)


def sentences(account: Account, clock: Clock, *, disputes: bool = True) -> list[Markup]:
    """Return the sentences under the headline, most important first.

    Args:
        account: what they are about.
        clock: local time, and the language.
        disputes: whether those on what is contested stand among them.
    """
    if not account.outages:
        return [_nothing(account, clock.language)]
    found = [
        _span_sentence(account, clock),
        *_curfews(account, clock.language),
        *(dispute_sentences(account, clock) if disputes else ()),
    ]
    found.append(_since(account, clock))
    return [sentence for sentence in found if sentence]


def _nothing(account: Account, language: Language) -> Markup:
    if account.status == "unmeasured":
        return language.markup(
            "No statement and no measured series speaks of {place} in this span. Not measured is not up.",
            place=bdi(account.name),
        )
    return language.markup("No window of {place} is degraded or dark in this span.", place=bdi(account.name))


def _span_sentence(account: Account, clock: Clock) -> Markup:
    """Return where the headline's span begins and ends, and what its interval means."""
    rule = "first_return_h" if account.totals.get("first_return_h") else "gross_h"
    rule = rule if account.totals.get(rule) else "disrupted_h"
    spans, total = counted(account, rule), account.totals.get(rule)
    if len(spans) != 1 or total is None or (account.patterns and rule != "first_return_h"):
        return _outages_sentence(account, clock)
    language = clock.language
    ends = {"start": clock.time(spans[0][0]), "end": clock.time(spans[0][1])}
    found = language.markup("It ran from {start} to {end}.", **ends)
    if account.status == "ongoing" and rule != "first_return_h":
        found = language.markup(
            "It began at {start} and was not over at {end}, where the evidence ends.", **ends
        )
    if language.doubtful(total):
        found += " " + language.markup(
            "Nine in ten of the sampled histories with this beginning and end give between {low} and {high} "
            "hours.",
            low=language.bound(total.low),
            high=language.bound(total.high),
        )
    return found


def _outages_sentence(account: Account, clock: Clock) -> Markup:
    spans = [outage_span(account, outage) for outage in account.outages]
    ends = {"start": clock.time(spans[0][0]), "end": clock.time(spans[-1][1])}
    if len(spans) == 1:
        return clock.language.markup("It began at {start}, and ended at {end}.", **ends)
    return clock.language.markup_many(
        "The first of {count} outage began at {start}, the last ended at {end}.",
        "The first of {count} outages began at {start}, the last ended at {end}.",
        len(spans),
        **ends,
    )


def _curfews(account: Account, language: Language) -> list[Markup]:
    return [
        language.markup_many(
            "A curfew: dark from {begin} to {end} local time on {count} night, {days}.",
            "A curfew: dark from {begin} to {end} local time on {count} nights, {days}.",
            item.nights,
            begin=language.digits(item.from_local),
            end=language.digits(item.until_local),
            days=language.days(item.first, item.last),
        )
        for item in account.patterns
    ]


def dispute_sentences(account: Account, clock: Clock) -> list[Markup]:
    """Return a sentence on each contested window, at most two."""
    disputed = [window for window in account.windows if window.contested and window.p < SURE]
    return [_dispute(account, window, clock) for window in disputed[:2]]


def _dispute(account: Account, window: Window, clock: Clock) -> Markup:
    start, end = window_span(account, window)
    language = clock.language
    contested = tag("b", language.say("contested"))
    return language.markup_many(
        "Whether it was {state} for the {hours} from {start} is {contested}: {count} statement exclude each "
        "other; the sampled histories give it {share}, and the account keeps both sides.",
        "Whether it was {state} for the {hours} from {start} is {contested}: {count} statements exclude each "
        "other; the sampled histories give it {share}, and the account keeps both sides.",
        len(window.contested),
        state=language.state(window.state),
        hours=language.spell((end - start).total_seconds() / 3600, "hour"),
        start=clock.time(start),
        contested=contested,
        share=language.share(window.p),
    )


def _since(account: Account, clock: Clock) -> Markup:
    """Return what came after the first return, by status."""
    outage, back = main_outage(account), first_return(account)
    if outage is None:
        return Markup()
    later = [
        window for window in account.windows if back and window.start.at > back and window.state is State.DARK
    ]
    relapse, language = Markup(), clock.language
    if later:
        relapse = language.markup(
            "The first return did not last: it went dark again at {at}.", at=clock.time(later[0].start.at)
        ) + Markup(" ")
    end = clock.time(outage_span(account, outage)[1])
    if account.status == "ended":
        lasting = language.markup("It was back for good at {at}.", at=end)
        return relapse + lasting if later else Markup()
    if account.status == "probation":
        return relapse + language.markup(
            "It has been back since {at}; that is too recent to be called lasting.", at=end
        )
    return relapse + language.markup("It was not back at {at}.", at=end) if later else Markup()


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
    "first_return_h": (mark("hours to the first return"), False),
    "first_return_dark_h": (mark("of them dark"), True),
    "gross_h": (mark("hours to the lasting return"), False),
    "dark_h": (mark("of them dark"), True),
    "disrupted_h": (mark("hours not as usual"), False),
    "degraded_h": (mark("of them degraded"), True),
    "calendar_days": (mark("local days touched"), False),
}


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """One of the four key numbers: its words, value, interval, and whether it is a part of the one above."""

    words: str
    value: str
    doubt: str
    part: bool


def key_numbers(account: Account, language: Language = ENGLISH) -> list[KeyNumber]:
    """Return the four numbers that are quoted, with the rule of each in words."""
    totals = account.totals
    rules = [rule for rule in KEY_RULES if totals.get(rule)]
    if same(totals.get("first_return_h"), totals.get("gross_h")):
        rules = [rule for rule in rules if not rule.startswith("first_return")]
    if totals.get("gross_h") is None:
        rules = [rule for rule in rules if rule != "dark_h"]
    if same(totals.get("gross_h"), totals.get("disrupted_h")):
        rules = [rule for rule in rules if rule not in {"disrupted_h", "degraded_h"}]
    return [_key(account, rule, language) for rule in rules[:4]] if account.outages else []


def _key(account: Account, rule: str, language: Language) -> KeyNumber:
    total = account.totals[rule]
    words, part = KEY_WORDS[rule]
    if rule == "gross_h" and account.status != "ended":
        words = mark("hours to the return")
        if account.status == "ongoing":
            words = mark("hours since the first blackout")
    if rule == "gross_h" and len(account.outages) > 1:
        words = mark("hours from blackout to return, all outages")
    if total is None:
        return KeyNumber(language.say(words), "", "", part)
    return KeyNumber(language.say(words), language.number(total.value), language.interval(total), part)
