"""Holds a document against its JSON Schema and reports everything that is wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from darkhours.model.document_schema import Schema
from darkhours.model.errors import Problem

_NAMES = {
    "object": "a table of names",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}
_SHOWN = 60
"""Characters of a wrong value that a message repeats."""


def find_problems(document: object, schema: Schema) -> list[Problem]:
    """Return all that is wrong with ``document``, each with its place, in its own order.

    Knows the part of JSON Schema that our own schemas use, so that reading a document
    needs no further library. Names that the schema does not list pass: a later version
    of the program may have added them.

    Args:
        document: what ``json.loads`` gave.
        schema: as from `document_schema.schema`.

    >>> from darkhours.model.document_schema import schema
    >>> problems = find_problems({"schema": "darkhours.account/2"}, schema("account"))
    >>> print(problems[-1].where, problems[-1].message)
    schema expected 'darkhours.account/1', got 'darkhours.account/2'
    """
    return list(_check(document, schema, "", schema.get("$defs", {})))


def _check(value: object, schema: Schema, where: str, defs: Mapping[str, Schema]) -> Iterator[Problem]:
    if "$ref" in schema:
        yield from _check(value, defs[schema["$ref"].rpartition("/")[2]], where, defs)
        return
    if "anyOf" in schema:
        yield from _check_any(value, schema["anyOf"], where, defs)
        return
    wrong = _wrong(value, schema)
    if wrong:
        yield Problem(where, f"expected {wrong}, got {_show(value)}")
    elif isinstance(value, Mapping):
        yield from _check_object(value, schema, where, defs)
    elif isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from _check(item, schema["items"], f"{where}[{index}]", defs)


def _check_any(
    value: object, choices: list[Schema], where: str, defs: Mapping[str, Schema]
) -> Iterator[Problem]:
    """Report the problems of the first choice unless one of them fits."""
    found = [list(_check(value, choice, where, defs)) for choice in choices]
    if all(found):
        yield from found[0]


def _check_object(
    value: Mapping[str, Any], schema: Schema, where: str, defs: Mapping[str, Schema]
) -> Iterator[Problem]:
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield Problem(_join(where, name), "expected here, but missing")
    for name, item in value.items():
        rule = properties.get(name, schema.get("additionalProperties"))
        if isinstance(rule, dict):
            yield from _check(item, rule, _join(where, name), defs)


def _wrong(value: object, schema: Schema) -> str | None:
    """Return what was expected of a value by itself, None where it fits."""
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "const" in schema and value != schema["const"]:
        return repr(schema["const"])
    if "enum" in schema and value not in schema["enum"]:
        return "one of " + ", ".join(schema["enum"])
    if kinds and not any(_is(value, kind) for kind in kinds):
        return " or ".join(_NAMES[kind] for kind in kinds)
    if isinstance(value, str):
        return _wrong_text(value, schema)
    if isinstance(value, (int, float)):
        return _wrong_number(value, schema)
    return None


def _wrong_text(value: str, schema: Schema) -> str | None:
    kind = schema.get("format")
    if kind == "date-time" and not _parses(value, schema, datetime.fromisoformat):
        return "a time such as 2022-01-05T11:00:00Z"
    if kind == "date" and not _parses(value, schema, date.fromisoformat):
        return "a date such as 2022-01-05"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return f"a text of the form {schema['pattern']}"
    return None


def _parses(value: str, schema: Schema, parse: Any) -> bool:  # noqa: ANN401 — either of two parsers
    """Tell whether a text has the written form and names a moment that exists."""
    if not re.fullmatch(schema["pattern"].strip("^$"), value):
        return False
    try:
        parse(value)
    except ValueError:
        return False
    return True


def _wrong_number(value: float, schema: Schema) -> str | None:
    if value < schema.get("minimum", -math.inf):
        return f"a number of at least {schema['minimum']}"
    if value > schema.get("maximum", math.inf):
        return f"a number of at most {schema['maximum']}"
    return None


def _is(value: object, kind: str) -> bool:
    """Tell whether a value is of a JSON kind; infinities and NaN are no JSON numbers."""
    if kind == "null":
        return value is None
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "string":
        return isinstance(value, str)
    if kind in {"object", "array"}:
        return isinstance(value, Mapping if kind == "object" else list)
    whole = isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= 64  # noqa: PLR2004
    return whole or (kind == "number" and isinstance(value, float) and math.isfinite(value))


def _join(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _show(value: object) -> str:
    if isinstance(value, Mapping):
        return _NAMES["object"]
    if isinstance(value, list):
        return _NAMES["array"]
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
