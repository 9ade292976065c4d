"""What our agent is compared with does what its name says."""

from collections import Counter

import numpy as np
import pytest

from procmem.agent import ProceduralMemoryAgent
from procmem.embedding import cosine_similarity
from procmem.gridworld import Action, GridWorld, shortest_path
from procmem.lab.baselines import (
    LeastTriedExplorer,
    NaiveMemoryAgent,
    NoMemoryAgent,
    OracleAgent,
    RandomExplorer,
    sham_library,
)
from procmem.lab.experiment import evaluate, examination_seeds, practice_seeds, train_many
from procmem.segmentation import segment
from procmem.skill import Skill

LAYOUTS = examination_seeds(12)


def room():
    return GridWorld(shuffle=True)


@pytest.fixture(scope="module")
def naive():
    """Return naive agents that have practised as ours do."""
    return train_many(NaiveMemoryAgent, range(2), 12)[0]


@pytest.mark.parametrize("explorer", [RandomExplorer, LeastTriedExplorer, OracleAgent])
def test_an_agent_without_memory_stores_nothing(explorer):
    agent = explorer(room(), rng=0)
    episodes = agent.train(2, seeds=[0, 1])
    assert [episode.solved for episode in episodes] == [True, True]
    assert (len(agent.library), [skill for e in episodes for skill in e.skills]) == (0, [])


def test_the_random_explorer_draws_every_action_equally_often():
    agent = RandomExplorer(room(), rng=0)
    counts = Counter(agent.explore({}) for _ in range(6000))
    assert set(counts) == set(Action)
    assert min(counts.values()) > 850
    assert max(counts.values()) < 1150


def test_an_agent_without_memory_is_ours_with_memory_switched_off():
    ours = ProceduralMemoryAgent(room(), rng=4).run_episode(use_skills=False, seed=5)
    theirs = NoMemoryAgent(room(), rng=4).run_episode(seed=5)
    assert [step.action for step in ours.steps] == [step.action for step in theirs.steps]


def test_the_oracle_needs_exactly_the_optimum_and_no_agent_is_faster():
    agents = OracleAgent(room()), LeastTriedExplorer(room()), RandomExplorer(room())
    oracle, *others = evaluate(agents, LAYOUTS).ratio
    assert (oracle == 1.0).all()
    assert (np.array(others) >= 1.0).all()


# ---------------------------------------------------------------- naive memory


def test_naive_memory_fails_on_most_new_layouts_and_would_succeed_without(naive):
    assert evaluate(naive, LAYOUTS).solved.mean() < 0.5
    assert evaluate(naive, LAYOUTS, use_skills=False).solved.all()


def test_one_memory_is_enough_to_ruin_the_naive_agent():
    agent = NaiveMemoryAgent(room(), rng=0)
    seeds = practice_seeds(0, 8)
    solved = [episode.solved for episode in agent.train(8, seeds=seeds)]
    assert solved[0]
    assert not all(solved[1:])


def test_naive_memory_with_a_teacher_begins_with_the_optimum():
    agent = NaiveMemoryAgent(room(), rng=0, teacher=True)
    agent.env.reset(seed=7)
    optimum = len(shortest_path(agent.env))
    assert len(agent.run_episode(seed=7)) == optimum


def test_naive_memory_keeps_detours():
    agent = NaiveMemoryAgent(room(), rng=0)
    pieces = segment(agent.run_episode(seed=1).steps)
    recorded = {stored.action_sequence for stored in agent.library}
    assert recorded <= {tuple(step.action for step in piece) for piece in pieces}
    assert max(map(len, recorded)) > 30


def test_naive_memory_merges_whatever_looks_alike(naive):
    vectors = [stored.embedding for stored in naive[0].library]
    pairs = [(a, b) for i, a in enumerate(vectors) for b in vectors[:i]]
    assert all(cosine_similarity(a, b) <= 0.9 for a, b in pairs)


def test_naive_memory_runs_a_skill_to_its_end_whatever_happens():
    agent = NaiveMemoryAgent(GridWorld(), rng=0)
    vector = agent.create_embedding(agent.env.state, ())
    agent.library.add(Skill("bump", {}, [Action.UP] * 4, vector))
    play = agent.play(learn=False)
    assert [next(play).decision.skill for _ in range(9)] == ["bump"] * 9


def test_the_salt_stands_for_another_process():
    state = room().state
    vectors = [NaiveMemoryAgent(room(), salt=n).create_embedding(state, ()) for n in (0, 1)]
    assert cosine_similarity(*vectors) < 0.9


# ---------------------------------------------------------------- sham skills


@pytest.fixture(scope="module")
def trained():
    agent = ProceduralMemoryAgent(room(), rng=0)
    agent.train(40, seeds=practice_seeds(0, 40))
    return agent


def profile(library):
    """Return all that a sham must share with the true library."""
    return [
        (stored.name, len(stored), stored.preconditions, stored.effects, stored.embedding.tolist())
        for stored in library
    ]


def test_sham_skills_share_all_but_actions_and_record_and_leave_the_true_ones_alone(trained):
    before = profile(trained.library), [stored.times_used for stored in trained.library]
    sham, again, other = (sham_library(trained.library, Action, seed) for seed in (0, 0, 2))
    assert profile(sham) == before[0]
    assert (profile(trained.library), [s.times_used for s in trained.library]) == before
    assert {stored.times_used for stored in sham} == {0}
    drawn = [[stored.action_sequence for stored in one] for one in (sham, again, other)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert {action for actions in drawn[0] for action in actions} == set(Action)
    same = [s.action_sequence == sham[s.name].action_sequence for s in trained.library]
    assert np.mean(same) < 0.2


def test_sham_skills_are_worse_than_true_ones(trained):
    sham = ProceduralMemoryAgent(room(), library=sham_library(trained.library, Action, 0))
    results = evaluate([trained, sham], LAYOUTS)
    true_mean, sham_mean = results.ratio.mean(axis=1)
    assert sham_mean > 5 * true_mean
