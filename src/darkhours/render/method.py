"""Sources and provenance: where each statement can be read, and how to make the account again."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import UTC

from markupsafe import Markup

from darkhours.model.account import Account
from darkhours.model.claim import Source
from darkhours.render.clock import Clock
from darkhours.render.language import ENGLISH, Language
from darkhours.render.markup import bdi, clean, safe_link, tag
from darkhours.render.register import Register
from darkhours.render.words import kind_word

_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source: who published it, its kind, its address, when, and the claims from it."""

    publisher: str
    kind: str
    shape: str
    address: Markup
    published: Markup
    claims: tuple[str, ...]


def source_rows(register: Register, clock: Clock) -> list[SourceRow]:
    """Return the sources that a claim rests on, by publisher."""
    return [
        SourceRow(
            clean(source.publisher),
            kind_word(source.kind, clock.language),
            source.kind,
            link(source.url, clock.language),
            clock.time(source.published, brief=True) if source.published else Markup(),
            claims,
        )
        for source, claims in cited(register)
    ]


def cited(register: Register) -> list[tuple[Source, tuple[str, ...]]]:
    """Return the sources that a claim rests on, by publisher, each with its claims."""
    case = register.case
    if case is None:
        return []
    carried: dict[str, list[str]] = {}
    for claim in register.claims.values():
        carried.setdefault(claim.source, []).append(claim.id)
    known = [case.sources[ident] for ident in carried if ident in case.sources]
    ordered = sorted(known, key=lambda source: (source.publisher.casefold(), source.id))
    return [(source, tuple(carried[source.id])) for source in ordered]


def link(url: str | None, language: Language = ENGLISH) -> Markup:
    """Return an address as a link where it is one, else as text that cannot be followed."""
    address = safe_link(url)
    if address is None:
        return bdi(url) if url else language.markup("no address")
    shown = address.partition("://")[2].rstrip("/").removeprefix("www.")
    return tag("a", tag("bdi", shown), href=address, rel="noopener noreferrer nofollow")


def method_rows(account: Account, register: Register, clock: Clock) -> list[tuple[str, Markup]]:
    """Return the provenance as terms and values; addresses of sources stand among the sources."""
    addresses = {source.url for source in register.case.sources.values()} if register.case else set()
    made = account.provenance
    parameters = ", ".join(f"{key} {value}" for key, value in sorted(made.parameters.items()))
    say = clock.language.say
    rows = [
        (say("Program"), bdi(made.program)),
        (say("As of"), clock.time(account.as_of)),
        (say("Seed"), bdi(made.seed)),
        (say("Parameters"), bdi(parameters) if parameters else Markup()),
        (say("Case, SHA-256"), tag("code", made.case_sha256) if made.case_sha256 else Markup()),
    ]
    read = clock.language.term("provenance", "Read")
    rows += [(read, tag("code", bdi(item))) for item in made.inputs if item not in addresses]
    if account.case:
        rows.append((say("Make it again"), tag("code", shlex.join(map(clean, command(account))))))
    return [(term, value) for term, value in rows if value]


def command(account: Account) -> list[str]:
    """Return the words of the command that makes the account of a case again, every choice told.

    Defaults are told too: another version of the program may have others.
    """
    made = account.provenance
    told = ["darkhours", "account", account.case or "", "--entity", account.entity]
    told += ["--service", account.service, "--as-of", f"{account.as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"]
    told += ["--seed", str(made.seed)]
    step = made.parameters.get("step_s")
    return told + (["--step", _step(int(step))] if isinstance(step, (int, float)) else [])


def _step(seconds: int) -> str:
    """Return the width of a bin as it is typed.

    >>> _step(900), _step(90)
    ('15m', '90s')
    """
    return f"{seconds}s" if seconds % _MINUTE_S else f"{seconds // _MINUTE_S}m"
