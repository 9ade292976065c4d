"""Pieces that achieved something, and ways without loops."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmem.episode import Step
from procmem.gridworld import Action, GridWorld, draw_layout, shortest_path, transition
from procmem.segmentation import achieved, erase_loops, known_paths, segment

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


def steps_through(states, action=Action.UP):
    """Return steps from each state to the next, without a world around them."""
    return [Step(a, action, 0.0, b, False, False) for a, b in pairwise(states)]


def points(*cells):
    return steps_through([{"agent": cell, "goal": (9, 9), "seen": False} for cell in cells])


def cells(steps):
    return [step.state["agent"][1] for step in steps] + [steps[-1].next_state["agent"][1]]


def key(state):
    return frozenset(state.items())


def toggled(*values):
    """Return steps in which one fact takes these values."""
    return steps_through([{"agent": (0, 0), "open": value} for value in values])


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


@pytest.mark.parametrize(
    ("steps", "lengths"),
    [
        ([], []),
        (walk(GridWorld().layout, [Action.DOWN, Action.UP]), []),
        (toggled(False, True, False, True), [1]),  # a fact counts only the first time
        (toggled(True, False, True), []),  # it was true from the start
    ],
)
def test_a_piece_ends_where_a_fact_becomes_true_for_the_first_time(steps, lengths):
    assert [len(piece) for piece in segment(steps)] == lengths


@given(SEEDS, ACTIONS)
def test_a_solved_episode_is_cut_without_a_rest_and_each_piece_achieves_at_its_end(seed, actions):
    _, steps = explored(seed, actions)
    pieces = segment(steps)
    assert [step for piece in pieces for step in piece] == steps
    for piece in pieces:
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
        ("aa", ""),
        ("aba", ""),
        ("abcba", ""),
        ("", ""),
    ],
)
def test_loop_erasure_by_hand(walked, kept):
    way = erase_loops(points(*[(0, ord(letter)) for letter in walked]))
    assert "".join(map(chr, cells(way) if way else [])) == kept


@given(SEEDS, ACTIONS)
def test_a_way_without_loops_meets_no_state_twice_and_leads_to_the_same_end(seed, actions):
    layout, steps = explored(seed, actions)
    way = erase_loops(steps)
    assert (way[0].state, way[-1].next_state) == (steps[0].state, steps[-1].next_state)
    visited = [key(step.state) for step in way] + [key(way[-1].next_state)]
    assert len(visited) == len(set(visited))
    times = [next(t for t, s in enumerate(steps) if s is step) for step in way]
    assert times == sorted(times)
    assert walk(layout, [step.action for step in way])[-1].next_state == steps[-1].next_state


# ---------------------------------------------------------------- the shortest known ways


@given(SEEDS, ACTIONS)
def test_there_is_an_unbroken_way_from_every_state_that_was_left_to_the_end(seed, actions):
    layout, steps = explored(seed, actions)
    end = steps[-1].next_state
    ways = known_paths(steps)
    assert {key(way[0].state) for way in ways} == {key(step.state) for step in steps} - {key(end)}
    for way in ways:
        assert all(before.next_state == after.state for before, after in pairwise(way))
        state = way[0].state
        for step in way:
            state = transition(layout, state, step.action)
        assert state == way[-1].next_state == end


def test_known_paths_take_the_short_cut_that_was_found_later():
    # From 0 by 1 and 2 to 3 and all the way back; then from 0 straight to 3: that is one step.
    ways = known_paths(points(*((0, col) for col in (0, 1, 2, 3, 2, 1, 0, 3))))
    assert [cells(way) for way in ways] == [[1, 2, 3], [0, 3], [2, 3]]


def test_a_walk_back_to_its_start_has_a_way_from_everywhere_but_its_end():
    assert [cells(way) for way in known_paths(points((0, 0), (0, 1), (0, 0)))] == [[1, 0]]
    assert known_paths([]) == []


@given(st.lists(st.integers(0, 5), min_size=2, max_size=30))
def test_no_known_way_is_longer_than_the_loop_free_one(cols):
    walked = points(*((0, col) for col in cols))
    lengths = {key(way[0].state): len(way) for way in known_paths(walked)}
    for i, step in enumerate(walked):
        if way := erase_loops(walked[i:]):
            assert lengths[key(step.state)] <= len(way)


def test_a_step_that_undid_a_fact_is_on_no_path():
    def state(place, held):
        return {"agent": (0, place), "has_key": held, "at_goal": place == 3}

    walked = [(0, True), (0, False), (0, True), (1, True), (3, True)]  # dropped, and taken again
    states = [state(*one) for one in walked]
    paths = known_paths(steps_through(states))
    assert [len(path) for path in paths] == [3, 2, 1]
    assert not any(step.next_state == states[1] for path in paths for step in path)
