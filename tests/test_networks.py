"""The map of a policy: arrows, counts, stages."""

import re
from functools import partial

import pytest

from procmem import Action, GridWorld, ProceduralMemoryAgent, Skill
from procmem.gridworld import fixed_layout
from procmem.neural import consolidate, train_network
from procmem.show.networks import PolicyMap, policy_drawing, situation

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
    before = control.arriving
    control.stage.value = "300 steps"
    assert sum(a for a, _ in control.arriving) > sum(a for a, _ in before)
    assert [cells for _, cells in control.arriving] == [15, 15, 20]


def test_slider_and_list_move_together_and_the_picture_follows(stages):
    control = PolicyMap(LAYOUT, stages)
    first = control.frame.value
    control.listed.value = "300 steps"
    assert control.stage.value == "300 steps"
    assert control.frame.value != first
    assert "300 steps" in repr(control)


def test_every_free_cell_has_an_arrow_and_no_other_has():
    drawing = policy_drawing(LAYOUT, always(Action.RIGHT, has_key=True))
    arrows = [thing for thing in drawing.things if thing[0][0].width == 2]
    assert len(arrows) == 25 - 4 - 1 - 1  # walls, the closed door, the goal


def test_what_is_no_move_is_a_square():
    drawing = policy_drawing(LAYOUT, always(Action.OPEN, door_open=True))
    squares = [thing for thing in drawing.things if thing[0][0].width == 1]
    assert len(squares) == 19


def test_a_walk_that_stands_still_or_goes_in_circles_does_not_arrive():
    control = PolicyMap(LAYOUT, {"now": [always(Action.UP, has_key=True)]})
    assert control.arriving == [(0, 15)]


def test_where_nobody_can_stand_there_is_no_situation():
    assert situation(LAYOUT, {"door_open": False}, (3, 0)) is None
    assert situation(LAYOUT, {"door_open": False}, LAYOUT.door) is None
    assert situation(LAYOUT, {"door_open": True}, LAYOUT.door)["agent"] == LAYOUT.door
    assert situation(LAYOUT, {"has_key": True}, (1, 1))["key"] == (1, 1)


def test_names_are_escaped():
    skill = always(Action.UP, has_key=True)
    skill.name = "<b>bold</b>"
    control = PolicyMap(LAYOUT, {"<i>": [skill]})
    assert not re.search(r"<b>bold|<i>", control.frame.value)


@pytest.mark.parametrize("stages", [{}, {"now": []}])
def test_a_map_of_nothing_is_refused(stages):
    with pytest.raises(ValueError, match="stages must name at least one list of skills"):
        PolicyMap(LAYOUT, stages)


def test_a_picture_stays_where_no_kernel_runs(stages):
    bundle = PolicyMap(LAYOUT, stages)._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert "arrives from" in bundle["text/plain"]
