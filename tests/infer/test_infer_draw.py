"""Histories of a plain chain, against every path written out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from darkhours.infer.chain.draw import draw_filtered, draw_smoothed, smooth, uniforms

N_STATES, N_BINS, N_SAMPLES = 3, 4, 8000


def chain(seed: int):
    """Return filtered probabilities, moves, and the probability of every path."""
    rng = np.random.default_rng(seed)
    first = rng.dirichlet(np.ones(N_STATES))
    moves = rng.dirichlet(np.ones(N_STATES) * 0.7, size=N_STATES)
    seen = np.exp(-3 * rng.random((N_BINS, N_STATES)))
    alpha, state = np.zeros((N_BINS, N_STATES)), first
    for t in range(N_BINS):
        state = (state if t == 0 else state @ moves) * seen[t]
        state = state / state.sum()
        alpha[t] = state
    weight = {path: weigh(path, first, moves, seen) for path in product(range(N_STATES), repeat=N_BINS)}
    total = sum(weight.values())
    return alpha, moves, {path: value / total for path, value in weight.items()}


def weigh(path, first, moves, seen) -> float:
    out = first[path[0]] * seen[0, path[0]]
    for t in range(1, len(path)):
        out *= moves[path[t - 1], path[t]] * seen[t, path[t]]
    return float(out)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_histories_come_as_often_as_their_weight_says(seed):
    alpha, moves, exact = chain(seed)
    rows, counts = np.unique(
        draw_smoothed(alpha, moves, n_samples=N_SAMPLES, seed=seed), axis=0, return_counts=True
    )
    drawn = {tuple(row): count / N_SAMPLES for row, count in zip(rows.tolist(), counts, strict=True)}
    apart = sum(abs(drawn.get(path, 0) - p) for path, p in exact.items()) / 2
    p = np.array(list(exact.values()))
    assert apart < 1.5 * np.sqrt(2 * p * (1 - p) / (np.pi * N_SAMPLES)).sum() / 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_smoothed_probability_is_the_share_of_the_paths_through_a_state(seed):
    alpha, moves, exact = chain(seed)
    shares = np.zeros((N_BINS, N_STATES))
    for path, p in exact.items():
        shares[np.arange(N_BINS), path] += p
    assert smooth(alpha[None], moves)[0] == pytest.approx(shares)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_history_without_look_ahead_is_in_each_state_as_often_as_was_known_then(seed):
    alpha, _, _ = chain(seed)
    drawn = draw_filtered(alpha, n_samples=N_SAMPLES, seed=seed)
    shares = np.stack([(drawn == state).mean(axis=0) for state in range(N_STATES)], axis=1)
    assert shares == pytest.approx(alpha, abs=0.02)


def test_a_history_without_look_ahead_keeps_its_rank():
    alpha = np.array([[0.9, 0.1], [0.5, 0.5], [0.9, 0.1]])
    drawn = draw_filtered(alpha, n_samples=500, seed=1)
    assert (drawn[:, 0] <= drawn[:, 1]).all()
    assert (drawn[:, 0] == drawn[:, 2]).all()


def test_appended_bins_draw_nothing_anew_for_a_bin_that_is_certain_of_its_next():
    alpha, moves, _ = chain(4)
    sure = np.concatenate([alpha, [[1.0, 0.0, 0.0]], [[1.0, 0.0, 0.0]]])
    longer = np.concatenate([sure, [[1.0, 0.0, 0.0]]])
    one, two = (draw_smoothed(a, moves, n_samples=300, seed=9) for a in (sure, longer))
    assert (one == two[:, : len(sure)]).all()


@pytest.mark.parametrize(("seed", "t"), [(0, 0), (20220105, 7), (2**63, 100_000)])
def test_uniforms_belong_to_their_bin_and_are_uniform(seed, t):
    drawn = uniforms(seed, t, 20_000)
    assert (uniforms(seed, t, 50) == drawn[:50]).all()
    assert not (uniforms(seed, t + 1, 50) == drawn[:50]).any()
    assert 0 <= drawn.min() <= drawn.max() < 1
    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.02)
