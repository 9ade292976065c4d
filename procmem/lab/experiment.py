"""Many agents, many rooms, one array.

Rooms are split in three that have none in common: every agent practises on its own
``practice_seeds``, choices are made on ``validation_seeds``, and what is reported is measured on
``examination_seeds``.
"""

from concurrent.futures import as_completed
from copy import copy
from dataclasses import dataclass
from functools import partial

import numpy as np

from procmem.arguments import flag, function, having, several, whole
from procmem.episode import SPLITS, split, state_key
from procmem.gridworld import GridWorld
from procmem.lab.worlds import fewest_steps


def practice_seeds(agent_seed, count, *, size=5, world=GridWorld):
    """Return ``count`` reset seeds for the agent with this seed to practise on, as a tuple.

    Their rooms all belong to the split "practice" (see ``procmem.episode.split``), so that no agent
    practises a room of the other two splits. ``world(size, shuffle)`` makes the environment.
    """
    return _seeds("practice", count, size, world, agent_seed)


def validation_seeds(count=100, *, size=5, world=GridWorld):
    """Return seeds of ``count`` different rooms for choosing between variants, as a tuple."""
    return _seeds("validation", count, size, world)


def examination_seeds(count=100, *, size=5, world=GridWorld):
    """Return seeds of ``count`` different rooms for reporting, as a tuple."""
    return _seeds("examination", count, size, world)


_DRAWN = {}


def _seeds(which, count, size, world, number=0):
    """Return seeds of rooms of one split; those of examinations are all different rooms."""
    count, size, world = whole("count", count), whole("size", size), function("world", world)
    key = which, world, size, whole("agent_seed", number)
    if len(_DRAWN.get(key, ())) < count:
        _DRAWN[key] = _draw(which, count, world(size, True), number)
    return _DRAWN[key][:count]


def _draw(which, count, env, number):
    rng = np.random.default_rng([number, SPLITS.index(which)])
    found, rooms = [], set()
    for _ in range(1000 + 200 * count):
        if len(found) == count:
            return tuple(found)
        seed = int(rng.integers(2**31))
        state = env.reset(seed=seed)[0]
        if split(state) == which and (which == "practice" or state_key(state) not in rooms):
            found.append(seed)
            rooms.add(state_key(state))
    raise ValueError(
        f"count must be at most the number of rooms for {which} in this world, got {count}: "
        f"{len(found)} were found"
    )


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
    make, world = function("make", make), function("world", world)
    work = partial(_train, make, whole("episodes", episodes, 1), size, shuffle, world)
    agent_seeds = [whole("each of agent_seeds", one) for one in several("agent_seeds", agent_seeds)]
    done = map_over(work, agent_seeds, executor, progress)
    return [agent for agent, _ in done], stack([rows for _, rows in done])


def evaluate(
    agents,
    seeds=100,
    *,
    size=5,
    shuffle=True,
    world=GridWorld,
    use_skills=True,
    executor=None,
    progress=None,
):
    """Let frozen agents solve the same rooms; return ``Results``, one column a room.

    ``world(size, shuffle)`` builds the environment. ``seeds`` are reset seeds, or a number of rooms
    for examination. Slips are not part of the optimum.
    """
    function("world", world)
    if isinstance(seeds, int | np.integer):
        seeds = whole("seeds", seeds, 1)
        seeds = examination_seeds(seeds, size=size, world=world) if shuffle else range(seeds)
    seeds = [whole("each of seeds", one, high=np.inf) for one in several("seeds", seeds)]
    needed = "env", "library", "run_episode"
    agents = [having("each of agents", one, *needed) for one in several("agents", agents)]
    work = partial(_evaluate, seeds, partial(world, size, shuffle), flag("use_skills", use_skills))
    return stack(map_over(work, list(enumerate(agents)), executor, progress))


def _train(make, episodes, size, shuffle, world, agent_seed):
    agent, seeds = make(world(size, shuffle), rng=agent_seed), range(episodes)
    if shuffle:
        seeds = practice_seeds(agent_seed, episodes, size=size, world=world)
    return agent, [_measure(agent, seed) for seed in seeds]


def _evaluate(seeds, world, use_skills, numbered_agent):
    number, agent = numbered_agent
    # A copy with streams of its own, one for each agent and room: what happens in one room
    # depends on no other, and the agent's training goes on as if nothing had been measured.
    # Nothing is learned here, so that the copy may share its memory, but not what its explorer
    # finds out within an episode.
    original, agent = agent, object.__new__(type(agent))
    vars(agent).update(
        vars(original), env=world(), explorer=copy(getattr(original, "explorer", None))
    )
    rows = []
    for seed in seeds:
        agent.rng = np.random.default_rng([number, seed])
        rows.append(_measure(agent, seed, use_skills=use_skills, learn=False))
    return rows


def _measure(agent, seed, **options):
    agent.env.reset(seed=seed)
    fewest = fewest_steps(agent.env)
    episode = agent.run_episode(seed=seed, **options)
    decisions, skills = len(episode.decisions), len(agent.library)
    return len(episode), fewest, episode.solved, episode.total_reward, decisions, skills


def stack(rows):
    """Return ``Results`` of one row for each agent: its episodes, each a tuple of six numbers."""
    if not len(rows) or not len(rows[0]):
        raise ValueError("agents (or agent_seeds) and seeds must be at least one each, got none")
    columns = np.array(rows, dtype=np.float64).transpose(2, 0, 1)
    steps, optimum, solved, rewards, decisions, skills = columns
    return Results(steps, optimum, solved.astype(bool), rewards, decisions, skills)


def map_over(work, items, executor, progress):
    """Return ``work(item)`` for every item, in order, here or on an executor."""
    report = function("progress", progress, optional=True) or (lambda done, total: None)
    if executor is None:
        results = []
        for item in items:
            results.append(work(item))
            report(len(results), len(items))
        return results
    having("executor", executor, "submit")
    futures = [executor.submit(work, item) for item in items]
    for done, _ in enumerate(as_completed(futures), start=1):
        report(done, len(items))
    return [future.result() for future in futures]
