"""Verdicts: each claimed total against what its own rule gives, and against every other rule."""

from __future__ import annotations

import numpy as np

from darkhours.account.outage import Back
from darkhours.account.posterior import Posterior
from darkhours.model.account import Num, Verdict
from darkhours.model.claim import TOTAL_RULES, Claim, SaysTotal
from darkhours.model.timeline import Floats

SUPPORTED = 0.5
"""A claim is supported when this share of samples gives it within its tolerance (the ontology)."""

CONTRADICTED = 0.05
"""A rule is ruled out when fewer samples than this give the claimed value (the ontology)."""

_HALF = 0.005
"""Half a per cent, where rounding would say 0 % or 100 %."""

RETURN_RULES = ("return_h", "return_dark_h")
"""The rules "elapsed, or dark, until some other return", tried beside the named ones."""


def judge(claim: Claim, post: Posterior) -> Verdict:
    """Return the verdict on one claimed total, computed on the claim's own entity.

    `supported`: P ≥ 0.5 within tolerance by its own rule, with what it gives besides; or the 90 %
    interval lies inside the tolerance. `fits-another-rule`: own P < 0.05 and the best other P ≥ 0.5.
    `contradicted`: P < 0.05 for every rule. Else `undecided`.

    Raises:
        ValueError: the claim gives no total.
    """
    says = claim.says
    if not isinstance(says, SaysTotal):
        raise ValueError(f"claim {claim.id} gives no total")  # noqa: TRY004 - a claim of another content
    tolerance = says.unit
    drawn = {rule: post.totals(rule) for rule in TOTAL_RULES}
    own = _share(drawn[says.rule], says.value, tolerance, _besides(says, post))
    others = {rule: _share(drawn[rule], says.value, tolerance, None) for rule in drawn if rule != says.rule}
    others |= {rule: _share_any(post, rule, says.value, tolerance) for rule in RETURN_RULES}
    computed = _num(says.rule, drawn[says.rule], post)
    verdict, fits = _decide(own, others, inside=_inside(computed, says, tolerance))
    return Verdict(
        claim=claim.id,
        rule=says.rule,
        claimed=_exact(says.value, tolerance),
        computed=computed,
        verdict=verdict,
        fits=fits,
        note=_note(own, fits, others, post),
    )


def _decide(own: float, others: dict[str, float], *, inside: bool) -> tuple[str, str | None]:
    if own >= SUPPORTED or inside:
        return "supported", None
    named = {rule: p for rule, p in others.items() if rule not in RETURN_RULES}
    best = max(named, key=lambda rule: named[rule])
    if named[best] < SUPPORTED:
        best = max(others, key=lambda rule: others[rule])
    if own < CONTRADICTED and others[best] >= SUPPORTED:
        return "fits-another-rule", best
    if max(own, others[best]) < CONTRADICTED:
        return "contradicted", None
    return "undecided", None


def _share(values: Floats, value: float, tolerance: float, besides: Floats | None) -> float:
    within = np.abs(values - value) <= tolerance + 1e-9
    if besides is not None:
        within &= besides.astype(bool)
    return float(within.mean())


def _besides(says: SaysTotal, post: Posterior) -> Floats | None:
    """Return which samples also give what the claim gives besides, None if it gives nothing.

    Restored hours beside a total to the first return are those before that return.
    """
    if not says.besides:
        return None
    fits = np.ones(len(post.samples), dtype=bool)
    for rule, value, unit in says.besides:
        early = rule == "restored_h" and says.rule.startswith("first_return")
        values = post.totals("restored_before_h" if early else rule)
        fits &= np.abs(values - value) <= unit + 1e-9
    return fits.astype(float)


def _share_any(post: Posterior, rule: str, value: float, tolerance: float) -> float:
    """Return the share of samples in which some return has the value, elapsed or dark until then."""
    known: dict[int, bool] = {}
    hits = 0
    for reading in post.samples:
        if id(reading) not in known:
            backs = [back for spell in reading.backs for back in spell]
            known[id(reading)] = any(_hit(back, rule, value, tolerance) for back in backs)
        hits += known[id(reading)]
    return hits / len(post.samples)


def _hit(back: Back, rule: str, value: float, tolerance: float) -> bool:
    got = back.elapsed_h if rule == "return_h" else back.dark_h
    return got is not None and abs(got - value) <= tolerance + 1e-9


def _num(rule: str, values: Floats, post: Posterior) -> Num | None:
    value = getattr(post.story.total, rule)
    known = values[~np.isnan(values)]
    if value is None or not known.size:
        return None
    low, high = np.percentile(known, [5, 95])
    share = known.size / values.size
    return Num(value, min(float(low), value), max(float(high), value), share, float(known.mean()))


def _inside(computed: Num | None, says: SaysTotal, tolerance: float) -> bool:
    if computed is None or says.besides:
        return False
    return says.value - tolerance <= computed.low and computed.high <= says.value + tolerance


def _exact(value: float, tolerance: float) -> Num:
    return Num(value, value - tolerance, value + tolerance, 1.0, value)


def _note(own: float, fits: str | None, others: dict[str, float], post: Posterior) -> str:
    n = len(post.samples)
    text = f"its own rule gives this in {_per_cent(own)} of {n} sampled histories"
    if fits is not None:
        text += f"; by {fits} in {_per_cent(others[fits])}: our inference, no source says so"
    return text


def _per_cent(share: float) -> str:
    """Return a share as a whole per cent; none of them and all of them are said only where it is so.

    >>> [_per_cent(share) for share in (0.0, 0.001, 0.69, 0.999, 1.0)]
    ['0%', '<1%', '69%', '>99%', '100%']
    """
    if 0 < share < _HALF:
        return "<1%"
    return ">99%" if 1 - _HALF < share < 1 else f"{share:.0%}"
