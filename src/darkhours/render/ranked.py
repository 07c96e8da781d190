"""Entities in rank, longest dark first: as rows of the page, and all of them as CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from darkhours.model.account import Account, Num
from darkhours.model.entity import Entity
from darkhours.render.cells import write_csv
from darkhours.render.clock import Clock
from darkhours.render.figures import DASH
from darkhours.render.language import Language
from darkhours.render.onsets import Fall, find_falls
from darkhours.render.words import status_word

SHOWN, FOLDED = 40, 80
"""Rows in sight, and rows behind a fold; what is beyond stands in the documents and the CSV."""

_NOTHING = Markup("–")


@dataclass(frozen=True, slots=True)
class RankRow:
    """An entity: its place, name, region, status, dark hours with their interval, onset and end."""

    place: str
    name: str
    region: str
    status: str
    status_words: str
    dark: str
    doubt: str
    disrupted: str
    onset: Markup
    back: Markup


@dataclass(frozen=True, slots=True)
class Ranking:
    """The rows in sight, those behind a fold, and how many are left to the documents."""

    shown: tuple[RankRow, ...]
    folded: tuple[RankRow, ...]
    left_out: int
    regions: bool


def rank(falls: Sequence[Fall], clock: Clock) -> Ranking:
    """Return the ranking of entities that are already in rank; beyond the fold only those that fell."""
    rows = [_row(place, fall, clock) for place, fall in enumerate(falls[: SHOWN + FOLDED], 1)]
    regions = any(fall.region for fall in falls)
    return Ranking(tuple(rows[:SHOWN]), tuple(rows[SHOWN:]), len(falls) - len(rows), regions)


def _row(place: int, fall: Fall, clock: Clock) -> RankRow:
    account = fall.account
    dark, disrupted = account.totals.get("dark_h"), account.totals.get("disrupted_h")
    language = clock.language
    back = clock.time(fall.back, brief=True) if fall.back else _NOTHING
    if fall.back is None and account.status == "ongoing":
        back = language.markup("not yet")
    return RankRow(
        language.digits(str(place)),
        fall.name,
        fall.region,
        account.status,
        status_word(account.status, language),
        language.number(dark.value) if dark else DASH,
        _doubt(dark, language),
        language.number(disrupted.value) if disrupted else DASH,
        clock.time(fall.onset.at, brief=True) if fall.onset else _NOTHING,
        back,
    )


def _doubt(num: Num | None, language: Language) -> str:
    return language.interval(num) if num and num.low != num.high else ""


COLUMNS = (
    "rank", "entity", "name", "region", "status", "dark_h", "dark_h_low", "dark_h_high", "disrupted_h",
    "onset", "onset_earliest", "onset_latest", "ended", "latitude", "longitude",
)  # fmt: skip


def data_set_csv(accounts: Sequence[Account], entities: Mapping[str, Entity] | None = None) -> str:
    """Return every entity in rank as CSV, times in UTC; a text that looks like a formula gets an apostrophe.

    Args:
        accounts: of all entities.
        entities: what is known of them, by id.
    """
    falls = enumerate(find_falls(accounts, entities or {}), 1)
    return write_csv([COLUMNS, *(_cells(place, fall) for place, fall in falls)])


def _cells(place: int, fall: Fall) -> list[object]:
    account, onset = fall.account, fall.onset
    dark, disrupted = account.totals.get("dark_h"), account.totals.get("disrupted_h")
    edge = (onset.at, onset.earliest, onset.latest) if onset else (None, None, None)
    where = fall.place or ("", "")
    return [
        place,
        account.entity,
        fall.name,
        fall.region,
        account.status,
        *((dark.value, dark.low, dark.high) if dark else ("", "", "")),
        disrupted.value if disrupted else "",
        *map(_utc, edge),
        _utc(fall.back),
        *where,
    ]


def _utc(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""
