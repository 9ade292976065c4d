"""How much MiniGrid the default agent needs: `python tests/studies/doorkey_frames.py`.

Practice happens in DoorKey-5x5 only, the examination in larger rooms, none of which was practised.
First the frames of practice until the mean return in 6x6 rooms is 0.94, for the agent and for
Dyna-Q, which sees the same facts and offsets; then, after a hundred episodes and frozen, returns in
larger rooms: the recordings alone, and with networks beside them.
"""

from copy import copy
from functools import partial

import numpy as np
from study import row_of_returns, run

from procmem import ProceduralMemoryAgent
from procmem.lab.baselines import LeastTriedExplorer
from procmem.lab.experiment import examination_seeds, practice_seeds, validation_seeds
from procmem.lab.statistics import paired_interval
from procmem.lab.tabular import QLearner
from procmem.lab.worlds import doorkey

GOOD = 0.94
ROOMS = {6: 60, 8: 60, 16: 40}  # there are few more rooms of 6x6 in a split
EPISODES = 100
LIMIT = 5_000  # frames after which Dyna-Q is given up


def dyna_q(env, rng):
    """Return Dyna-Q with the same facts and offsets; tuned on the validation rooms."""
    learner = QLearner(rng=rng, planning=20, step_size=1.0)
    return LeastTriedExplorer(env, rng=rng, explorer=learner)


def returns(agent, seeds, size, at_least=None):
    """Return one return a room; stop when their mean can no longer be `at_least`."""
    agent, found = copy(agent), []
    agent.env = doorkey(size)
    for seed in seeds:
        agent.rng = np.random.default_rng([0, seed])
        found.append(agent.run_episode(learn=False, seed=seed).total_reward)
        if at_least is not None and len(found) - sum(found) > (1 - at_least) * len(seeds):
            break
    return found


def frames_until_good(make, seeds, number):
    """Return the frames until the first good mean return in 6x6 (`inf`: never), and the agent."""
    agent, frames, good = make(doorkey(), rng=number), 0, np.inf
    for episode, seed in enumerate(practice_seeds(number, 1_000, world=doorkey), start=1):
        frames += len(agent.run_episode(seed=seed))
        found = returns(agent, seeds, 6, GOOD) if good == np.inf else []
        if len(found) == len(seeds) and np.mean(found) >= GOOD:
            good = frames
        if episode >= EPISODES and (good < np.inf or frames >= LIMIT):
            break
        if make is ProceduralMemoryAgent and episode == EPISODES:
            break
    return good, agent


def far(rooms, agent):
    """Return the returns by memory and size."""
    found = {}
    for memory in ("recordings", "both"):
        if memory == "both":
            agent.consolidate()
        for size in rooms:
            found[memory, size] = returns(agent, rooms[size], size)
    return found


def report(options, executor):
    draw = validation_seeds if options.validation else examination_seeds
    rooms = {size: draw(n, size=size, world=doorkey) for size, n in ROOMS.items()}
    yield f"Frames in 5x5 until the mean return in {ROOMS[6]} unseen 6x6 rooms is {GOOD}:"
    yield "\n| | reached by | frames, median | each |\n|---|---|---|---|"
    agents = []
    for name, make in (("default agent", ProceduralMemoryAgent), ("Dyna-Q, same facts", dyna_q)):
        work = partial(frames_until_good, make, rooms[6])
        done = list(executor.map(work, range(options.agents)))
        goods = [good for good, _ in done]
        agents = agents or [agent for _, agent in done]
        each = ", ".join(f"{good:.0f}" if good < np.inf else "never" for good in sorted(goods))
        median = np.median(goods)
        median = f"{median:.0f}" if median < np.inf else f"over {LIMIT}"
        yield f"| {name} | {np.mean(np.isfinite(goods)):.0%} | {median} | {each} |"
    yield f"\nAfter {EPISODES} episodes, frozen, in unseen rooms:"
    yield "\n| memory | rooms | solved | return | less that of recordings |"
    yield "|---|---|---|---|---|"
    done = list(executor.map(partial(far, rooms), agents))
    for memory, size in done[0]:
        found = np.array([one[memory, size] for one in done])
        less, alone = "-", np.array([one["recordings", size] for one in done])
        if memory == "both":
            less = "[{:+.3f}, {:+.3f}]".format(*paired_interval(found, alone, np.mean))
        yield f"{row_of_returns(f'{memory} | {size}x{size}', found)} {less} |"


if __name__ == "__main__":
    run(__file__, report, agents=10)
