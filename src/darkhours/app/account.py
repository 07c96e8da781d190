"""The use case `account`: a case in, the account of one entity and service out, or of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from darkhours import __version__
from darkhours.account import Asked, Posterior, build_account, read_posterior
from darkhours.infer import Settings, infer_access, infer_timeline, list_defaults
from darkhours.infer.timeline import make_grid
from darkhours.model.account import Account, Provenance
from darkhours.model.case import Case
from darkhours.model.claim import Claim, SaysState, SaysTotal
from darkhours.model.errors import InputError, Problem
from darkhours.model.evidence import Grid
from darkhours.model.panel import Panel
from darkhours.model.state import ACCESS_SERVICES, SERVICES
from darkhours.model.timeline import Timeline

if TYPE_CHECKING:
    from darkhours.infer.signals.lend import Lent

DEFAULT_SEED = Settings().seed
"""Seed of all draws unless told: the date the case of Almaty went dark."""

DEFAULT_STEP = Settings().step
"""Width of a bin unless told; totals move by less than an hour from 5 to 30 minutes."""

LONGEST_STEP = timedelta(hours=6)
MOST_BINS = 40_000


def make_account(
    case: Case,
    *,
    entity: str | None = None,
    service: str = "internet",
    as_of: datetime | None = None,
    seed: int = DEFAULT_SEED,
    step: timedelta = DEFAULT_STEP,
    panels: Sequence[Panel] = (),
) -> Account:
    """Return the account of one entity and service; the flagship's `internet` unless told.

    Args:
        case: what was published.
        entity: id of an entity that the case names.
        service: one of `SERVICES`.
        as_of: only what had been published by then, and the span ends there; None for all.
        seed: of all draws; same input and seed, same account.
        step: width of a bin.
        panels: measured signals of the case's entities.

    Raises:
        InputError: the case does not name the entity, the service is unknown, or `as_of` lies
            before the case begins.
    """
    work = _Work(case, as_of, Settings(step=step, seed=seed), panels)
    entity = entity or case.flagship
    work.check(entity, service)
    wanted = [*work.stages(), (entity, service), *work.verdicts(entity)]
    return build_account(work.asked(wanted), entity, service)


def make_all(
    case: Case,
    *,
    as_of: datetime | None = None,
    seed: int = DEFAULT_SEED,
    step: timedelta = DEFAULT_STEP,
    panels: Sequence[Panel] = (),
) -> list[Account]:
    """Return the accounts of every entity of the case and every service that its claims speak of."""
    work = _Work(case, as_of, Settings(step=step, seed=seed), panels)
    stages = work.stages()
    wanted = [*stages, *(pair for entity in case.entities for pair in work.verdicts(entity))]
    asked = work.asked(wanted)
    return [build_account(asked, entity, service) for entity, service in stages]


def known_by(case: Case, as_of: datetime) -> Case:
    """Return the case with the claims that had been published by ``as_of``.

    A claim whose publication is unknown counts from the end of the time it speaks of.
    """
    claims = tuple(c for c in case.claims if (_told(c) or case.start) <= as_of)
    return replace(case, claims=claims)


def _told(claim: Claim) -> datetime | None:
    if claim.published is not None:
        return claim.published
    when = claim.when
    instants = [getattr(when, name, None) for name in ("start", "end", "at", "by")]
    return max((i for i in instants if i is not None), default=None)


class _Work:
    """One run: what is asked, and every posterior made once."""

    def __init__(
        self, case: Case, as_of: datetime | None, settings: Settings, panels: Sequence[Panel]
    ) -> None:
        self._whole = case
        everything = _last_told(case)
        # To the second, as documents tell it: whoever asks for that instant again gets the same account.
        self.as_of = everything if as_of is None else min(as_of.replace(microsecond=0), everything)
        self.case = known_by(case, self.as_of)
        self.settings = settings
        self.panels = _known_panels(panels, self.as_of)
        self.grid = self._grid()
        self._access: dict[str, Timeline] = {}
        self._posts: dict[tuple[str, str], Posterior] = {}

    def _grid(self) -> Grid:
        until = min(self.case.until, self.as_of)
        step = self.settings.step
        if not timedelta(minutes=1) <= step <= LONGEST_STEP:
            raise _wrong("--step", f"expected 1m to 6h: got {step}; 15m is the default")
        if (until - self.case.start) / step > MOST_BINS:
            raise _wrong("--step", f"expected at most {MOST_BINS} bins over the case; take a wider step")
        if until - self.case.start < step:
            start = self.case.start.strftime("%Y-%m-%dT%H:%MZ")
            raise _wrong("--as-of", f"expected an instant after the case begins ({start}); take a later one")
        return make_grid(self.case.start, until, step)

    def check(self, entity: str, service: str) -> None:
        """Raise `InputError` where the case cannot be asked this."""
        if entity not in self.case.places:
            known = ", ".join(sorted(self.case.places))
            advice = (
                f"expected one that the case names ({known}): got {entity}; add [[entity]] and its claims"
            )
            raise _wrong("--entity", advice)
        if service not in SERVICES:
            raise _wrong("--service", f"expected one of {', '.join(SERVICES)}: got {service}")

    def stages(self) -> list[tuple[str, str]]:
        """Return the entities of the case with `internet` and every service they are told of."""
        told = {(c.entity, c.service) for c in self._whole.claims if isinstance(c.says, SaysState)}
        return [
            (entity, service)
            for entity in self.case.entities
            for service in SERVICES
            if service == "internet" or (entity, service) in told
        ]

    def verdicts(self, entity: str) -> list[tuple[str, str]]:
        """Return what the verdicts of an account of ``entity`` are computed on."""
        about = {entity, *self.case.containers(entity)}
        return [
            (c.entity, c.service)
            for c in self.case.claims
            if isinstance(c.says, SaysTotal) and c.entity in about
        ]

    def asked(self, wanted: Iterable[tuple[str, str]]) -> Asked:
        """Return the posteriors of all that is wanted."""
        for entity, service in wanted:
            self._post(entity, service)
        return Asked(self.case, self.as_of, dict(self._posts), self._provenance())

    def _post(self, entity: str, service: str) -> Posterior:
        key = (entity, service)
        if key not in self._posts:
            internet = self._post(entity, "internet") if service != "internet" else None
            access = self._access.get(entity)
            if access is None:
                lent = _lend(self.panels, entity, self.grid)
                access = infer_access(self.case, entity, self.grid, self.settings, lent)
                self._access[entity] = access
            timeline = infer_timeline(self.case, access, service, self.settings)
            anchor = internet if service in ACCESS_SERVICES else None
            self._posts[key] = read_posterior(timeline, self.case.places[entity].tz, anchor)
        return self._posts[key]

    def _provenance(self) -> Provenance:
        parameters: dict[str, float | int | str] = {
            "step_s": int(self.settings.step.total_seconds()),
            "n_samples": self.settings.n_samples,
            **list_defaults(),
            **_signal_defaults(self.panels),
        }
        addresses = sorted({s.url for s in self.case.sources.values() if s.url})
        program = f"darkhours {__version__}"
        inputs = (*addresses, *_files(self.case, self.panels))
        return Provenance(program, parameters, self.settings.seed, self.case.sha256, inputs)


def _files(case: Case, panels: Sequence[Panel]) -> list[str]:
    """Return the measured files of a case with their hashes, each once; none where no value was used."""
    if not panels:
        return []
    told = (f"{ref.file} sha256:{ref.sha256}" if ref.sha256 else ref.file for ref in case.series)
    return list(dict.fromkeys(told))


def _known_panels(panels: Sequence[Panel], as_of: datetime) -> tuple[Panel, ...]:
    """Return what had been measured by ``as_of``; a case without measured files does not load the signals."""
    if not panels:
        return ()
    from darkhours.app.measured import known_panel  # noqa: PLC0415 — see above

    return tuple(p for p in (known_panel(p, as_of) for p in panels) if p is not None)


def _lend(panels: tuple[Panel, ...], entity: str, grid: Grid) -> Lent | None:
    if not panels:
        return None
    from darkhours.infer.signals.lend import lend_signals  # noqa: PLC0415 — see `_known_panels`

    return lend_signals(panels, entity, grid)


def _signal_defaults(panels: tuple[Panel, ...]) -> dict[str, float]:
    if not panels:
        return {}
    from darkhours.infer.signals.tuning import Tuning  # noqa: PLC0415 — see `_known_panels`

    return Tuning().named()


def _last_told(case: Case) -> datetime:
    """Return the full second by which all of a case was published and over."""
    told = [instant for claim in case.claims if (instant := _told(claim)) is not None]
    last = max([case.until, *told]).astimezone(UTC)
    return last if not last.microsecond else last.replace(microsecond=0) + timedelta(seconds=1)


def _wrong(where: str, message: str) -> InputError:
    return InputError("account", [Problem(where, message)])
