"""Does practice repair the naive memory? `python tests/studies/naive.py`.

Naive agents practise 1, 10 and 100 episodes in shuffled 5x5 rooms and are frozen: how many rooms
that were never practised do they solve, and how does that differ from after one episode?
"""

from functools import partial

import numpy as np
from study import run

from procmem.lab.baselines import NaiveMemoryAgent
from procmem.lab.exam import bar
from procmem.lab.experiment import evaluate, examination_seeds, train_many, validation_seeds
from procmem.lab.statistics import bootstrap_interval, paired_interval

EXPLORERS = {"least tried": NaiveMemoryAgent, "teacher": partial(NaiveMemoryAgent, teacher=True)}


def report(options, executor):
    seeds = (validation_seeds if options.validation else examination_seeds)(options.rooms)
    yield "| explores by | episodes | skills | solved | solved, less that after one episode |"
    yield "|---|---|---|---|---|"
    for explorer, make in EXPLORERS.items():
        first = None
        for episodes in (1, 10, 100):
            agents, _ = train_many(
                make, range(options.agents), episodes, executor=executor, progress=bar
            )
            solved = evaluate(agents, seeds, executor=executor).solved.astype(float)
            low, high = bootstrap_interval(solved, np.mean)
            first = solved if first is None else first
            more = "[{:+.1%}, {:+.1%}]".format(*paired_interval(solved, first, np.mean))
            skills = np.mean([len(agent.library) for agent in agents])
            yield (
                f"| {explorer} | {episodes} | {skills:.1f} | {solved.mean():.1%} "
                f"[{low:.1%}, {high:.1%}] | {'-' if first is solved else more} |"
            )


if __name__ == "__main__":
    run(__file__, report, agents=20, rooms=40)
