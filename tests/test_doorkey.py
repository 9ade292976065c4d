"""MiniGrid's DoorKey seen as facts and places, held against MiniGrid itself."""

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from hypothesis import given, settings
from hypothesis import strategies as st
from minigrid.core.actions import Actions

from procmem import Episode, ProceduralMemoryAgent, SkillLibrary
from procmem.doorkey import AHEAD, DoorKeyFacts, shortest_path, turned
from procmem.embedding import InvariantEncoder
from procmem.exploration import CuriousExplorer
from procmem.segmentation import known_ways
from procmem.show.player import EpisodePlayer
from procmem.show.svg import describe_room, room_svg, way_strokes

SEEDS = range(1_000_000, 1_000_020)


def doorkey(size=5):
    return DoorKeyFacts(gymnasium.make(f"MiniGrid-DoorKey-{size}x{size}-v0"))


def learner(size=5, rng=0):
    encoder = InvariantEncoder(256, length_scale=5)
    options = {"threshold": 0.2, "explorer": CuriousExplorer(), "ways": known_ways}
    return ProceduralMemoryAgent(doorkey(size), 256, rng=rng, encoder=encoder, **options)


@pytest.fixture(scope="module")
def trained():
    agent = learner()
    agent.train(30, seeds=range(30))
    return agent


# ---------------------------------------------------------------- the wrapper


def test_gymnasiums_checker_finds_nothing_to_complain_about():
    with pytest.warns(UserWarning, match="different from the unwrapped version") as caught:
        check_env(doorkey(), skip_render_check=True)
    assert len(caught) == 1  # it says that this is a wrapper, which is the point of it


def test_another_world_is_refused_by_name():
    with pytest.raises(
        ValueError, match=r"env must be a MiniGrid DoorKey environment, got .*Empty"
    ):
        DoorKeyFacts(gymnasium.make("MiniGrid-Empty-5x5-v0"))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_upright_state_is_what_minigrid_holds(seed):
    env = doorkey(8)
    state, _ = env.reset(seed=seed)
    world, here = env.unwrapped, env.layout.upright(state)
    assert here["agent"] == tuple(int(x) for x in world.agent_pos[::-1])
    assert here["facing"] == AHEAD[world.agent_dir]
    for thing in ("key", "door", "goal"):
        row, col = here[thing]
        assert world.grid.get(col, row).type == thing
    assert (state["has_key"], state["door_open"]) == (False, False)
    walls = {(y, x) for x in range(8) for y in range(8) if _is_wall(world.grid.get(x, y))}
    assert env.layout.walls == walls


def _is_wall(thing):
    return thing is not None and thing.type == "wall"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_agent_looks_up_whichever_way_it_turns(seed):
    env = doorkey(6)
    env.reset(seed=seed)
    for _ in range(4):
        state, *_ = env.step(Actions.right)
        after, *_ = env.step(Actions.forward)
        moved = np.subtract(after["agent"], state["agent"]).tolist()
        assert moved in ([-1, 0], [0, 0])
        assert all(isinstance(x, int) for x in after["agent"])


@given(st.integers(0, 3), st.tuples(st.integers(0, 6), st.integers(0, 6)))
def test_turning_back_undoes_a_turn(facing, cell):
    state = {"agent": cell, "has_key": True}
    there = turned(state, facing, 7)
    assert turned(there, (2 - facing) % 4, 7) == state
    assert there["has_key"] is True


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
    for _ in range(4):
        state, *_ = env.step(Actions.right)
        dropped, *_ = env.step(Actions.drop)
        if not dropped["has_key"]:
            break
    assert dropped["key"] == (dropped["agent"][0] - 1, dropped["agent"][1])


def test_a_state_of_another_room_cannot_be_turned_upright():
    env = doorkey()
    state, _ = env.reset(seed=0)
    with pytest.raises(ValueError, match="state must have the goal in a corner"):
        env.layout.upright({**state, "goal": (2, 2)})


# ---------------------------------------------------------------- the optimum


@pytest.mark.parametrize("size", [5, 6, 8])
def test_the_shortest_path_reaches_the_goal_in_minigrid_itself(size):
    env = doorkey(size)
    for seed in SEEDS:
        env.reset(seed=seed)
        path = shortest_path(env)
        for action in path:
            _, reward, terminated, _, _ = env.step(action)
        assert terminated
        assert reward == pytest.approx(1 - 0.9 * len(path) / (10 * size**2))


def test_no_way_of_few_steps_is_shorter():
    env = doorkey()
    for seed in SEEDS[:3]:
        env.reset(seed=seed)
        assert len(shortest_path(env)) == _fewest_by_trying(seed)


def _fewest_by_trying(seed):
    """Breadth-first search in MiniGrid itself, replaying every sequence from the start."""
    env, seen, frontier = doorkey(), set(), [()]
    while True:
        following = []
        for way in frontier:
            for action in Actions:
                env.reset(seed=seed)
                ended = [env.step(a)[2] for a in (*way, action)][-1]
                if ended:
                    return len(way) + 1
                state = frozenset(env.state.items())
                if state not in seen:
                    seen.add(state)
                    following.append((*way, action))
        frontier = following


def test_mean_optimum_is_the_published_one():
    env, lengths = doorkey(), []
    for seed in range(300):
        env.reset(seed=seed)
        lengths.append(len(shortest_path(env)))
    assert np.mean(lengths) == pytest.approx(9.7, abs=0.25)
    assert (min(lengths), max(lengths)) == (7, 14)


# ---------------------------------------------------------------- the unchanged agent


def test_the_agent_learns_to_solve_it_near_the_optimum(trained):
    env, ratios = doorkey(), []
    for seed in SEEDS:
        env.reset(seed=seed)
        episode = trained.run_episode(learn=False, seed=seed)
        assert episode.solved
        ratios.append(len(episode) / len(shortest_path(env)))
    assert np.mean(ratios) < 1.5


def test_without_memory_it_mostly_fails(trained):
    plain = ProceduralMemoryAgent(doorkey(), 256, rng=0, encoder=InvariantEncoder(256))
    episodes = [plain.run_episode(use_skills=False, learn=False, seed=seed) for seed in SEEDS]
    assert sum(episode.solved for episode in episodes) < len(SEEDS) / 2


def test_same_seeds_same_history():
    ours, theirs = (learner(rng=4).train(4, seeds=range(4)) for _ in range(2))
    assert [[s.action for s in e.steps] for e in ours] == [
        [s.action for s in e.steps] for e in theirs
    ]


def test_its_library_is_saved_and_loaded_with_minigrids_actions(trained, tmp_path):
    trained.library.save(tmp_path / "doorkey.json")
    loaded = SkillLibrary.load(tmp_path / "doorkey.json", encoder="invariant", actions=Actions)
    assert [skill.action_sequence for skill in loaded] == [
        skill.action_sequence for skill in trained.library
    ]


def test_relevance_is_found_without_a_hint(trained):
    found = {tuple(sorted(when)): set(names) for when, names in trained.encoder.relevance.items()}
    assert found[()] == {"key"}
    assert found["door_open", "has_key"] == {"goal"}


def test_with_networks_beside_the_recordings_the_largest_rooms_are_solved():
    agent = learner()
    agent.train(100, seeds=range(100))
    agent.consolidate()
    agent.env = doorkey(16)
    episodes = [agent.run_episode(learn=False, seed=seed) for seed in SEEDS]
    assert all(episode.solved for episode in episodes)
    assert np.mean([episode.total_reward for episode in episodes]) >= 0.95


# ---------------------------------------------------------------- shown as ours


def test_players_and_pictures_show_the_room_upright(trained):
    episode = trained.run_episode(learn=False, seed=SEEDS[0])
    assert isinstance(episode, Episode)
    words = describe_room(episode.layout, episode.steps[0].state)
    assert "it looks " in words
    assert "column 0 is wall" in words
    player = EpisodePlayer(episode)
    player.next.click()
    assert "Step 1 of" in player.frame.value
    assert describe_room(episode.layout, episode.steps[1].state) in player.frame.value


def test_a_way_of_minigrid_is_drawn_as_it_is_walked():
    # Up one, right one, down one: what turns is no square, what picks up is one.
    way = [Actions.forward, Actions.right, Actions.forward, Actions.right, Actions.forward]
    strokes, corner, reach = way_strokes([*way, Actions.pickup])
    assert (corner, reach) == ((-20, 0), 60)
    assert strokes[-1].path.count("M") == 1
    assert strokes[0].path.count("M") == 3


def test_a_turn_to_the_left_leads_to_the_left():
    _, corner, _ = way_strokes([Actions.left, Actions.forward])
    assert corner == (0, -20)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_drawing_does_not_depend_on_how_the_room_is_turned(seed):
    env = doorkey()
    state, _ = env.reset(seed=seed)
    assert room_svg(env.layout, state) == room_svg(env.layout, env.layout.upright(state))
