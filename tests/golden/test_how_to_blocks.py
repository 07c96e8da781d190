"""The guide to writing a case: every block of it is TOML, and it shows what it promises to show."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-case.md"
TIME_FORMS = ("turn", "at", "by", "during", "within")
BLOCKS = tuple(
    re.findall(r"^```toml\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
)
TABLES = frozenset({"case", "entity", "source", "claim", "series"})


@pytest.mark.parametrize(
    "block", [pytest.param(text, id=f"block-{n}") for n, text in enumerate(BLOCKS, start=1)]
)
def test_every_block_of_the_guide_is_toml_of_known_tables(block: str) -> None:
    assert set(tomllib.loads(block)) <= TABLES


@pytest.mark.parametrize("form", TIME_FORMS)
def test_the_guide_shows_every_time_form(form: str) -> None:
    forms = {key for claim in _whole()["claim"] for key in claim.get("when", {})}
    assert form in forms


def test_the_claims_of_the_guide_name_sources_of_the_guide() -> None:
    whole = _whole()
    assert {claim["source"] for claim in whole["claim"]} == {source["id"] for source in whole["source"]}


def test_no_id_of_the_guide_is_used_twice() -> None:
    ids = [claim["id"] for claim in _whole()["claim"]]
    assert len(ids) == len(set(ids))


def _whole() -> dict[str, list[dict[str, dict[str, object]]]]:
    """Return the case that all blocks make together, in the order of the guide."""
    return tomllib.loads("\n".join(BLOCKS))
