"""A timeline: posterior paths of one entity, with the evidence that carried them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from darkhours.model.claim import Claim
from darkhours.model.evidence import Grid

Codes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Shifts = NDArray[np.float32]
Bins = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Voice:
    """One claim as it speaks to one entity.

    Args:
        claim: the claim.
        own: whether it is about the entity itself, not about one that contains it.
        weight: nats that it may move at most, after kind, relaying, extent and reach.
        agree: share in [0, 1] to which each access state agrees with it, shape (7,).
        speaks: bins in which it, or its story, says that its state holds, shape (n_bins,).
        asserts: the bins of those that it says itself, shape (n_bins,).
    """

    claim: Claim
    own: bool
    weight: float
    agree: Floats
    speaks: Mask
    asserts: Mask


SILENT = 255
"""Code of a bin in which a signal leans to no state: not measured, or not able to tell."""


@dataclass(frozen=True, slots=True, eq=False)
class SignalVoice:
    """One signal as it speaks to one entity.

    Args:
        signal: its name, the id that it has among the evidence.
        family: the sensing system.
        sense: what it senses, one of `SENSES`.
        grid: its bins.
        leans: state code that each bin speaks for most, `SILENT` where none; shape (n_bins,).
        level: share of the baseline, NaN where nobody measured; shape (n_bins,).
    """

    signal: str
    family: str
    sense: str
    grid: Grid
    leans: Codes
    level: Floats


@dataclass(frozen=True, slots=True)
class Timeline:
    """Sampled paths of one entity and service over a grid.

    Args:
        entity: its id.
        service: one of `SERVICES`.
        grid: bins of time.
        codes: state code (position in `STATE_ORDER`) per sample and bin, shape (n_samples, n_bins).
        access: access state per sample and bin, same shape; what `codes` was projected from.
        voices: claims that spoke, in the order of their ids.
        families: families of the evidence, sorted.
        contests: pairs of claim ids that exclude each other, as the inference treated them.
        muted: ids of copies, each with the id of the claim that stands for it.
        signals: measured signals that spoke, and routing that was watched, in the order of their names.
        least_dark_h: shortest dark run that stands; None for that of claims (the ontology, *dark*).
        notes: what a reader of the account should know, a sentence each.
        shifts: how far from the start of its bin each change lies, in bins, 0 where nothing changes; shape
            (n_samples, n_bins); None where edges lie on the grid.
        told_to: instants of the story are told to the nearest multiple of this; None for as they come.
    """

    entity: str
    service: str
    grid: Grid
    codes: Codes
    access: Codes
    voices: tuple[Voice, ...]
    families: tuple[str, ...]
    contests: tuple[tuple[str, str], ...]
    muted: tuple[tuple[str, str], ...]
    signals: tuple[SignalVoice, ...] = ()
    least_dark_h: float | None = None
    notes: tuple[str, ...] = ()
    shifts: Shifts | None = None
    told_to: timedelta | None = None
