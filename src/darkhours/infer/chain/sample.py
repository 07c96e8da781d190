"""Filters a sticky chain forward and samples its paths backward, through regions of latent choices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkhours.infer.claims.stretch import Region
from darkhours.model.timeline import Bins, Codes, Floats

CERTAIN = 1e-5
"""A backward step that is this certain is taken without a draw: ours. It leaves out changes that nobody
reported and nothing suggests, in all fewer than one path in a hundred."""

AT_ONCE = 128
"""Bins that are looked through at once for the next change; it moves no result."""


@dataclass(frozen=True, slots=True)
class _Filtered:
    """Filtered probabilities; in regions one row per choice."""

    alpha: Floats
    inside: tuple[Floats, ...]
    log_weight: tuple[Floats, ...]


def sample_paths(
    first: Floats,
    moves: Floats,
    nats: Floats,
    regions: tuple[Region, ...],
    *,
    n_samples: int,
    seed: int,
) -> Codes:
    """Return posterior paths of the chain.

    Forward filtering, backward sampling. Work is done in logs with the maximum of each step
    subtracted; no likelihood has an absolute floor (the method, *Shared engine*).

    Args:
        first: probability of each state before the first bin, shape (n_states,).
        moves: transition probabilities into each bin, shape (n_bins, n_states, n_states).
        nats: log-likelihood per bin and state, shape (n_bins, n_states).
        regions: bins under several choices at once, in order, without overlap.
        n_samples: how many paths.
        seed: of the generator; same input and seed, same paths.

    Returns:
        State of each sample and bin, shape (n_samples, n_bins).

    Source: Frühwirth-Schnatter (1994), "Data augmentation and dynamic linear models".
    """
    filtered = _filter(first, moves, nats, regions)
    return _Backward(moves, regions, filtered, np.random.default_rng(seed), n_samples).run()


def _filter(first: Floats, moves: Floats, nats: Floats, regions: tuple[Region, ...]) -> _Filtered:
    n_bins, n_states = nats.shape
    alpha = np.empty((n_bins, n_states))
    likely = np.exp(nats - nats.max(axis=1, keepdims=True))
    inside, weights = [], []
    starts = {region.first: region for region in regions}
    state, t = first, 0
    while t < n_bins:
        region = starts.get(t)
        if region is None:
            state = (state @ moves[t]) * likely[t]
            state = state / state.sum()
            alpha[t] = state
            t += 1
            continue
        rows, log_weight = _through(state, nats, region)
        inside.append(rows)
        weights.append(log_weight)
        share = np.exp(log_weight - log_weight.max())
        for offset in range(region.until - region.first):
            alpha[t + offset] = share @ rows[:, offset] / share.sum()
        state, t = alpha[region.until - 1], region.until
    return _Filtered(alpha, tuple(inside), tuple(weights))


def _through(state: Floats, nats: Floats, region: Region) -> tuple[Floats, Floats]:
    """Run every choice of a region; return its filtered rows and the log weight of each choice.

    A choice weighs its prior times what the other evidence makes of the paths that its own
    stretch allows, so a stretch is not charged for the changes that it needs.
    """
    span = slice(region.first, region.until)
    rows, together = _run(state, region.moves, nats[span] + region.extra)
    _, alone = _run(state, region.moves, region.own)
    return rows, region.log_prior + together - alone


def _run(state: Floats, moves: Floats, nats: Floats) -> tuple[Floats, Floats]:
    n_choices, n_bins, n_states = nats.shape
    rows = np.empty((n_choices, n_bins, n_states))
    log_total = np.zeros(n_choices)
    best = nats.max(axis=2)
    likely = np.exp(nats - best[:, :, None])
    now = np.broadcast_to(state, (n_choices, n_states))
    for t in range(n_bins):
        now = (now[:, None, :] @ moves[:, t])[:, 0, :] * likely[:, t]
        total = now.sum(axis=1)
        now = now / total[:, None]
        log_total += np.log(total) + best[:, t]
        rows[:, t] = now
    return rows, log_total


class _Backward:
    """One backward pass over all samples at once."""

    def __init__(
        self,
        moves: Floats,
        regions: tuple[Region, ...],
        filtered: _Filtered,
        rng: np.random.Generator,
        n_samples: int,
    ) -> None:
        self._moves, self._regions, self._filtered = moves, regions, filtered
        self._rng = rng
        self._n = n_samples
        self._paths = np.empty((moves.shape[0], n_samples), dtype=np.uint8)
        self._by_last = {region.until - 1: i for i, region in enumerate(regions)}
        weights = filtered.alpha[:-1, :, None] * moves[1:]
        self._share = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
        self._best = self._share.argmax(axis=1).astype(np.uint8)
        self._certain = self._share.max(axis=1) >= 1 - CERTAIN
        # Running sums over the state before, from 0 to 1, a row per state after: a draw is one search.
        self._edges = np.zeros((moves.shape[0] - 1, moves.shape[1], moves.shape[1] + 1))
        self._edges[:, :, 1:] = self._share.cumsum(axis=1).transpose(0, 2, 1)
        self._luck = self._uniforms(n_samples)
        self._low, self._wide = self._staying(regions)
        self._entered: tuple[int, Floats] | None = None

    def _staying(self, regions: tuple[Region, ...]) -> tuple[Floats, Floats]:
        """Return where the uniforms of those who stay begin, and how wide they are, per bin and state.

        All stay where staying is certain; none is known to where leaving is, or under several choices.
        """
        diagonal = np.arange(self._edges.shape[1])
        low = self._edges[:, diagonal, diagonal].copy()
        wide = self._edges[:, diagonal, diagonal + 1] - low
        low[self._certain] = 0.0
        wide[self._certain] = (self._best == diagonal)[self._certain]
        for region in regions:
            wide[max(region.first - 1, 0) : region.until] = 0.0
        return low, wide

    def run(self) -> Codes:
        """Return the paths, shape (n_samples, n_bins)."""
        t = self._moves.shape[0] - 1
        while t >= 0:
            index = self._by_last.get(t)
            if index is None:
                t -= self._step(t)
            else:
                self._region(index)
                t = self._regions[index].first - 1
        return np.ascontiguousarray(self._paths.T)

    def _step(self, t: int) -> int:
        """Draw the states of bin ``t``, and of those before it in which none changes.

        Returns how many bins were drawn.
        """
        if t == self._moves.shape[0] - 1:
            self._paths[t] = self._draw(np.broadcast_to(self._filtered.alpha[t], (self._n, 7)))
            return 1
        if self._entered is not None and self._entered[0] == t + 1:
            share = self._filtered.alpha[t] * self._onward(t)
            self._paths[t] = self._draw(share / share.sum(axis=1, keepdims=True))
            return 1
        after = self._paths[t + 1]
        states = np.flatnonzero(np.bincount(after, minlength=7))
        calm = self._calm(t, after, states)
        if calm:
            self._paths[t - calm + 1 : t + 1] = after
            return calm
        self._paths[t] = self._best[t][after]
        for state in states[~self._certain[t][states]].tolist():
            mine = np.flatnonzero(after == state)
            self._paths[t, mine] = self._before(t, state, mine)
        return 1

    def _calm(self, t: int, after: Codes, states: Bins) -> int:
        """Return in how many bins, from ``t`` back, every sample stays; take that from their uniforms."""
        ahead = slice(max(0, t + 1 - AT_ONCE), t + 1)
        wide = self._wide[ahead][::-1, states].cumprod(axis=0)
        before = np.vstack([np.ones(states.size), wide[:-1]])
        low = (self._low[ahead][::-1, states] * before).cumsum(axis=0)
        groups = [after == state for state in states]
        least = [self._luck[mine].min() for mine in groups]
        most = [self._luck[mine].max() for mine in groups]
        changed = ((least <= low) | (most > low + wide)).any(axis=1)
        calm = int(changed.argmax()) if changed.any() else changed.size
        if calm:
            for mine, begin, width in zip(groups, low[calm - 1], wide[calm - 1], strict=True):
                self._luck[mine] = (self._luck[mine] - begin) / width
        return calm

    def _before(self, t: int, state: int, mine: Bins) -> Codes:
        """Draw the states of bin ``t`` of the samples ``mine``, which all have ``state`` next.

        Each sample has one uniform, evenly spread over the samples; one that stays keeps its own,
        stretched over what staying left of it, and one that changes draws another. So a change that is
        rare in every bin, but not over days, comes as often with one seed as with the next.
        """
        edges, luck = self._edges[t, state], self._luck[mine]
        low, high = edges[state], edges[state + 1]
        picked = np.full(mine.size, state, dtype=np.uint8)
        changed = np.flatnonzero((luck <= low) | (luck > high))
        picked[changed] = np.searchsorted(edges[1:-1], luck[changed])
        luck = (luck - low) / max(high - low, 1e-300)
        luck[changed] = self._uniforms(changed.size)
        self._luck[mine] = luck
        return picked

    def _region(self, index: int) -> None:
        region, rows = self._regions[index], self._filtered.inside[index]
        choice = self._choices(index)
        for t in range(region.until - 1, region.first - 1, -1):
            weights = rows[choice, t - region.first]
            if t + 1 < region.until:
                weights = weights * region.moves[choice, t + 1 - region.first, :, self._paths[t + 1]]
            elif t + 1 < self._moves.shape[0]:
                weights = weights * self._onward(t)
            self._paths[t] = self._draw(weights / weights.sum(axis=1, keepdims=True))
        self._entered = (region.first, region.moves[choice, 0, :, self._paths[region.first]])

    def _onward(self, t: int) -> Floats:
        """Return how readily each state of bin ``t`` leads to what each sample has next, shape (n, 7)."""
        if self._entered is not None and self._entered[0] == t + 1:
            return self._entered[1]
        return np.asarray(self._moves[t + 1].T[self._paths[t + 1]])

    def _choices(self, index: int) -> Codes:
        region, rows = self._regions[index], self._filtered.inside[index]
        log_weight = self._filtered.log_weight[index]
        prior = np.exp(log_weight - log_weight.max())
        if region.until < self._moves.shape[0]:
            share = (self._onward(region.until - 1) @ rows[:, -1].T) * prior
        else:
            share = np.broadcast_to(prior, (self._n, prior.size))
        return self._draw(share / share.sum(axis=1, keepdims=True), wide=True)

    def _draw(self, share: Floats, *, wide: bool = False) -> Codes:
        """Draw a column per row; uniforms are stratified over the rows, which steadies the shares."""
        above = share.cumsum(axis=1) < self._uniforms(share.shape[0])[:, None] * (1 - 1e-12)
        picked = np.minimum(above.sum(axis=1), share.shape[1] - 1)
        return np.asarray(picked.astype(np.int64 if wide else np.uint8))

    def _uniforms(self, n: int) -> Floats:
        """Return n uniforms in [0, 1), one in each of n equal parts, in random order."""
        return np.asarray((self._rng.permutation(n) + self._rng.random(n)) / n)
