"""Two worlds that change, and two remedies: `python tests/studies/changes.py`.

Agents practise forty episodes in one room. Then a way is bricked up, or a short cut is opened, and
they go on for twenty days of one episode each. After each day a frozen copy shows what they would
do. Each change is tried in six rooms (three sizes, also mirrored). *Discount*: ``evidence_decay``
0.8. *Wander*: ``WanderingAgent``. Runs in different rooms are runs of their own, which makes these
intervals rather too wide than too narrow.
"""

from copy import copy
from functools import partial

import numpy as np
from study import run

from procmem import ProceduralMemoryAgent, shortest_path
from procmem.lab.baselines import WanderingAgent
from procmem.lab.exam import bar
from procmem.lab.experiment import map_over
from procmem.lab.statistics import bootstrap_interval, paired_interval
from procmem.lab.worlds import OneRoom, bricked_up, mirrored, short_cut

CHANGES = {"a way is bricked up": bricked_up, "a short cut is opened": short_cut}
AGENTS = {
    "neither": ProceduralMemoryAgent,
    "discount alone": partial(ProceduralMemoryAgent, evidence_decay=0.8),
    "wander alone": WanderingAgent,
    "both": partial(WanderingAgent, evidence_decay=0.8),
    "never saw it otherwise": ProceduralMemoryAgent,
}
DAYS = 20


def rooms(change, changed):
    """Return the six rooms before or after a change."""
    plain = [change(changed, size) for size in (6, 7, 8)]
    return [*plain, *map(mirrored, plain)]


def life(make, before, after, number):
    """Return steps / optimum of each day after a change, one row for each room."""
    return [days(make, *pair, number) for pair in zip(before, after, strict=True)]


def days(make, before, after, number):
    agent, env = make(OneRoom(before), rng=number), OneRoom(after)
    agent.train(40)
    agent.env, frozen, optimum, found = env, copy(agent), len(shortest_path(env)), []
    frozen.env = OneRoom(after)
    frozen.env.max_steps = 6 * optimum
    for _ in range(DAYS):
        agent.run_episode()
        found.append(len(frozen.run_episode(learn=False)) / optimum)
    return found


def report(options, executor):
    numbers = range(options.first, options.first + options.agents)
    for name, change in CHANGES.items():
        yield f"\n| {name} | day 1 | day 5 | day 20 | day 20, less neither |\n|---|---|---|---|---|"
        neither, after = None, rooms(change, True)
        for kind, make in AGENTS.items():
            before = after if kind == "never saw it otherwise" else rooms(change, False)
            work = partial(life, make, before, after)
            found = np.array(map_over(work, numbers, executor, bar))
            last = found[:, :, -1]
            neither = last if neither is None else neither
            cells = [f"{found[:, :, day - 1].mean():.2f}" for day in (1, 5)]
            low, high = bootstrap_interval(last, np.mean)
            cells.append(f"{last.mean():.2f} [{low:.2f}, {high:.2f}]")
            low, high = paired_interval(last, neither, np.mean)
            cells.append("-" if last is neither else f"[{low:+.2f}, {high:+.2f}]")
            yield f"| {kind} | {' | '.join(cells)} |"
    yield f"\nSteps / optimum, mean of {len(numbers)} agents in each of {len(after)} rooms."


if __name__ == "__main__":
    run(__file__, report, agents=20, first=0)
