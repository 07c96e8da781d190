"""The chain: rates per hour, and sampled paths against every path written out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkhours.infer.chain.prior import first_state, rates, transitions
from darkhours.infer.chain.sample import sample_paths
from darkhours.infer.claims.stretch import Region

N_STATES, N_BINS, N_SAMPLES = 7, 3, 4000


def test_the_first_state_and_the_rates_are_those_of_a_place_that_is_mostly_up():
    assert first_state().sum() == pytest.approx(1)
    assert first_state()[0] == 0.98
    assert (np.diag(rates()) == 0).all()
    assert rates()[0, 6] == 1 / 600_000
    assert rates()[6].sum() == pytest.approx(1 / 200_000)


def changes(seed: int, n_bins: int = 4, most: float = 2.0) -> np.ndarray:
    out = np.random.default_rng(seed).random((n_bins, N_STATES, N_STATES)) * most
    out[:, range(N_STATES), range(N_STATES)] = 0
    return out


@given(st.integers(0, 1000), st.sampled_from([1 / 60, 0.25, 1.0, 6.0]))
def test_a_reported_change_is_cheap_and_charges_nobody_who_stays(seed, step_h):
    moves = transitions(changes(seed), step_h)
    assert (moves >= 0).all()
    stays = moves[:, range(N_STATES), range(N_STATES)]
    assert (stays == 1 - rates().sum(axis=-1) * step_h).all()


@pytest.mark.parametrize("step_h", [1 / 60, 0.25, 1.0, 6.0])
def test_where_nothing_is_reported_the_rows_sum_to_one(step_h):
    assert transitions(rates()[None], step_h).sum(axis=-1) == pytest.approx(1)


@pytest.mark.parametrize("step_h", [0.25, 0.5, 1.0, 6.0])
def test_two_half_steps_compose_to_one(step_h):
    half, whole = transitions(rates()[None], step_h / 2)[0], transitions(rates()[None], step_h)[0]
    assert half @ half == pytest.approx(whole, abs=1e-9)


def test_two_half_steps_of_a_reported_change_leave_as_often_as_one():
    reported = rates()[None].copy()
    reported[:, 0, 6] = 1.0
    half, whole = transitions(reported, 0.25)[0], transitions(reported, 0.5)[0]
    assert (half @ half)[0, 0] == pytest.approx(whole[0, 0], abs=1e-5)


def chain(seed: int):
    rng = np.random.default_rng(seed)
    first = rng.dirichlet(np.ones(N_STATES))
    moves = transitions(changes(seed, N_BINS, 0.4), 1.0)
    return first, moves, np.round(-6 * rng.random((N_BINS, N_STATES)), 2)


def weigh(path, first, moves, nats, bins=range(N_BINS)) -> float:
    """Return the weight of a path of those bins: where it begins, how it moves, what it sees."""
    weight, state = first, None
    for step, t in enumerate(bins):
        row = weight @ moves[t] if state is None else moves[t][state]
        factor = row[path[step]] * np.exp(nats[t][path[step]])
        weight = factor if state is None else weight * factor
        state = path[step]
    return float(weight)


def shares(paths) -> dict[tuple[int, ...], float]:
    rows, counts = np.unique(paths, axis=0, return_counts=True)
    return {tuple(row): count / len(paths) for row, count in zip(rows.tolist(), counts, strict=True)}


def apart(drawn, exact) -> float:
    """Return the total variation between sampled and exact probabilities of whole paths."""
    total = sum(exact.values())
    return sum(abs(drawn.get(path, 0) - weight / total) for path, weight in exact.items()) / 2


def chance(exact, n_samples: int) -> float:
    """Return the total variation that independent draws would be expected to have, and half again."""
    p = np.array(list(exact.values())) / sum(exact.values())
    return float(1.5 * np.sqrt(2 * p * (1 - p) / (np.pi * n_samples)).sum() / 2)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sampled_paths_come_as_often_as_their_weight_says(seed):
    first, moves, nats = chain(seed)
    paths = sample_paths(first, moves, nats, (), n_samples=N_SAMPLES, seed=seed)
    every = product(range(N_STATES), repeat=N_BINS)
    exact = {path: weigh(path, first, moves, nats) for path in every}
    assert apart(shares(paths), exact) < chance(exact, N_SAMPLES)


def region(seed: int, first: int, until: int) -> Region:
    """Return a region of two choices: nothing, and one that wants the last state."""
    n = until - first
    own = np.zeros((2, n, N_STATES))
    own[1] = -3.0
    own[1, :, -1] = 0.0
    still, cheap = (transitions(changes(seed + k, n, 0.4), 1.0) for k in (10, 20))
    return Region(first, until, own, own, np.array([still, cheap]), np.log([0.3, 0.7]))


@pytest.mark.parametrize(
    "span",
    [
        pytest.param((0, 3), id="all"),
        pytest.param((0, 2), id="the-beginning"),
        pytest.param((1, 3), id="the-end"),
        pytest.param((1, 2), id="the-middle"),
    ],
)
def test_paths_through_a_region_of_choices_come_as_often_as_their_weight_says(span):
    first, moves, nats = chain(5)
    choices = region(5, *span)
    paths = sample_paths(first, moves, nats, (choices,), n_samples=N_SAMPLES, seed=5)
    exact = dict.fromkeys(product(range(N_STATES), repeat=N_BINS), 0.0)
    before = first
    for t in range(span[0]):
        before = (before @ moves[t]) * np.exp(nats[t])
    before /= before.sum()
    for choice in range(2):
        under, seen = moves.copy(), nats.copy()
        under[slice(*span)] = choices.moves[choice]
        seen[slice(*span)] += choices.extra[choice]
        alone = run(before, choices.moves[choice], choices.own[choice])
        for path in exact:
            exact[path] += np.exp(choices.log_prior[choice]) * weigh(path, first, under, seen) / alone
    assert apart(shares(paths), exact) < chance(exact, N_SAMPLES)


def run(state, moves, nats) -> float:
    """Return the likelihood of what a choice's own stretch says, over all paths."""
    for move, row in zip(moves, nats, strict=True):
        state = (state @ move) * np.exp(row)
    return float(state.sum())


@pytest.mark.parametrize("regions", [(), (region(5, 1, 2),)])
def test_the_same_seed_gives_the_same_bytes_and_another_does_not(regions):
    first, moves, nats = chain(4)
    draw = [sample_paths(first, moves, nats, regions, n_samples=200, seed=s).tobytes() for s in (1, 1, 2)]
    assert draw[0] == draw[1] != draw[2]


def test_no_likelihood_has_a_floor():
    first, moves, nats = chain(6)
    deep = nats - 5000.0
    same = [sample_paths(first, moves, n, (), n_samples=200, seed=1) for n in (nats, deep)]
    assert (same[0] == same[1]).all()


def test_what_one_state_alone_explains_is_that_state():
    first, moves, _ = chain(7)
    nats = np.full((N_BINS, N_STATES), -800.0)
    nats[:, 6] = 0.0
    assert (sample_paths(first, moves, nats, (), n_samples=100, seed=1) == 6).all()
