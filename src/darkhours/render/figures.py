"""Numbers as people write them: hours, intervals, shares, counts."""

from __future__ import annotations

from collections.abc import Sequence

from darkhours.model.account import Num

WORDS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
NBSP, DASH = "\u00a0", "\u2013"
_QUARTERS, _NEAR = 4, 0.006


def hours(value: float) -> str:
    """Return hours with at most two decimals and no trailing zeros.

    >>> hours(111.5), hours(135.25), hours(127.0), hours(1234.0)
    ('111.5', '135.25', '127', '1,234')
    """
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def bound(value: float) -> str:
    """Return an end of an interval: quarters as they are, anything else to a tenth.

    >>> bound(110.25), bound(110.333), bound(8.0)
    ('110.25', '110.3', '8')
    """
    return hours(rounded_bound(value))


def rounded_bound(value: float) -> float:
    """Return an end of an interval as finely as it is told."""
    quarters = value * _QUARTERS
    return value if abs(quarters - round(quarters)) < _NEAR else round(value, 1)


def interval(num: Num, between: str = DASH) -> str:
    """Return the 90 % interval of a number; one figure where it has no width."""
    low, high = bound(num.low), bound(num.high)
    return low if low == high else f"{low}{between}{high}"


def share(p: float) -> str:
    r"""Return a probability as a whole per cent that never claims certainty it does not have.

    >>> share(0.564), share(0.999), share(1.0), share(0.001)
    ('56\xa0%', '>99\xa0%', '100\xa0%', '<1\xa0%')
    """
    if 0 < p < 0.005:  # noqa: PLR2004 — half a per cent, where rounding would say 0
        return f"<1{NBSP}%"
    if 0.995 <= p < 1:  # noqa: PLR2004 — half a per cent, where rounding would say 100
        return f">99{NBSP}%"
    return f"{p:.0%}".replace("%", f"{NBSP}%")


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun, in words up to twelve.

    >>> count(1, "day"), count(13, "lane"), count(2, "city", "cities")
    ('one day', '13 lanes', 'two cities')
    """
    told = WORDS[number] if 0 <= number < len(WORDS) else f"{number:,}"
    return f"{told} {noun if number == 1 else plural or noun + 's'}"


def capital(text: str) -> str:
    """Return ``text`` with its first letter large and the rest as it is."""
    return text[:1].upper() + text[1:]


def listing(parts: Sequence[str]) -> str:
    """Return parts as a list in a sentence.

    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])} and {parts[-1]}"  # noqa: PLR2004
