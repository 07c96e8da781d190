"""From panels of very many entities to the timeline of each: what `signals.timelines` does, by kernels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from darkhours.infer.bulk.entity import infer_entity
from darkhours.infer.bulk.sweep import Swept, sweep
from darkhours.infer.signals.rows import common_grid, make_rows
from darkhours.infer.signals.timelines import Asked, Inferred, infer_signals, only
from darkhours.infer.signals.tuning import Tuning
from darkhours.model.panel import Panel

AT_ONCE = 250_000
"""Values that are swept at once: ours, some 50 MB of room; it moves no result."""


def infer_bulk(panels: Sequence[Panel], asked: Asked) -> Iterator[Inferred]:
    """Yield the timeline of each entity of the panels, in the order in which they first stand there.

    The accounts are those of `signals.timelines.infer_signals`; a signed re-baseline is left to it.

    Args:
        panels: signals of one or many entities.
        asked: form, seed and defaults; `signed` must be None.

    Raises:
        ValueError: somebody signed a re-baseline.
    """
    if asked.signed is not None:
        msg = "expected no signed re-baseline in bulk, got one; infer_signals takes it"
        raise ValueError(msg)
    grid = common_grid(panels) if panels else None
    for some in split_panels(panels, None if asked.unrelated else AT_ONCE):
        swept = sweep(make_rows(some, asked.tuning, grid), asked.tuning, unrelated=asked.unrelated)
        renews = [may_renew(swept, e, asked.tuning) for e in range(swept.up.size)]
        if asked.unrelated and any(
            renews
        ):  # what the gate sees of one place moves with the baselines of others
            yield from infer_signals(panels, asked)
            return
        for e, readable in enumerate(renews):
            if readable:
                yield from infer_signals(only(some, {swept.rows.entities[e].id}), asked, grid)
            else:
                yield infer_entity(swept, e, asked)


def may_renew(swept: Swept, e: int, tuning: Tuning) -> bool:
    """Return whether a second family may have a baseline of an entity set anew, which kernels do not do.

    It takes a signal that was low in half of `Tuning.renew_days` at least, beside another family; such an
    entity is left to the readable code.
    """
    width = round(24 * tuning.renew_days / swept.rows.grid.step_h)
    if not width or swept.kinds.n_groups[e] < 2:  # noqa: PLR2004 — no second family
        return False
    mine = slice(int(swept.kinds.first_row[e]), int(swept.kinds.first_row[e + 1]))
    low = swept.told.ratio[mine] < swept.knobs.log_degraded
    return bool(low.sum(axis=1).max() >= width // 2)


def split_panels(panels: Sequence[Panel], at_once: int | None) -> Iterator[Sequence[Panel]]:
    """Yield panels of as many whole entities as hold about so many values; all where that is None.

    Args:
        panels: signals of one or many entities.
        at_once: values, on the grid of all panels.
    """
    if at_once is None or not panels:
        yield from [panels] if panels else []
        return
    where = _find_rows(panels)
    n_bins, some, n_rows = common_grid(panels).n_bins, [], 0
    for places in where.values():
        some.append(places)
        n_rows += len(places)
        if n_rows * n_bins >= at_once:
            yield _pick(panels, some)
            some, n_rows = [], 0
    if some:
        yield _pick(panels, some)


def _find_rows(panels: Sequence[Panel]) -> dict[str, list[tuple[int, int]]]:
    """Return panel and row of every signal of each entity."""
    where: dict[str, list[tuple[int, int]]] = {}
    for number, panel in enumerate(panels):
        for row, entity in enumerate(panel.entities):
            where.setdefault(entity.id, []).append((number, row))
    return where


def _pick(panels: Sequence[Panel], some: list[list[tuple[int, int]]]) -> list[Panel]:
    """Return panels with no other rows than these."""
    rows: list[list[int]] = [[] for _ in panels]
    for number, row in (place for places in some for place in places):
        rows[number].append(row)
    return [
        replace(panel, entities=tuple(panel.entities[row] for row in mine), values=panel.values[mine])
        for panel, mine in zip(panels, rows, strict=True)
        if mine
    ]
