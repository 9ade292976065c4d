"""How many frames of MiniGrid the agent needs: `python tests/doorkey_frames.py`.

For each agent: the training frames on DoorKey-5x5 until the mean return on rooms that it was not
trained in reaches 0.94; then, without further training, success and return in larger rooms: with
the recordings, with networks cloned from them beside them, and with the networks alone.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor

import gymnasium
import numpy as np

from procmem import ProceduralMemoryAgent
from procmem.doorkey import DoorKeyFacts
from procmem.embedding import InvariantEncoder
from procmem.exploration import CuriousExplorer
from procmem.lab.experiment import HELD_OUT, VALIDATION, training_layouts
from procmem.segmentation import known_ways

GOOD = 0.94
EPISODES = 100
SIZES = (5, 6, 8, 16)
MEMORIES = ("recordings", "both", "networks")


def doorkey(size):
    return DoorKeyFacts(gymnasium.make(f"MiniGrid-DoorKey-{size}x{size}-v0"))


def learner(number):
    """Return a new agent; every option was chosen on the validation rooms."""
    encoder = InvariantEncoder(256, length_scale=5)
    options = {"threshold": 0.2, "explorer": CuriousExplorer(), "ways": known_ways}
    return ProceduralMemoryAgent(doorkey(5), 256, rng=number, encoder=encoder, **options)


def returns(agent, layouts, size, at_least=None):
    """Return one return a layout; stop when their mean can no longer be `at_least`."""
    learning, found = agent.env, []
    stream, agent.env = agent.rng, doorkey(size)
    for seed in layouts:
        agent.rng = np.random.default_rng([0, seed])
        found.append(agent.run_episode(learn=False, seed=seed).total_reward)
        lost = len(found) - sum(found)
        if at_least is not None and lost > (1 - at_least) * len(layouts):
            break
    agent.env, agent.rng = learning, stream
    return found


def frames_to_good(job):
    """Return the frames until the first good mean return, and the agent after all episodes."""
    number, layouts = job
    agent, frames, good = learner(number), 0, None
    for seed in training_layouts(number, EPISODES):
        frames += len(agent.run_episode(seed=seed))
        found = [] if good else returns(agent, layouts, 5, GOOD)
        if len(found) == len(layouts) and np.mean(found) >= GOOD:
            good = frames
    return good, frames, abroad(agent, layouts)


def abroad(agent, layouts):
    """Return the returns in rooms of each size, for each of the three memories."""
    found = {}
    for memory in MEMORIES:
        if memory == "both":
            agent.consolidate()
        if memory == "networks":
            agent.library.rebuild(skill for skill in agent.library if skill.general)
            agent.threshold = 0  # there is nobody else to ask
        found |= {(memory, size): returns(agent, layouts, size) for size in SIZES}
    return found


def main(agents, layouts):
    jobs = [(number, layouts) for number in range(agents)]
    with ProcessPoolExecutor() as executor:
        done = list(executor.map(frames_to_good, jobs))
    goods = [good if good else float("inf") for good, _, _ in done]
    median, all_frames = np.median(goods), np.median([frames for _, frames, _ in done])
    print(f"frames until the mean return is {GOOD}: median {median:.0f}; each:", *goods)
    print(f"then frozen, after {EPISODES} episodes ({all_frames:.0f} frames in the median):")
    for memory in MEMORIES:
        for size in SIZES:
            found = np.array([far[memory, size] for _, _, far in done])
            share, mean = (found > 0).mean(), found.mean()
            print(f"{memory}, {size}x{size}: success {share:.1%}, return {mean:.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=10)
    parser.add_argument("--validation", action="store_true", help="not the held-out rooms")
    options = parser.parse_args()
    main(options.agents, VALIDATION if options.validation else HELD_OUT)
