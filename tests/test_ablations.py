"""Each ablation takes away what its name says, and nothing else breaks."""

import pytest

from procmem.lab.ablations import ABLATIONS, each_suffix, straightened
from procmem.lab.experiment import examination_seeds, train_many
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
