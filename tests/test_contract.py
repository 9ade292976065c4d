"""The call shapes that readers already know: DESIGN's public objects."""

import inspect

import numpy as np
import pytest

import procmem
from procmem import (
    Action,
    Decision,
    Episode,
    GridWorld,
    ProceduralMemoryAgent,
    Skill,
    SkillLibrary,
    Step,
    cosine_similarity,
    erase_loops,
    segment,
    shortest_path,
)

NAMES = {
    thing.__name__: thing
    for thing in (
        *(Action, Decision, Episode, GridWorld, ProceduralMemoryAgent, Skill, SkillLibrary, Step),
        *(cosine_similarity, erase_loops, segment, shortest_path),
    )
}


def test_the_package_offers_its_public_names_and_each_says_what_it_is():
    assert {name: vars(procmem)[name] for name in NAMES} == NAMES
    assert set(NAMES) <= set(procmem.__all__)
    assert all(inspect.getdoc(thing) for thing in NAMES.values())


def test_a_skill_is_built_from_four_or_five_arguments():
    skill = Skill("fetch", {"has_key": False}, [1, 4], [1.0, 0.0], 2)
    assert (skill.name, skill.preconditions) == ("fetch", {"has_key": False})
    assert list(skill.action_sequence) == [Action.DOWN, Action.PICK_UP]
    assert (skill.embedding.tolist(), skill.success_count) == ([1.0, 0.0], 2)
    new = Skill("fetch", {}, [1], [1.0])
    assert (new.success_count, new.times_used) == (0, 0)


def test_a_world_is_built_by_size_and_speaks_gymnasium():
    env = GridWorld(size=5)
    assert (env.size, GridWorld(6, shuffle=True).size) == (5, 6)
    assert env.state["agent"] == (0, 0)
    state, info = env.reset(seed=1, options=None)
    assert {name: type(value) for name, value in state.items()} == {
        **dict.fromkeys(("agent", "key", "door", "goal"), tuple),
        **dict.fromkeys(("has_key", "door_open", "at_goal"), bool),
    }
    following, reward, terminated, truncated, information = env.step(env.action_space.sample())
    assert [type(value) for value in (info, following, reward, information)] == [
        *(dict, dict, float, dict)
    ]
    assert (terminated, truncated) == (False, False)


@pytest.mark.parametrize("rng", [None, 3, np.random.default_rng(3)])
def test_an_agent_is_built_from_a_world(rng):
    agent = ProceduralMemoryAgent(GridWorld(5), embedding_dim=32, rng=rng)
    assert (agent.embedding_dim, type(agent.embedding_dim)) == (32, int)
    assert isinstance(agent.library, SkillLibrary)


@pytest.mark.parametrize("dim", [24, 64, 100])
def test_create_embedding_takes_a_state_and_actions(dim):
    agent = ProceduralMemoryAgent(GridWorld(5), embedding_dim=dim)
    vector = agent.create_embedding(agent.env.state, [Action.UP])
    assert (vector.shape, agent.embedding_dim) == ((dim,), dim)


def test_an_episode_answers_the_usual_questions():
    agent = ProceduralMemoryAgent(GridWorld(5), rng=0)
    episode = agent.run_episode()
    assert isinstance(episode, Episode)
    assert (len(episode), episode.solved) == (len(episode.steps), True)
    assert episode.total_reward == pytest.approx(1 - 0.01 * len(episode))


@pytest.mark.parametrize("arguments", [(), (True,), (False,)])
@pytest.mark.parametrize("options", [{}, {"learn": False}, {"seed": 3}])
def test_run_episode_and_play_take_the_same_arguments(arguments, options):
    first, second = (ProceduralMemoryAgent(GridWorld(5, shuffle=True), rng=0) for _ in range(2))
    second.env.reset(seed=0)
    first.env.reset(seed=0)
    assert first.run_episode(*arguments, **options).steps == tuple(
        second.play(*arguments, **options)
    )


def test_play_yields_steps_with_their_decisions():
    step = next(ProceduralMemoryAgent(GridWorld(5)).play(use_skills=True))
    assert isinstance(step, Step)
    assert isinstance(step.decision, Decision)


def test_train_returns_its_episodes_and_shortest_path_a_list_of_actions():
    episodes = ProceduralMemoryAgent(GridWorld(5), rng=0).train(2)
    assert [type(episode) for episode in episodes] == [Episode] * 2
    path = shortest_path(GridWorld(5))
    assert (type(path), len(path), {type(action) for action in path}) == (list, 10, {Action})


def test_a_library_adds_retrieves_saves_and_loads(tmp_path):
    library = SkillLibrary()
    library.add(Skill("fetch", {}, [1], [1.0, 0.0]))
    library.save(tmp_path / "library.json")
    ((similarity, skill),) = SkillLibrary.load(tmp_path / "library.json").retrieve([2.0, 0.0])
    assert (similarity, skill.name) == (1.0, "fetch")


# ---------------------------------------------------------------- the one override point


class ByOffset(ProceduralMemoryAgent):
    """A reader's own embedding: six numbers, the offset to what matters next and the facts."""

    def create_embedding(self, state, action_seq):
        target = "goal" if state["door_open"] else "door" if state["has_key"] else "key"
        (row, col), (there_row, there_col) = state["agent"], state[target]
        facts = [3.0 * state["has_key"], 3.0 * state["door_open"]]
        return np.array([there_row - row, there_col - col, *facts, 0.5, 0.1 * len(action_seq)])


@pytest.fixture(scope="module")
def readers_agent():
    agent = ByOffset(GridWorld(5), embedding_dim=6, rng=0, threshold=0.95)
    agent.train(12)
    return agent


def test_a_readers_own_embedding_has_its_own_dimension(readers_agent):
    assert readers_agent.embedding_dim == readers_agent.library.dim == 6
    assert {skill.embedding.shape for skill in readers_agent.library} == {(6,)}


def test_a_readers_own_embedding_is_learned_with_and_reused(readers_agent):
    episode = readers_agent.run_episode(learn=False)
    assert (episode.solved, len(episode) <= 20) == (True, True)
    assert len(episode.skills) > 0


def test_a_readers_own_memory_can_be_saved_and_used_again(readers_agent, tmp_path):
    readers_agent.library.save(tmp_path / "mine.json")
    library = SkillLibrary.load(tmp_path / "mine.json")
    heir = ByOffset(GridWorld(5), embedding_dim=6, rng=0, threshold=0.95, library=library)
    assert heir.run_episode(learn=False).solved


def test_an_embedding_of_the_wrong_length_is_named():
    class Forgetful(ProceduralMemoryAgent):
        def create_embedding(self, state, action_seq):
            return np.ones(7)

    with pytest.raises(ValueError, match=r"must have (shape \(64,\)|dimension 64), got \(?7"):
        Forgetful(GridWorld(5), embedding_dim=64, rng=0).run_episode()
