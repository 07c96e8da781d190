"""The language of a page: its words, its direction, its numbers and dates; English needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from functools import cache

from markupsafe import Markup

from darkhours.model.account import Num
from darkhours.model.errors import ConfigError, InputError, Problem
from darkhours.render.dates import MONTHS, WEEKDAYS, day_name, long_days
from darkhours.render.figures import NBSP, WORDS, hours, listing, rounded_bound, share
from darkhours.render.markup import FSI, PDI, settled, text_markup


def mark(message: str, /) -> str:
    """Return a message as it is: it stands in a table, and is said from there later."""
    return message


def mark_many(one: str, more: str, /) -> tuple[str, str]:
    """Return both forms of a plural message as they are, for `Language.many` later."""
    return one, more


def mark_term(context: str, message: str, /) -> str:  # noqa: ARG001 — the catalogues read it
    """Return a word as it is; its context is for the catalogues, and for `Language.term` later."""
    return message


LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "ru": "русский",
    "kk": "қазақ тілі",
    "fa": "فارسی",
    "ar": "العربية",
    "my": "မြန်မာ",
}
"""Every language that the pages speak: its code (BCP 47) and its name in itself, English first."""
RIGHT_TO_LEFT = frozenset({"ar", "fa"})
DASHED, TO, AND = mark("{low}–{high}"), mark("{low} to {high}"), mark("{low} and {high}")
"""How the ends of an interval are joined: in a table, after a number, after "between"."""
_LONGEST_HEADER, _MOST_WISHES = 1000, 40
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Language:
    """English, and the shape of every other language.

    A message is its English text with named places, ``"{n} more days"``. It is never markup:
    what needs an element gets it as a value, so that no translation can carry any.

    Args:
        code: BCP 47, such as ``ru``.
        name: the name of the language in itself.
        direction: ``ltr`` or ``rtl``.
    """

    code: str = "en"
    name: str = "English"
    direction: str = "ltr"

    # --- words -----------------------------------------------------------------------------------

    def say(self, message: str, /, **values: object) -> str:
        """Return a message with its values in place; the English one where no other is known.

        Plain text, to be escaped where it is shown; `Markup` where a value is markup, and then
        all the rest is escaped here. In a right-to-left language each value is isolated.

        >>> ENGLISH.say("{who} says dark", who="Kloop")
        'Kloop says dark'
        """
        return self._fill(self._look_up(message), values)

    def term(self, context: str, message: str, /, **values: object) -> str:
        """Return a short word that could be taken for another, told apart by its context.

        >>> ENGLISH.term("column", "Back")
        'Back'
        """
        return self._fill(self._look_up_in(context, message), values)

    def many(self, one: str, more: str, n: int, /, **values: object) -> str:
        """Return the plural form for ``n``; ``{n}`` is it in digits, ``{count}`` in words where short.

        >>> ENGLISH.many("{count} lane", "{count} lanes", 2), ENGLISH.many("{n} lane", "{n} lanes", 2)
        ('two lanes', '2 lanes')
        """
        values = {"n": self.digits(str(n)), "count": self.count(n), **values}
        return self._fill(self._look_up_many(one, more, n), values)

    def markup(self, message: str, /, **values: object) -> Markup:
        """Return a message as markup, for a template: text and plain values are escaped here."""
        return self._fill_markup(self._look_up(message), values)

    def markup_term(self, context: str, message: str, /, **values: object) -> Markup:
        """Return a word in its context as markup."""
        return self._fill_markup(self._look_up_in(context, message), values)

    def markup_many(self, one: str, more: str, n: int, /, **values: object) -> Markup:
        """Return the plural form for ``n`` as markup."""
        values = {"n": self.digits(str(n)), "count": self.count(n), **values}
        return self._fill_markup(self._look_up_many(one, more, n), values)

    def state(self, name: str) -> str:
        """Return the word of a state: up, degraded, dark or unknown; any other name as it is.

        >>> ENGLISH.state("dark")
        'dark'
        """
        return self._look_up_in("state", name)

    def tools(self) -> dict[str, object]:
        """Return what a template speaks with: ``_``, ``many``, ``term``, and ``language`` itself.

        ``{{ _("{who} says dark", who=name) }}``, ``{{ many("{n} day", "{n} days", days) }}``,
        ``{{ term("column", "Back") }}``; all give markup, safe between tags and between double quotes.
        """
        return {
            "_": self.markup,
            "many": self.markup_many,
            "term": self.markup_term,
            "language": self,
        }

    # --- writing ---------------------------------------------------------------------------------

    @property
    def html(self) -> Markup:
        """Return the attributes of the element ``html``: its language, and its direction.

        English says no direction: left to right is what an element has unless told.
        """
        if self.code == "en":
            return Markup('lang="en"')
        return Markup('lang="{}" dir="{}"').format(self.code, self.direction)

    @property
    def rtl(self) -> bool:
        """Tell whether the language is written from right to left."""
        return self.direction == "rtl"

    @property
    def comma(self) -> str:
        """Return what stands between the parts of a row of words."""
        return self.term("between parts", ", ")

    @property
    def semicolon(self) -> str:
        """Return what stands between parts that hold commas themselves."""
        return self.term("between parts", "; ")

    def isolate(self, text: object) -> str:
        """Return a value so that its direction ends where it ends; nothing is added from left to right.

        What was put together by `say`, and isolates its own values, runs as the sentence does around
        it. Text of others has no isolates left once it is cleaned, which is for whoever passes it on.
        """
        if hasattr(text, "__html__"):
            return Markup("<bdi>{}</bdi>").format(text) if self.rtl else Markup("{}").format(text)
        if not self.rtl:
            return str(text)
        shown = settled(text)
        return shown if FSI in shown else f"{FSI}{shown}{PDI}"

    # --- numbers ---------------------------------------------------------------------------------

    def number(self, value: float, digits: int = 2) -> str:
        """Return a number with at most ``digits`` decimals and no trailing zeros.

        >>> ENGLISH.number(1234.5)
        '1,234.5'
        """
        return hours(value) if digits == 2 else hours(round(value, digits))  # noqa: PLR2004 — what it does

    def tenths(self, value: float) -> str:
        """Return a number with one decimal always, so that a column of them stands on its points."""
        return f"{value:,.1f}"

    def digits(self, text: str) -> str:
        """Return a text of ours, such as ``22:00``, with the digits of the language."""
        return text

    def count(self, n: int) -> str:
        """Return a small whole number in words where the language does so, else in digits."""
        return WORDS[n] if 0 <= n < len(WORDS) else f"{n:,}"

    def bound(self, value: float) -> str:
        """Return an end of an interval: quarters as they are, anything else to a tenth."""
        return self.number(rounded_bound(value))

    def interval(self, num: Num, message: str = DASHED) -> str:
        """Return the 90 % interval of a number; one figure where it has no width.

        Args:
            num: the number.
            message: how its ends are joined, such as ``{low} to {high}``.
        """
        low, high = self.bound(num.low), self.bound(num.high)
        return low if low == high else self.say(message, low=low, high=high)

    def doubtful(self, num: Num) -> bool:
        """Tell whether the interval of a number has a width that is seen."""
        return self.bound(num.low) != self.bound(num.high)

    def share(self, p: float) -> str:
        """Return a probability as a whole per cent that never claims certainty it does not have."""
        return share(p)

    def percent(self, ratio: float) -> str:
        r"""Return a ratio as a whole per cent.

        >>> ENGLISH.percent(1.27)
        '127\xa0%'
        """
        return f"{ratio * 100:,.0f}{NBSP}%"

    def listing(self, parts: list[str]) -> str:
        """Return parts as a list in a sentence."""
        return listing(parts)

    def length(self, span: timedelta) -> str:
        r"""Return a length of time with its unit.

        >>> ENGLISH.length(timedelta(minutes=15)), ENGLISH.length(timedelta(hours=4))
        ('15\xa0min', '4\xa0h')
        """
        if span < _HOUR:
            return self.unit(span.total_seconds() / 60, "minute")
        if span >= 2 * _DAY and span % _DAY == timedelta(0):
            return self.unit(span // _DAY, "day")
        return self.unit(span / _HOUR, "hour")

    def unit(self, value: float, unit: str) -> str:
        """Return a number with its short unit: minute, hour or day."""
        if unit == "minute":
            return f"{value:g}{NBSP}min"
        if unit == "day":
            return f"{value:g}{NBSP}{'day' if value == 1 else 'days'}"
        return f"{hours(value)}{NBSP}h"

    def spell(self, value: float, unit: str, *, glue: str = " ") -> str:
        """Return a number with its unit spelled out: minute, hour or day.

        Args:
            value: how many.
            unit: ``minute``, ``hour`` or ``day``.
            glue: what stands between the two in English; elsewhere they never part.

        >>> ENGLISH.spell(111.5, "hour")
        '111.5 hours'
        """
        return f"{hours(value)}{glue}{unit}s"

    # --- dates: Gregorian, and hours from 00 to 23, in every language -----------------------------

    def day(self, day: date, *, year: bool = False) -> str:
        r"""Return a date, short.

        >>> ENGLISH.day(date(2022, 1, 5)), ENGLISH.day(date(2022, 1, 5), year=True)
        ('5\xa0Jan', '5\xa0Jan 2022')
        """
        return day_name(day) + (f" {day.year}" if year else "")

    def days(self, first: date, last: date, *, year: bool = True) -> str:
        """Return a range of dates.

        >>> ENGLISH.days(date(2022, 1, 2), date(2022, 1, 14))
        '2 to 14 January 2022'
        """
        return long_days(first, last, year=year)

    def named_day(self, day: date, *, month: bool = True) -> str:
        """Return a date with its day of the week, short.

        >>> ENGLISH.named_day(date(2022, 1, 5)), ENGLISH.named_day(date(2022, 1, 5), month=False)
        ('Wed 5 Jan', 'Wed 5')
        """
        return f"{WEEKDAYS[day.weekday()]} {day.day}" + (f" {MONTHS[day.month - 1]}" if month else "")

    def month(self, day: date) -> str:
        """Return the short name of the month of a date, standing alone."""
        return MONTHS[day.month - 1]

    def weekday(self, day: date) -> str:
        """Return the short name of a day of the week."""
        return WEEKDAYS[day.weekday()]

    def time_of_day(self, moment: datetime) -> str:
        """Return hour and minute of an instant in its own zone, from 00:00 to 23:59."""
        return f"{moment:%H:%M}"

    def reading(self, moment: datetime, *, year: bool = True) -> str:
        r"""Return an instant in its own zone, without naming the zone.

        >>> ENGLISH.reading(datetime(2022, 1, 5, 11, tzinfo=UTC))
        '5\xa0Jan 2022\xa011:00'
        """
        return f"{self.day(moment.date(), year=year)}{NBSP}{self.time_of_day(moment)}"

    def instant(self, moment: datetime, *, year: bool = True) -> str:
        r"""Return an instant in UTC, and say so.

        >>> ENGLISH.instant(datetime(2022, 1, 5, 11, tzinfo=UTC))
        '5\xa0Jan 2022\xa011:00\xa0UTC'
        """
        return f"{self.reading(moment.astimezone(UTC), year=year)}{NBSP}UTC"

    # --- what a translation replaces ---------------------------------------------------------------

    def _look_up(self, message: str) -> str:
        return message

    def _look_up_in(self, context: str, message: str) -> str:  # noqa: ARG002 — English needs no context
        return message

    def _look_up_many(self, one: str, more: str, n: int) -> str:
        return one if n == 1 else more

    def _fill(self, message: str, values: Mapping[str, object]) -> str:
        if not values:
            return message.format()
        if any(hasattr(value, "__html__") for value in values.values()):
            return self._fill_markup(message, values)
        return message.format(**{name: self.isolate(value) for name, value in values.items()})

    def _fill_markup(self, message: str, values: Mapping[str, object]) -> Markup:
        placed = {name: self.isolate(value) for name, value in values.items()}
        return Markup(text_markup(message)).format(**placed)  # noqa: S704 — escaped in the same breath


ENGLISH = Language()


@cache
def language(code: str) -> Language:
    """Return a language by its code.

    Raises:
        InputError: no page speaks it.
        ConfigError: it is not English, and the extra that knows other languages is not installed.
    """
    if code == "en":
        return ENGLISH
    if code not in LANGUAGES:
        near = get_close_matches(code.casefold(), LANGUAGES, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        known = ", ".join(LANGUAGES)
        raise InputError("--lang", [Problem("", f"expected one of {known}: got {code[:40]!r}{hint}")])
    try:
        from darkhours.render.translated import translated  # noqa: PLC0415 — an extra
    except ImportError as error:
        raise ConfigError(
            "a page in another language needs an extra: pip install 'darkhours[web]'"
        ) from error
    return translated(code, LANGUAGES[code], "rtl" if code in RIGHT_TO_LEFT else "ltr")


def best_language(accept_language: str | None) -> Language:
    """Return the language that a reader likes best of those we have; English where none is liked.

    Args:
        accept_language: the header of a request (RFC 9110, 12.5.4), such as ``kk-KZ, ru;q=0.8``.
            Untrusted: read up to a bound, and what does not parse is passed over.

    >>> best_language("de, en;q=0.3").code, best_language(None).code
    ('en', 'en')
    """
    liked = [_wish(part) for part in (accept_language or "")[:_LONGEST_HEADER].split(",")[:_MOST_WISHES]]
    for weight, code in sorted(liked, key=lambda wish: -wish[0]):
        if weight > 0 and code in LANGUAGES:
            return language(code)
    return ENGLISH


def _wish(part: str) -> tuple[float, str]:
    """Return weight and primary language of one part of the header."""
    tag, _, rest = part.partition(";")
    name, _, given = rest.partition("=")
    try:
        weight = float(given) if name.strip() == "q" else 1.0
    except ValueError:
        weight = 0.0
    return (weight if 0 <= weight <= 1 else 0.0), tag.strip().casefold().partition("-")[0]
