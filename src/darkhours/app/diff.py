"""Compares accounts: two saved ones, or one case as of two instants."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from darkhours.app.files import read_text
from darkhours.app.instants import read_instant
from darkhours.app.publish import open_with_series
from darkhours.app.saved import read_accounts
from darkhours.model.errors import InputError, Problem

if TYPE_CHECKING:
    from darkhours.account.compare import Change
    from darkhours.model.account import Account


@dataclass(frozen=True, slots=True)
class Comparison:
    """What moved in the account of one entity and service."""

    entity: str
    name: str
    service: str
    changes: tuple[Change, ...]

    def as_text(self) -> str:
        """Return the comparison for a person, a line for each change."""
        head = f"{self.name} · {self.service}"
        lines = [f"  {change.text}" for change in self.changes] or ["  nothing moved"]
        return "\n".join([head, *lines])

    def as_json(self) -> dict[str, Any]:
        """Return the comparison as plain values."""
        changes = [asdict(change) for change in self.changes]
        return {"entity": self.entity, "name": self.name, "service": self.service, "changes": changes}


def diff_accounts(first: str, second: str, folder: Path | None) -> tuple[Comparison, ...]:
    """Return what moved from one account, or set of accounts, to another.

    Two single accounts are compared whatever they are about; of sets, those of the same
    entity and service.

    Args:
        first: path of a saved account (or of ``--all`` accounts), or ``CASE@TIME``.
        second: the same.
        folder: the user's cases, None where there are none.

    Raises:
        InputError: one cannot be read, or the two have nothing in common.
        ConfigError: the time of a ``CASE@TIME`` is none.
    """
    from darkhours.account.compare import compare  # noqa: PLC0415 — keeps `--help` fast

    before, after = _load(first, folder), _load(second, folder)
    pairs = [(before[0], after[0])] if len(before) == len(after) == 1 else _pair(before, after)
    if not pairs:
        message = f"expected an account that {first!r} holds too (same entity and service), found none"
        raise InputError(second, [Problem("", message)])
    return tuple(Comparison(b.entity, b.name, b.service, tuple(compare(a, b))) for a, b in pairs)


def _pair(before: list[Account], after: list[Account]) -> list[tuple[Account, Account]]:
    known = {(account.entity, account.service): account for account in before}
    return [(known[key], new) for new in after if (key := (new.entity, new.service)) in known]


def _load(text: str, folder: Path | None) -> list[Account]:
    """Return the accounts that a path or a ``CASE@TIME`` means."""
    name, at, instant = text.rpartition("@")
    if at and not Path(text).expanduser().is_file():
        from darkhours.app.account import make_account  # noqa: PLC0415 — keeps `--help` fast

        case, panels = open_with_series(name, folder)
        return [make_account(case, as_of=read_instant(instant, f"{name}@"), panels=panels)]
    return read_accounts(text, read_text(Path(text)))
