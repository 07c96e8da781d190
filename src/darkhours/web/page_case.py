"""The page of a case: its accounts, what is contested, and every statement with its source."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from darkhours.app.site import Site
from darkhours.model.case import Case
from darkhours.model.claim import Claim
from darkhours.render.clock import Clock
from darkhours.render.language import Language
from darkhours.render.markup import safe_link
from darkhours.render.spoken import spoken_accounts, spoken_case


def values(site: Site, name: str, language: Language) -> dict[str, Any]:
    """Return what the page shows."""
    answer = site.cases.answer(name)
    case = spoken_case(answer.case, language) or answer.case
    contested = {item.topic: item.claims for account in answer.accounts for item in account.contested}
    return {
        "name": name,
        "case": case,
        "accounts": spoken_accounts(answer.accounts, language),
        "contested": sorted(contested.items()),
        "claims": [(claim, case.sources[claim.source], _place(case, claim)) for claim in case.claims],
        "clock": Clock(case.tz, case.start.year, language),
        "published": lambda claim: _published(case, claim),
        "link": safe_link,
    }


def _place(case: Case, claim: Claim) -> str:
    place = case.places.get(claim.entity)
    return place.name if place is not None else claim.entity


def _published(case: Case, claim: Claim) -> datetime | None:
    return claim.published or case.sources[claim.source].published
