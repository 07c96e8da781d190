"""Accounts as JSON documents and back: the only place that knows the form of a document.

The names are those of the design and do not change; what each may hold stands in
`document_schema`, how one is read in `document_reader`, and what is said of a bad one in
`document_check`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from darkhours.model.account import TOTAL_NAMES, Account, Outage, Provenance, Totals, Window
from darkhours.model.document_reader import account_from_document
from darkhours.model.document_schema import ACCOUNT, OUTAGES, schema
from darkhours.model.json_text import indented, to_json

__all__ = ["account_from_document", "account_to_document", "outages_document", "schema", "to_json"]

Document = dict[str, Any]
"""A document as plain values, names in the order of the design."""

_DECIMALS = 4
"""Decimals of hours and shares: a third of a second, far below any edge."""
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def outages_document(accounts: Iterable[Account], notes: Iterable[str] = ()) -> Document:
    """Return several accounts as one ``darkhours.outages/1`` document."""
    listed = [account_to_document(account) for account in accounts]
    return {"schema": OUTAGES, "accounts": listed, "notes": list(notes)}


def outages_to_json(accounts: Iterable[Account], notes: Iterable[str] = ()) -> str:
    """Return the text of `outages_document`, one account after the other: long ones need not fit at once.

    >>> outages_to_json([], ["none"]) == to_json(outages_document([], ["none"]))
    True
    """
    texts = [indented(account_to_document(account), "\n    ") for account in accounts]
    listed = f"[\n    {f',{chr(10)}    '.join(texts)}\n  ]" if texts else "[]"
    told = indented(list(notes), "\n  ")
    return f'{{\n  "schema": "{OUTAGES}",\n  "accounts": {listed},\n  "notes": {told}\n}}'


def account_to_document(account: Account) -> Document:
    """Return an account as a ``darkhours.account/1`` document.

    Times in whole seconds UTC, hours and shares to four decimals; the parameters of the
    method are kept as they are, for they may be very small.
    """
    head = {
        "schema": ACCOUNT,
        "case": account.case,
        "as_of": _time(account.as_of),
        "status": account.status,
        "entity": {"id": account.entity, "name": account.name, "tz": account.tz},
        "service": account.service,
        "span": {"from": _time(account.start), "until": _time(account.until)},
        "families": list(account.families),
    }
    told = {
        "windows": [_window(window) for window in account.windows],
        "outages": [_outage(outage) for outage in account.outages],
        "totals": _totals(account.totals),
        "days": [_plain(day) for day in account.days],
        "patterns": [_plain(pattern) for pattern in account.patterns],
        "stages": [_plain(stage) for stage in account.stages],
        "verdicts": [_plain(verdict) for verdict in account.verdicts],
        "contested": [_plain(contested) for contested in account.contested],
        "context": [_plain(item) for item in account.context],
    }
    tail = {
        "provenance": _provenance(account.provenance),
        "standings": [_plain(standing) for standing in account.standings],
        "notes": list(account.notes),
    }
    return head | told | tail


def _time(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime(_TIME)


def _round(number: float) -> float:
    return round(number, _DECIMALS) + 0.0  # the sum turns -0.0 into 0.0


def _plain(value: Any) -> Any:  # noqa: ANN401 — any value of the model in, any JSON out
    """Return a value of the model as JSON: names as they are, times and numbers as documents have them."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return _round(value) if isinstance(value, float) else value


def _window(window: Window) -> Document:
    return {
        "state": str(window.state),
        "detail": window.detail,
        "start": _plain(window.start),
        "end": _plain(window.end),
        "p": _round(window.p),
        "families": list(window.families),
        "single_source": window.single_source,
        "evidence": list(window.evidence),
        "contested": list(window.contested),
    }


def _outage(outage: Outage) -> Document:
    return {
        "start": _plain(outage.start),
        "end": _plain(outage.end),
        "status": outage.status,
        "totals": _totals(outage.totals),
        "returns": [_plain(item) for item in outage.returns],
        "alternatives": [_plain(item) for item in outage.alternatives],
    }


def _totals(totals: Totals) -> Document:
    return {name: _plain(totals[name]) for name in TOTAL_NAMES}


def _provenance(provenance: Provenance) -> Document:
    return asdict(provenance) | {"inputs": list(provenance.inputs)}
