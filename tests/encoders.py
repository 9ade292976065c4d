"""What an encoder that learns is worth: `python tests/encoders.py [--agents 10]`.

Agents that see through different encoders practise in shuffled 5x5 rooms, then are frozen: steps /
optimum in rooms that nobody trained in, and how far each lies above the learned encoder.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

from procmem import ProceduralMemoryAgent
from procmem.embedding import FourierEncoder
from procmem.lab.experiment import HELD_OUT, VALIDATION, evaluate, train_many
from procmem.lab.statistics import interquartile_mean, paired_interval
from procmem.neural import LearnedEncoder

HAND = {
    frozenset(): {"key"},
    frozenset({"has_key"}): {"door"},
    frozenset({"has_key", "door_open"}): {"door", "goal"},
}
ENCODERS = {
    "learned": LearnedEncoder,
    "told by hand": partial(FourierEncoder, relevance=HAND),
    "all landmarks": FourierEncoder,
}


def seeing(encoder, env, rng):
    return ProceduralMemoryAgent(env, 64, rng, encoder=encoder(64))


def main(count, layouts):
    with ProcessPoolExecutor() as executor:
        for episodes in (60, 100):
            print(f"\n{episodes} episodes\n\n| encoder | middle | mean | mean above learned |")
            print("|---|---|---|---|")
            found = {}
            for name, encoder in ENCODERS.items():
                make = partial(seeing, encoder)
                agents, _ = train_many(make, range(count), episodes, executor=executor)
                ratio = found[name] = evaluate(agents, layouts, executor=executor).ratio
                low, high = paired_interval(ratio, found["learned"], np.mean)
                row = f"| {name} | {interquartile_mean(ratio):.2f} | {ratio.mean():.2f} "
                print(f"{row}| [{low:.2f}, {high:.2f}] |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=10)
    parser.add_argument("--validation", action="store_true", help="not the held-out rooms")
    options = parser.parse_args()
    main(options.agents, VALIDATION if options.validation else HELD_OUT)
