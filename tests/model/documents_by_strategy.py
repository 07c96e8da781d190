"""Strategies for accounts of any shape that a document can hold."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from darkhours.model import account as words
from darkhours.model.document_schema import NULLABLE_TOTALS, STANDINGS, STATUSES, VERDICTS
from darkhours.model.state import SERVICES, State

TEXTS = st.text(max_size=12)
NAMES = st.lists(TEXTS, max_size=3).map(tuple)
HOURS = st.integers(0, 3_000_000).map(lambda n: round(n / 1000, 4))
SHARES = st.integers(0, 10_000).map(lambda n: round(n / 10_000, 4))
ENTITIES = st.sampled_from(["country:KZ", "city:1526384", "asn:9198@KZ", "region:KZ-75", "local:Kerman/Bam"])
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 — set in UTC next
    lambda instant: instant.replace(microsecond=0, tzinfo=UTC)
)
DATES = st.dates(date(2000, 1, 1), date(2100, 1, 1))
CLOCKS = st.times().map(lambda clock: f"{clock:%H:%M}")
EDGES = st.builds(words.Edge, INSTANTS, INSTANTS, INSTANTS)
NUMS = st.builds(words.Num, HOURS, HOURS, HOURS, SHARES, HOURS)
TOTALS = st.fixed_dictionaries(
    {name: st.none() | NUMS if name in NULLABLE_TOTALS else NUMS for name in words.TOTAL_NAMES}
)
WINDOWS = st.builds(
    words.Window,
    state=st.sampled_from(State),
    start=EDGES,
    end=st.none() | EDGES,
    p=SHARES,
    detail=st.none() | TEXTS,
    families=NAMES,
    single_source=st.booleans(),
    evidence=NAMES,
    contested=NAMES,
)
RETURNS = st.builds(words.Return, EDGES, HOURS, st.none() | HOURS, HOURS)
ALTERNATIVES = st.builds(words.Alternative, INSTANTS, st.none() | INSTANTS, SHARES, st.none() | HOURS, HOURS)
OUTAGES = st.builds(
    words.Outage,
    start=EDGES,
    end=st.none() | EDGES,
    status=st.sampled_from(STATUSES),
    totals=TOTALS,
    returns=st.lists(RETURNS, max_size=2).map(tuple),
    alternatives=st.lists(ALTERNATIVES, max_size=2).map(tuple),
)
VERDICT = st.builds(
    words.Verdict, TEXTS, TEXTS, NUMS, st.none() | NUMS, st.sampled_from(VERDICTS), st.none() | TEXTS, TEXTS
)
PROVENANCES = st.builds(
    words.Provenance,
    program=TEXTS,
    parameters=st.dictionaries(TEXTS, st.integers(-9, 9) | TEXTS | st.just(1 / 600_000), max_size=3),
    seed=st.integers(0, 2**32),
    case_sha256=st.none() | TEXTS,
    inputs=NAMES,
)


def _some(values):
    return st.lists(values, max_size=2).map(tuple)


ACCOUNTS = st.builds(
    words.Account,
    case=st.none() | TEXTS,
    as_of=INSTANTS,
    status=st.sampled_from(STATUSES),
    entity=ENTITIES,
    name=TEXTS,
    tz=st.sampled_from(["Asia/Almaty", "UTC", "Asia/Kolkata"]),
    service=st.sampled_from(SERVICES),
    start=INSTANTS,
    until=INSTANTS,
    families=NAMES,
    windows=_some(WINDOWS),
    outages=_some(OUTAGES),
    totals=TOTALS,
    days=_some(st.builds(words.Day, DATES, HOURS, HOURS, HOURS, HOURS)),
    patterns=_some(
        st.builds(words.Pattern, st.just("curfew"), st.integers(3, 90), CLOCKS, CLOCKS, DATES, DATES)
    ),
    stages=_some(st.builds(words.Stage, ENTITIES, st.sampled_from(SERVICES), st.none() | EDGES)),
    verdicts=_some(VERDICT),
    contested=_some(st.builds(words.Contested, TEXTS, NAMES)),
    context=_some(st.builds(words.ContextItem, st.none() | INSTANTS, TEXTS, TEXTS)),
    provenance=PROVENANCES,
    standings=_some(st.builds(words.Standing, TEXTS, st.sampled_from(STANDINGS), st.none() | SHARES)),
    notes=NAMES,
)
