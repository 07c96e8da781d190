"""Halves and doubles each default of the inference, and writes what moves to docs/explanation/sensitivity.md.

Run as ``.venv/bin/python bench/sensitivity.py``; it takes two to three minutes. The cases are those that
ship and the golden events, so that no default is judged on one case alone.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from darkhours.account import read_posterior
from darkhours.app.account import DEFAULT_SEED, DEFAULT_STEP
from darkhours.claims import load_case
from darkhours.infer import Settings, infer_access, infer_timeline
from darkhours.infer.timeline import make_grid

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "sensitivity.md"
SHIPPED = ROOT / "src" / "darkhours" / "cases"
GOLDEN = ROOT / "tests" / "golden"
ASKED = [
    ("Almaty, internet", SHIPPED / "almaty-2022", "city:1526384", "internet"),
    ("Nur-Sultan, fixed", SHIPPED / "almaty-2022", "city:1526273", "fixed"),
    ("Egypt 2011", SHIPPED / "egypt-2011", "country:EG", "internet"),
    ("Noor 2011", SHIPPED / "egypt-2011", "asn:20928", "internet"),
    ("Rogers 2022", GOLDEN / "rogers-2022", "asn:812", "internet"),
    ("Uganda 2021", GOLDEN / "uganda-2021", "country:UG", "internet"),
]
DEFAULTS = [
    ("infer.claims.weights", "KIND_NATS"),
    ("infer.claims.weights", "REACH"),
    ("infer.claims.profile", "LEAST_GIVE_H"),
    ("infer.claims.profile", "SHOULDER"),
    ("infer.claims.profile", "STORY_SHARE"),
    ("infer.claims.profile", "DENSEST_SPELL_H"),
    ("infer.claims.profile", "ENDS_SHARE"),
    ("infer.claims.profile", "NEWS_H"),
    ("infer.claims.profile", "REPORTED"),
    ("infer.claims.profile", "IMPLIED_CHANGE"),
    ("infer.claims.evidence", "BEATEN"),
    ("infer.claims.evidence", "SPEAKS_ABOVE"),
    ("infer.claims.stretch", "REST_SHARE"),
    ("infer.claims.stretch", "CHANGES"),
    ("infer.chain.prior", "INTO_DARK_PER_HOUR"),
    ("infer.chain.prior", "OUT_OF_DARK_PER_HOUR"),
    ("infer.chain.prior", "OTHER_PER_HOUR"),
]
HEAD = """# What moving a default costs

Written by `bench/sensitivity.py`; not by hand. Each default of the inference from claims is halved and
doubled; each cell is the change in hours of `gross_h` and of `dark_h`, read off the story. A dot is a change
of less than a quarter of an hour. Where each default comes from stands beside it in the code.

"""


@contextmanager
def scaled(module: ModuleType, name: str, factor: float) -> Iterator[None]:
    """Multiply a default while the block runs; a table of defaults is multiplied throughout."""
    before = getattr(module, name)
    after = (
        {key: value * factor for key, value in before.items()}
        if isinstance(before, dict)
        else before * factor
    )
    setattr(module, name, after)
    try:
        yield
    finally:
        setattr(module, name, before)


def measure() -> list[tuple[float, float]]:
    """Return gross_h and dark_h of every story asked for."""
    out = []
    for _, folder, entity, service in ASKED:
        case = load_case(folder)
        grid, settings = make_grid(case.start, case.until, DEFAULT_STEP), Settings(seed=DEFAULT_SEED)
        access = infer_access(case, entity, grid, settings)
        tz = case.places[entity].tz
        internet = read_posterior(access, tz)
        post = internet if service == "internet" else None
        if post is None:
            post = read_posterior(infer_timeline(case, access, service, settings), tz, internet)
        total = post.story.total
        out.append((total.gross_h or 0.0, total.dark_h))
    return out


def cell(base: tuple[float, float], moved: tuple[float, float]) -> str:
    """Return how far two totals moved, as the table shows it."""
    steps = [after - before for before, after in zip(base, moved, strict=True)]
    if all(abs(step) < 0.25 for step in steps):  # noqa: PLR2004 - a bin
        return "·"
    return " / ".join(f"{step:+.2f}" if abs(step) >= 0.25 else "·" for step in steps)  # noqa: PLR2004


def main() -> None:
    """Measure everything and write the page."""
    base = measure()
    head = "| default | × | " + " | ".join(name for name, *_ in ASKED) + " |\n"
    rows = [head, "|---|--:|" + "--:|" * len(ASKED) + "\n"]
    for where, name in DEFAULTS:
        module = importlib.import_module(f"darkhours.{where}")
        for factor in (0.5, 2.0):
            with scaled(module, name, factor):
                cells = [cell(b, m) for b, m in zip(base, measure(), strict=True)]
            rows.append(f"| `{where}.{name}` | {factor:g} | {' | '.join(cells)} |\n")
            print(rows[-1], end="", flush=True)
    PAGE.write_text(HEAD + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
