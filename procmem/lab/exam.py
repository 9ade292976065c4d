"""One exam for any agent: `python -m procmem.lab.exam file.py:make_agent`.

All agents practise the same number of steps and are frozen; then a fresh copy enters each room of
each task. None of these rooms was practised. The exam itself counts the steps.

It notices an agent that asks the world for more than it is shown, resets a room, practises longer
than it may, or needs fewer steps in second visits although it is frozen. It cannot notice one that
was made for these very rooms, or that finds the world by Python's private names. Decisions and
skills are those that the agent tells.
"""

import argparse
import copy
import pickle
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import lru_cache, partial
from importlib.util import module_from_spec, spec_from_file_location
from inspect import signature
from os.path import isfile
from typing import Any, NamedTuple

import numpy as np

from procmem.agent import ProceduralMemoryAgent
from procmem.arguments import each, function, having, instance, whole
from procmem.gridworld import GridWorld
from procmem.lab.baselines import NaiveMemoryAgent
from procmem.lab.experiment import Results, examination_seeds, map_over, practice_seeds, stack
from procmem.lab.room import Room
from procmem.lab.statistics import bootstrap_interval, negative_transfer, paired_interval
from procmem.lab.worlds import (
    DecoyWorld,
    MirroredWorld,
    MovedKeyWorld,
    SlipperyWorld,
    doorkey,
    fewest_steps,
)


class Task(NamedTuple):
    """Rooms of ``world(size, shuffle)``, for agents that practised 5x5 rooms of ``practice``."""

    world: Any = GridWorld
    size: int = 5
    practice: Any = GridWorld


TASKS = {
    "same size": Task(),
    "larger, 8x8": Task(size=8),
    "with decoys": Task(DecoyWorld),
    "upside down": Task(partial(MirroredWorld, upside_down=True)),
    "slippery": Task(SlipperyWorld),
    "key moved": Task(MovedKeyWorld),
    "MiniGrid 8x8": Task(doorkey, 8, doorkey),
}
OURS = "the course's agent"
COURSE = {OURS: ProceduralMemoryAgent, "naive memory": NaiveMemoryAgent}
SECOND_VISITS = 10  # in so many rooms of a task
HEAD = (
    "| agent | rooms | solved | steps / optimum | less ours | less without memory | made worse "
    "| decisions a step | skills |\n|---|---|---|---|---|---|---|---|---|"
)


class Marks(NamedTuple):
    """How agents did in one task, and without memory; ``seconds`` is the time of a decision."""

    results: Results
    control: Results
    noticed: set
    seconds: float


def examine(
    make_agent,
    *,
    tasks=TASKS,
    agents=10,
    steps=1500,
    rooms=20,
    seeds=examination_seeds,
    executor=None,
    progress=None,
):
    """Examine agents, all with the same practice in the same rooms; return ``{task: Marks}``.

    ``make_agent(env, rng=number)`` returns an agent with ``run_episode(learn=..., seed=...)``; its
    ``prepare()``, if it has one, is called after practice. Without memory is
    ``run_episode(use_skills=False)``, and for an agent that cannot do so, one that never practised.
    ``executor`` and ``progress`` are as in ``train_many``.
    """
    function("make_agent", make_agent)
    agents, steps = whole("agents", agents, 1), whole("steps", steps, 1)
    rooms, seeds = whole("rooms", rooms, 1), function("seeds", seeds)
    if not each("tasks", instance("tasks", tasks, dict).values(), Task):
        raise ValueError("tasks must be at least one, got none")
    papers = [(task, seeds(rooms, size=task.size, world=task.world)) for task in tasks.values()]
    found = map_over(
        partial(_examine, make_agent, steps, papers), range(agents), executor, progress
    )
    return {
        task: _marks(*zip(*parts, strict=True)) for task, *parts in zip(tasks, *found, strict=True)
    }


def _examine(make, steps, papers, number):
    worlds = {task.practice for task, _ in papers}
    copies = {world: _practised(make, number, world, steps) for world in worlds}
    return [_enter(copies[task.practice], make, number, task, seeds) for task, seeds in papers]


def _practised(make, number, world, steps):
    """Return a function that gives a new copy of the practised agent and its room at each call."""
    room = Room(world(5, True), practice_seeds(number, 1 + steps // 4, world=world))
    agent = having("what make_agent returns", make(room, rng=number), "run_episode")
    longest = room._world.get_wrapper_attr("max_steps")
    while room.steps < steps:
        before = room.steps
        agent.run_episode(learn=True, seed=room.resets)
        if room.steps == before:
            raise ValueError("make_agent must return agents that step env, got one that does not")
    if room.steps >= steps + longest:
        room.noticed.add(f"practised {room.steps} steps")
    getattr(agent, "prepare", bool)()
    room.enter(None, ())
    try:
        return partial(pickle.loads, pickle.dumps((agent, room)))
    except (pickle.PicklingError, AttributeError, TypeError):  # slower, but it copies more
        return partial(copy.deepcopy, (agent, room))


def _enter(copied, make, number, task, seeds):
    """Return rows, rows without memory, the steps of second visits, and what was noticed."""
    rows, control, again, noticed = [], [], [], set()
    world = task.world(task.size, True)
    for seed in seeds:
        walk = partial(_walk, number, world, seed)
        agent, room = copied()
        rows.append(walk(agent, room))
        if len(again) < SECOND_VISITS:
            again.append(walk(agent, room)[0])
        noticed |= room.noticed
        if "use_skills" in signature(agent.run_episode).parameters:
            control.append(walk(*copied(), use_skills=False))
        else:
            control.append(walk(make(room, rng=number), room))
    return rows, control, again, noticed


def _walk(number, world, seed, agent, room, **options):
    world.reset(seed=seed)
    fewest, limit = fewest_steps(world), world.get_wrapper_attr("max_steps")
    room.enter(world, (seed,))
    if hasattr(agent, "rng"):
        agent.rng = np.random.default_rng([number, seed])
    begun = time.perf_counter()
    episode = agent.run_episode(learn=False, seed=number, **options)
    seconds = time.perf_counter() - begun
    steps = room.steps if room.solved else max(room.steps, limit)  # giving up is no short cut
    decisions = len(getattr(episode, "decisions", ())) or room.steps
    skills = len(getattr(agent, "library", ()))
    return steps, fewest, room.solved, room.reward, decisions, skills, seconds


def _marks(rows, control, again, noticed):
    rows, noticed = np.array(rows, dtype=float), set().union(*noticed)
    results, control = stack(rows[..., :6]), stack(np.array(control, dtype=float)[..., :6])
    if paired_interval(again, results.steps[:, :SECOND_VISITS], np.mean)[1] < 0:
        noticed.add("learned while frozen")
    return Marks(results, control, noticed, rows[..., 6].sum() / results.decisions.sum())


def table(report):
    """Return the marks by agent and task, ``{name: {task: Marks}}``, as lines of a table.

    Below it stands what was noticed.
    """
    lines, notes = [HEAD], []
    for name, sheet in report.items():
        for task, marks in sheet.items():
            lines.append(_line(name, task, marks, report.get(OURS, {}).get(task, marks)))
            notes += [f"{name}, {task}: {what}" for what in sorted(marks.noticed)]
    return [*lines, *([""] if notes else []), *notes]


def _line(name, task, marks, ours):
    results, control = marks.results, marks.control
    cells = [
        name,
        task,
        f"{results.solved.mean():.1%}",
        f"{results.ratio.mean():.2f} {_span(bootstrap_interval(results.ratio, np.mean))}",
        _less(results.ratio, ours.results.ratio),
        _less(results.ratio, control.ratio),
        f"{negative_transfer(results.steps, control.steps):.0%}",
        f"{results.decisions.sum() / results.steps.sum():.2f}",
        f"{results.skills.mean():.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def _less(ratio, other):
    same = np.array_equal(ratio, other)
    return "-" if same else _span(paired_interval(ratio, other, np.mean))


def _span(interval):
    return "[{:.2f}, {:.2f}]".format(*interval)


def from_file(path, name, env, rng):
    """Return the agent that the function ``name`` of a Python file makes."""
    return getattr(_module(path), name)(env, rng=rng)


@lru_cache
def _module(path):
    spec = spec_from_file_location("examined", path)
    module = sys.modules["examined"] = module_from_spec(spec)  # pickle looks classes up there
    spec.loader.exec_module(module)
    return module


def bar(done, total):
    """Draw on standard error how far a run has come."""
    filled, end = 30 * done // total, "\n" if done == total else ""
    sys.stderr.write(f"\r[{'#' * filled:.<30}] {done} of {total} agents{end}")
    sys.stderr.flush()


def main(arguments=None):
    """Examine the agent of a file beside the course's and print the table."""
    parser = argparse.ArgumentParser(prog="python -m procmem.lab.exam", description=__doc__)
    parser.add_argument("agent", help="file.py:make_agent")
    parser.add_argument("--scheduler", help="address of a Dask cluster that does the work")
    for name, number in {"agents": 10, "steps": 1500, "rooms": 20}.items():
        parser.add_argument(f"--{name}", type=int, default=number)
    options = vars(parser.parse_args(arguments))
    path, _, name = options.pop("agent").rpartition(":")
    if not (path.endswith(".py") and isfile(path) and hasattr(_module(path), name)):
        parser.error(f"agent must be a file and a function in it, a.py:make, got {path}:{name}")
    with workers(options.pop("scheduler")) as executor:
        work = partial(examine, executor=executor, progress=bar, **options)
        report = {"yours": work(partial(from_file, path, name))}
        report |= {name: work(make) for name, make in COURSE.items()}
    times = [
        f"{name}: {1000 * np.mean([marks.seconds for marks in sheet.values()]):.2f} ms a decision"
        for name, sheet in report.items()
    ]
    sys.stdout.write("\n".join([*table(report), "", *times, ""]))


@contextmanager
def workers(address):
    """Lend an executor: all cores, or those of the Dask cluster with this address."""
    if not address:
        with ProcessPoolExecutor() as executor:
            yield executor
        return
    from distributed import Client

    with Client(address) as client:
        yield client.get_executor()


if __name__ == "__main__":
    from procmem.lab import exam  # by the name that workers know

    exam.main()
