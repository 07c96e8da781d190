"""The page *compare*: accounts side by side, each aligned at its first dark hour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from darkhours.app.site import Site
from darkhours.model.account import Account
from darkhours.model.errors import InputError, Problem
from darkhours.render.aligned import aligned
from darkhours.render.language import Language, mark
from darkhours.render.spoken import spoken_accounts
from darkhours.render.words import service_word

MOST = 12
"""Accounts at once: ours, more lanes than fit on a screen compare nothing."""
TOTALS = {
    "dark_h": mark("Hours dark"),
    "degraded_h": mark("Hours degraded"),
    "restored_h": mark("Hours restored"),
    "gross_h": mark("To the lasting return"),
    "first_return_h": mark("To the first return"),
}


def values(site: Site, chosen: Sequence[str], language: Language) -> dict[str, Any]:
    """Return what the page shows; the flagship of every case where nothing is chosen.

    Args:
        site: whose cases.
        chosen: each ``case/entity/service``.
        language: of the words.

    Raises:
        InputError: too many, or one that is none.
    """
    if len(chosen) > MOST:
        message = f"expected at most {MOST} accounts, got {len(chosen)}"
        raise InputError("compare", [Problem("with", message)])
    every = _every(site, language)
    picked = list(dict.fromkeys(chosen)) or [
        value for value, _, account in every if _is_first(account, every)
    ]
    known = {value: (title, account) for value, title, account in every}
    unknown = next((value for value in picked if value not in known), None)
    if unknown is not None:
        message = f"expected case/entity/service as the page lists them, got {unknown[:80]!r}"
        raise InputError("case", [Problem("with", message)])
    rows = [(known[value][0], f"/cases/{quote(value, safe='/@:')}", known[value][1]) for value in picked]
    return {
        "choices": [(value, title, value in picked) for value, title, _ in every],
        "rows": rows,
        "totals": [language.say(word) for word in TOTALS.values()],
        "total_names": list(TOTALS),
        "picture": aligned([(title, account) for title, _, account in rows], language),
    }


def _every(site: Site, language: Language) -> list[tuple[str, str, Account]]:
    found = []
    for line in site.cases.lines():
        if line.problem is not None:
            continue
        accounts = site.cases.answer(line.entry.id).accounts
        for account, spoken in zip(accounts, spoken_accounts(accounts, language), strict=True):
            if account.outages:
                value = f"{line.entry.id}/{account.entity}/{account.service}"
                found.append(
                    (
                        value,
                        _title(spoken, language),
                        account,
                    )
                )
    return found


def _title(account: Account, language: Language) -> str:
    year = language.digits(str(account.start.year))
    return f"{account.name} {year}{language.comma}{service_word(account.service, language)}"


def _is_first(account: Account, every: list[tuple[str, str, Account]]) -> bool:
    """Return whether an account is the first of its case."""
    return account is next(each for _, _, each in every if each.case == account.case)
