"""Many seeds, many layouts, one array.

Three lists of layout seeds never meet: every agent trains on its own ``training_layouts``, choices
are made on ``VALIDATION``, and what is reported is measured on ``HELD_OUT``.
"""

from concurrent.futures import as_completed
from copy import copy
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from procmem.gridworld import GridWorld, shortest_path

VALIDATION = range(1_000_000, 1_000_100)
"""Layout seeds for choosing between variants."""
HELD_OUT = range(2_000_000, 2_000_100)
"""Layout seeds for reporting, used for nothing else."""


def training_layouts(agent_seed, episodes):
    """Return the layout seeds on which the agent with this seed trains, one for each episode."""
    if not 0 <= agent_seed < 100 or not 0 < episodes <= 10_000:
        raise ValueError(
            "agent_seed must be in 0..99 and episodes in 1..10000, so that layouts for training "
            f"and for testing stay apart, got {agent_seed} and {episodes}"
        )
    return range(agent_seed * 10_000, agent_seed * 10_000 + episodes)


@dataclass(frozen=True)
class Results:
    """What happened in many episodes: every array has shape (agents, episodes)."""

    steps: np.ndarray
    optimum: np.ndarray
    solved: np.ndarray
    rewards: np.ndarray
    decisions: np.ndarray
    skills: np.ndarray

    @property
    def ratio(self):
        """Steps divided by the fewest possible: 1 is perfect."""
        return self.steps / self.optimum


def train_many(
    make,
    agent_seeds,
    episodes,
    *,
    size=5,
    shuffle=True,
    world=GridWorld,
    executor=None,
    progress=None,
):
    """Train one agent for each seed; return ``(agents, Results)``, episodes in order of practice.

    ``make(env, rng=seed)`` builds an agent, ``world(size, shuffle)`` its environment. ``executor``
    is any ``concurrent.futures.Executor``, that of a Dask client too; without one the work is done
    here, one seed after the other. ``progress(done, total)`` is called after each.
    """
    work = partial(_train, make, episodes, partial(world, size, shuffle))
    done = _map(work, list(agent_seeds), executor, progress)
    return [agent for agent, _ in done], _stack([rows for _, rows in done])


def practise(make, agent_seeds, steps, *, size=5, shuffle=True, executor=None, progress=None):
    """Train one agent for each seed until ``steps`` steps are spent; return ``(agents, spent)``.

    The same budget for everybody, however long their episodes are. The last episode is played to
    its end: ``spent``, shape (agents,), may be a little more than the budget.
    """
    work = partial(_practise, make, steps, size, shuffle)
    done = _map(work, list(agent_seeds), executor, progress)
    return [agent for agent, _ in done], np.array([spent for _, spent in done])


def evaluate(
    agents,
    layouts=HELD_OUT,
    *,
    size=5,
    shuffle=True,
    world=GridWorld,
    use_skills=True,
    executor=None,
    progress=None,
):
    """Let frozen agents solve the same layouts; return ``Results``, one column a layout.

    ``world(size, shuffle)`` builds the environment. The optimum is that of a plain ``GridWorld``.
    """
    work = partial(_evaluate, list(layouts), partial(world, size, shuffle), use_skills)
    return _stack(_map(work, list(enumerate(agents)), executor, progress))


def _train(make, episodes, world, agent_seed):
    agent = make(world(), rng=agent_seed)
    layouts = training_layouts(agent_seed, episodes)
    return agent, [_measure(agent, agent.run_episode(seed=seed)) for seed in layouts]


def _practise(make, steps, size, shuffle, agent_seed):
    agent, spent = make(GridWorld(size, shuffle), rng=agent_seed), 0
    for seed in training_layouts(agent_seed, 10_000):
        if spent >= steps:
            break
        spent += len(agent.run_episode(seed=seed))
    return agent, spent


def _evaluate(layouts, world, use_skills, numbered_agent):
    number, agent = numbered_agent
    # A copy with streams of its own, one for each agent and layout: what happens on one layout
    # hangs on no other, and the agent's training goes on as if nothing had been measured.
    agent = copy(agent)
    agent.env = world()
    rows = []
    for seed in layouts:
        agent.rng = np.random.default_rng([number, seed])
        rows.append(_measure(agent, agent.run_episode(use_skills, learn=False, seed=seed)))
    return rows


@lru_cache(maxsize=10_000)
def optimum(layout):
    """Return the fewest steps that a layout allows."""
    env = GridWorld(layout.size)
    env.reset(options={"layout": layout})
    return len(shortest_path(env))


def _measure(agent, episode):
    return (
        len(episode),
        optimum(episode.layout),
        episode.solved,
        episode.total_reward,
        len(episode.decisions),
        len(agent.library),
    )


def _stack(rows):
    if not rows or not rows[0]:
        raise ValueError("at least one agent and one episode are needed, got none")
    columns = np.array(rows, dtype=np.float64).transpose(2, 0, 1)
    steps, optimum, solved, rewards, decisions, skills = columns
    return Results(steps, optimum, solved.astype(bool), rewards, decisions, skills)


def _map(work, items, executor, progress):
    """Return ``work(item)`` for every item, in order, here or on an executor."""
    report = progress or (lambda done, total: None)
    if executor is None:
        results = []
        for item in items:
            results.append(work(item))
            report(len(results), len(items))
        return results
    futures = [executor.submit(work, item) for item in items]
    for done, _ in enumerate(as_completed(futures), start=1):
        report(done, len(items))
    return [future.result() for future in futures]
