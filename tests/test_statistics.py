"""Interquartile mean and bootstrap interval against cases worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmem.lab.statistics import (
    bootstrap_interval,
    fit_practice,
    interquartile_mean,
    jump_start,
    negative_transfer,
    paired_interval,
    time_to_threshold,
    wilson_interval,
)

SCORES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([7], 7),
        ([1, 2, 6], 3),  # a quarter of three is less than one: nothing is cut
        ([1, 2, 3, 100], 2.5),
        ([5, 1, 3, 2, 100], 10 / 3),
        ([8, 7, 6, 5, 4, 3, 2, 1], 4.5),
        ([[1, 2], [3, 100]], 2.5),
    ],
)
def test_interquartile_mean_by_hand(scores, expected):
    assert interquartile_mean(scores) == pytest.approx(expected)


def test_interquartile_mean_along_an_axis():
    scores = [[1, 10], [2, 20], [3, 30], [100, -1000]]
    assert interquartile_mean(scores, axis=0).tolist() == [2.5, 15.0]
    assert interquartile_mean(scores, axis=1).tolist() == [5.5, 11.0, 16.5, -450.0]


def test_one_disaster_does_not_move_the_interquartile_mean():
    assert interquartile_mean([1, 1, 1, 1000]) == 1


@given(SCORES)
def test_interquartile_mean_lies_among_the_scores(scores):
    assert min(scores) - 1e-6 <= interquartile_mean(scores) <= max(scores) + 1e-6


@given(SCORES, st.randoms())
def test_interquartile_mean_does_not_depend_on_the_order(scores, random):
    shuffled = random.sample(scores, len(scores))
    assert interquartile_mean(shuffled) == interquartile_mean(scores)


def test_scores_are_left_in_their_order():
    scores = np.array([3.0, 1.0, 2.0])
    interquartile_mean(scores)
    assert scores.tolist() == [3, 1, 2]


@pytest.mark.parametrize(("confidence", "expected"), [(0.9, (0, 1)), (0.4, (0.5, 0.5))])
def test_bootstrap_interval_by_hand(confidence, expected):
    # Two agents drawn twice have the means 0, 1/2, 1 with chances 1/4, 1/2, 1/4.
    assert bootstrap_interval([[0], [1]], np.mean, confidence=confidence) == expected


def test_equal_scores_leave_nothing_in_doubt():
    assert bootstrap_interval(np.full((5, 3), 2.0)) == (2.0, 2.0)


def test_one_agent_says_nothing_about_others():
    low, high = bootstrap_interval([[1, 2, 3]], np.mean)
    assert low == high == 2


def test_every_sample_holds_every_task():
    # Were tasks drawn too, means would spread from 0 to 1000.
    low, high = bootstrap_interval([[0, 1000], [1, 1001], [2, 1002]], np.mean)
    assert 500 <= low < high <= 502


def test_agents_are_drawn_for_each_task_on_their_own():
    # Whole agents would give every sample the mean 1/2.
    low, high = bootstrap_interval([[0, 1], [1, 0]], np.mean)
    assert (low, high) == (0, 1)


def test_interval_holds_the_statistic_and_narrows_with_more_agents():
    scores = np.random.default_rng(0).normal(5, 1, size=(40, 10))
    few, many = (bootstrap_interval(scores[:n], np.mean, repeats=300) for n in (4, 40))
    assert many[0] < scores.mean() < many[1]
    assert many[1] - many[0] < few[1] - few[0]


def test_more_confidence_widens_the_interval():
    scores = np.random.default_rng(0).normal(size=(10, 3))
    narrow = bootstrap_interval(scores, confidence=0.5, repeats=300)
    wide = bootstrap_interval(scores, confidence=0.99, repeats=300)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_the_same_seed_gives_the_same_interval():
    scores = np.random.default_rng(0).normal(size=(6, 3))
    first, second, third = (bootstrap_interval(scores, repeats=50, rng=n) for n in (1, 1, 2))
    assert first == second != third


@pytest.mark.parametrize("function", [interquartile_mean, bootstrap_interval])
@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([], "scores must not be empty"),
        ([[1.0, float("nan")]], "scores must hold finite numbers only, got NaN"),
        ([[1.0], [float("inf")]], "scores must hold finite numbers only, got NaN or infinity"),
    ],
)
def test_scores_that_cannot_be_averaged_are_refused(function, scores, message):
    with pytest.raises(ValueError, match=message):
        function(scores)


def test_bootstrap_wants_agents_and_tasks():
    with pytest.raises(ValueError, match=r"scores must have shape \(agents, tasks\), got \(3,\)"):
        bootstrap_interval([1, 2, 3])


@pytest.mark.parametrize("confidence", [0, 1, -0.5, 95])
def test_a_confidence_that_is_no_share_is_refused(confidence):
    with pytest.raises(ValueError, match=f"confidence must lie between 0 and 1, got {confidence}"):
        bootstrap_interval([[1, 2]], confidence=confidence)


@pytest.mark.parametrize(
    ("worked", "used", "interval"),
    [(8, 10, (0.4902, 0.9433)), (0, 0, (0, 1)), (0, 5, (0, 0.4345)), (5, 5, (0.5655, 1))],
)
def test_wilson_interval_by_hand(worked, used, interval):
    assert wilson_interval(worked, used) == pytest.approx(interval, abs=1e-4)


def test_more_worked_than_used_is_refused():
    with pytest.raises(ValueError, match="worked must lie between 0 and used, got 3 of 2"):
        wilson_interval(3, 2)


# ---------------------------------------------------------------- two agents compared


def test_a_paired_interval_of_constant_scores_is_their_difference():
    assert paired_interval(np.full((4, 3), 7.0), np.full((6, 3), 5.0)) == (2.0, 2.0)


def test_a_paired_interval_covers_the_difference_of_the_means():
    rng = np.random.default_rng(0)
    tasks = rng.uniform(0, 100, 40)
    ours, theirs = tasks + rng.normal(0, 1, (30, 40)), tasks + rng.normal(1, 1, (30, 40))
    low, high = paired_interval(ours, theirs, np.mean)
    assert low < -1 < high
    assert high - low < 0.3  # the tasks differ by a hundred, but both have the same ones
    assert paired_interval(theirs, ours, np.mean)[0] > 0


@pytest.mark.parametrize("shape", [(3,), (3, 5)])
def test_scores_on_other_tasks_cannot_be_paired(shape):
    with pytest.raises(ValueError, match="same tasks"):
        paired_interval(np.ones((3, 4)), np.ones(shape))


def test_negative_transfer_counts_tasks_on_which_memory_made_it_worse():
    ours = [[1, 10, 5], [3, 10, 5]]
    control = [[3, 9, 5]]
    assert negative_transfer(ours, control) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([9, 1, 1, 1], 2), ([1, 1, 9, 9], 1), ([9, 9, 9, 1], np.inf), ([3, 1, 2, 0], 2)],
)
def test_time_to_threshold_by_hand(scores, expected):
    assert time_to_threshold([scores], 1.5, window=2).tolist() == [expected]


@pytest.mark.parametrize("window", [0, 4])
def test_a_window_that_does_not_fit_is_refused(window):
    with pytest.raises(ValueError, match=f"window must lie in 1..3, got {window}"):
        time_to_threshold([[1, 2, 3]], 1, window)


def test_jump_start_by_hand():
    assert jump_start([[10, 1], [20, 1]], [[40, 2]]) == 25
    assert jump_start([[10, 1]], [[40, 2]], 2) == 15.5


@pytest.mark.parametrize(
    ("shape", "curve"),
    [("power", lambda n: 5 + 80 * n**-0.7), ("exponential", lambda n: 5 + 80 * np.exp(-0.2 * n))],
)
def test_a_practice_curve_is_fitted_best_by_its_own_shape(shape, curve):
    steps = curve(np.arange(1, 41))
    errors = {name: fit_practice(steps, name) for name in ("power", "exponential")}
    assert min(errors, key=errors.get) == shape
    assert errors[shape][0] < 1
    assert errors[shape][1] == pytest.approx({"power": 0.7, "exponential": 0.2}[shape], rel=0.03)


def test_an_unknown_shape_is_refused():
    with pytest.raises(ValueError, match="shape must be one of power, exponential, got 'line'"):
        fit_practice([3, 2, 1], "line")


@pytest.mark.parametrize(
    "ask",
    [
        lambda: jump_start([[1.0]], [[1.0]], 0),
        lambda: bootstrap_interval([[1.0]], repeats=0),
        lambda: time_to_threshold([1.0, 2.0], 1.5, 1),
        lambda: negative_transfer([[1.0, 2.0]], [[1.0]]),
        lambda: negative_transfer([1.0], [1.0]),
    ],
)
def test_what_cannot_be_computed_is_refused(ask):
    with pytest.raises(ValueError, match="must"):
        ask()
