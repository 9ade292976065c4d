"""The agent on one page is the package's agent, step for step."""

import inspect

import one_page
import pytest

from procmem import GridWorld, ProceduralMemoryAgent
from procmem.lab import SlipperyWorld, evaluate, practice_seeds


def test_it_fits_on_a_page():
    assert len(inspect.getsource(one_page).splitlines()) <= 200


@pytest.mark.parametrize("seed", [0, 1])
def test_it_does_what_the_package_does(seed):
    kinds = one_page.Agent, ProceduralMemoryAgent
    agents = [kind(GridWorld(shuffle=True), rng=seed) for kind in kinds]
    for room in practice_seeds(seed, 6):
        page, package = (agent.run_episode(seed=room) for agent in agents)
        assert page.states == package.states
    page, package = (agent.library for agent in agents)
    assert [skill.actions for skill in page] == [skill.action_sequence for skill in package]


def test_its_examination_counts_as_the_laboratory_does():
    agent = one_page.Agent(GridWorld(shuffle=True), rng=0)
    for room in practice_seeds(0, 30):
        agent.run_episode(seed=room)
    known = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
    known.train(30, seeds=practice_seeds(0, 30))
    ratios = evaluate([known], rooms := practice_seeds(0, 5)).ratio[0]
    assert agent.examine(rooms) == pytest.approx(ratios)


def test_it_goes_on_where_all_was_tried():
    agent = one_page.Agent(SlipperyWorld(shuffle=True), rng=0)
    assert agent.run_episode(seed=0).solved
