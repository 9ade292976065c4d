"""How fast it is beside the simplest thing that could do the job: `python tests/benchmark.py`.

Both sides of every ratio are measured in turns in one run, and medians are compared: what else the
machine is doing slows both.
"""

import resource
import subprocess
import sys
from statistics import median
from time import perf_counter

import gymnasium
import numpy as np

from procmem.agent import ProceduralMemoryAgent
from procmem.gridworld import GridWorld
from procmem.lab.baselines import useless_skills
from procmem.library import SkillLibrary
from procmem.retention import Retention, least_used
from procmem.skill import Skill

DIM = 64
STEPS = 2_000


def in_turns(first, second, repeats):
    """Return the median seconds of two actions, done in turns; each is called with its turn."""
    times = []
    for turn in range(repeats + 3):
        times.append((seconds(first, turn), seconds(second, turn)))
    # The first turns warm caches up.
    return tuple(median(column) for column in zip(*times[3:], strict=True))


def seconds(action, turn):
    begin = perf_counter()
    action(turn)
    return perf_counter() - begin


def walk(env):
    """Return an action that takes many random steps in `env`, resetting it after each end."""
    actions = np.random.default_rng(0).integers(env.action_space.n, size=STEPS).tolist()
    env.reset(seed=0)

    def steps(turn):
        for action in actions:
            _, _, terminated, truncated, _ = env.step(action)
            if terminated or truncated:
                env.reset()

    return steps


def steps_ratio(repeats=15):
    """Return how many steps of our world fit into one of Gymnasium's FrozenLake, unwrapped."""
    lake = gymnasium.make("FrozenLake-v1").unwrapped
    theirs, ours = in_turns(walk(lake), walk(GridWorld()), repeats)
    return theirs / ours


def library_of(count):
    """Return a library of different random skills, and the vectors in it in single precision."""
    vectors = np.random.default_rng(1).standard_normal((count, DIM))
    library = SkillLibrary(DIM)
    for number, vector in enumerate(vectors):
        library.add(skill(number, vector))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return library, unit.astype(np.float32)


def skill(number, vector):
    return Skill(f"skill {number}", {"has_key": False}, (0, 1), vector, effects={"has_key": True})


def retrieval_ratio(library, matrix, repeats=60):
    """Return how much longer we take to find 3 skills than bare NumPy to find 3 rows."""
    queries = np.random.default_rng(2).standard_normal((repeats + 3, DIM))
    single = queries.astype(np.float32)

    def ours(turn):
        library.retrieve(queries[turn], 3)

    def bare(turn):
        scores = matrix @ single[turn]
        np.argpartition(scores, -3)[-3:]

    ours_time, bare_time = in_turns(ours, bare, repeats)
    return ours_time / bare_time


def adding_ratio(large, small, repeats=60, batch=10):
    """Return how much longer adding a skill to `large` takes than adding it to `small`."""
    vectors = np.random.default_rng(3).standard_normal((repeats + 3, batch, DIM))
    new = [[skill(f"new {i} {j}", v) for j, v in enumerate(row)] for i, row in enumerate(vectors)]

    def adding_to(library):
        def add(turn):
            for each in new[turn]:
                library.add(each)

        return add

    large_time, small_time = in_turns(adding_to(large), adding_to(small), repeats)
    return large_time / small_time


def deciding_ratio(full=5_250, lean=250, repeats=300):
    """Return how much longer a decision takes with a full library than with a lean one."""

    def deciding(count):
        agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
        for one in useless_skills(agent.create_embedding, count, rng=0):
            agent.library.add(one)
        state = agent.env.state
        return lambda turn: agent.select(state)

    full_time, lean_time = in_turns(deciding(full), deciding(lean), repeats)
    return full_time / lean_time


def growth(episodes=3_000, limit=50):
    """Return how much longer late episodes of a bounded memory take than early ones, and its MB.

    The agent learns in ever new rooms and puts aside what is too much. Steps differ from episode to
    episode, so that the seconds of many are compared.
    """
    agent = ProceduralMemoryAgent(
        GridWorld(shuffle=True), rng=0, retention=Retention(least_used, limit=limit)
    )
    tenth = episodes // 10

    def practise(count):
        for _ in range(count):
            agent.train(1)  # and let go of what it returns

    practise(tenth)
    early, before = seconds(practise, tenth), peak()
    practise(episodes - 3 * tenth)
    late = seconds(practise, tenth)
    return late / early, peak() - before


def peak():
    """Return the most MB that this process ever had."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def importing_ratio(repeats=5):
    """Return how much longer `import procmem` takes than importing what it needs."""

    def run(modules):
        return lambda turn: subprocess.run([sys.executable, "-c", f"import {modules}"], check=True)

    ours, needed = in_turns(run("procmem"), run("numpy, gymnasium"), repeats)
    return ours / needed


def report(name, ratio, wanted, *, at_least=False):
    met = ratio >= wanted if at_least else ratio <= wanted
    sign = ">=" if at_least else "<="
    print(f"{name:<72} {ratio:6.2f}   wanted {sign} {wanted:<4} {'met' if met else 'MISSED'}")
    return met


def main():
    """Print every ratio with what is wanted; return whether all are met."""
    met = [report("environment steps a second / FrozenLake-v1's", steps_ratio(), 5, at_least=True)]
    small, small_matrix = library_of(1_000)
    large, large_matrix = library_of(100_000)
    for name, library, matrix, wanted in (
        ("1,000", small, small_matrix, 2),
        ("100,000", large, large_matrix, 1.3),
    ):
        ratio = retrieval_ratio(library, matrix)
        met.append(report(f"retrieval of 3 among {name} skills / bare NumPy", ratio, wanted))
    ratio = adding_ratio(large, small)
    met.append(report("adding a skill to 100,000 / to 1,000, duplicate check included", ratio, 2))
    met.append(report("a decision among 5,250 skills / among 250", deciding_ratio(), 21))
    met.append(report("importing procmem / NumPy and Gymnasium", importing_ratio(), 1.5))
    time, memory = growth()
    met.append(report("an episode after 2,700 of them / after 300, at most 50 skills", time, 1.5))
    met.append(report("... and MB more", memory, 10))
    return all(met)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
