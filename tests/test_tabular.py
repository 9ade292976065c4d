"""Learning from a table: updates worked out by hand, and a room that it does solve."""

import numpy as np
import pytest

from procmem import Action, GridWorld, ProceduralMemoryAgent, Step, shortest_path
from procmem.lab.baselines import LeastTriedExplorer
from procmem.lab.tabular import QLearner, absolute, egocentric

ACTIONS = list(Action)


def at(col):
    return {"agent": (0, col), "goal": (0, 9), "has_key": False}


def step(col, action, to, reward=0.0, terminated=False):
    return Step(at(col), action, reward, at(to), terminated, False, None)


def learner(*steps, **options):
    options = {"features": absolute, "step_size": 0.5, "discount": 0.9, "epsilon": 0.0} | options
    table = QLearner(**options)
    table.choose(at(0), ACTIONS, np.random.default_rng(0))
    for one in steps:
        table.observe(one)
    return table


def value(table, col, action):
    return table.values[absolute(at(col))][action]


def test_one_step_of_q_learning_by_hand():
    table = learner(step(1, Action.RIGHT, 2, 1.0, True), step(0, Action.RIGHT, 1, -0.1))
    assert value(table, 1, Action.RIGHT) == pytest.approx(0.5)
    assert value(table, 0, Action.RIGHT) == pytest.approx(0.5 * (-0.1 + 0.9 * 0.5))


def test_nothing_is_bootstrapped_beyond_the_goal():
    table = learner(step(2, Action.UP, 2, 5.0), step(1, Action.RIGHT, 2, 1.0, True))
    assert value(table, 1, Action.RIGHT) == pytest.approx(0.5)


def test_values_start_where_they_are_told_to():
    table = learner(step(0, Action.RIGHT, 1), initial_value=2.0)
    assert value(table, 0, Action.LEFT) == 2.0
    assert value(table, 0, Action.RIGHT) == pytest.approx(2.0 + 0.5 * (0.9 * 2.0 - 2.0))


def test_a_trace_credits_the_step_before_as_well():
    table = learner(step(0, Action.RIGHT, 1), step(1, Action.RIGHT, 2, 1.0, True), trace=0.8)
    assert value(table, 1, Action.RIGHT) == pytest.approx(0.5)
    assert value(table, 0, Action.RIGHT) == pytest.approx(0.5 * 0.9 * 0.8)


def test_an_exploring_action_breaks_the_trace():
    first = step(1, Action.UP, 1, 1.0)  # now UP is known to be the best in 1
    table = learner(first, step(0, Action.LEFT, 1), step(1, Action.RIGHT, 2, 1.0, True), trace=0.8)
    before = learner(first, step(0, Action.LEFT, 1), trace=0.8)
    assert value(table, 0, Action.LEFT) == value(before, 0, Action.LEFT)


def test_planning_carries_a_reward_back_without_further_steps():
    walk = [step(col, Action.RIGHT, col + 1, float(col == 4), col == 4) for col in range(5)]
    plain, planning = learner(*walk), learner(*walk, planning=200)
    assert value(plain, 0, Action.RIGHT) == 0.0
    assert value(planning, 0, Action.RIGHT) == pytest.approx(0.9**4, abs=0.01)


class Unlisted(dict):
    """A dict whose keys must not be listed: that takes longer, the more there are."""

    def __iter__(self):
        raise AssertionError("the whole model was listed")

    keys = values = items = __iter__


def test_planning_draws_from_the_model_without_listing_it():
    table = learner(planning=50)
    table._model = Unlisted()
    for col in (0, 1, 0):
        table.observe(step(col, Action.RIGHT, col + 1, 1.0, col == 1))
    assert value(table, 0, Action.RIGHT) == pytest.approx(1.9, abs=0.01)
    assert len(table._model) == 2


def trained_library():
    agent = ProceduralMemoryAgent(GridWorld(), rng=0)
    agent.train(3)
    return agent.library


def test_frozen_it_learns_nothing_and_remembers_no_new_state():
    table = learner(step(0, Action.RIGHT, 1, 1.0))
    before = {key: row.copy() for key, row in table.values.items()}
    table.begin(learn=False)
    table.choose(at(7), ACTIONS, np.random.default_rng(0))
    table.observe(step(0, Action.UP, 0, 1.0))
    assert table.values.keys() == before.keys()
    assert all((table.values[key] == row).all() for key, row in before.items())


def test_it_may_explore_for_an_agent_that_has_skills_from_the_start():
    library = trained_library()
    explorer = QLearner()
    agent = ProceduralMemoryAgent(GridWorld(), rng=0, library=library, explorer=explorer)
    assert agent.run_episode().skills
    assert explorer.values


def test_egocentric_features_are_the_same_in_a_shifted_room():
    here = {"agent": (1, 1), "key": (2, 3), "has_key": False}
    there = {"agent": (2, 0), "key": (3, 2), "has_key": False}
    assert egocentric(here) == egocentric(there)
    assert absolute(here) != absolute(there)
    assert egocentric(here) != egocentric({**here, "has_key": True})


@pytest.mark.parametrize("options", [{}, {"trace": 0.8}, {"planning": 10}])
def test_it_learns_the_fixed_room_nearly_to_the_optimum(options):
    agent = LeastTriedExplorer(GridWorld(), rng=0, explorer=QLearner(absolute, **options))
    agent.train(150)
    agent.explorer.epsilon = 0.0
    assert len(agent.run_episode(learn=False)) <= 1.3 * len(shortest_path(GridWorld()))
