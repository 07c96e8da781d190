"""Shipped and golden cases: each reads without a problem, and what is expected of it is well-formed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from darkhours.claims import load_case, read_case
from darkhours.model.case import Case
from darkhours.model.claim import TOTAL_RULES
from darkhours.model.state import SERVICES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHIPPED = ROOT / "src" / "darkhours" / "cases"
GUIDE = ROOT / "docs" / "how-to" / "write-a-case.md"
CASES = sorted((*SHIPPED.glob("*/case.toml"), *HERE.glob("*/case.toml")))
EXPECTED = sorted(HERE.glob("*/expected.toml"))
STATUSES = ("none", "unmeasured", "ongoing", "probation", "ended")
EDGES = ("first_dark", "lasting_return")
SUBJECT = frozenset({"entity", "service", "as_of"})
FORMS = (
    frozenset({"total", "low", "high"}),
    frozenset({"edge", "low", "high"}),
    frozenset({"dark_windows"}),
    frozenset({"status"}),
)


def nowhere(_: str) -> None:
    """Know no place: a case of ours declares every entity that it names."""


def read(path: Path) -> Case:
    return load_case(path, lookup=nowhere)


def checks() -> list[Any]:
    return [
        pytest.param(file.parent.name, check, id=f"{file.parent.name}-{n}")
        for file in EXPECTED
        for n, check in enumerate(tomllib.loads(file.read_text(encoding="utf-8"))["check"], start=1)
    ]


@pytest.mark.parametrize("path", [pytest.param(path, id=path.parent.name) for path in CASES])
def test_a_case_of_ours_reads_and_bears_the_name_of_its_folder(path: Path) -> None:
    case = read(path)
    assert case.id == path.parent.name
    assert case.title


@pytest.mark.parametrize("path", [pytest.param(path, id=path.parent.name) for path in CASES])
def test_every_claim_of_ours_has_a_note_and_every_source_is_used(path: Path) -> None:
    case = read(path)
    assert [claim.id for claim in case.claims if not claim.note] == []
    assert {claim.source for claim in case.claims} == set(case.sources)


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.parent.name) for path in sorted(SHIPPED.glob("*/case.toml"))]
)
def test_every_source_of_a_shipped_case_has_an_address(path: Path) -> None:
    assert [source.id for source in read(path).sources.values() if source.url is None] == []


def test_almaty_holds_all_fifty_five_reports() -> None:
    ids = {claim.id for claim in read(SHIPPED / "almaty-2022" / "case.toml").claims}
    assert {f"kz22-{row:03d}" for row in range(1, 56)} <= ids


def test_the_blocks_of_the_guide_are_a_case_without_a_warning() -> None:
    blocks = re.findall(
        r"^```toml\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    case = read_case("\n".join(blocks).encode(), file="write-a-case.md", lookup=nowhere)
    assert case.warnings == ()


@pytest.mark.parametrize(("event", "check"), checks())
def test_what_is_expected_is_regular_and_about_its_case(event: str, check: dict[str, Any]) -> None:
    path = HERE / event / "case.toml"
    case = read(path if path.exists() else SHIPPED / event / "case.toml")
    assert frozenset(check) - SUBJECT in FORMS
    assert check["entity"] in case.places
    assert check["service"] in SERVICES
    assert check.get("total", TOTAL_RULES[0]) in TOTAL_RULES
    assert check.get("edge", EDGES[0]) in EDGES
    assert check.get("status", STATUSES[0]) in STATUSES
    if "low" in check:
        assert check["low"] <= check["high"]
    if "edge" in check:
        assert case.start <= check["low"] < check["high"] <= case.until


@pytest.mark.parametrize("file", [pytest.param(file, id=file.parent.name) for file in EXPECTED])
def test_a_golden_event_tells_its_sources_and_licence(file: Path) -> None:
    assert "Licence:" in (file.parent / "README.md").read_text(encoding="utf-8")
