"""Rebuild the README's table and picture from nothing: `python tests/headline.py [--picture]`.

The table is printed as Markdown; with `--picture` notebooks/pictures/practice.png is drawn, too.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from procmem import Action, GridWorld, ProceduralMemoryAgent
from procmem.lab.baselines import NaiveMemoryAgent, OracleAgent, RandomExplorer, sham_library
from procmem.lab.experiment import evaluate, train_many
from procmem.lab.statistics import bootstrap_interval, interquartile_mean

PICTURE = Path(__file__).parent.parent / "notebooks" / "pictures" / "practice.png"


def give_sham(number, agent):
    """Return an agent whose skills are as many and as long as those of `agent`, but random."""
    library = sham_library(agent.library, Action, rng=number)
    return ProceduralMemoryAgent(GridWorld(5, shuffle=True), rng=number, library=library)


def fresh(make, count):
    return [make(GridWorld(5, shuffle=True), rng=number) for number in range(count)]


def measure(agents, episodes, executor):
    """Return the results of practice and, on held-out layouts, of every condition by name."""
    seeds = range(agents)
    ours, practice = train_many(ProceduralMemoryAgent, seeds, episodes, executor=executor)
    naive, naive_practice = train_many(NaiveMemoryAgent, seeds, episodes, executor=executor)
    shams = [give_sham(number, agent) for number, agent in enumerate(ours)]
    held_out = {
        "optimum (breadth-first search)": evaluate(fresh(OracleAgent, 1), executor=executor),
        "**with procedural memory**": evaluate(ours, executor=executor),
        "the same without memory": evaluate(ours, use_skills=False, executor=executor),
        "sham skills: as many, as long, random": evaluate(shams, executor=executor),
        "random actions": evaluate(fresh(RandomExplorer, agents), executor=executor),
        "naive memory": evaluate(naive, executor=executor),
    }
    return practice, naive_practice, held_out


def row(name, results):
    middle = interquartile_mean(results.ratio)
    low, high = bootstrap_interval(results.ratio)
    thinking = np.mean(results.decisions / results.steps)
    return (
        f"| {name} | {results.solved.mean():.0%} | {middle:.2f} [{low:.2f}, {high:.2f}] "
        f"| {results.ratio.mean():.2f} | {thinking:.2f} |"
    )


def main(agents, episodes, picture):
    def progress(done, total):
        print(f"\r{done} of {total} ", end="", file=sys.stderr)

    with ProcessPoolExecutor() as executor:
        practice, naive_practice, held_out = measure(agents, episodes, executor)
    print("| agent | solved | steps / optimum | mean | decisions a step |")
    print("|---|---|---|---|---|")
    print("\n".join(row(name, results) for name, results in held_out.items()))
    if picture:
        draw(practice, naive_practice, held_out["the same without memory"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--episodes", type=int, default=100)
    parser.add_argument("--picture", action="store_true")
    arguments = parser.parse_args()
    main(arguments.agents, arguments.episodes, arguments.picture)
