"""Statistics against cases worked by hand, and how often the intervals hold a known truth."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmem.lab.statistics import (
    bootstrap_interval,
    interquartile_mean,
    negative_transfer,
    paired_interval,
    wilson_interval,
)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([7], 7),
        ([1, 2, 6], 3),  # a quarter of three is less than one: nothing is cut
        ([1, 2, 3, 100], 2.5),
        ([5, 1, 3, 2, 100], 10 / 3),
        ([[1, 2], [3, 100]], 2.5),
    ],
)
def test_interquartile_mean_by_hand(scores, expected):
    assert interquartile_mean(scores) == pytest.approx(expected)


def test_interquartile_mean_along_an_axis():
    scores = [[1, 10], [2, 20], [3, 30], [100, -1000]]
    assert interquartile_mean(scores, axis=0).tolist() == [2.5, 15.0]
    assert interquartile_mean(scores, axis=1).tolist() == [5.5, 11.0, 16.5, -450.0]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.randoms())
def test_interquartile_mean_lies_among_the_scores_whatever_their_order(scores, random):
    middle = interquartile_mean(scores)
    assert min(scores) - 1e-6 <= middle <= max(scores) + 1e-6
    assert interquartile_mean(random.sample(scores, len(scores))) == middle


# ---------------------------------------------------------------- what the bootstrap draws

TABLE = np.add.outer(10 * np.arange(5), np.arange(4))  # tens name the agent, ones the room


def test_whole_agents_and_whole_rooms_are_drawn():
    drawn = []
    bootstrap_interval(TABLE, lambda sample: drawn.append(sample) or 0.0)
    agents, rooms = np.divmod(drawn, 10)
    assert (np.ptp(agents, axis=2) == 0).all()
    assert (np.ptp(rooms, axis=1) == 0).all()
    assert {len(np.unique(one)) for one in agents} == {1, 2, 3, 4}


@pytest.mark.parametrize("same_agents", [True, False])
def test_a_pair_is_drawn_with_the_same_rooms_and_if_asked_the_same_agents(same_agents):
    drawn = []
    options = {"same_agents": same_agents, "repeats": 50}
    paired_interval(TABLE, TABLE, lambda sample: drawn.append(sample) or 0.0, **options)
    ours, theirs = np.array(drawn[::2]), np.array(drawn[1::2])
    assert (ours % 10 == theirs % 10).all()
    assert (ours == theirs).all() == same_agents


def test_row_i_of_both_is_one_agent_where_both_have_as_many():
    other = TABLE + np.random.default_rng(0).random(TABLE.shape)
    assert paired_interval(TABLE, other) == paired_interval(TABLE, other, same_agents=True)
    fewer = TABLE[:3]
    assert paired_interval(TABLE, fewer) == paired_interval(TABLE, fewer, same_agents=False)


def test_the_spread_is_that_of_the_mean():
    scores = np.random.default_rng(0).normal(size=(6, 1))
    means = []
    bootstrap_interval(scores, lambda drawn: means.append(drawn.mean()) or 0.0, repeats=20_000)
    assert np.var(means) == pytest.approx(scores.var(ddof=1) / 6, rel=0.03)


def test_constant_scores_leave_no_doubt():
    assert bootstrap_interval(np.full((5, 3), 2.0)) == (2.0, 2.0)
    assert bootstrap_interval([[True]], np.mean) == (1.0, 1.0)


def test_more_confidence_widens_and_the_same_seed_repeats():
    scores = np.random.default_rng(0).normal(size=(10, 6))
    interval = partial(bootstrap_interval, scores, repeats=np.int64(300))
    narrow, wide = interval(confidence=np.float32(0.5)), interval(confidence=0.99)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]
    assert interval(rng=1) == interval(rng=np.random.default_rng(1)) != interval(rng=2)


# ---------------------------------------------------------------- how often it holds the truth

REPEATS, WORLDS, ROOMS = 200, 300, 40


def world(rng, count, agents=0.3, rooms=0.5):
    """Return scores with mean 0: effects of agents and of rooms (these sd) plus a residual."""
    effects = rng.normal(0, agents, (count, 1)) + rng.normal(0, rooms, ROOMS)
    return effects + rng.normal(0, 0.3, (count, ROOMS))


def crossed(rng, count, statistic=np.mean, **effects):
    return bootstrap_interval(world(rng, count, **effects), statistic, repeats=REPEATS, rng=rng)


def same_agents(rng, count):
    control = world(rng, count)
    return paired_interval(control + world(rng, count), control, np.mean, repeats=REPEATS, rng=rng)


def different_agents(rng, count):
    rooms = rng.normal(0, 0.5, ROOMS)
    scores, control = (rooms + world(rng, agents, rooms=0) for agents in (count, count + 2))
    options = {"same_agents": False, "repeats": REPEATS, "rng": rng}
    return paired_interval(scores, control, np.mean, **options)


def within_each_room(rng, count):
    """Return the interval of the stratified bootstrap, for runs of their own in each room."""
    scores, rooms = world(rng, count, rooms=0), np.arange(ROOMS)
    samples = [scores[rng.integers(count, size=scores.shape), rooms] for _ in range(REPEATS)]
    return np.quantile(np.mean(samples, axis=(1, 2)), [0.025, 0.975])


def coverage(interval, count):
    rng = np.random.default_rng(0)
    found = np.array([interval(rng, count) for _ in range(WORLDS)])
    return np.mean((found[:, 0] <= 0) & (found[:, 1] >= 0))


CASES = {
    "agents differ": partial(crossed, rooms=0),
    "rooms differ": partial(crossed, agents=0),
    "both differ": crossed,
    "both, interquartile mean": partial(crossed, statistic=interquartile_mean),
    "pair, same agents": same_agents,
    "pair, different agents": different_agents,
}


@pytest.mark.parametrize("case", CASES)
def test_a_95_percent_interval_of_ten_agents_holds_the_truth_nearly_as_often(case):
    share = coverage(CASES[case], 10)
    print(f"10 agents, {case}: {share:.1%}")
    assert share >= 0.88


def test_agents_drawn_for_each_room_on_its_own_miss_the_truth_mostly():
    share = coverage(within_each_room, 10)
    print(f"10 agents differ, drawn within each room: {share:.1%}")
    assert share < 0.6


def test_fewer_agents_cost_coverage():
    for count in (3, 5, 8):
        print(f"{count} agents differ: {coverage(CASES['agents differ'], count):.1%}")


# ---------------------------------------------------------------- the other measures


@pytest.mark.parametrize(
    ("worked", "used", "interval"),
    [(8, 10, (0.4902, 0.9433)), (0, 0, (0, 1)), (0, 5, (0, 0.4345)), (5, 5, (0.5655, 1))],
)
def test_wilson_interval_by_hand(worked, used, interval):
    assert wilson_interval(np.int64(worked), used) == pytest.approx(interval, abs=1e-4)


def test_negative_transfer_counts_rooms_in_which_memory_made_it_worse():
    assert negative_transfer([[1, 10, 5], [3, 10, 5]], [[3, 9, 5]]) == pytest.approx(1 / 3)


# ---------------------------------------------------------------- what is refused

ONE = [[1.0, 2.0]]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: interquartile_mean([]), r"scores must be finite numbers, at least one, got \[\]"),
        (lambda: interquartile_mean([1, np.nan]), r"scores must be finite .* got \[nan\]"),
        (lambda: bootstrap_interval([1, 2]), r"scores must have 2 axes, got shape \(2,\)"),
        (lambda: bootstrap_interval(ONE, confidence=-0.5), "confidence must .* in 0..1, got -0.5"),
        (lambda: bootstrap_interval(ONE, confidence="95 %"), "confidence must .* got '95 %'"),
        (lambda: paired_interval(ONE, [[1.0]]), r"same rooms, got shapes \(1, 2\) and \(1, 1\)"),
        (lambda: paired_interval(ONE, ONE * 2, same_agents=True), "same_agents=False, got 1 and 2"),
        (lambda: wilson_interval(3, 2), r"worked must be a whole number in 0\.\.2, got 3"),
        (lambda: bootstrap_interval([["1"]]), "scores must be an array of numbers, got"),
        (lambda: interquartile_mean([[1], [1, 2]]), "scores must be an array of numbers, got"),
    ],
)
def test_what_cannot_be_computed_is_refused(ask, message):
    with pytest.raises(ValueError, match=message):
        ask()
