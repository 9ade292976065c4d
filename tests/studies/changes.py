"""Two worlds that change, and two remedies: `python tests/studies/changes.py`.

Agents practise sixty shuffled 5x5 rooms, then thirty episodes in one hall. Then a way is bricked
up, or a short cut is opened, and they go on for forty days of one episode each. After each day an
episode without learning is measured. Each change happens in six halls (three sizes, also mirrored).
*Discount* is ``evidence_decay`` 0.8, *wander* is ``WanderingAgent``; everything else is the same.
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
    "neither, and the hall was always so": {},
}
DAYS = 40


def halls(change, changed):
    """Return the six halls before or after a change."""
    plain = [change(changed, size) for size in (6, 7, 8)]
    return [*plain, *map(mirrored, plain)]


def life(options, before, after, veteran):
    """Return steps / optimum, shape (halls, days)."""
    return [days(veteran, *pair, **options) for pair in zip(before, after, strict=True)]


def days(veteran, before, after, make=ProceduralMemoryAgent, **options):
    memory = {"library": deepcopy(veteran.library), "explorer": deepcopy(veteran.explorer)}
    agent, found = make(OneRoom(before), rng=0, **memory, **options), []
    agent.train(30)
    agent.env = OneRoom(after)
    optimum = len(shortest_path(agent.env))
    agent.env.max_steps = 6 * optimum
    for _ in range(DAYS):
        agent.run_episode()
        found.append(len(agent.run_episode(learn=False)) / optimum)
    return found


def report(options, executor):
    numbers = range(options.first, options.first + options.agents)
    veterans, _ = train_many(ProceduralMemoryAgent, numbers, 60, executor=executor, progress=bar)
    for name, change in CHANGES.items():
        yield f"\n| {name} | day 5 | day 20 | less neither | day 40 |\n|---|---|---|---|---|"
        neither, after = None, halls(change, True)
        for kind, remedy in REMEDIES.items():
            before = after if kind.endswith("always so") else halls(change, False)
            work = partial(life, remedy, before, after)
            found = np.array(map_over(work, veterans, executor, bar))
            fifth, later, last = (found[:, :, day - 1] for day in (5, 20, 40))
            neither = later if neither is None else neither
            low, high = bootstrap_interval(later, np.mean)
            less = "[{:+.2f}, {:+.2f}]".format(*paired_interval(later, neither, np.mean))
            yield (
                f"| {kind} | {fifth.mean():.2f} | {later.mean():.2f} [{low:.2f}, {high:.2f}] "
                f"| {'-' if later is neither else less} | {last.mean():.2f} |"
            )
    yield f"\nSteps / optimum: {len(numbers)} agents, each in {len(after)} halls for each change."


if __name__ == "__main__":
    run(__file__, report, agents=20, first=0)
