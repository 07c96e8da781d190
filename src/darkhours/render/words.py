"""The words of the page: states, services, rules, kinds, statuses; one meaning each."""

from __future__ import annotations

from collections.abc import Mapping

from darkhours.render.language import ENGLISH, Language, mark, mark_term

STATES = {
    "up": mark_term("state", "up"),
    "degraded": mark_term("state", "degraded"),
    "dark": mark_term("state", "dark"),
    "unknown": mark_term("state", "unknown"),
}

DETAILS = {
    "fixed-only": mark_term("detail", "mobile out, wired on"),
    "mobile-only": mark_term("detail", "wired out, mobile on"),
    "mobile-degraded": mark_term("detail", "mobile degraded"),
    "fixed-degraded": mark_term("detail", "wired degraded"),
    "announced-but-dark": mark_term("detail", "announced, but dark"),
    "withdrawn": mark_term("detail", "routes withdrawn"),
}
"""Details that our engine gives; any other is shown as the claim wrote it."""

SERVICES = {
    "internet": mark_term("service", "Internet"),
    "fixed": mark_term("service", "wired Internet"),
    "mobile": mark_term("service", "mobile Internet"),
    "web": mark_term("service", "websites"),
    "messaging": mark_term("service", "messaging"),
    "social": mark_term("service", "social media"),
    "voice": mark_term("service", "phone calls"),
    "sms": mark_term("service", "text messages"),
    "payments": mark_term("service", "payments"),
}

SHORT_DETAILS = {
    "fixed-only": mark_term("detail", "mobile out"),
    "mobile-only": mark_term("detail", "wired out"),
}
"""Details where there is little room."""

KINDS = {
    "measurement": mark_term("kind", "measurement"),
    "operator": mark_term("kind", "operator"),
    "official": mark_term("kind", "official"),
    "ngo": mark_term("kind", "NGO or monitor"),
    "press": mark_term("kind", "press"),
    "witness": mark_term("kind", "witness"),
}

STATUSES = {
    "none": mark_term("status", "no outage"),
    "unmeasured": mark_term("status", "not measured"),
    "ongoing": mark_term("status", "ongoing"),
    "probation": mark_term("status", "back, on probation"),
    "ended": mark_term("status", "ended"),
}

RULES = {
    "first_return_h": (
        mark("To the first return"),
        mark("every hour from the first blackout until the longest cut ended"),
    ),
    "first_return_dark_h": (
        mark("Dark, to the first return"),
        mark("the same span, only the hours that were dark"),
    ),
    "gross_h": (
        mark("To the lasting return"),
        mark("every hour from the first blackout until service was back to stay"),
    ),
    "dark_h": (mark("Dark in all"), mark("dark hours, restorations taken out")),
    "degraded_h": (mark("Degraded in all"), mark("hours of partial, slow or patchy service")),
    "restored_h": (mark("Restored"), mark("hours of full service inside the outage")),
    "disrupted_h": (
        mark("Disrupted in all"),
        mark("every hour from the first trouble to the lasting return"),
    ),
    "unknown_h": (mark("Unknown"), mark("hours inside the outage that nobody measured or told")),
    "whole_days_h": (mark("Whole days"), mark("every day begun, taken as 24 hours")),
    "calendar_days": (mark("Local days"), mark("calendar days with at least half an hour not up")),
}
"""Rules of counting: a name, and what it counts."""

RULES_SOFAR = {
    "gross_h": (mark("Since the first blackout"), mark("every hour from the first blackout until now")),
    "disrupted_h": (mark("Disrupted so far"), mark("every hour since the first trouble")),
}
"""The rules whose words are other while an outage is not over."""

RULES_PHRASE = {
    "first_return_h": mark("every hour from the first blackout to the first return"),
    "first_return_dark_h": mark("only the dark hours up to the first return"),
    "gross_h": mark("every hour from the first blackout to the lasting return"),
    "dark_h": mark("all dark hours"),
    "degraded_h": mark("all degraded hours"),
    "restored_h": mark("the restored hours"),
    "disrupted_h": mark("every hour from the first trouble to the lasting return"),
    "unknown_h": mark("the hours that nobody measured or told"),
    "whole_days_h": mark("whole days of 24 hours"),
    "calendar_days": mark("local calendar days with at least half an hour not up"),
}
"""The rules inside a sentence, after "count" or "counting"."""

RULES_SHORT = {
    "first_return_h": mark_term("rule", "first return"),
    "first_return_dark_h": mark_term("rule", "first return dark"),
    "gross_h": mark_term("rule", "gross"),
    "dark_h": mark_term("rule", "dark"),
    "degraded_h": mark_term("rule", "degraded"),
    "restored_h": mark_term("rule", "restored"),
    "disrupted_h": mark_term("rule", "disrupted"),
    "unknown_h": mark_term("rule", "unknown"),
    "whole_days_h": mark_term("rule", "whole days"),
    "calendar_days": mark_term("rule", "calendar days"),
}
"""The rules after a number of hours."""

STANDINGS = {
    "agrees": mark_term("standing", "agrees"),
    "doubtful": mark_term("standing", "doubtful"),
    "contradicted": mark_term("standing", "contradicted"),
    "copy": mark_term("standing", "a copy"),
    "unused": mark_term("standing", "kept, unused"),
}

VERDICTS = {
    "supported": mark_term("verdict", "Supported"),
    "contradicted": mark_term("verdict", "Contradicted"),
    "fits-another-rule": mark_term("verdict", "Fits another rule"),
    "undecided": mark_term("verdict", "Undecided"),
}

EXTENTS = {"all": "", "most": mark_term("extent", "most"), "some": mark_term("extent", "in part")}


def rule_name(rule: str, language: Language = ENGLISH) -> str:
    """Return the name of a rule; one that we do not know is spelled out as it is written."""
    return language.say(RULES[rule][0]) if rule in RULES else spelled(rule)


def rule_words(rule: str, language: Language = ENGLISH, *, sofar: bool = False) -> tuple[str, str]:
    """Return the name of a known rule and what it counts; ``sofar`` while an outage is not over."""
    name, words = RULES_SOFAR.get(rule, RULES[rule]) if sofar else RULES[rule]
    return language.say(name), language.say(words)


def rule_phrase(rule: str, language: Language = ENGLISH) -> str:
    """Return a rule as part of a sentence."""
    return language.say(RULES_PHRASE[rule]) if rule in RULES_PHRASE else spelled(rule)


def rule_short(rule: str, language: Language = ENGLISH) -> str:
    """Return a rule as it stands after a number of hours."""
    return _word("rule", RULES_SHORT, rule, language) if rule in RULES_SHORT else spelled(rule)


def spelled(name: str) -> str:
    """Return a name of the documents as words."""
    return name.removesuffix("_h").replace("_", " ").replace("-", " ")


def detail_words(detail: str | None, language: Language = ENGLISH) -> str:
    """Return a detail of a state in words, "" for none."""
    return "" if detail is None else _word("detail", DETAILS, detail, language)


def short_detail(detail: str | None, language: Language = ENGLISH) -> str:
    """Return a detail where there is little room, "" for none."""
    if detail not in SHORT_DETAILS:
        return detail_words(detail, language)
    return _word("detail", SHORT_DETAILS, detail, language)


def service_word(service: str, language: Language = ENGLISH) -> str:
    """Return the name of a service."""
    return _word("service", SERVICES, service, language)


def kind_word(kind: str, language: Language = ENGLISH) -> str:
    """Return the kind of a source."""
    return _word("kind", KINDS, kind, language)


def status_word(status: str, language: Language = ENGLISH) -> str:
    """Return the status of an account or of an outage."""
    return _word("status", STATUSES, status, language)


def standing_word(standing: str, language: Language = ENGLISH) -> str:
    """Return how a claim fares."""
    return _word("standing", STANDINGS, standing, language)


def verdict_word(verdict: str, language: Language = ENGLISH) -> str:
    """Return the name of a verdict."""
    return _word("verdict", VERDICTS, verdict, language) if verdict in VERDICTS else spelled(verdict)


def extent_word(extent: str, language: Language = ENGLISH) -> str:
    """Return how much of a place a claim speaks of, "" for all of it."""
    return _word("extent", EXTENTS, extent, language) if EXTENTS.get(extent) else ""


def _word(context: str, table: Mapping[str, str], name: str, language: Language) -> str:
    """Return the word of a table for a name of the documents; a name that it lacks as it is."""
    return language.term(context, table[name]) if name in table else name


def unit_word(rule: str) -> str:
    """Return the unit of a rule in English, for the terminal and the pages to file."""
    return "days" if rule == "calendar_days" else "hours"


def rule_amount(rule: str, value: float, language: Language = ENGLISH) -> str:
    """Return a value of a rule with its unit."""
    return language.spell(value, "day" if rule == "calendar_days" else "hour")
