"""The register of claims: a short number, an anchor, a publisher and a standing for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from darkhours.model.account import Account, Standing
from darkhours.model.case import Case
from darkhours.model.claim import Claim, SaysState
from darkhours.render.markup import clean, tag

_LABEL_LENGTH = 5


@dataclass(frozen=True, slots=True)
class Register:
    """All that a page says about claims, found by their ids.

    Args:
        case: the case, None where an account rests on measured signals alone.
        claims: by id, in the order of the case.
        labels: the short number of each claim.
        anchors: the id of each claim's row in the list of statements.
        standings: how each fares, by id.
        names: of entities, by id.
    """

    case: Case | None
    claims: dict[str, Claim]
    labels: dict[str, str]
    anchors: dict[str, str]
    standings: dict[str, Standing]
    names: dict[str, str]

    def link(self, claim: str) -> Markup:
        """Return the short number of a claim as a link to its row; its id where it has no row."""
        if claim not in self.claims:
            return tag("bdi", claim)
        return tag("a", self.labels[claim], href=f"#{self.anchors[claim]}", class_="no")

    def links(self, claims: Sequence[str]) -> Markup:
        """Return several claims as links, in order."""
        return Markup(" ").join(self.link(claim) for claim in claims)

    def publisher(self, claim: Claim) -> str:
        """Return who published a claim."""
        source = self.case.sources.get(claim.source) if self.case else None
        return clean(source.publisher if source else claim.source)

    def speaker(self, claim: Claim) -> str:
        """Return who said it: the speaker where he is not the publisher."""
        return clean(claim.speaker) if claim.speaker else self.publisher(claim)

    def place(self, entity: str) -> str:
        """Return the name of an entity."""
        return clean(self.names.get(entity, entity.partition(":")[2] or entity))

    def standing(self, claim: str) -> str:
        """Return how a claim fares, "" where nothing is said of it."""
        return self.standings[claim].standing if claim in self.standings else ""

    def of_states(self) -> list[Claim]:
        """Return the claims that say a state at a time: those that can be drawn."""
        return [claim for claim in self.claims.values() if isinstance(claim.says, SaysState) and claim.when]

    def containers(self, entity: str) -> tuple[str, ...]:
        """Return what an entity lies in."""
        return self.case.containers(entity) if self.case else ()


def make_register(accounts: Sequence[Account], case: Case | None) -> Register:
    """Return the register of a page.

    The flagship's word on a claim comes first: it is computed against the claim's own entity.
    What was published after the account's `as_of` is no part of the page.
    """
    claims = {claim.id: claim for claim in case.claims if _was_out(claim, accounts[0])} if case else {}
    standings: dict[str, Standing] = {}
    for account in accounts:
        for standing in account.standings:
            standings.setdefault(standing.claim, standing)
    places = case.places.items() if case else ()
    names = {ident: entity.name for ident, entity in places}
    names |= {account.entity: account.name for account in accounts}
    anchors = {ident: f"c{number}" for number, ident in enumerate(claims, 1)}
    return Register(case, claims, short_labels(list(claims)), anchors, standings, names)


def _was_out(claim: Claim, account: Account) -> bool:
    return claim.published is None or claim.published <= account.as_of


def short_labels(ids: Sequence[str]) -> dict[str, str]:
    """Return a short label for each id: what tells them apart, or running numbers.

    >>> short_labels(["kz22-001", "kz22-002b", "kz22-012"])
    {'kz22-001': '1', 'kz22-002b': '2b', 'kz22-012': '12'}
    >>> short_labels(["fall-by-provider", "return"])
    {'fall-by-provider': '1', 'return': '2'}
    """
    prefix = _common_prefix(ids).rstrip("0123456789")
    labels = [clean(ident[len(prefix) :]).lstrip("0") for ident in ids]
    told = all(0 < len(label) <= _LABEL_LENGTH and label[0].isdigit() for label in labels)
    if not told or len(set(labels)) < len(labels):
        labels = [str(number) for number in range(1, len(ids) + 1)]
    return dict(zip(ids, labels, strict=True))


def _common_prefix(texts: Sequence[str]) -> str:
    """Return what all texts begin with."""
    low, high = min(texts, default=""), max(texts, default="")
    same = (left == right for left, right in zip(low, high, strict=False))
    return low[: next((at for at, equal in enumerate(same) if not equal), min(len(low), len(high)))]
