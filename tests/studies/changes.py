"""Two worlds that change, and two remedies: `python tests/studies/changes.py`.

Agents practise sixty shuffled 5x5 rooms, then thirty episodes in one hall. Then a way is bricked
up, or a short cut is opened, and they go on for twenty days of one episode each. Then an episode
without learning is measured. Each change happens in four halls (two sizes, also mirrored).
*Discount* is ``evidence_decay`` 0.8, *wander* is ``WanderingAgent``; everything else is the same.
For the last row, the hall was as it is from the first day on.
"""

from copy import deepcopy
from functools import partial

import numpy as np
from study import run

from procmem import ProceduralMemoryAgent, shortest_path
from procmem.lab.baselines import WanderingAgent
from procmem.lab.exam import bar
from procmem.lab.experiment import map_over, train_many
from procmem.lab.statistics import bootstrap_interval, paired_interval
from procmem.lab.worlds import OneRoom, bricked_up, mirrored, short_cut

CHANGES = {"a way is bricked up": bricked_up, "a short cut is opened": short_cut}
REMEDIES = {
    "neither": {},
    "discount alone": {"evidence_decay": 0.8},
    "wander alone": {"make": WanderingAgent},
    "both": {"evidence_decay": 0.8, "make": WanderingAgent},
}
ALWAYS = "neither, the hall was always so"
DAYS = 20


def halls(change, changed):
    """Return up to six halls before or after a change."""
    plain = [change(changed, size) for size in (6, 7, 8)]
    return [hall for one in plain for hall in (one, mirrored(one))]


def life(remedy, before, after, veteran):
    """Return steps / optimum after the last day, one number for each hall."""
    halls = zip(before, after, strict=True)
    return [last_day(veteran, *hall, **remedy) for hall in halls]


def last_day(veteran, before, after, make=ProceduralMemoryAgent, **options):
    memory = {"library": deepcopy(veteran.library), "explorer": deepcopy(veteran.explorer)}
    agent = make(OneRoom(before), rng=0, **memory, **options)
    agent.train(30)
    agent.env = OneRoom(after)
    optimum = len(shortest_path(agent.env))
    agent.env.max_steps = 6 * optimum
    agent.train(DAYS)
    return len(agent.run_episode(learn=False)) / optimum


def report(options, executor):
    numbers = range(options.first, options.first + options.agents)
    veterans, _ = train_many(ProceduralMemoryAgent, numbers, 60, executor=executor, progress=bar)
    for name, change in CHANGES.items():
        yield f"\n| {name} | steps / optimum, day {DAYS} | less neither |\n|---|---|---|"
        before, after = (halls(change, changed)[: options.halls] for changed in (False, True))
        neither = None
        for kind, remedy in {**REMEDIES, ALWAYS: {}}.items():
            halls_of_life = partial(life, remedy, after if kind == ALWAYS else before, after)
            found = np.array(map_over(halls_of_life, veterans, executor, bar))
            neither = found if neither is None else neither
            low, high = bootstrap_interval(found, np.mean)
            less = "[{:+.2f}, {:+.2f}]".format(*paired_interval(found, neither, np.mean))
            less = "-" if found is neither else less
            yield f"| {kind} | {found.mean():.2f} [{low:.2f}, {high:.2f}] | {less} |"
    yield f"\n{options.agents} agents, each in {options.halls} halls for each change."


if __name__ == "__main__":
    run(__file__, report, agents=12, halls=4, first=0)
