"""What the agent is given in MiniGrid, and what that buys: `python tests/studies/doorkey_given.py`.

Each variant practises fifty episodes in DoorKey-5x5 (one of them two hundred) and is examined,
frozen and with networks beside its recordings, in larger rooms. The names of the four facts are
drawn anew for each agent, since they seed the encoder's features. The second table compares
learners with the same facts, in the turned room, after equal numbers of frames in 5x5.
"""

from copy import copy
from functools import partial

import gymnasium
import numpy as np
from doorkey_frames import dyna_q, returns
from study import run

from procmem import ProceduralMemoryAgent
from procmem.doorkey import DoorKeyFacts
from procmem.lab.experiment import examination_seeds, practice_seeds, validation_seeds
from procmem.lab.statistics import bootstrap_interval, paired_interval
from procmem.lab.worlds import doorkey

ROOMS = {6: 12, 8: 8}  # for 16x16 see doorkey_frames.py: to fail there takes 2,560 frames
EPISODES, MORE = 50, 200
FRAMES = (0, 250, 500, 1_000, 3_000, 10_000)


def heading_as_facts(number, state, facing, size):
    """Return the room as it lies, and where the agent looks as four facts."""
    return state | {f"looks {side} {number}": facing == i for i, side in enumerate("ESWN")}


def told(number):
    return {"turn": partial(heading_as_facts, number)}


GIVEN = {
    "the room turned": (lambda number: {}, EPISODES),
    "the heading as facts": (told, EPISODES),
    f"the same, {MORE} episodes": (told, MORE),
    "the heading unknown": (lambda number: {"turn": None}, EPISODES),
}
"""What an agent is given, by its number, and how many episodes it practises."""


def seeing(size=5, **options):
    """Return DoorKey of this size, seen as the options say."""
    return DoorKeyFacts(gymnasium.make(f"MiniGrid-DoorKey-{size}x{size}-v0"), **options)


def examined(rooms, name, number):
    """Return {size: returns in its rooms} of one agent of a variant."""
    give, episodes = GIVEN[name]
    given = give(number)
    agent = ProceduralMemoryAgent(seeing(**given), rng=number)
    agent.train(episodes, seeds=practice_seeds(number, episodes, world=doorkey))
    agent.consolidate()
    return {size: _walked(agent, rooms[size], seeing(size, **given)) for size in rooms}


def _walked(agent, seeds, env):
    agent, found = copy(agent), []
    agent.env = env
    for seed in seeds:
        agent.rng = np.random.default_rng([0, seed])
        found.append(agent.run_episode(learn=False, seed=seed).total_reward)
    return found


def course(seeds, name, number):
    """Return the mean return of one learner at each number of frames."""
    make, limit, size = LEARNERS[name]
    agent, spent, found = make(doorkey(), rng=number), 0, []
    rooms = seeds if size == 6 else practice_seeds(number, len(seeds), world=doorkey)
    for seed in practice_seeds(number, 10_000, world=doorkey):
        if len(found) < len(FRAMES) and spent >= FRAMES[len(found)]:
            found.append(np.mean(returns(agent, rooms, size)))
        if spent >= limit:
            return found
        spent += len(agent.run_episode(seed=seed))


LEARNERS = {
    "the default agent": (ProceduralMemoryAgent, 1_000, 6),
    "Dyna-Q": (dyna_q, 10_000, 6),
    "Dyna-Q, in practised rooms of 5x5": (dyna_q, 10_000, 5),
}


def report(options, executor):
    draw = validation_seeds if options.validation else examination_seeds
    rooms = {size: draw(n, size=size, world=doorkey) for size, n in ROOMS.items()}
    yield f"{options.agents} agents each, {EPISODES} episodes in 5x5, frozen, in unseen rooms:"
    yield "\n| given | rooms | solved | return | less that of the room turned |"
    yield "|---|---|---|---|---|"
    best = None
    for name in GIVEN:
        done = list(executor.map(partial(examined, rooms, name), range(options.agents)))
        best = best or done
        for size in rooms:
            found, turned = (np.array([one[size] for one in few]) for few in (done, best))
            low, high = bootstrap_interval(found, np.mean)
            less = "-"
            if name != "the room turned":
                less = "[{:+.2f}, {:+.2f}]".format(*paired_interval(found, turned, np.mean))
            cells = f"{(found > 0).mean():.0%} | {found.mean():.2f} [{low:.2f}, {high:.2f}]"
            yield f"| {name} | {size}x{size} | {cells} | {less} |"
    yield f"\nMean return in {ROOMS[6]} unseen 6x6 rooms after so many frames of practice in 5x5:"
    yield f"\n| learner | {' | '.join(f'{n:,}' for n in FRAMES)} |"
    yield "|---" * (1 + len(FRAMES)) + "|"
    for name in LEARNERS:
        done = list(executor.map(partial(course, rooms[6], name), range(options.agents)))
        means = [f"{mean:.2f}" for mean in np.mean(done, axis=0)]
        yield f"| {name} | {' | '.join(means + ['-'] * (len(FRAMES) - len(means)))} |"


if __name__ == "__main__":
    run(__file__, report, agents=6)
