"""What is said of a name that cannot be placed: who it may have been."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from darkhours.model.errors import InputError, Problem
from darkhours.places.history import Beginning
from darkhours.places.record import Record, find_record
from darkhours.places.table import load_table

# Codes that people use for a country that has another one.
_USUAL = {"UK": "GB", "EL": "GR", "EN": "GB", "SU": "RU", "BU": "MM", "ZR": "CD", "TP": "TL", "CS": "RS"}
_FORMS = "'Almaty', 'KZ', 'country:KZ', 'region:KZ-75', 'city:1526384', 'asn:9198' or 'local:Name'"
_SHOWN = 60


def complain(message: str) -> InputError:
    """Return an error of the gazetteer with that message."""
    return InputError("gazetteer", (Problem("", message),))


def quote(text: str) -> str:
    """Return what was typed, short and without anything that a terminal would obey."""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def refuse_id(entity_id: str) -> InputError:
    """Return the error for an id that stands for nothing."""
    kind, _, rest = entity_id.partition(":")
    if kind == "country":
        return refuse_country(rest)
    if kind == "region":
        return _refuse_region(rest)
    if kind == "city":
        return complain(
            f"unknown city {quote(rest)}: expected a GeoNames id of a city of 15,000 people or more; "
            "look for it by name, or declare it under a name of your own, such as local:Name"
        )
    if kind == "asn" and re.fullmatch(r"[0-9]+", rest.partition("@")[0]):
        return complain(
            f"unknown network {quote(rest)}: expected a number from 1 to 4294967295, as in asn:9198@KZ"
        )
    return complain(f"unknown entity {quote(entity_id)}: expected one such as {_FORMS}")


def refuse_country(code: str) -> InputError:
    """Return the error for a code that no country has.

    >>> print(refuse_country("UK"))
    gazetteer: unknown country 'UK': did you mean 'GB'?
    """
    if code.upper() in _USUAL:
        return complain(f"unknown country {quote(code)}: did you mean '{_USUAL[code.upper()]}'?")
    codes = [key.removeprefix("country:") for key, _ in load_table("places.bin").scan("country:")]
    near = get_close_matches(code.upper()[:2], codes, n=5, cutoff=0.5)
    return complain(f"unknown country {quote(code)}: expected an ISO 3166-1 code{_ask(_name(near))}")


def _name(codes: Sequence[str]) -> list[str]:
    found = [find_record(f"country:{code}") for code in codes]
    return [f"'{record.id.removeprefix('country:')}' ({record.name})" for record in found if record]


def _refuse_region(code: str) -> InputError:
    country = code.partition("-")[0]
    outer = find_record(f"country:{country}")
    if outer is None:
        return refuse_country(country)
    rows = {
        key.removeprefix("region:"): row[0]
        for key, row in load_table("places.bin").scan(f"region:{country}-")
    }
    near = get_close_matches(code, rows, n=5, cutoff=0.7) or list(rows)[:5]
    named = [f"'{each}' ({rows[each]})" for each in near]
    return complain(f"unknown region {quote(code)} of {outer.name}: expected an ISO 3166-2 code{_ask(named)}")


def refuse_future_place(record: Record, beginning: Beginning) -> InputError:
    """Return the error for a place that was not there yet on the day asked for."""
    before = find_record(beginning.before) if beginning.before else None
    then = f"; until then it was part of {before.id} ({before.name})" if before else ""
    return complain(f"{record.id} ({record.name}) is there only since {beginning.since}{then}")


def refuse_name(text: str, near: Sequence[str]) -> InputError:
    """Return the error for a name that nothing goes by; ``near`` are lines that show candidates."""
    ask = _ask(near) or f": expected one such as {_FORMS}"
    return complain(f"unknown place {quote(text)}{ask}")


def refuse_namesakes(text: str, found: Sequence[str]) -> InputError:
    """Return the error for a name that several places go by, none far more than the others."""
    return complain(f"ambiguous place {quote(text)}: give the id of one: {'; '.join(found)}")


def _ask(candidates: Sequence[str]) -> str:
    if not candidates:
        return ""
    *others, last = candidates
    return f": did you mean {', '.join(others)} or {last}?" if others else f": did you mean {last}?"
