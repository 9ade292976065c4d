"""The tables of lesson 08, from nothing: `python tests/lasting.py [--agents 20] [--validation]`.

Agents practise a hundred episodes in shuffled 5x5 rooms and are frozen; what is compared is what
their libraries keep, on rooms that nobody trained in.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from dataclasses import replace
from functools import partial

import numpy as np

from procmem import GridWorld, ProceduralMemoryAgent, SkillLibrary
from procmem.composition import compose
from procmem.lab.baselines import useless_skills
from procmem.lab.experiment import HELD_OUT, VALIDATION, evaluate, train_many, training_layouts
from procmem.lab.statistics import bootstrap_interval, interquartile_mean
from procmem.lab.worlds import SlipperyWorld
from procmem.retention import (
    Keeper,
    at_random,
    competence_preserving,
    failing,
    least_recently_used,
    least_used,
)

EPISODES = 100
POLICIES = {
    "none": (),
    "success below one half after three uses": (failing,),
    "random": (at_random,),
    "least recently used": (least_recently_used,),
    "least used": (least_used,),
    "competence first, then least used": (competence_preserving, least_used),
}


def kept(policies, limit, env, rng):
    """Return an agent that forgets by these policies."""
    keeper = Keeper(*policies, limit=limit, rng=rng)
    return ProceduralMemoryAgent(env, rng=rng, keeper=keeper)


def row(name, agents, results):
    middle, mean = interquartile_mean(results.ratio), results.ratio.mean()
    low, high = bootstrap_interval(results.ratio, np.mean)
    skills = np.mean([len(agent.library) for agent in agents])
    return (
        f"| {name} | {skills:.0f} | {results.solved.mean():.1%} | {middle:.2f} "
        f"| {mean:.2f} [{low:.2f}, {high:.2f}] | {results.decisions.mean():.1f} |"
    )


def with_useless(agent, count):
    """Return a copy that was given useless skills."""
    swamped = deepcopy(agent)
    for skill in useless_skills(agent.create_embedding, count, rng=count):
        swamped.library.add(skill)
    return swamped


def rehearsed(agent, rng):
    """Return a copy in which what was given had to prove itself in other rooms, four times over."""
    cured = deepcopy(agent)
    for skill in cured.library:
        skill.status = "candidate" if skill.source is None else "active"
    cured.library.rebuild(list(cured.library))
    keeper = Keeper(world=GridWorld(shuffle=True), rng=rng)
    for _ in range(4):
        keeper.verify(cured)
    return cured


def practised(agent, policies, limit=None):
    """Return a copy after fifty more episodes of practice under these policies."""
    cured = deepcopy(agent)
    cured.keeper = Keeper(*policies, limit=limit)
    cured.train(50, seeds=training_layouts(99, 50))
    return cured


def only(agent, skills):
    """Return an agent with these skills that has nobody else to ask."""
    library = SkillLibrary(agent.library.dim, agent.library.encoder)
    for skill in skills:
        library.add(skill)
    options = {"encoder": agent.encoder, "library": library, "threshold": 0}
    return ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0, **options)


def composed(agent, episodes, at_least, *, blind=False):
    """Return a copy with composites; blind ones look at what matters to their first part only."""
    whole = deepcopy(agent)
    found = compose(agent.library, episodes, agent.encoder.relevance, at_least=at_least)
    for skill in found:
        looks = (skill.looks[0], *((),) * (len(skill.parts) - 1)) if blind else skill.looks
        whole.library.add(replace(skill, looks=looks))
    return whole


class Tables:
    """What all tables share: agents, rooms, and a way to print."""

    def __init__(self, agents, layouts, executor):
        self.numbers, self.layouts = range(agents), layouts
        self.train = partial(train_many, agent_seeds=self.numbers, executor=executor)
        self.test = partial(evaluate, executor=executor)

    def show(self, title, rows, **world):
        print(f"\n{title}\n\n| | skills | solved | middle | mean | decisions |")
        print("|---|---|---|---|---|---|")
        for name, agents in rows:
            found = self.test(agents, self.layouts, **world)
            print(row(name, agents, found), flush=True)

    def forgetting(self):
        for limit in (200, 100, 50):
            rows = (
                (name, self.train(partial(kept, policies, limit), episodes=EPISODES)[0])
                for name, policies in POLICIES.items()
            )
            self.show(f"At most {limit} skills", rows)

    def usefulness(self, agents):
        counts = (0, 10, 100, 1000, 5000)
        swamped = {count: [with_useless(agent, count) for agent in agents] for count in counts}
        self.show("Useless skills", ((f"{n} useless", few) for n, few in swamped.items()))
        few = swamped[1000]
        self.show(
            "Cures for 1,000 useless skills",
            [
                ("rehearsal", [rehearsed(agent, n) for n, agent in enumerate(few)]),
                ("50 episodes, no policy", [practised(agent, ()) for agent in few]),
                ("50 episodes, failing", [practised(agent, (failing,)) for agent in few]),
                ("50 episodes, random", [practised(agent, (at_random,), 250) for agent in few]),
                ("50 episodes, lru", [practised(a, (least_recently_used,), 250) for a in few]),
                (
                    "50 episodes, least used",
                    [practised(agent, (least_used,), 250) for agent in few],
                ),
            ],
        )

    def consolidation(self, agents):
        whole = [deepcopy(agent) for agent in agents]
        for agent in whole:
            agent.consolidate()
        spare = [deepcopy(agent) for agent in whole]
        for agent in spare:
            rng = np.random.default_rng(0)
            gone = competence_preserving(agent.library, len(agent.library), rng)
            agent.library.retire(*(skill.name for skill in gone))
        nets = [only(agent, [s for s in agent.library if s.general]) for agent in whole]
        self.show(
            "Rules and exceptions",
            [
                ("recordings", agents),
                ("and networks", whole),
                ("exceptions", spare),
                ("nets", nets),
            ],
        )
        return nets

    def composites(self, agents, histories, nets):
        fixed = [ProceduralMemoryAgent(GridWorld(), rng=number) for number in self.numbers]
        lives = [agent.train(40) for agent in fixed]
        pairs = list(zip(fixed, lives, strict=True))
        whole = [composed(agent, life, 3) for agent, life in pairs]
        for title, world in (("one room", {}), ("one room, slippery", {"world": SlipperyWorld})):
            self.show(title, [("parts", fixed), ("composites", whole)], shuffle=False, **world)
        pairs = list(zip(agents, histories, strict=True))
        self.show(
            "shuffled rooms",
            [
                ("parts", agents),
                ("composites", [composed(agent, life, 2) for agent, life in pairs]),
                ("blind ones", [composed(agent, life, 2, blind=True) for agent, life in pairs]),
            ],
        )
        rooms = training_layouts(98, 20)
        lives = [[agent.run_episode(learn=False, seed=seed) for seed in rooms] for agent in nets]
        whole = [composed(agent, life, 3) for agent, life in zip(nets, lives, strict=True)]
        for size in (5, 8, 16):
            self.show(f"networks, {size}x{size}", [("parts", nets), ("whole", whole)], size=size)


def main(count, layouts):
    with ProcessPoolExecutor() as executor:
        tables = Tables(count, layouts, executor)
        tables.forgetting()
        agents, histories = [], []
        for number in range(count):
            agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=number)
            histories.append(agent.train(EPISODES, seeds=training_layouts(number, EPISODES)))
            agents.append(agent)
        tables.usefulness(agents)
        nets = tables.consolidation(agents)
        tables.composites(agents, histories, nets)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--validation", action="store_true", help="not the held-out rooms")
    options = parser.parse_args()
    main(options.agents, VALIDATION if options.validation else HELD_OUT)
