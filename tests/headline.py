"""Rebuild the README's table and picture from nothing: `python tests/headline.py [--picture]`.

The table is printed as Markdown; with `--picture` notebooks/pictures/practice.png is drawn, too.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from procmem import Action, GridWorld, ProceduralMemoryAgent
from procmem.lab.baselines import (
    LeastTriedExplorer,
    NaiveMemoryAgent,
    OracleAgent,
    RandomExplorer,
    sham_library,
)
from procmem.lab.experiment import evaluate, train_many
from procmem.lab.statistics import bootstrap_interval, interquartile_mean
from procmem.show.plots import plot_learning_curve

PICTURE = Path(__file__).parent.parent / "notebooks" / "pictures" / "practice.png"


def give_sham(number, agent):
    """Return an agent whose skills are as many and as long as those of `agent`, but random."""
    library = sham_library(agent.library, Action, rng=number)
    return ProceduralMemoryAgent(GridWorld(5, shuffle=True), rng=number, library=library)


def fresh(make, count):
    return [make(GridWorld(5, shuffle=True), rng=number) for number in range(count)]


def measure(agents, episodes, executor):
    """Return results by name, of practice and then on the held-out layouts."""

    def train(make):
        return train_many(make, range(agents), episodes, executor=executor, progress=progress)

    ours, practice = train(ProceduralMemoryAgent)
    naive, naive_practice = train(NaiveMemoryAgent)
    _, explorers = train(LeastTriedExplorer)
    curves = {"naive memory": naive_practice, "no memory": explorers, "with skills": practice}
    shams = [give_sham(number, agent) for number, agent in enumerate(ours)]
    test = partial(evaluate, executor=executor, progress=progress)
    held_out = {
        "optimum (breadth-first search)": test(fresh(OracleAgent, 1)),
        "**with procedural memory**": test(ours),
        "the same without memory": test(ours, use_skills=False),
        "sham skills: as many, as long, random": test(shams),
        "random actions": test(fresh(RandomExplorer, agents)),
        "naive memory": test(naive),
    }
    return curves, held_out


def progress(done, total):
    print(f"{done} of {total} agents", end="\n" if done == total else "\r", file=sys.stderr)


def row(name, results):
    middle = interquartile_mean(results.ratio)
    low, high = bootstrap_interval(results.ratio)
    thinking = np.mean(results.decisions / results.steps)
    return (
        f"| {name} | {results.solved.mean():.0%} | {middle:.2f} [{low:.2f}, {high:.2f}] "
        f"| {results.ratio.mean():.2f} | {thinking:.2f} |"
    )


def draw(curves):
    """Draw practice in one picture: `curves` holds results by name."""
    figure = Figure(figsize=(8, 4), layout="constrained")
    plot_learning_curve(curves, figure.add_subplot())
    PICTURE.parent.mkdir(exist_ok=True)
    figure.savefig(PICTURE, dpi=110, metadata={"Software": None})


def main(agents, episodes, picture):
    with ProcessPoolExecutor() as executor:
        curves, held_out = measure(agents, episodes, executor)
    print("| agent | solved | steps / optimum | mean | decisions a step |")
    print("|---|---|---|---|---|")
    print("\n".join(row(name, results) for name, results in held_out.items()))
    if picture:
        draw(curves)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--episodes", type=int, default=100)
    parser.add_argument("--picture", action="store_true")
    arguments = parser.parse_args()
    main(arguments.agents, arguments.episodes, arguments.picture)
