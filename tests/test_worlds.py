"""Worlds with a twist do what their names say."""

from collections import Counter

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from hypothesis import given
from hypothesis import strategies as st

from procmem import Action, GridWorld, shortest_path
from procmem.gridworld import draw_layout, fixed_layout
from procmem.lab.worlds import (
    BrokenWorld,
    DecoyWorld,
    KeyRoom,
    MirroredWorld,
    MovedKeyWorld,
    OneRoom,
    SlipperyWorld,
    carried_off,
    doorkey,
    fewest_steps,
    mirrored,
)


@pytest.mark.parametrize(
    "world", [SlipperyWorld, BrokenWorld, KeyRoom, MirroredWorld, MovedKeyWorld]
)
def test_gymnasiums_checker_accepts_it(world):
    check_env(world(), skip_render_check=True)


def test_a_key_room_ends_with_the_key_and_says_where_it_lies():
    env = KeyRoom()
    seen = [env.state["key_lies"]]
    for action in (Action.DOWN, Action.DOWN, Action.RIGHT, Action.RIGHT, Action.PICK_UP):
        state, _, terminated, truncated, _ = env.step(action)
        seen.append(state["key_lies"])
        assert terminated == state["has_key"] and not truncated
    words = ["2 down, 2 right", "1 down, 2 right", "2 right", "1 right", "here", "here"]
    assert seen == words and terminated
    env.reset()
    assert [env.step(Action.OPEN)[3] for _ in range(100)] == 99 * [False] + [True]
    starts = env.starts()
    assert [state["agent"] for state in starts] == [divmod(n, 5) for n in range(15)]
    assert starts[3]["key_lies"] == "2 down, 1 left"


@pytest.mark.parametrize(("slip", "share"), [(0.0, 0.0), (0.1, 0.1), (1.0, 1.0)])
def test_a_move_goes_sideways_as_often_as_said(slip, share):
    env = SlipperyWorld(9, slip=slip)
    env.reset(seed=1)
    ends = Counter()
    for _ in range(2000):
        after = env.transition({**env.state, "agent": (3, 3)}, Action.DOWN)
        ends[after["agent"]] += 1
    assert set(ends) <= {(4, 3), (3, 2), (3, 4)}
    assert 1 - ends[4, 3] / 2000 == pytest.approx(share, abs=0.03)
    assert abs(ends[3, 2] - ends[3, 4]) < 150


def test_what_is_no_move_never_slips():
    env = SlipperyWorld(slip=1.0)
    state = {**env.state, "agent": env.state["key"]}
    assert env.transition(state, Action.PICK_UP)["has_key"]


def test_a_broken_action_changes_nothing_until_it_is_repaired():
    env = BrokenWorld()
    env.broken = {Action.DOWN}
    assert env.step(Action.DOWN)[0]["agent"] == (0, 0)
    assert env.step(Action.RIGHT)[0]["agent"] == (0, 1)
    env.broken = frozenset()
    assert env.step(Action.DOWN)[0]["agent"] == (1, 1)


@given(st.integers(4, 9), st.integers(0, 10**6), st.booleans())
def test_a_mirrored_room_is_as_long_and_mirrored_twice_is_itself(size, seed, upside_down):
    layout = draw_layout(size, np.random.default_rng(seed))
    flipped = mirrored(layout, upside_down=upside_down)
    assert mirrored(flipped, upside_down=upside_down) == layout
    assert _optimum(flipped) == _optimum(layout)


def _optimum(layout):
    return len(shortest_path(OneRoom(layout)))


def test_mirroring_by_hand():
    layout = fixed_layout(5)
    assert mirrored(layout).agent == (0, 4)
    assert mirrored(layout, upside_down=True).agent == (4, 0)
    assert mirrored(layout, upside_down=True).walls == {(1, col) for col in (0, 1, 2, 4)}


def test_the_key_is_carried_off_when_the_agent_comes_beside_it():
    env = MovedKeyWorld(5)
    state, layout = env.reset(seed=1)[0], env.layout
    assert state["key"] == layout.key == fixed_layout(5).key
    for action in (Action.DOWN, Action.RIGHT):
        assert env.step(action)[0]["key"] == layout.key
    assert env.step(Action.DOWN)[0]["key"] == layout.elsewhere
    env.step(Action.RIGHT)
    assert env.state["agent"] == layout.key
    assert env.step(Action.PICK_UP)[0]["has_key"] is False
    assert env.state["key"] == layout.elsewhere


@pytest.mark.parametrize("size", [4, 5, 8])
def test_a_room_with_a_moved_key_can_be_solved_in_the_fewest_steps(size):
    env, usual = MovedKeyWorld(size, shuffle=True), GridWorld(size, shuffle=True)
    for seed in range(30):
        env.reset(seed=seed)
        usual.reset(seed=seed)
        fewest = fewest_steps(env)
        assert env.layout.state() == usual.layout.state()
        for action in shortest_path(env, carried_off):
            state, _, terminated, _, _ = env.step(action)
        assert terminated
        assert state["at_goal"]
        assert fewest == env._steps


def test_the_fewest_steps_are_known_in_every_world():
    for world in (GridWorld, DecoyWorld, MirroredWorld, doorkey):
        env = world(5, True)
        env.reset(seed=4)
        assert 4 < fewest_steps(env) < 25


def test_one_room_is_always_the_same():
    env = OneRoom(fixed_layout(6))
    env.reset(seed=3)
    assert env.layout == GridWorld(6).layout
