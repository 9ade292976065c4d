"""The README's table: `python tests/studies/headline.py` (`--picture 1`, `--ablations 1`).

Agents practise a hundred episodes in shuffled 5x5 rooms, peers as many steps; all are frozen and
enter the same rooms, which were never practised. `--picture 1` draws the README's picture instead,
`--ablations 1` shows the full agent beside its ablations.
"""

from copy import copy
from functools import partial

import numpy as np
from matplotlib.figure import Figure
from study import ROOT, progress, run

from procmem import Action, GridWorld, ProceduralMemoryAgent
from procmem.exploration import CuriousExplorer
from procmem.lab.ablations import ABLATIONS
from procmem.lab.baselines import (
    EpisodeReplayAgent,
    LeastTriedExplorer,
    NaiveMemoryAgent,
    NoMemoryAgent,
    OracleAgent,
    OracleRetrievalAgent,
    RandomExplorer,
    sham_library,
)
from procmem.lab.experiment import (
    evaluate,
    examination_seeds,
    practise,
    train_many,
    validation_seeds,
)
from procmem.lab.statistics import (
    bootstrap_interval,
    interquartile_mean,
    negative_transfer,
    paired_interval,
    time_to_threshold,
)
from procmem.lab.tabular import QLearner, SkillValueAgent, absolute, egocentric
from procmem.show.plots import plot_learning_curve

PICTURE = ROOT / "notebooks" / "pictures" / "practice.png"
HEAD = (
    "| agent | solved | steps / optimum, middle | mean | mean, less ours | decisions a step |\n"
    "|---|---|---|---|---|---|"
)


def q_agent(env, rng=None, **options):
    return LeastTriedExplorer(env, rng=rng, explorer=QLearner(rng=rng, **options))


# Each the best of about ten variants (step size, epsilon, discount, trace, planning, first values)
# on the validation rooms.
PEERS = {
    "naive memory": NaiveMemoryAgent,
    "naive memory with a teacher": partial(NaiveMemoryAgent, teacher=True),
    "nearest whole episode": EpisodeReplayAgent,
    "Q-learning, absolute": partial(q_agent, features=absolute, epsilon=0.5),
    "Q-learning, egocentric": partial(q_agent, features=egocentric, epsilon=0.5),
    "Q(lambda), egocentric": partial(q_agent, features=egocentric, trace=0.9, epsilon=0.3),
    "Dyna-Q, egocentric": partial(q_agent, features=egocentric, planning=20, step_size=1.0),
    "Q-learning over skills": partial(SkillValueAgent, step_size=1.0),
}


def changed(agent, kind=ProceduralMemoryAgent, **parts):
    """Return a copy of an agent, of another class perhaps, with some parts replaced."""
    other = copy(agent)
    other.__class__ = kind
    vars(other).update(parts)
    return other


def shams(agents):
    """Return the agents with as many and as long skills, of random actions."""
    return [
        changed(agent, library=sham_library(agent.library, Action, rng=number))
        for number, agent in enumerate(agents)
    ]


def row(name, results, ours):
    low, high = bootstrap_interval(results.ratio, np.mean)
    more = "-"
    if results is not ours:
        same = len(results.ratio) == len(ours.ratio)
        interval = paired_interval(results.ratio, ours.ratio, np.mean, same_agents=same)
        more = "[{:.2f}, {:.2f}]".format(*interval)
    middle = interquartile_mean(results.ratio)
    thinking = results.decisions.sum() / results.steps.sum()
    mean = f"{results.ratio.mean():.2f} [{low:.2f}, {high:.2f}]"
    solved = f"{results.solved.mean():.1%}"
    return f"| {name} | {solved} | {middle:.2f} | {mean} | {more} | {thinking:.2f} |"


def draw(options, executor):
    makers = {
        "naive memory": NaiveMemoryAgent,
        "no memory": NoMemoryAgent,
        "with skills": ProceduralMemoryAgent,
    }
    found = {}
    for name, make in makers.items():
        _, found[name] = train_many(make, range(20), 100, executor=executor, progress=progress)
    figure = Figure(figsize=(8, 4), layout="constrained")
    plot_learning_curve(found, figure.add_subplot())
    figure.savefig(PICTURE, dpi=110, metadata={"Software": None})


def report(options, executor):
    if options.picture:
        draw(options, executor)
        return
    seeds = (validation_seeds if options.validation else examination_seeds)(100)
    train = partial(train_many, agent_seeds=range(options.agents), executor=executor)
    test = partial(evaluate, seeds=seeds, executor=executor)
    agents, practice = train(ProceduralMemoryAgent, episodes=100, progress=progress)
    ours, alone = test(agents), test(agents, use_skills=False)
    if options.ablations:
        yield HEAD
        for name, make in ABLATIONS.items():
            few, _ = train(make, episodes=100, progress=progress)
            yield row(name, ours if make is ProceduralMemoryAgent else test(few), ours)
        return
    fresh = [changed(agent, explorer=CuriousExplorer()) for agent in agents]
    env = GridWorld(5, shuffle=True)
    yield HEAD
    yield row("optimum (breadth-first search)", test([OracleAgent(env)]), ours)
    yield row(
        "perfect retrieval of our skills",
        test([changed(a, OracleRetrievalAgent) for a in agents]),
        ours,
    )
    yield row("**with procedural memory**", ours, ours)
    yield row("the same without memory", alone, ours)
    yield row("... and without what exploring taught", test(fresh, use_skills=False), ours)
    yield row("sham skills: as many, as long, random", test(shams(agents)), ours)
    yield row("random actions", test([RandomExplorer(env, rng=n) for n in range(10)]), ours)
    budget = int(practice.steps.sum(axis=1).mean())
    for name, make in PEERS.items():
        few, _ = practise(make, range(options.agents), budget, executor=executor, progress=progress)
        yield row(name, test(few), ours)
    share = negative_transfer(ours.steps, alone.steps)
    good = np.median(time_to_threshold(practice.ratio, 1.5))
    yield f"\n{options.agents} agents, {budget} steps of practice each, {len(seeds)} rooms."
    yield f"Memory made it worse in {share:.0%} of the rooms, on average (negative transfer)."
    yield f"From episode {good:.0f} on (median), five in a row are within 1.5 times the optimum."


if __name__ == "__main__":
    run(__file__, report, agents=50, picture=0, ablations=0)
