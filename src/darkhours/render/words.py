"""The words of the page: states, services, rules, kinds, statuses; one meaning each."""

from __future__ import annotations

from darkhours.render.language import mark_term

STATES = {
    "up": mark_term("state", "up"),
    "degraded": mark_term("state", "degraded"),
    "dark": mark_term("state", "dark"),
    "unknown": mark_term("state", "unknown"),
}

DETAILS = {
    "fixed-only": "mobile out, wired on",
    "mobile-only": "wired out, mobile on",
    "mobile-degraded": "mobile degraded",
    "fixed-degraded": "wired degraded",
    "announced-but-dark": "announced, but dark",
    "withdrawn": "routes withdrawn",
}
"""Details that our engine gives; any other is shown as the claim wrote it."""

SERVICES = {
    "internet": "Internet",
    "fixed": "wired Internet",
    "mobile": "mobile Internet",
    "web": "websites",
    "messaging": "messaging",
    "social": "social media",
    "voice": "phone calls",
    "sms": "text messages",
    "payments": "payments",
}

SHORT_DETAILS = {"fixed-only": "mobile out", "mobile-only": "wired out"}
"""Details where there is little room."""

KINDS = {
    "measurement": "measurement",
    "operator": "operator",
    "official": "official",
    "ngo": "NGO or monitor",
    "press": "press",
    "witness": "witness",
}

STATUSES = {
    "none": "no outage",
    "unmeasured": "not measured",
    "ongoing": "ongoing",
    "probation": "back, on probation",
    "ended": "ended",
}

RULES = {
    "first_return_h": (
        "To the first return",
        "every hour from the first blackout until the longest cut ended",
    ),
    "first_return_dark_h": ("Dark, to the first return", "the same span, only the hours that were dark"),
    "gross_h": ("To the lasting return", "every hour from the first blackout until service was back to stay"),
    "dark_h": ("Dark in all", "dark hours, restorations taken out"),
    "degraded_h": ("Degraded in all", "hours of partial, slow or patchy service"),
    "restored_h": ("Restored", "hours of full service inside the outage"),
    "disrupted_h": ("Disrupted in all", "every hour from the first trouble to the lasting return"),
    "unknown_h": ("Unknown", "hours inside the outage that nobody measured or told"),
    "whole_days_h": ("Whole days", "every day begun, taken as 24 hours"),
    "calendar_days": ("Local days", "calendar days with at least half an hour not up"),
}
"""Rules of counting: a name, and what it counts."""

RULES_SOFAR = {
    "gross_h": ("Since the first blackout", "every hour from the first blackout until now"),
    "disrupted_h": ("Disrupted so far", "every hour since the first trouble"),
}
"""The rules whose words are other while an outage is not over."""

RULES_PHRASE = {
    "first_return_h": "every hour from the first blackout to the first return",
    "first_return_dark_h": "only the dark hours up to the first return",
    "gross_h": "every hour from the first blackout to the lasting return",
    "dark_h": "all dark hours",
    "degraded_h": "all degraded hours",
    "restored_h": "the restored hours",
    "disrupted_h": "every hour from the first trouble to the lasting return",
    "unknown_h": "the hours that nobody measured or told",
    "whole_days_h": "whole days of 24 hours",
    "calendar_days": "local calendar days with at least half an hour not up",
}
"""The rules inside a sentence, after "count" or "counting"."""

STANDINGS = {
    "agrees": "agrees",
    "doubtful": "doubtful",
    "contradicted": "contradicted",
    "copy": "a copy",
    "unused": "kept, unused",
}

VERDICTS = {
    "supported": "Supported",
    "contradicted": "Contradicted",
    "fits-another-rule": "Fits another rule",
    "undecided": "Undecided",
}

EXTENTS = {"all": "", "most": "most", "some": "in part"}


def rule_name(rule: str) -> str:
    """Return the name of a rule; one that we do not know is spelled out as it is written."""
    return RULES[rule][0] if rule in RULES else spelled(rule)


def rule_phrase(rule: str) -> str:
    """Return a rule as part of a sentence."""
    return RULES_PHRASE.get(rule, spelled(rule))


def spelled(name: str) -> str:
    """Return a name of the documents as words."""
    return name.removesuffix("_h").replace("_", " ").replace("-", " ")


def detail_words(detail: str | None) -> str:
    """Return a detail of a state in words, "" for none."""
    return "" if detail is None else DETAILS.get(detail, detail)


def unit_word(rule: str) -> str:
    """Return the unit of a rule."""
    return "days" if rule == "calendar_days" else "hours"
