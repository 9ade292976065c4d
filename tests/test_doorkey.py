"""MiniGrid's DoorKey seen as facts and places, held against MiniGrid itself."""

from collections import deque

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from minigrid.core.actions import Actions

from procmem import ProceduralMemoryAgent, SkillLibrary
from procmem.doorkey import AHEAD, DoorKeyFacts, shortest_path, turned
from procmem.episode import state_key

SEEDS = range(1_000_000, 1_000_020)


def doorkey(size=5, **options):
    return DoorKeyFacts(gymnasium.make(f"MiniGrid-DoorKey-{size}x{size}-v0"), **options)


@pytest.fixture(scope="module")
def trained():
    agent = ProceduralMemoryAgent(doorkey(), rng=0)
    agent.train(30)
    return agent


def test_gymnasiums_checker_finds_nothing_to_complain_about():
    with pytest.warns(UserWarning, match="different from the unwrapped version") as caught:
        check_env(doorkey(), skip_render_check=True)
    assert len(caught) == 1  # it says that this is a wrapper, which is the point of it


def test_another_world_is_refused_by_name():
    with pytest.raises(
        ValueError, match=r"env must be a MiniGrid DoorKey environment, got .*Empty"
    ):
        DoorKeyFacts(gymnasium.make("MiniGrid-Empty-5x5-v0"))


def heading_as_facts(state, facing, size):
    return {**state, **{f"looks {way}": way == facing for way in range(4)}}


@pytest.mark.parametrize("turn", [turned, heading_as_facts, None])
def test_the_upright_state_is_what_minigrid_holds(turn):
    env = doorkey(8, turn=turn)
    for seed in SEEDS:
        state, _ = env.reset(seed=seed)
        assert state == env.layout.state()
        world, here = env.unwrapped, env.layout.upright(state)
        assert here["agent"] == tuple(int(x) for x in world.agent_pos[::-1])
        assert here.get("facing") == (AHEAD[world.agent_dir] if turn else None)
        for thing in ("key", "door", "goal"):
            row, col = here[thing]
            assert world.grid.get(col, row).type == thing
        assert not any(state[fact] for fact in ("has_key", "door_open", "at_goal"))
        assert {world.grid.get(col, row).type for row, col in env.layout.walls} == {"wall"}
        assert (turn is None) == (here is state)
        assert env.layout.upright(here) is here


def test_the_agent_looks_up_whichever_way_it_turns():
    env, moves = doorkey(6), set()
    for seed in SEEDS:
        env.reset(seed=seed)
        for _ in range(4):
            state, *_ = env.step(Actions.right)
            after, *_ = env.step(Actions.forward)
            moves.add(tuple(np.subtract(after["agent"], state["agent"]).tolist()))
            assert all(type(x) is int for x in after["agent"])
    assert moves == {(-1, 0), (0, 0)}


def test_turning_by_hand():
    # From (1, 0), looking right, (1, 2) lies ahead: after the turn, above.
    assert turned({"a": (1, 0), "b": (1, 2)}, 0, 3) == {"a": (2, 1), "b": (0, 1)}


def test_a_carried_key_is_where_the_agent_is_and_may_be_dropped_again():
    env = doorkey()
    env.reset(seed=3)
    for action in shortest_path(env):
        state, *_ = env.step(action)
        if state["has_key"]:
            break
    assert state["key"] == state["agent"]
    dropped, *_ = env.step(Actions.drop)  # where it lay
    assert not dropped["has_key"]
    assert dropped["key"] == (dropped["agent"][0] - 1, dropped["agent"][1])
    with pytest.raises(ValueError, match="state must be one of this room"):
        env.layout.upright({**state, "goal": (2, 2)})


@pytest.mark.parametrize("size", [5, 6, 8])
def test_the_shortest_path_reaches_the_goal_in_minigrid_itself(size):
    for turn in (turned, None):
        env = doorkey(size, turn=turn)
        for seed in SEEDS:
            env.reset(seed=seed)
            path = shortest_path(env)
            for number, action in enumerate(path, start=1):
                assert len(shortest_path(env)) == len(path) - number + 1
                state, reward, terminated, _, _ = env.step(action)
            assert terminated and state["at_goal"]
            assert reward == pytest.approx(1 - 0.9 * len(path) / (10 * size**2))


def test_no_shorter_path_is_found_by_trying_all_actions_in_minigrid_itself():
    env, seed, seen, paths = doorkey(), SEEDS[0], set(), deque([()])
    env.reset(seed=seed)
    optimum = len(shortest_path(env))
    while len(paths[0]) < optimum - 1:
        path = paths.popleft()
        for action in Actions:
            env.reset(seed=seed)
            *_, (state, _, terminated, *_) = (env.step(one) for one in (*path, action))
            assert not terminated
            if state_key(state) not in seen:
                seen.add(state_key(state))
                paths.append((*path, action))


def test_the_unchanged_agent_learns_it_near_the_optimum(trained):
    episodes = [trained.run_episode(learn=False, seed=seed) for seed in SEEDS]
    assert all(episode.solved for episode in episodes)
    assert np.mean([episode.total_reward for episode in episodes]) > 0.95
    found = {tuple(sorted(when)): set(names) for when, names in trained.encoder.relevance.items()}
    assert found[()] == {"key"}
    assert "goal" in found["door_open", "has_key"]


def test_its_library_is_saved_and_loaded_with_minigrids_actions(trained, tmp_path):
    trained.library.save(tmp_path / "doorkey.json")
    loaded = SkillLibrary.load(tmp_path / "doorkey.json")
    again = ProceduralMemoryAgent(doorkey(), library=loaded, rng=0)
    ours, theirs = (agent.run_episode(learn=False, seed=SEEDS[0]) for agent in (trained, again))
    assert [step.action for step in theirs.steps] == [step.action for step in ours.steps]
    assert all(isinstance(step.action, Actions) for step in theirs.steps)
