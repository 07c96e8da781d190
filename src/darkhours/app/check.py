"""Checks a case: everything that is wrong with it at once, or what it holds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from darkhours.app.cases import find_case
from darkhours.model.errors import InputError, Problem

if TYPE_CHECKING:
    from darkhours.claims import CaseSummary


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    Args:
        name: what the case was called.
        file: its ``case.toml``.
        problems: what a person must mend; nothing is computed until then.
        warnings: what was read with a reservation, one sentence each.
        summary: what the case holds, None where it cannot be read.
    """

    name: str
    file: str
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...] = ()
    summary: CaseSummary | None = None

    @property
    def fine(self) -> bool:
        """Return whether an account can be made of the case."""
        return not self.problems

    def as_text(self) -> str:
        """Return the report for a person: every problem, or what the case holds."""
        lines = [problem.text(self.file) for problem in self.problems]
        lines += [f"warning: {warning}" for warning in self.warnings]
        if self.fine:
            lines += [str(self.summary), f"An account of it: darkhours account {self.name}"]
        else:
            count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
            lines += [f"{count} to mend before an account can be made"]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "file": self.file,
            "fine": self.fine,
            "problems": [asdict(problem) for problem in self.problems],
            "warnings": list(self.warnings),
            "summary": None if self.summary is None else _as_values(self.summary),
        }


def _as_values(summary: CaseSummary) -> dict[str, Any]:
    values = asdict(summary)
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in values.items()}


def check_case(name: str, folder: Path | None) -> Report:
    """Read a case and report all its problems together.

    Args:
        name: name or path of the case.
        folder: the user's cases, None where there are none.

    Raises:
        InputError: there is no such case.
    """
    from darkhours.claims import load_case, summary  # noqa: PLC0415 — keeps `--help` fast

    path = find_case(name, folder)
    try:
        case = load_case(path)
        if case.series:
            from darkhours.app.series import read_series  # noqa: PLC0415 — keeps `--help` fast

            read_series(case, path.parent)
    except InputError as error:
        return Report(name, str(path), error.problems)
    return Report(name, str(path), (), case.warnings, summary(case))
