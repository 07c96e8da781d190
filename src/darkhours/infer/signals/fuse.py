"""Families added up for each entity: disagreement is evidence of degraded, and routing speaks one way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkhours.infer.signals.likelihood import DARK, DEGRADED, N_STATES, UP
from darkhours.infer.signals.rows import Rows
from darkhours.model.timeline import Bins, Floats, Mask

OWN, OTHERS = 0.5, 0.25
"""Shares of its own and of each side's likelihood that degraded has (the method, *Shared engine*)."""

WITHDRAWN = float(np.log(0.1))
"""Routes below a tenth of the baseline are withdrawn: ours; anything above says nothing of people."""

WITHDRAWN_NATS = 8.0
"""What near-total withdrawal says for dark: as much as a family may say in one bin."""


@dataclass(frozen=True, slots=True)
class Families:
    """Which rows speak for which entity, by family.

    Args:
        n_entities: how many entities.
        group: index of the (entity, family) of each row, shape (n_rows,).
        entity: entity of each group, shape (n_groups,).
        names: family of each group.
        routing: rows that tell of routes, shape (n_rows,).
        reaches: rows that can see whether people are reached, shape (n_rows,).
    """

    n_entities: int
    group: Bins
    entity: Bins
    names: tuple[str, ...]
    routing: Mask
    reaches: Mask


def group_families(rows: Rows) -> Families:
    """Return the families of every entity, in the order of their first row."""
    keys: dict[tuple[int, str], int] = {}
    group = [
        keys.setdefault((int(e), family), len(keys))
        for e, family in zip(rows.entity, rows.families, strict=True)
    ]
    return Families(
        n_entities=len(rows.entities),
        group=np.array(group),
        entity=np.array([entity for entity, _ in keys]),
        names=tuple(family for _, family in keys),
        routing=np.array([s.sense == "routing" for s in rows.signals]),
        reaches=np.array([s.sense in ("reachability", "demand") for s in rows.signals]),
    )


def one_sided(nats: Floats, ratio: Floats, covered: Mask, families: Families, rows: Rows) -> Floats:
    """Return the nats with routing silenced to one side where another family sees reachability.

    Routes that stand say nothing of people, a partial fall does not tell degraded from dark; only
    near-total withdrawal is strong (the method, *Signals* 5).
    """
    if not families.routing.any():
        return nats
    sees = np.zeros(families.n_entities, dtype=bool)
    np.logical_or.at(sees, rows.entity, families.reaches & covered)
    quiet = families.routing & sees[rows.entity]
    withdrawn = np.array([0.0, 0.5, 1.0, 0.5, 0.5, 0.0]) * WITHDRAWN_NATS
    spoken = np.where((ratio < WITHDRAWN)[:, None], withdrawn, 0.0)
    return np.where(quiet[:, None], spoken, nats)


def fuse(nats: Floats, covered: Mask, families: Families, rows: Rows) -> tuple[Floats, Mask]:
    """Return the log-likelihood of each entity, and the groups that spoke.

    Signals of one family are averaged, for their evidence is not independent; families are added.
    Degraded takes a share of both sides, among the signals of one family where they disagree as among
    families, so that disagreement is degraded and one loud voice does not erase the others.

    Args:
        nats: per row relative to up, shape (n_rows, 6).
        covered: rows that measured, shape (n_rows,).
        families: who speaks for whom.
        rows: for the share of a bin's evidence.

    Returns:
        Shape (n_entities, 6) relative to its best, and which (entity, family) spoke, shape (n_groups,).
    """
    n_groups = len(families.names)
    count = np.bincount(families.group[covered], minlength=n_groups)
    told = np.zeros((n_groups, N_STATES))
    group = families.group[covered]
    each = shared_out(nats[covered], _disagree(nats[covered], group, n_groups))
    np.add.at(told, group, each * rows.weight[covered, None])
    told /= np.maximum(count, 1)[:, None]
    speaks = count > 0
    out = np.zeros((families.n_entities, N_STATES))
    np.add.at(out, families.entity[speaks], share_out(told[speaks], families, speaks))
    return out - out.max(axis=1, keepdims=True), speaks


def _disagree(nats: Floats, group: Bins, n_groups: int) -> Mask:
    """Return the rows whose family has one signal that leans to up and another that leans to dark."""
    best = nats[:, : DARK + 1].argmax(axis=1)
    spoken = np.ptp(nats[:, : DARK + 1], axis=1) > 0
    up = np.bincount(group[spoken & (best == UP)], minlength=n_groups) > 0
    dark = np.bincount(group[spoken & (best == DARK)], minlength=n_groups) > 0
    return np.asarray((up & dark)[group])


def share_out(told: Floats, families: Families, speaks: Mask) -> Floats:
    """Give degraded its share of both sides, where more than one family speaks of an entity."""
    entity = families.entity[speaks]
    return shared_out(told, np.bincount(entity, minlength=families.n_entities)[entity] > 1)


def shared_out(told: Floats, several: Mask) -> Floats:
    """Give degraded a share of both sides where another voice speaks beside this one.

    Args:
        told: log-likelihoods of each voice, shape (n, 6).
        several: whether another speaks beside it, shape (n,).
    """
    best = told[:, : DARK + 1].max(axis=1, keepdims=True)
    likely = np.exp(told - best)
    mixed = OWN * likely[:, DEGRADED] + OTHERS * likely[:, UP] + OTHERS * likely[:, DARK]
    out = told.copy()
    out[:, DEGRADED] = np.where(several, best[:, 0] + np.log(mixed), told[:, DEGRADED])
    return out
