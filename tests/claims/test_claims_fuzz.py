"""Whatever bytes come in, a case or an InputError comes out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time

from hypothesis import example, given, settings
from hypothesis import strategies as st
from small_case import CLAIMS, HEAD, SMALL, look_up, read

from darkhours.claims import read_case, summary
from darkhours.claims.claim import CLAIM_KEYS
from darkhours.claims.entity import ENTITY_KEYS
from darkhours.claims.header import CASE_KEYS
from darkhours.claims.says import SAYS_KEYS
from darkhours.claims.series import SERIES_KEYS
from darkhours.claims.source import SOURCE_KEYS
from darkhours.claims.when import WHEN_KEYS
from darkhours.model.case import Case
from darkhours.model.errors import InputError

DATA = SMALL.encode()


def told(error: InputError) -> InputError:
    """Return an error that tells something, and tells it in signs that can be seen."""
    assert error.problems
    assert all(problem.text(error.file).isprintable() for problem in error.problems)
    return error


def outcome(data: bytes) -> Case | InputError:
    """Return what comes out; anything but a case or an InputError fails the test."""
    try:
        case = read_case(data, file="fuzz.toml", lookup=look_up)
    except InputError as error:
        return told(error)
    assert str(summary(case))
    assert case.start < case.until
    assert {claim.entity for claim in case.claims} | set(case.entities) <= set(case.places)
    return case


@given(st.binary(max_size=300))
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe[\0c\0")
@example(b"case = 1\nclaim = [1]\nentity = {}\nseries = [[]]")
def test_random_bytes_are_a_case_or_an_error(data):
    outcome(data)


@given(st.text(alphabet="[]{}=\".,'#\n\\ acdeilmnsty0123456789-:TZ+_\x00\u202e\ue000", max_size=200))
def test_random_toml_like_text_is_a_case_or_an_error(text):
    outcome(text.encode())


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(st.integers(0, len(DATA)), st.integers(0, 40), st.binary(max_size=12)),
        min_size=1,
        max_size=4,
    )
)
def test_a_case_with_random_cuts_and_insertions_is_a_case_or_an_error(edits):
    data = DATA
    for place, cut, insertion in edits:
        data = data[:place] + insertion + data[place + cut :]
    outcome(data)


LINES = SMALL.split("\n")


@given(st.lists(st.sampled_from(LINES), max_size=60))
def test_the_lines_of_a_case_in_any_order_are_a_case_or_an_error(lines):
    outcome("\n".join(lines).encode())


WORDS = (
    "dark",
    "up",
    "internet",
    "country:KZ",
    "local:x",
    "city:1526384",
    "probes",
    "c1",
    "1h",
    "0m",
    "press",
    "deaths",
    "gross_h",
    "Asia/Almaty",
    "UTC",
    "https://example.org",
    "\ue000unreadable\ue000",
)
SCALARS = (
    st.sampled_from(WORDS)
    | st.text(max_size=12)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.dates()
    | st.dates(date(2022, 1, 1), date(2022, 1, 20))
    | st.datetimes(datetime(2022, 1, 1), datetime(2022, 1, 20))  # noqa: DTZ001 — naive times are what a case holds
    | st.datetimes()
    | st.times()
)
TIMES = st.datetimes(datetime(2022, 1, 2), datetime(2022, 1, 18))  # noqa: DTZ001
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.lists(TIMES, min_size=2, max_size=2)


def tables(keys: tuple[str, ...], values=VALUES):
    return st.dictionaries(st.sampled_from(keys) | st.text(min_size=1, max_size=5), values, max_size=8)


INNER = st.dictionaries(st.sampled_from(WHEN_KEYS + SAYS_KEYS), VALUES, max_size=4)
FILES = st.fixed_dictionaries(
    {},
    optional={
        "case": tables(CASE_KEYS),
        "entity": st.lists(tables(ENTITY_KEYS), max_size=2),
        "source": st.lists(tables(SOURCE_KEYS), max_size=2),
        "claim": st.lists(tables(CLAIM_KEYS, VALUES | INNER), max_size=3),
        "series": st.lists(tables(SERIES_KEYS), max_size=2),
        "other": VALUES,
    },
)


def toml(value: object) -> str:
    """Return ``value`` as an inline TOML value."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value).replace("\x7f", "\\u007f")
        case date() | time():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return "{" + ", ".join(f"{toml(key)} = {toml(item)}" for key, item in value.items()) + "}"
        case _:
            return str(value)


@settings(max_examples=300)
@given(FILES)
def test_random_tables_are_a_case_or_an_error(tree):
    outcome(
        "\n".join(f"{key} = {toml(value)}" for key, value in tree.items()).encode("utf-8", "surrogatepass")
    )


@settings(max_examples=300)
@given(st.sampled_from(CLAIM_KEYS), VALUES | INNER, st.sampled_from(CLAIMS))
def test_one_random_value_in_a_right_claim_is_a_case_or_an_error(key, value, claim):
    lines = [line for line in claim.split("\n") if not line.startswith(f"{key} =")]
    outcome("\n".join([HEAD, *lines, f"{key} = {toml(value)}"]).encode("utf-8", "surrogatepass"))


@given(st.permutations(CLAIMS))
def test_the_order_of_claims_gives_an_equal_case(claims):
    assert replace(read(HEAD + "\n".join(claims)), sha256="") == replace(read(SMALL), sha256="")
