"""How far 5x5 rooms carry: `python tests/studies/transfer.py`.

Agents with the default options practise a hundred episodes in shuffled 5x5 rooms and are frozen.
Then, in rooms of each size that were never practised: their recordings alone, their networks alone,
and both. The last table is the same with two decoys in every room.
"""

from copy import copy

import numpy as np
from rivals import ABLATIONS
from study import run

from procmem import ProceduralMemoryAgent
from procmem.lab.exam import bar
from procmem.lab.experiment import evaluate, examination_seeds, train_many, validation_seeds
from procmem.lab.statistics import bootstrap_interval, interquartile_mean, paired_interval
from procmem.lab.worlds import DecoyWorld

ROOMS = {5: 100, 8: 100, 16: 60, 32: 30}
"""How many rooms of each size: the walk through a large one is long."""
HEAD = "| {} | solved | steps / optimum, middle | mean | less that of both |\n|---|---|---|---|---|"


def with_memory(agent, keep):
    """Return a copy of a consolidated agent whose library holds the skills that `keep` names."""
    agent = copy(agent)
    agent.library = copy(agent.library)
    agent.library.rebuild([skill for skill in agent.library if keep(skill)])
    return agent


MEMORIES = {
    "both": lambda skill: True,
    "recordings": lambda skill: skill.kind == "recorded",
    "networks": lambda skill: skill.kind == "network",
}


def row(name, results, control=None):
    middle, mean = interquartile_mean(results.ratio), results.ratio.mean()
    low, high = bootstrap_interval(results.ratio, np.mean)
    more = "-"
    if control is not None:
        more = "[{:+.3f}, {:+.3f}]".format(*paired_interval(results.ratio, control.ratio, np.mean))
    solved = f"{results.solved.mean():.1%}"
    return f"| {name} | {solved} | {middle:.3f} | {mean:.3f} [{low:.3f}, {high:.3f}] | {more} |"


def report(options, executor):
    draw = validation_seeds if options.validation else examination_seeds
    numbers = range(options.agents)
    agents, practice = train_many(
        ProceduralMemoryAgent, numbers, 100, executor=executor, progress=bar
    )
    first = practice.steps[:, :10]
    low, high = bootstrap_interval(first, np.mean)
    yield f"{options.agents} agents, 100 episodes of practice in shuffled 5x5 rooms."
    yield f"Steps of the first ten episodes, mean: {first.mean():.1f} [{low:.1f}, {high:.1f}]."
    for agent in agents:
        agent.consolidate()
    for size, count in ROOMS.items():
        yield "\n" + HEAD.format(f"{size}x{size}, {count} rooms")
        found = {}
        for name, keep in MEMORIES.items():
            few = [with_memory(agent, keep) for agent in agents]
            seeds = draw(count, size=size)
            found[name] = evaluate(few, seeds, size=size, executor=executor)
            yield row(name, found[name], None if name == "both" else found["both"])
    yield "\n" + HEAD.format("5x5 with decoys, 100 rooms")
    found = {}
    for name in ("the full agent", "encoder: all places, Fourier"):
        few, _ = train_many(ABLATIONS[name], numbers[:20], 100, world=DecoyWorld, executor=executor)
        seeds = draw(100, world=DecoyWorld)
        found[name] = evaluate(few, seeds, world=DecoyWorld, executor=executor)
        skills = np.mean([len(agent.library) for agent in few])
        control = found["the full agent"] if len(found) > 1 else None
        yield row(f"{name} ({len(few)} agents, {skills:.0f} skills)", found[name], control)


if __name__ == "__main__":
    run(__file__, report, agents=24)
