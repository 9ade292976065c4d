"""Exploring with a map in mind."""

import numpy as np
import pytest

from procmem import Action, GridWorld, ProceduralMemoryAgent, Step
from procmem.exploration import CuriousExplorer
from procmem.lab.baselines import LeastTried
from procmem.lab.experiment import practice_seeds

MOVES = [Action.UP, Action.DOWN, Action.LEFT, Action.RIGHT]


def at(cell, **others):
    return {"agent": cell, "goal": (99, 99), "has_key": False, **others}


def step(before, action, after):
    return Step(before, action, 0.0, after, False, False, None)


def known(*steps, learn=False):
    explorer = CuriousExplorer()
    for one in steps:
        explorer.observe(one)
    if learn:
        explorer.learn()
    return explorer


def test_at_first_every_action_is_equally_likely():
    rng = np.random.default_rng(0)
    firsts = [CuriousExplorer().choose(at((0, 0)), MOVES, rng) for _ in range(400)]
    assert min(firsts.count(action) for action in MOVES) > 70


def test_what_was_tried_here_is_not_tried_again():
    here = at((0, 0))
    explorer = known(*(step(here, action, here) for action in MOVES[:3]))
    rng = np.random.default_rng(0)
    assert {explorer.choose(here, MOVES, rng) for _ in range(20)} == {Action.RIGHT}


def test_where_all_was_tried_it_goes_the_shortest_known_way_to_something_new():
    a, b, c = at((0, 0)), at((0, 1)), at((0, 2))
    steps = [step(a, action, a) for action in MOVES[:3]] + [step(a, Action.RIGHT, b)]
    steps += [step(b, action, b) for action in MOVES[:3]] + [step(b, Action.RIGHT, c)]
    explorer = known(*steps)
    assert explorer.choose(a, MOVES, np.random.default_rng(0)) == Action.RIGHT


def test_where_everything_was_tried_it_has_nothing_to_say():
    here = at((0, 0))
    explorer = known(*(step(here, action, here) for action in MOVES))
    assert explorer.choose(here, MOVES, np.random.default_rng(0)) is None


def test_an_action_that_never_did_anything_promises_little():
    rooms = [at((n, n)) for n in range(20)]
    explorer = known(*(step(room, Action.OPEN, room) for room in rooms), learn=True)
    explorer.begin()
    assert explorer.promise(rooms[0], Action.OPEN) == pytest.approx(1 / 22)
    new = at((50, 50))
    firsts = {explorer.choose(new, list(Action), np.random.default_rng(n)) for n in range(50)}
    assert firsts == set(Action) - {Action.OPEN}


def test_what_it_promises_depends_on_the_facts():
    here = at((0, 0))
    explorer = known(step(here, Action.OPEN, here), learn=True)
    explorer.begin()
    with_key = at((0, 0), has_key=True)
    assert explorer.promise(with_key, Action.OPEN) == 1 / 2
    assert explorer.promise(here, Action.OPEN) == 1 / 3


def test_undoing_something_is_no_good_deed():
    held, dropped = at((0, 0), has_key=True), at((0, 0))
    explorer = known(step(held, Action.PICK_UP, dropped), learn=True)
    explorer.begin()
    assert explorer.promise(held, Action.PICK_UP) == 1 / 3


def test_a_long_way_is_worth_it_only_for_a_better_promise():
    here, beside = at((0, 0)), at((0, 1))
    useless = [step(at((9, n)), Action.OPEN, at((9, n))) for n in range(8)]
    explorer = known(*useless, learn=True)  # OPEN now promises 1/10
    explorer.begin()
    explorer.observe(step(here, Action.RIGHT, beside))
    # OPEN here promises 1/10 at once; UP, a step away, promises 1/2 in two steps: 1/4.
    actions = [Action.RIGHT, Action.OPEN, Action.UP]
    explorer.observe(step(here, Action.UP, here))
    assert explorer.choose(here, actions, np.random.default_rng(0)) == Action.RIGHT


@pytest.mark.parametrize(("tries", "chosen"), [(5, Action.RIGHT), (3, Action.OPEN)])
def test_a_promise_is_divided_by_the_steps_that_it_takes(tries, chosen):
    # OPEN promises 1/7 or 1/5 at once; UP, a step to the right, 1/3 in two steps.
    here, beside, rooms = at((0, 0)), at((0, 1)), [at((9, n)) for n in range(tries)]
    explorer = known(*(step(room, Action.OPEN, room) for room in rooms), learn=True)
    explorer.begin()
    explorer.observe(step(here, Action.UP, here))
    explorer.observe(step(here, Action.RIGHT, beside))
    explorer.observe(step(beside, Action.RIGHT, beside))
    actions = [Action.RIGHT, Action.OPEN, Action.UP]
    assert explorer.choose(here, actions, np.random.default_rng(0)) == chosen


def test_what_worked_in_this_episode_counts_at_once():
    here = at((0, 0))
    assert known(step(here, Action.UP, at((1, 0)))).promise(here, Action.UP) == 2 / 3


def test_a_frozen_agent_learns_nothing_about_actions():
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0, explorer=CuriousExplorer())
    agent.run_episode(learn=False, seed=0)
    assert (agent.explorer.tried, agent.explorer.worked) == ({}, {})
    agent.run_episode(seed=0)
    assert sum(agent.explorer.tried.values()) > 0


def test_a_new_episode_begins_with_an_empty_map():
    here = at((0, 0))
    explorer = known(*(step(here, action, here) for action in MOVES))
    explorer.begin()
    assert explorer.choose(here, MOVES, np.random.default_rng(0)) in MOVES


def test_it_finds_the_goal_sooner_than_the_least_tried_action():
    def first_steps(explorer, number):
        agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=number, explorer=explorer)
        return len(agent.run_episode(seed=practice_seeds(number, 1)[0]))

    curious = [first_steps(CuriousExplorer(), n) for n in range(30)]
    plain = [first_steps(LeastTried(), n) for n in range(30)]
    assert np.mean(curious) < np.mean(plain)


def test_what_lies_within_reach_is_tried_though_the_action_was_of_no_use_elsewhere():
    rooms = [at((n, n), key=(50, 50)) for n in range(20)]
    explorer = known(*(step(room, Action.PICK_UP, room) for room in rooms), learn=True)
    explorer.begin()
    far, near = at((0, 5), key=(50, 50)), at((0, 5), key=(0, 6))
    assert explorer.promise(far, Action.PICK_UP) == pytest.approx(1 / 22)
    assert explorer.promise(near, Action.PICK_UP) == 1 / 2


def test_an_episode_that_is_not_learned_from_leaves_no_trace():
    here = at((0, 0))
    explorer = known(step(here, Action.OPEN, here))
    explorer.begin()
    assert explorer.promise(here, Action.OPEN) == 1 / 2


def test_what_worked_is_still_known_in_the_next_episode():
    here = at((2, 2))
    explorer = known(step(here, Action.UP, at((1, 2))), learn=True)
    explorer.begin()
    assert explorer.promise(here, Action.UP) == 2 / 3
