"""The room: its rules, its layouts, Gymnasium's contract and the shortest path."""

import warnings
from collections import deque
from dataclasses import replace

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from hypothesis import given
from hypothesis import strategies as st

from procmem.episode import facts, holds
from procmem.gridworld import (
    GOAL_REWARD,
    STEP_REWARD,
    STEPS_PER_CELL,
    Action,
    GridWorld,
    Layout,
    draw_layout,
    fixed_layout,
    shortest_path,
    text_view,
    transition,
)

UP, DOWN, LEFT, RIGHT, PICK_UP, OPEN = Action
OPTIMUM = [*[DOWN] * 2, *[RIGHT] * 2, PICK_UP, RIGHT, OPEN, DOWN, DOWN, RIGHT]


def fewest_steps(layout, position=None, has_key=False, door_open=False):
    """Breadth-first search over (agent, has_key, door_open), without the package's rules."""
    start = (position or layout.agent, has_key, door_open)
    distance, queue = {start: 0}, deque([start])
    while queue:
        node = queue.popleft()
        if node[0] == layout.goal:
            return distance[node]
        for neighbour in neighbours(layout, *node):
            if neighbour not in distance:
                distance[neighbour] = distance[node] + 1
                queue.append(neighbour)
    return None


def neighbours(layout, agent, has_key, door_open):
    row, col = agent
    around = [(row - 1, col), (row + 1, col), (row, col - 1), (row, col + 1)]
    for cell in around:
        inside = min(cell) >= 0 and max(cell) < layout.size
        if inside and cell not in layout.walls and (cell != layout.door or door_open):
            yield cell, has_key, door_open
    if agent == layout.key:
        yield agent, True, door_open
    if has_key and layout.door in around:
        yield agent, has_key, True


def play(env, actions):
    """Return the last result of `step` after all actions."""
    for action in actions:
        result = env.step(action)
    return result


def test_constructor_resets():
    assert GridWorld(5).state == {
        "agent": (0, 0),
        "key": (2, 2),
        "door": (3, 3),
        "goal": (4, 4),
        "has_key": False,
        "door_open": False,
        "at_goal": False,
    }


def test_default_world_is_solved_in_ten_steps():
    env = GridWorld(size=5)
    state, _, terminated, truncated, _ = play(env, OPTIMUM)
    assert (state["agent"], terminated, truncated) == ((4, 4), True, False)
    assert len(shortest_path(GridWorld())) == 10


@pytest.mark.parametrize(
    ("before", "action", "after"),
    [
        pytest.param([], UP, (0, 0), id="room-top"),
        pytest.param([], LEFT, (0, 0), id="room-left"),
        pytest.param([*[RIGHT] * 4], RIGHT, (0, 4), id="room-right"),
        pytest.param([DOWN], RIGHT, (1, 1), id="free-cell"),
        pytest.param([DOWN, DOWN], DOWN, (2, 0), id="wall"),
        pytest.param([*[DOWN] * 2, *[RIGHT] * 3], DOWN, (2, 3), id="closed-door"),
        pytest.param(OPTIMUM[:7], DOWN, (3, 3), id="open-door"),
        pytest.param(OPTIMUM[:8], LEFT, (3, 3), id="wall-beside-door"),
    ],
)
def test_a_move_goes_one_cell_unless_something_is_in_the_way(before, action, after):
    env = GridWorld()
    assert play(env, [*before, action])[0]["agent"] == after


@pytest.mark.parametrize(
    ("actions", "has_key", "door_open"),
    [
        ([PICK_UP], False, False),
        (OPTIMUM[:5], True, False),
        ([*OPTIMUM[:5], OPEN], True, False),
        ([*[DOWN] * 2, *[RIGHT] * 3, OPEN], False, False),
        ([*OPTIMUM[:7], PICK_UP, OPEN], True, True),
    ],
    ids=["no key here", "key", "door from afar", "door without key", "twice"],
)
def test_what_can_be_picked_up_and_opened(actions, has_key, door_open):
    state = play(GridWorld(), actions)[0]
    assert (state["has_key"], state["door_open"]) == (has_key, door_open)


def test_a_carried_key_is_where_the_agent_is():
    state = play(GridWorld(), [*OPTIMUM[:5], UP])[0]
    assert state["key"] == state["agent"] == (1, 2)


def test_rewards_are_the_documented_constants():
    env = GridWorld()
    rewards = [env.step(action)[1] for action in OPTIMUM]
    assert rewards == [STEP_REWARD] * 9 + [STEP_REWARD + GOAL_REWARD]


def test_an_episode_is_truncated_at_the_documented_limit():
    env = GridWorld(4)
    ends = [env.step(UP)[2:4] for _ in range(STEPS_PER_CELL * 16)]
    assert set(ends[:-1]) == {(False, False)}
    assert ends[-1] == (False, True)


def test_goal_in_the_last_permitted_step_terminates_and_does_not_truncate():
    env = GridWorld()
    play(env, [UP] * (env.max_steps - 10))
    assert play(env, OPTIMUM)[2:4] == (True, False)


def test_step_after_the_end_is_refused():
    env = GridWorld()
    play(env, OPTIMUM)
    with pytest.raises(RuntimeError, match=r"call reset\(\)"):
        env.step(UP)


def test_states_are_fresh_dicts():
    env = GridWorld()
    state, _ = env.reset()
    state["agent"] = env.state["key"] = (9, 9)
    assert env.state == GridWorld().state


@pytest.mark.parametrize("layout", [fixed_layout(6), "door"])
def test_a_layout_that_does_not_fit_is_refused_and_the_old_one_stays(layout):
    env = GridWorld(5)
    with pytest.raises(ValueError, match="layout must"):
        env.reset(options={"layout": layout})
    assert env.layout == fixed_layout(5)


def test_a_layout_can_be_set_by_hand():
    layout = Layout(4, frozenset({(1, 0), (1, 1), (1, 3)}), (0, 0), (0, 3), (1, 2), (3, 0))
    state, _ = GridWorld(4).reset(options={"layout": layout})
    assert state == layout.state()


@pytest.mark.parametrize("make", [GridWorld, fixed_layout])
def test_a_room_has_at_most_a_thousand_rows(make):
    with pytest.raises(ValueError, match=r"size must be a whole number in 4\.\.1000, got 1001"):
        make(1001)


WALLS = fixed_layout(5).walls


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"size": 5.0}, r"size must be a whole number in 4\.\.1000, got 5\.0"),
        ({"goal": (5, 0)}, r"goal must lie inside the room of size 5, got \(5, 0\)"),
        ({"key": (1.5, 1)}, r"key must lie inside the room of size 5, got \(1.5, 1\)"),
        ({"key": (0, 1, 2)}, "key must lie inside the room of size 5"),
        ({"key": (3, 0)}, r"key must not lie in a wall, got \(3, 0\)"),
        ({"key": (3, 3)}, "must not share cells"),
        ({"agent": (4, 4)}, "must not share cells"),
        *(
            ({"walls": WALLS | {wall}}, "walls must be cells of the room of size 5")
            for wall in [(9, 9), (0.5, 0), "x"]
        ),
    ],
)
def test_an_impossible_layout_is_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        replace(fixed_layout(5), **changed)


@pytest.mark.parametrize("size", range(4, 21))
def test_the_fixed_layout_is_solvable_at_every_size(size):
    assert len(shortest_path(GridWorld(size))) == fewest_steps(fixed_layout(size))


@pytest.mark.parametrize("size", range(4, 21))
def test_every_shuffled_layout_is_solvable(size):
    layouts = [draw_layout(size, np.random.default_rng(seed)) for seed in range(30)]
    assert None not in [fewest_steps(layout) for layout in layouts]


@pytest.mark.parametrize("size", [4, 5, 8])
def test_shortest_path_reaches_the_goal_and_no_way_is_shorter(size):
    env = GridWorld(size, shuffle=True)
    for seed in range(20):
        env.reset(seed=seed)
        path = shortest_path(env)
        assert len(path) == fewest_steps(env.layout)
        assert play(env, path)[2]


def test_shortest_path_starts_from_the_present_state():
    env = GridWorld(shuffle=True)
    env.reset(seed=3)
    env.action_space.seed(3)
    for _ in range(100):
        state = env.step(env.action_space.sample())[0]
        here = state["agent"], state["has_key"], state["door_open"]
        assert len(shortest_path(env)) == fewest_steps(env.layout, *here)


def test_shortest_path_leaves_the_environment_alone():
    env = GridWorld()
    shortest_path(env)
    assert env.state == GridWorld().state


def test_an_unreachable_goal_is_an_error_of_shortest_path():
    env = GridWorld(4)
    key_behind_wall = Layout(4, frozenset({(1, 0), (1, 1), (1, 3)}), (0, 0), (2, 0), (1, 2), (3, 0))
    env.reset(options={"layout": key_behind_wall})
    with pytest.raises(ValueError, match="goal must be reachable"):
        shortest_path(env)


def test_shuffling_draws_every_part_of_the_layout():
    layouts = [draw_layout(5, np.random.default_rng(seed)) for seed in range(60)]
    for part in ("walls", "agent", "key", "door", "goal"):
        assert len({getattr(layout, part) for layout in layouts}) > 3, part


def test_the_same_reset_seed_gives_the_same_layout():
    first, second = GridWorld(shuffle=True), GridWorld(shuffle=True)
    assert first.reset(seed=8)[0] == second.reset(seed=8)[0]
    assert first.reset()[0] == second.reset()[0]
    assert first.reset(seed=9)[0] != second.reset(seed=8)[0]


def test_without_shuffle_every_reset_gives_the_same_layout():
    env = GridWorld()
    assert env.reset(seed=1)[0] == env.reset(seed=2)[0] == env.reset()[0]


@pytest.mark.parametrize("mode", [None, "ansi"])
@pytest.mark.parametrize("shuffle", [False, True])
def test_gymnasiums_checker_finds_nothing(shuffle, mode):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(GridWorld(5, shuffle, render_mode=mode))
        env = gymnasium.make("procmem/GridWorld-v0", size=7, shuffle=shuffle, render_mode=mode)
        assert env.unwrapped.size == 7
        check_env(env.unwrapped)
        env.reset(seed=0)
        env.step(env.action_space.sample())


def test_every_state_belongs_to_the_observation_space():
    env = GridWorld(shuffle=True)
    env.reset(seed=0)
    env.action_space.seed(0)
    states = [env.step(env.action_space.sample())[0] for _ in range(200)]
    assert all(state in env.observation_space for state in states)


@given(st.integers(0, 10**6), st.lists(st.sampled_from(Action), max_size=60))
def test_one_thing_changes_at_a_time_and_no_walls_or_closed_doors_are_entered(seed, actions):
    layout = draw_layout(5, np.random.default_rng(seed))
    state = layout.state()
    for action in actions:
        following = transition(layout, state, action)
        changed = {name for name in state if state[name] != following[name]}
        assert changed in (set(), {"agent"}, {"agent", "key"}, {"has_key"}, {"door_open"})
        state = following
        assert layout.contains(state["agent"])
        assert state["agent"] not in layout.walls
        assert state["agent"] != state["door"] or state["door_open"]


def test_facts_are_the_bools_and_the_goal_is_one_of_them():
    state = fixed_layout(5).state()
    assert facts(state) == {"has_key": False, "door_open": False, "at_goal": False}
    env = GridWorld(5)
    for action in OPTIMUM:
        assert not env.state["at_goal"]
        env.step(action)
    assert facts(env.state) == {"has_key": True, "door_open": True, "at_goal": True}


@pytest.mark.parametrize(
    ("partial", "expected"),
    [
        ({}, True),
        ({"has_key": False}, True),
        ({"has_key": False, "agent": (0, 0)}, True),
        ({"has_key": True}, False),
        ({"at_goal": False}, True),
        ({"at_goal": True}, False),
        ({"window": False}, False),
    ],
)
def test_a_partial_state_holds_where_every_entry_agrees(partial, expected):
    assert holds(partial, fixed_layout(5).state()) is expected


def test_text_view_shows_everything():
    layout = fixed_layout(5)
    assert text_view(layout, layout.state()).split("\n") == [
        "A . . . .",
        ". . . . .",
        ". . k . .",
        "# # # D #",
        ". . . . G",
    ]


def test_text_view_tells_a_carried_key_and_an_open_door():
    env = GridWorld(render_mode="ansi")
    play(env, OPTIMUM[:7])
    assert env.render().split("\n")[2:4] == [". . . @ .", "# # # / #"]


def test_without_a_render_mode_nothing_is_drawn():
    assert GridWorld().render() is None


def test_other_rules_come_in_as_a_transition():
    def stuck(layout, state, action):
        return state

    env = GridWorld(5, transition=stuck)
    assert env.step(DOWN)[0] == env.reset()[0]
    with pytest.raises(ValueError, match="the goal must be reachable"):
        shortest_path(GridWorld(5), stuck)


@pytest.mark.parametrize("seed", [np.int64(3), np.uint8(3)])
def test_a_seed_may_be_any_whole_number_type(seed):
    env = GridWorld(5, shuffle=True)
    assert env.reset(seed=seed)[0] == env.reset(seed=3)[0]
