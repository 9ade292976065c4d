"""Our worlds as users of Gymnasium expect them: made by id or recipe, wrapped, and many at once."""

import subprocess
import sys

import gymnasium
import numpy as np
import pytest
from gymnasium.wrappers import RecordEpisodeStatistics, TimeLimit, TransformReward

from procmem import GridWorld, ProceduralMemoryAgent
from procmem.doorkey import DoorKeyFacts
from procmem.lab.worlds import OneRoom, SlipperyWorld

ID = "procmem/GridWorld-v0"
WORLDS = [
    lambda: GridWorld(8, shuffle=True),
    lambda: SlipperyWorld(6, shuffle=True, slip=0.5),
    lambda: OneRoom(GridWorld(6, shuffle=True).layout),
    lambda: gymnasium.make(ID, size=8, shuffle=True),
    lambda: TimeLimit(gymnasium.make(ID, size=6, shuffle=True), 9),
    lambda: DoorKeyFacts(gymnasium.make("MiniGrid-DoorKey-6x6-v0"), turn=None),
]


@pytest.mark.parametrize("make", WORLDS)
def test_what_is_made_from_the_recipe_of_a_world_is_the_same_world(make):
    world = make()
    twin = gymnasium.make(world.spec)
    actions = np.random.default_rng(0).integers(world.action_space.n, size=8)
    for seed in (1, 2):
        assert twin.reset(seed=seed) == world.reset(seed=seed)
        for action in actions:
            assert twin.step(action) == world.step(action)


def test_the_id_is_known_by_importing_the_package_or_by_naming_it():
    code = f"import gymnasium; print(gymnasium.make('procmem:{ID}', size=7).unwrapped.size)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "7\n"


@pytest.mark.parametrize("action", [2, np.int64(2), np.uint8(2), np.array(2), GridWorld.actions(2)])
@pytest.mark.parametrize("make", WORLDS)
def test_every_action_that_the_space_contains_is_taken(make, action):
    env = make()
    env.reset(seed=0)
    assert env.action_space.contains(action)
    assert env.step(action)[0] == env.get_wrapper_attr("state")


@pytest.mark.parametrize("action", [2.0, -1, 99, "2", None, np.array([2]), np.float64(2), [2]])
@pytest.mark.parametrize("make", WORLDS[::5])
def test_no_other_action_is_taken_and_nothing_happens(make, action):
    env = make()
    before, _ = env.reset(seed=0)
    with pytest.raises(ValueError, match="action must be one of 0 "):
        env.unwrapped.step(action) if isinstance(env, GridWorld) else env.step(action)
    assert env.get_wrapper_attr("state") == before


def test_there_is_no_state_before_the_first_reset():
    with pytest.raises(RuntimeError, match=r"call reset\(\) first"):
        _ = DoorKeyFacts(gymnasium.make("MiniGrid-DoorKey-6x6-v0")).state


def test_an_agent_learns_through_gymnasiums_wrappers():
    env = gymnasium.make(ID, shuffle=True)
    env = TransformReward(RecordEpisodeStatistics(TimeLimit(env, 300)), lambda reward: 2 * reward)
    agent = ProceduralMemoryAgent(env, rng=0)
    history = agent.train(4, seeds=np.arange(4))
    assert len(agent.library) > 0
    assert list(env.get_wrapper_attr("length_queue")) == [len(episode) for episode in history]
    assert history[0].total_reward == pytest.approx(2 * env.get_wrapper_attr("return_queue")[0])


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_many_worlds_at_once(kind):
    options = {"vector_kwargs": {"context": "spawn"}} if kind == "async" else {}
    worlds = gymnasium.make_vec(ID, 2, kind, size=6, shuffle=True, **options)
    alone = GridWorld(6, shuffle=True)
    try:
        states, _ = worlds.reset(seed=[3, 4])
        for number, seed in enumerate((3, 4)):
            state, _ = alone.reset(seed=seed)
            seen = tuple(int(column[number]) for column in states["key"])
            assert (seen, bool(states["has_key"][number])) == (state["key"], state["has_key"])
        _, rewards, *_ = worlds.step(np.array([0, 1]))
        assert rewards.tolist() == [-0.01, -0.01]
    finally:
        worlds.close()
