"""The demonstration: Almaty in January 2022, from published reports to a page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from darkhours.app.cases import open_case
from darkhours.app.publish import Answer, Question, answer_from, write_page

DEMO_CASE = "almaty-2022"
DEMO_PAGE = Path(f"darkhours-{DEMO_CASE}.html")


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demonstration made: the flagship's account and those beside it, and their page."""

    answer: Answer
    page: Path


def run_demo(out: Path) -> Demo:
    """Make the accounts of the shipped case, write its page, and return both.

    Only what ships with the program is used: never a case of the same name of the user's.

    Raises:
        InputError: the page cannot be written.
    """
    case = open_case(DEMO_CASE, None)
    answer = answer_from(case, Question(DEMO_CASE, beside=True))
    return Demo(answer, write_page(answer, out))
