"""The text of a fresh case file, to be filled in by a person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta

_TEXT = """\
# A case: what is asked, and everything that was published about it.
# Lines that begin with # are examples and help: change them, or drop them.
# `darkhours check` reads this file and tells what is wrong or still missing.

[case]
id = {id}
# title = "A line that names the event"
tz = {tz}    # times below without an offset are in this zone
from = {start}    # begin some days before the first trouble: that shows what was ordinary
until = {until}    # end at least three days after the last return: until then it is on probation
entities = {entities}    # the first is the flagship; `darkhours entity NAME` finds ids

# Places that the gazetteer does not know, or that this case names in another way.
# [[entity]]
# id = "local:Old-Town"
# name = "Old Town"
# tz = {tz}
# within = [{flagship}]

# Who published what. kind: measurement, operator, official, ngo, press or witness.
# `published` matters: nobody can vouch for what came after.
# [[source]]
# id = "example-news"
# publisher = "Example News"
# kind = "press"
# url = "https://example.org/report"
# published = {day}T18:00:00

# What they said, one statement a claim, the note in your own words.
# `origin` is who observed it: ten reports of one press release have one origin.
# service: internet, fixed, mobile, web, messaging, social, voice, sms or payments.
# when, one of:
#   {{ turn = {day}T12:00:00, give = "30m" }}              it began then, give or take 30 minutes
#   {{ turn = {day} }}                                    it began on that day
#   {{ turn = [{day}T18:00:00, {day}T23:00:00] }}   it began somewhere in between; for = "3h" tells how long
#   {{ at = {day}T12:00:00 }}                             it held at that moment
#   {{ by = {day}T12:00:00, since = {day}T08:00:00 }}   it began in between and held at the end
#   {{ during = [{day}T08:00:00, {day}T12:00:00] }}   it held throughout
#   {{ within = [{day}T00:00:00, {day}T12:00:00], for = "4h" }}   four hours of it, somewhere inside
# [[claim]]
# id = "c001"
# source = "example-news"
# entity = {flagship}
# service = "internet"
# says = "dark"    # up, degraded or dark
# when = {{ turn = {day}T12:00:00, give = "1h" }}
# note = "nothing loads since noon"

# A total is checked against the account, never used as evidence.
# [[claim]]
# id = "c002"
# source = "example-news"
# entity = {flagship}
# service = "internet"
# says = {{ total = "gross_h", value = 20 }}

# Context, and words on other topics: kept beside the account.
# [[claim]]
# id = "c003"
# source = "example-news"
# says = {{ event = "state of emergency declared", at = {day}T15:00:00 }}
"""
_START, _UNTIL = date(2024, 1, 1), date(2024, 1, 15)
_PLACE = "local:My-Place"


def template(
    case_id: str,
    *,
    tz: str = "UTC",
    start: date = _START,
    until: date = _UNTIL,
    entities: Sequence[str] = (_PLACE,),
) -> str:
    """Return the text of a fresh case file; it reads without error as it stands.

    The examples in it are comments, and read without error too once they are uncommented
    (`entities` must be known to the gazetteer, or be ``local:``).

    Args:
        case_id: letters, digits, ``.``, ``_`` and ``-``.
        tz: IANA zone of naive times.
        start: first local day.
        until: the local day at whose begin the span ends; after `start`.
        entities: ids, the flagship first; at least one.

    Raises:
        ValueError: `start` is not before `until`, or there are no entities.

    >>> template("bam-2024").splitlines()[5]
    'id = "bam-2024"'
    """
    if start >= until:
        message = f"start must lie before until: got {start} and {until}"
        raise ValueError(message)
    if not entities:
        message = "entities must name at least one"
        raise ValueError(message)
    return _TEXT.format(
        id=_quoted(case_id),
        tz=_quoted(tz),
        start=f"{start.isoformat()}T00:00:00",
        until=f"{until.isoformat()}T00:00:00",
        entities=f"[{', '.join(map(_quoted, entities))}]",
        flagship=_quoted(entities[0]),
        day=(start + (until - start) / 2 if until - start > timedelta(days=1) else start).isoformat(),
    )


def _quoted(text: str) -> str:
    """Return ``text`` as a TOML string; JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
