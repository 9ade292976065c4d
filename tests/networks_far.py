"""How far networks carry: `python tests/networks_far.py [--agents 10]`.

Agents practise a hundred episodes in shuffled 5x5 rooms, and keep nothing but the networks cloned
from what they recorded. Then, without further training, rooms of each size.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor

from lasting import only

from procmem import ProceduralMemoryAgent
from procmem.lab.experiment import HELD_OUT, VALIDATION, evaluate, train_many
from procmem.lab.statistics import bootstrap_interval, interquartile_mean

SIZES = (5, 8, 16, 32)


def networks_of(agent):
    """Return an agent that has the networks of another one, and nobody else to ask."""
    agent.consolidate()
    return only(agent, [skill for skill in agent.library if skill.general])


def main(count, layouts):
    with ProcessPoolExecutor() as executor:
        agents, _ = train_many(ProceduralMemoryAgent, range(count), 100, executor=executor)
        few = [networks_of(agent) for agent in agents]
        print("| rooms | success | middle | mean |\n|---|---|---|---|")
        for size in SIZES:
            found = evaluate(few, layouts, size=size, executor=executor)
            low, high = bootstrap_interval(found.ratio)
            middle = f"{interquartile_mean(found.ratio):.2f} [{low:.2f}, {high:.2f}]"
            row = f"| {size}x{size} | {found.solved.mean():.1%} | {middle} | "
            print(f"{row}{found.ratio.mean():.2f} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=10)
    parser.add_argument("--validation", action="store_true", help="not the held-out rooms")
    options = parser.parse_args()
    main(options.agents, VALIDATION if options.validation else HELD_OUT)
