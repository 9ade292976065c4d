"""The agents that the studies compare do what their names say, and nothing else breaks."""

from copy import deepcopy
from itertools import islice

import pytest
from rivals import (
    ABLATIONS,
    EpisodeReplayAgent,
    OracleRetrievalAgent,
    SkillValueAgent,
    each_suffix,
    straightened,
)

from procmem import GridWorld, shortest_path
from procmem.lab.experiment import examination_seeds, practice_seeds, train_many
from procmem.segmentation import segment


@pytest.fixture(scope="module")
def trained():
    return {name: train_many(make, [1], 12)[0][0] for name, make in ABLATIONS.items()}


def test_every_ablation_trains(trained):
    assert all(len(agent.library) for agent in trained.values())


def test_without_segments_every_skill_leads_to_the_goal(trained):
    library = trained["no segments: whole episodes"].library
    assert all("at_goal" in skill.effects for skill in library)
    assert {tuple(s.effects) for s in trained["the full agent"].library} > {("at_goal",)}


def test_without_suffixes_there_are_fewer_skills(trained):
    assert len(trained["no suffixes"].library) < len(trained["the full agent"].library)


def test_without_loop_erasure_skills_walk_in_circles(trained):
    longest = max(map(len, trained["no loop erasure"].library))
    assert longest > 2 * max(map(len, trained["the full agent"].library))


def test_without_interruption_a_skill_is_run_to_its_end(trained):
    agent = trained["no interruption"]
    for seed in examination_seeds(10):
        episode = agent.run_episode(learn=False, seed=seed)
        for decision in episode.decisions:
            done = [step for step in episode.steps if step.decision is decision]
            if decision.skill and not (done[-1].terminated or done[-1].truncated):
                assert len(done) == len(agent.library[decision.skill])


def test_ways_with_and_without_loops(trained):
    episode = trained["the full agent"].run_episode(use_skills=False, learn=False, seed=5)
    piece = segment(episode.steps)[0]
    assert [len(way) for way in each_suffix(piece)] == list(range(len(piece), 0, -1))
    (way,) = straightened(piece)
    assert len(way) <= len(piece)
    assert straightened([]) == []


def test_replayed_episodes_are_whole_and_without_loops():
    (agent,), _ = train_many(EpisodeReplayAgent, [0], 20)
    assert all("at_goal" in skill.effects for skill in agent.library)
    skill = next(iter(agent.library))
    env = GridWorld(shuffle=True)
    for seed in practice_seeds(0, 50):
        env.reset(seed=seed)
        if env.state == skill.situation:
            assert len(skill) >= len(shortest_path(env))
            assert [env.step(action)[2] for action in skill.action_sequence][-1]
            return
    pytest.fail("no layout of the practice is where the first skill was learned")


def test_what_the_oracle_retrieves_always_works(trained):
    library = trained["the full agent"].library
    oracle = OracleRetrievalAgent(GridWorld(shuffle=True), rng=0, library=library)
    for seed in examination_seeds(8):
        episode = oracle.run_episode(learn=False, seed=seed)
        for decision in episode.decisions:
            if decision.skill:
                done = [step for step in episode.steps if step.decision is decision]
                effects = oracle.library[decision.skill].effects
                after = done[-1].next_state
                assert all(after[name] for name in effects)


@pytest.mark.parametrize(("use_skills", "learn", "steps"), [(True, False, None), (False, True, 3)])
def test_a_frozen_or_abandoned_episode_credits_nothing_in_the_next(
    trained, use_skills, learn, steps
):
    library = deepcopy(trained["the full agent"].library)
    agent = SkillValueAgent(GridWorld(shuffle=True), rng=0, library=library)
    for _ in islice(agent.play(use_skills, learn=learn), steps):
        pass
    before = dict(agent.values)
    next(agent.play())
    assert agent.values == before


def test_an_option_that_the_time_limit_cut_off_is_not_credited():
    env = GridWorld()
    env.max_steps = 1
    agent = SkillValueAgent(env, rng=0)
    assert agent.run_episode().steps[-1].truncated
    assert not agent.values


def test_options_get_values_and_are_used():
    (agent,), _ = train_many(SkillValueAgent, [0], 100)
    episode = agent.run_episode(learn=False, seed=2_000_000)
    assert episode.solved
    assert episode.skills
    assert max(agent.values.values()) > 0


def test_a_semi_markov_update_by_hand():
    agent = SkillValueAgent(GridWorld(), rng=0, step_size=0.5, discount=0.9)
    agent._learning = True
    agent._last = (("here", "skill"), 1.0, 0.9**3)
    agent._credit(2.0)
    assert agent.values["here", "skill"] == pytest.approx(0.5 * (1.0 + 0.9**3 * 2.0))
    agent._credit(5.0)  # nothing is pending any more
    assert agent.values["here", "skill"] == pytest.approx(0.5 * (1.0 + 0.9**3 * 2.0))
