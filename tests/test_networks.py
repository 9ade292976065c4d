"""The map of a policy: arrows, counts, stages."""

import re
from functools import partial

import pytest

from procmem import Action, GridWorld, ProceduralMemoryAgent, Skill
from procmem.gridworld import fixed_layout
from procmem.neural import consolidate, train_network
from procmem.show.networks import PolicyMap, arrows, choices
from procmem.show.room import situation

LAYOUT = fixed_layout(5)


@pytest.fixture(scope="module")
def stages():
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
    agent.train(60, seeds=range(60))
    relevance = agent.encoder.relevance
    return {
        f"{n} steps": consolidate(
            agent.library, relevance, rng=0, train=partial(train_network, steps=n)
        )
        for n in (0, 300)
    }


class Always(Skill):
    """Does the same wherever it is."""

    def act(self, state, t):
        return self.action_sequence[0]


def always(action, **effects):
    return Always(
        "always", {"has_key": False, "door_open": False}, [action], [1.0], effects=effects
    )


def test_training_makes_walks_arrive(stages):
    control = PolicyMap(LAYOUT, stages)
    before, after = map(control.arriving, stages)
    assert sum(a for a, _ in after) > sum(a for a, _ in before)
    assert [cells for _, cells in after] == [15, 15, 20]


def test_every_stage_is_a_step_with_its_own_arrows(stages):
    control = PolicyMap(LAYOUT, stages)
    frames = control.stage.frames
    assert [step for step in frames["tracks"]["0moves"][::2]] == [0, 1]
    assert "300 steps" in frames["texts"][frames["tracks"]["say"][-1]]
    assert control.number.max == 1


def test_every_free_cell_has_an_arrow_and_no_other_has():
    moves, deeds = arrows(choices(LAYOUT, always(Action.RIGHT, has_key=True)))
    assert moves.count("M") == 3 * (25 - 4 - 1 - 1)  # walls, the closed door, the goal
    assert deeds == ""


def test_what_is_no_move_is_a_square():
    assert arrows(choices(LAYOUT, always(Action.OPEN, door_open=True)))[1].count("z") == 19


def test_a_walk_that_stands_still_or_goes_in_circles_does_not_arrive():
    control = PolicyMap(LAYOUT, {"now": [always(Action.UP, has_key=True)]})
    assert control.arriving("now") == [(0, 15)]


def test_where_no_agent_can_be_there_is_no_situation():
    assert situation(LAYOUT, {"door_open": False}, (3, 0)) is None
    assert situation(LAYOUT, {"door_open": False}, LAYOUT.door) is None
    assert situation(LAYOUT, {"door_open": True}, LAYOUT.door)["agent"] == LAYOUT.door
    assert situation(LAYOUT, {"has_key": True}, (1, 1))["key"] == (1, 1)
    assert situation(LAYOUT, {}, (5, 0)) is None


def test_names_are_escaped():
    skill = always(Action.UP, has_key=True)
    skill.name = "<b>bold</b>"
    control = PolicyMap(LAYOUT, {"<i>": [skill]})
    assert not re.search(r"<b>bold|<i>", control.stage.html)
