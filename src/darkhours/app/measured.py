"""The use case behind `outages`: panels of measured signals in, an account of each entity out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from darkhours import __version__
from darkhours.account import Asked, build_account, read_posterior
from darkhours.infer.choose import infer_all
from darkhours.infer.signals.smoothing import find_smoothing
from darkhours.infer.signals.timelines import Asked as AskedSignals
from darkhours.infer.signals.timelines import Inferred, only
from darkhours.infer.signals.tuning import Tuning
from darkhours.model.account import Account, Provenance
from darkhours.model.case import Case
from darkhours.model.entity import Entity
from darkhours.model.panel import Panel, Trace

Progress = Callable[[int, int], None]
HOUR = timedelta(hours=1)
SEEMS_SMOOTHED = "seems smoothed by its publisher"
"""What a note says of a signal whose smoothing was seen, and nobody told of."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of measured signals, beside the panels.

    Args:
        form: ``final`` (smoothed) or ``live`` (no bin knows of later ones).
        seed: of all draws; same input and seed, same accounts.
        unrelated: whether the entities share no fate, so that the control gate may compare them;
            None: where all of them are countries.
        as_of: only what was measured by then; None for all.
        inputs: files and addresses, for the provenance.
        tuning: every default of the inference.
        signed: from when a person signs that the level is a new normal; None: nobody did. The totals
            without it are told in the notes of each account.
        see_smoothing: whether signals of which nobody says so are looked at for smoothing by their publisher;
            ``live`` never does, for it would take later bins to see it.
    """

    form: str = "final"
    seed: int = AskedSignals().seed
    unrelated: bool | None = None
    as_of: datetime | None = None
    inputs: tuple[str, ...] = ()
    tuning: Tuning = field(default_factory=Tuning)
    signed: datetime | None = None
    see_smoothing: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """One entity with its account and the signals behind it."""

    entity: Entity
    account: Account
    traces: tuple[Trace, ...]


def detect(panels: Sequence[Panel], question: Question | None = None) -> list[Account]:
    """Return the account of each entity of the panels."""
    return [found.account for found in find_outages(panels, question or Question())]


def find_outages(
    panels: Sequence[Panel], question: Question, progress: Progress | None = None
) -> Iterator[Found]:
    """Yield the account of each entity, in the order in which they first stand in the panels.

    Args:
        panels: signals of one or many entities.
        question: form, seed and the rest.
        progress: called with how many entities are done, and of how many.
    """
    panels = [panel for panel in (known_panel(p, question.as_of) for p in panels) if panel is not None]
    if not panels:
        return
    seen = _see_smoothing(panels, question)
    panels = [replace(panel, smoothed=seen.get(at, panel.smoothed)) for at, panel in enumerate(panels)]
    told = [(panel, at in seen) for at, panel in enumerate(panels) if panel.smoothed]
    asked = AskedSignals(
        question.form, question.seed, unrelated=_unrelated(panels, question), tuning=question.tuning
    )
    of = len({entity.id for panel in panels for entity in panel.entities})
    signed = replace(asked, signed=question.signed)
    each, others = infer_all(panels, signed), infer_all(panels, asked) if question.signed else None
    # One at a time: a loop over both would keep each timeline until the next one is there.
    for done in range(1, of + 1):
        found = _found(next(each), None if others is None else next(others), panels, signed, question)
        yield _tell_smoothing(found, told)
        if progress is not None:
            progress(done, of)


def _see_smoothing(panels: Sequence[Panel], question: Question) -> dict[int, timedelta]:
    """Return the width over which a publisher smoothed, by place, of panels of which nobody says so."""
    if not question.see_smoothing or question.form == "live":
        return {}
    seen = {at: find_smoothing(panel) for at, panel in enumerate(panels) if not panel.smoothed}
    return {at: width for at, width in seen.items() if width is not None}


def _tell_smoothing(found: Found, smoothed: Sequence[tuple[Panel, bool]]) -> Found:
    """Return what was found with the widths that its edges allow for, and which of them were seen."""
    mine = [(panel, seen) for panel, seen in smoothed if found.entity in panel.entities]
    if not mine:
        return found
    widths = {f"smoothed_h.{panel.signal.name}": panel.smoothed / HOUR for panel, _ in mine}
    notes = [
        f"{panel.signal.name} ({panel.family}): {SEEMS_SMOOTHED} over about "
        f"{panel.smoothed / HOUR:g} h; edges are the middle of a ramp and their intervals allow for it"
        for panel, seen in mine
        if seen
    ]
    account = found.account
    provenance = replace(account.provenance, parameters={**account.provenance.parameters, **widths})
    return replace(found, account=replace(account, notes=(*account.notes, *notes), provenance=provenance))


def _found(
    inferred: Inferred,
    other: Inferred | None,
    panels: Sequence[Panel],
    signed: AskedSignals,
    question: Question,
) -> Found:
    """Return the account of an entity, with what it would be without a baseline that was set anew."""
    found = account_of(inferred, question)
    if other is not None:
        found = _beside(found, account_of(other, question), "the signed re-baseline")
    if inferred.renewed:
        found = _beside(found, account_of(_as_it_was(inferred, panels, signed), question), "that")
    return found


def _as_it_was(inferred: Inferred, panels: Sequence[Panel], asked: AskedSignals) -> Inferred:
    """Return an entity whose baseline a second family had set anew, inferred without that."""
    tuning = replace(asked.tuning, renew_days=0.0)
    own = panels if asked.unrelated else only(panels, {inferred.entity.id})
    every = infer_all(own, replace(asked, tuning=tuning))
    return next(each for each in every if each.entity.id == inferred.entity.id)


def _beside(found: Found, other: Found, without: str) -> Found:
    """Return what was found with a new baseline, with the totals that stand without it in its notes."""
    names = ("dark_h", "degraded_h")
    hours = [(name, total.value) for name in names if (total := other.account.totals[name]) is not None]
    told = ", ".join(f"{name} {value:g}" for name, value in hours)
    note = f"without {without}: {told}, {other.account.status}"
    return replace(found, account=replace(found.account, notes=(*found.account.notes, note)))


def _unrelated(panels: Sequence[Panel], question: Question) -> bool:
    if question.unrelated is not None:
        return question.unrelated
    return all(entity.kind == "country" for panel in panels for entity in panel.entities)


def known_panel(panel: Panel, as_of: datetime | None) -> Panel | None:
    """Return the panel with the bins that were over by ``as_of``."""
    if as_of is None or panel.grid.until <= as_of:
        return panel
    n_bins = int((as_of - panel.grid.start) / panel.grid.step)
    if n_bins < 1:
        return None
    partial = None if panel.partial is None else panel.partial[:n_bins]
    grid = replace(panel.grid, n_bins=n_bins)
    return replace(panel, grid=grid, values=panel.values[:, :n_bins], partial=partial)


def account_of(inferred: Inferred, question: Question) -> Found:
    """Return what was inferred of one entity with the account of it."""
    entity, grid = inferred.entity, inferred.timeline.grid
    case = Case("", entity.tz, grid.start, grid.until, (entity.id,), {entity.id: entity}, {}, ())
    post = read_posterior(inferred.timeline, entity.tz)
    asked = Asked(case, grid.until, {(entity.id, "internet"): post}, _provenance(inferred, question))
    return Found(entity, build_account(asked, entity.id, "internet"), inferred.traces)


def _provenance(inferred: Inferred, question: Question) -> Provenance:
    timeline = inferred.timeline
    parameters: dict[str, float | int | str] = {
        "form": question.form,
        "edges_s": int(timeline.grid.step.total_seconds()),
        "n_samples": int(timeline.codes.shape[0]),
        **question.tuning.named(),
    }
    return Provenance(f"darkhours {__version__}", parameters, question.seed, None, question.inputs)
