"""Numbers with their doubt: read off the story, stretched over the samples that share it."""

from __future__ import annotations

import numpy as np

from darkhours.account.outage import Spell
from darkhours.account.posterior import Posterior
from darkhours.account.tally import Reading, Tally
from darkhours.model.account import TOTAL_NAMES, Alternative, Num, Totals
from darkhours.model.timeline import Bins, Floats, Mask

SAME_EDGE_H = 6.0
"""Samples whose first dark edge and lasting return lie this near to the story's share it (the ontology)."""

SHOWN_FROM = 0.05
"""Other readings with at least this probability are shown (the ontology, *Every number*)."""

MISSING = (None,) * len(Tally._fields)


def account_totals(post: Posterior) -> Totals:
    """Return the account's own totals: sums over its outages."""
    share = _sharing_all(post)
    return _totals(post.story.total, post.drawn, share)


def outage_totals(post: Posterior, index: int) -> Totals:
    """Return the totals of one outage of the story."""
    matched, share = _matches(post, index)
    tallies = [
        MISSING if i < 0 else r.tallies[i] for r, i in zip(post.samples, matched.tolist(), strict=True)
    ]
    drawn = np.array(tallies, dtype=np.float64)
    return _totals(post.story.tallies[index], drawn, share)


def _totals(story: Tally, drawn: Floats, share: Mask) -> Totals:
    columns = {name: drawn[:, Tally._fields.index(name)] for name in TOTAL_NAMES}
    return {name: _num(getattr(story, name), columns[name], share) for name in TOTAL_NAMES}


def _num(value: float | None, drawn: Floats, share: Mask) -> Num | None:
    if value is None:
        return None
    near = drawn[share & ~np.isnan(drawn)]
    low, high = np.percentile(near, [5, 95]) if near.size else (value, value)
    known = drawn[~np.isnan(drawn)]
    expected = float(known.mean()) if known.size else value
    return Num(value, min(float(low), value), max(float(high), value), float(share.mean()), expected)


def _sharing_all(post: Posterior) -> Mask:
    """Return which samples share the story's first dark edge and its last lasting return."""
    story = _ends(post.story)
    return np.array([_same(story, _ends(reading)) for reading in post.samples])


def _ends(reading: Reading) -> tuple[float | None, float | None]:
    if not reading.spells:
        return None, None
    dark = [spell.first_dark for spell in reading.spells if spell.first_dark is not None]
    return (dark[0] if dark else reading.spells[0].start), reading.spells[-1].end


def _matches(post: Posterior, index: int) -> tuple[Bins, Mask]:
    """Return which outage of each sample overlaps one of the story most, and whether its edges are near.

    The number is -1 where none does; shapes (n_samples,).
    """
    spell, drawn = post.story.spells[index], post.drawn_spells
    if not drawn.start.shape[1]:
        return np.full(drawn.start.shape[0], -1), np.zeros(drawn.start.shape[0], dtype=bool)
    overlap = np.minimum(drawn.until, spell.until) - np.maximum(drawn.start, spell.start)
    best = overlap.argmax(axis=1)
    pick = (np.arange(best.size), best)
    ends = drawn.end[pick]
    same_end = np.isnan(ends) if spell.end is None else np.abs(ends - spell.end) <= SAME_EDGE_H
    near = same_end & (np.abs(drawn.begin[pick] - spell.begin) <= SAME_EDGE_H)
    found = overlap[pick] > 0
    return np.where(found, best, -1), near & found


def _near(first: Spell, second: Spell) -> bool:
    return _same((first.begin, first.end), (second.begin, second.end))


def _same(first: tuple[float | None, float | None], second: tuple[float | None, float | None]) -> bool:
    for a, b in zip(first, second, strict=True):
        if (a is None) != (b is None) or (a is not None and b is not None and abs(a - b) > SAME_EDGE_H):
            return False
    return True


def alternatives(post: Posterior, index: int) -> tuple[Alternative, ...]:
    """Return other readings of an outage that at least one sample in twenty holds."""
    matched, near = _matches(post, index)
    others = np.flatnonzero((matched >= 0) & ~near)
    groups: list[list[tuple[Spell, Tally]]] = []
    for sample, i in zip(others.tolist(), matched[others].tolist(), strict=True):
        reading = post.samples[sample]
        entry = (reading.spells[i], reading.tallies[i])
        home = next((group for group in groups if _near(group[0][0], entry[0])), None)
        if home is None:
            groups.append([entry])
        else:
            home.append(entry)
    n = len(post.samples)
    shown = [_alternative(group, n, post) for group in groups if len(group) >= SHOWN_FROM * n]
    return tuple(sorted(shown, key=lambda a: (-a.p, a.start)))


def _alternative(group: list[tuple[Spell, Tally]], n: int, post: Posterior) -> Alternative:
    spells = [spell for spell, _ in group]
    ends = [spell.end for spell in spells if spell.end is not None]
    gross = [tally.gross_h for _, tally in group if tally.gross_h is not None]
    starts = [spell.begin for spell in spells]
    return Alternative(
        start=post.instant(_middle(starts)),
        end=post.instant(_middle(ends)) if ends else None,
        p=len(group) / n,
        gross_h=_middle(gross) if gross else None,
        dark_h=_middle([tally.dark_h for _, tally in group]),
    )


def _middle(values: list[float]) -> float:
    return float(np.percentile(values, 50, method="nearest"))
