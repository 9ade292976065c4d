"""Pieces that achieved something, and ways without loops."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmem.episode import Step
from procmem.gridworld import Action, GridWorld, draw_layout, shortest_path, transition
from procmem.segmentation import (
    achieved,
    erase_loops,
    known_paths,
    segment,
)

ACTIONS = st.lists(st.sampled_from(Action), max_size=80)
SEEDS = st.integers(0, 10**6)


def walk(layout, actions):
    """Return the steps of doing `actions`, up to the goal."""
    state, steps = layout.state(), []
    for action in actions:
        following = transition(layout, state, action)
        steps.append(Step(state, action, 0.0, following, following["at_goal"], False))
        state = following
        if steps[-1].terminated:
            break
    return steps


def explored(seed, actions):
    """Return a layout and a walk in it: wandering, then on to the goal by a shortest path."""
    layout = draw_layout(5, np.random.default_rng(seed))
    wandered = walk(layout, actions)
    if wandered and wandered[-1].terminated:
        return layout, wandered
    env = GridWorld()
    env.reset(options={"layout": layout})
    for step in wandered:
        env.step(step.action)
    return layout, walk(layout, [*actions, *shortest_path(env)])


def points(*cells):
    """Return steps along the cells, without a world around them."""
    states = [{"agent": cell, "goal": (9, 9), "seen": False} for cell in cells]
    pairs = pairwise(states)
    return [Step(a, Action.UP, 0.0, b, False, False) for a, b in pairs]


def cells(steps):
    return [step.state["agent"][1] for step in steps] + [steps[-1].next_state["agent"][1]]


def key(state):
    return frozenset(state.items())


def toggled(*values):
    """Return steps in which one fact takes these values."""
    states = [{"agent": (0, 0), "goal": (9, 9), "open": value} for value in values]
    pairs = pairwise(states)
    return [Step(a, Action.OPEN, 0.0, b, False, False) for a, b in pairs]


# ---------------------------------------------------------------- segment


def test_the_optimal_way_falls_into_three_pieces():
    env = GridWorld()
    pieces = segment(walk(env.layout, shortest_path(env)))
    assert [len(piece) for piece in pieces] == [5, 2, 3]
    assert [achieved(piece) for piece in pieces] == [
        {"has_key": True},
        {"door_open": True},
        {"at_goal": True},
    ]


def test_no_steps_have_no_pieces():
    assert segment([]) == []


def test_steps_that_achieve_nothing_belong_to_no_piece():
    assert segment(walk(GridWorld().layout, [Action.DOWN, Action.UP])) == []


def test_a_fact_counts_only_the_first_time():
    assert [len(piece) for piece in segment(toggled(False, True, False, True))] == [1]


def test_a_fact_that_was_true_from_the_start_is_no_achievement():
    assert segment(toggled(True, False, True)) == []


@given(SEEDS, ACTIONS)
def test_the_pieces_follow_each_other_from_the_first_step_on(seed, actions):
    _, steps = explored(seed, actions)
    joined = [step for piece in segment(steps) for step in piece]
    assert joined == steps[: len(joined)]


@given(SEEDS, ACTIONS)
def test_a_solved_episode_is_cut_without_a_rest(seed, actions):
    _, steps = explored(seed, actions)
    assert sum(map(len, segment(steps))) == len(steps)


@given(SEEDS, ACTIONS)
def test_each_piece_achieves_something_and_only_in_its_last_step(seed, actions):
    _, steps = explored(seed, actions)
    for piece in segment(steps):
        assert achieved(piece)
        assert not any(achieved(piece[:n]) for n in range(1, len(piece)))


# ---------------------------------------------------------------- loops


@pytest.mark.parametrize(
    ("walked", "kept"),
    [
        ("ab", "ab"),
        ("abc", "abc"),
        ("aab", "ab"),
        ("abac", "ac"),
        ("abcbd", "abd"),
        ("abcabd", "abd"),
        ("abcdbe", "abe"),
    ],
)
def test_loop_erasure_by_hand(walked, kept):
    steps = points(*[(0, ord(letter)) for letter in walked])
    assert "".join(map(chr, cells(erase_loops(steps)))) == kept


@pytest.mark.parametrize("walked", ["aa", "aba", "abcba"])
def test_of_a_walk_back_to_its_start_nothing_remains(walked):
    assert erase_loops(points(*[(0, ord(letter)) for letter in walked])) == []


def test_nothing_has_no_loops():
    assert (erase_loops([]), known_paths([])) == ([], [])


@given(SEEDS, ACTIONS)
def test_a_way_without_loops_begins_and_ends_as_the_walk_did(seed, actions):
    _, steps = explored(seed, actions)
    way = erase_loops(steps)
    assert (way[0].state, way[-1].next_state) == (steps[0].state, steps[-1].next_state)


@given(SEEDS, ACTIONS)
def test_a_way_without_loops_meets_no_state_twice(seed, actions):
    _, steps = explored(seed, actions)
    way = erase_loops(steps)
    visited = [key(step.state) for step in way] + [key(way[-1].next_state)]
    assert len(visited) == len(set(visited))


@given(SEEDS, ACTIONS)
def test_a_way_without_loops_keeps_the_order_of_time(seed, actions):
    _, steps = explored(seed, actions)
    times = [next(t for t, s in enumerate(steps) if s is step) for step in erase_loops(steps)]
    assert times == sorted(times)


@given(SEEDS, ACTIONS)
def test_a_way_without_loops_leads_to_the_same_end_in_the_same_room(seed, actions):
    layout, steps = explored(seed, actions)
    again = walk(layout, [step.action for step in erase_loops(steps)])
    assert again[-1].next_state == steps[-1].next_state


@given(SEEDS, ACTIONS)
def test_there_is_a_way_from_every_state_that_was_left(seed, actions):
    _, steps = explored(seed, actions)
    end = key(steps[-1].next_state)
    starts = {key(way[0].state) for way in known_paths(steps)}
    assert starts == {key(step.state) for step in steps} - {end}


@given(SEEDS, ACTIONS)
def test_every_way_is_unbroken_and_ends_where_the_walk_did(seed, actions):
    _, steps = explored(seed, actions)
    for way in known_paths(steps):
        links = pairwise(way)
        assert all(before.next_state == after.state for before, after in links)
        assert way[-1].next_state == steps[-1].next_state


# ---------------------------------------------------------------- the shortest known ways


def test_known_paths_take_the_short_cut_that_was_found_later():
    # From 0 by 1 and 2 to 3 and all the way back; then from 0 straight to 3: that is one step.
    ways = known_paths(points(*((0, col) for col in (0, 1, 2, 3, 2, 1, 0, 3))))
    assert [cells(way) for way in ways] == [[1, 2, 3], [0, 3], [2, 3]]


def test_known_paths_of_nothing_are_none():
    assert known_paths([]) == []


def test_a_walk_back_to_its_start_has_a_way_from_everywhere_but_its_end():
    assert [cells(way) for way in known_paths(points((0, 0), (0, 1), (0, 0)))] == [[1, 0]]


@given(st.lists(st.integers(0, 5), min_size=2, max_size=30))
def test_no_known_way_is_longer_than_the_loop_free_one(cols):
    walked = points(*((0, col) for col in cols))
    lengths = {key(way[0].state): len(way) for way in known_paths(walked)}
    for way in known_paths(walked):
        assert lengths[key(way[0].state)] <= len(way)


@given(SEEDS, ACTIONS)
def test_known_paths_can_be_walked_and_arrive(seed, actions):
    layout, walked = explored(seed, actions)
    for piece in segment(walked):
        for way in known_paths(piece):
            state = way[0].state
            for step in way:
                state = transition(layout, state, step.action)
            assert state == piece[-1].next_state


def test_a_step_that_undid_a_fact_is_on_no_path():
    def state(place, held):
        return {"agent": (0, place), "has_key": held, "at_goal": place == 3}

    walked = [(0, True), (0, False), (0, True), (1, True), (3, True)]  # dropped, and taken again
    states = [state(*one) for one in walked]
    steps = [Step(a, 0, 0.0, b, False, False) for a, b in pairwise(states)]
    paths = known_paths(steps)
    assert [len(path) for path in paths] == [3, 2, 1]
    assert not any(step.next_state == states[1] for path in paths for step in path)
