"""A language that is not English: words from its catalogue, numbers and dates by CLDR (extra: web)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from darkhours.render.figures import NBSP
from darkhours.render.language import Language
from darkhours.render.markup import FSI, PDI

DOMAIN = "darkhours"
_ZEROS = {"latn": "0", "arab": "\u0660", "arabext": "\u06f0", "mymr": "\u1040"}
"""The digit nought of each system of digits; the other nine follow it (Unicode)."""
_NO_MARKS = {0x200E: None, 0x200F: None}
"""CLDR's marks of direction: values are isolated here, and a lone mark would be shown as what it is."""
_A_MONDAY = date(2022, 1, 3)
_HALF_PER_CENT = 0.005


@dataclass(frozen=True, slots=True)
class Translated(Language):
    """A language with a catalogue; a word that the catalogue lacks is said in English.

    Args:
        locale: what CLDR knows of it.
        words: its catalogue.
    """

    locale: Locale = field(kw_only=True)
    words: GNUTranslations = field(kw_only=True)

    def number(self, value: float, digits: int = 2) -> str:
        """Return a number with the digits and separators that CLDR gives the language."""
        shown = format_decimal(
            round(value, digits) or 0.0,
            format="#,##0." + "#" * digits,
            locale=self.locale,
            numbering_system="default",
        )
        return self.digits(shown)

    def tenths(self, value: float) -> str:
        """Return a number with one decimal always."""
        shown = format_decimal(
            round(value, 1) or 0.0, format="#,##0.0", locale=self.locale, numbering_system="default"
        )
        return self.digits(shown)

    def count(self, n: int) -> str:
        """Return a whole number, always in digits: words for numbers decline, digits do not."""
        return self.number(n)

    def share(self, p: float) -> str:
        """Return a probability as a whole per cent that never claims certainty it does not have."""
        if 0 < p < _HALF_PER_CENT:
            return self.term("share", "<{share}", share=self._per_cent(0.01))
        if 1 - _HALF_PER_CENT <= p < 1:
            return self.term("share", ">{share}", share=self._per_cent(0.99))
        return self._per_cent(p)

    def percent(self, ratio: float) -> str:
        """Return a ratio as a whole per cent."""
        return self._per_cent(ratio)

    def listing(self, parts: list[str]) -> str:
        """Return parts as a list in a sentence."""
        return format_list(parts, locale=self.locale).translate(_NO_MARKS)

    def unit(self, value: float, unit: str) -> str:
        """Return a number with its short unit: minute, hour or day."""
        return self._unit(value, unit, "short")

    def spell(self, value: float, unit: str, *, glue: str = " ") -> str:  # noqa: ARG002 — they never part
        """Return a number with its unit spelled out, in the form that the number asks for."""
        return self._unit(value, unit, "long")

    def _unit(self, value: float, unit: str, length: Literal["short", "long"]) -> str:
        told = format_unit(
            round(value, 2), f"duration-{unit}", length, locale=self.locale, numbering_system="default"
        )
        return self.digits(told).replace(" ", NBSP)

    def day(self, day: date, *, year: bool = False) -> str:
        """Return a date, short."""
        told = format_skeleton("yMMMd" if year else "MMMd", _noon(day), locale=self.locale)
        return self.digits(told).replace(" ", NBSP)

    def days(self, first: date, last: date, *, year: bool = True) -> str:
        """Return a range of dates."""
        skeleton = "yMMMd" if year else "MMMd"
        return self.digits(
            format_interval(_noon(first), _noon(last), skeleton, locale=self.locale)
            if first != last
            else format_skeleton(skeleton, _noon(first), locale=self.locale)
        )

    def named_day(self, day: date, *, month: bool = True) -> str:
        """Return a date with its day of the week, short: the shortest name that CLDR has for it."""
        weekday = format_date(day, "EEEEEE", locale=self.locale)
        if any(map(str.isdigit, format_date(_A_MONDAY, "EEEEEE", locale=self.locale))):
            # Persian counts most of its days: beside a date that is one number too many.
            weekday = self.weekday(day)
        return f"{weekday} {self.day(day) if month else self.digits(str(day.day))}"

    def month(self, day: date) -> str:
        """Return the short name of the month of a date, standing alone."""
        return format_date(day, "LLL", locale=self.locale)

    def weekday(self, day: date) -> str:
        """Return the short name of a day of the week."""
        return format_date(day, "EEE", locale=self.locale)

    def time_of_day(self, moment: datetime) -> str:
        """Return hour and minute of an instant in its own zone, from 00:00 to 23:59."""
        return self.digits(f"{moment:%H:%M}")

    def _per_cent(self, p: float) -> str:
        shown = format_percent(p, locale=self.locale, numbering_system="default")
        system = self.locale.number_symbols.get(self.locale.default_numbering_system, {})
        return self.digits(shown.replace("%", system.get("percentSign", "%")))

    def digits(self, text: str) -> str:
        """Return text with the digits of the language; Babel writes those of Latin everywhere."""
        zero = _ZEROS.get(self.locale.default_numbering_system, "0")
        ten = {ord("0") + digit: ord(zero) + digit for digit in range(10)}
        return text.translate(ten).translate(_NO_MARKS)

    def _look_up(self, message: str) -> str:
        return self.words.gettext(message) if message else message

    def _look_up_in(self, context: str, message: str) -> str:
        return self.words.pgettext(context, message)

    def _look_up_many(self, one: str, more: str, n: int) -> str:
        return self.words.ngettext(one, more, n)


class _Isolated(NullTranslations):
    """English where a right-to-left catalogue lacks a message: isolated, so that its full stop ends it."""

    def gettext(self, message: str) -> str:
        """Return a message in English."""
        return f"{FSI}{message}{PDI}"

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002 — English needs no context
        """Return a word in English."""
        return f"{FSI}{message}{PDI}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the English plural form for ``n``."""
        return f"{FSI}{msgid1 if n == 1 else msgid2}{PDI}"


def translated(code: str, name: str, direction: str) -> Translated:
    """Return a language with the catalogue that the package carries for it."""
    place = files("darkhours.render").joinpath(f"catalogues/{code}/LC_MESSAGES/{DOMAIN}.mo")
    words = GNUTranslations(BytesIO(place.read_bytes()))
    if direction == "rtl":
        words.add_fallback(_Isolated())
    return Translated(code, name, direction, locale=Locale.parse(code), words=words)


def _noon(day: date) -> datetime:
    """Return the middle of a day: Babel takes instants where it takes a skeleton."""
    return datetime(day.year, day.month, day.day) + timedelta(hours=12)  # noqa: DTZ001 — a day, no instant
