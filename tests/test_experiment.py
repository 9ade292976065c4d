"""Many seeds to one array; and in small the figures that the course promises."""

from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import numpy as np
import pytest
from test_library import contents

from procmem.agent import ProceduralMemoryAgent
from procmem.gridworld import GridWorld, shortest_path
from procmem.lab.baselines import RandomExplorer
from procmem.lab.exam import workers
from procmem.lab.experiment import (
    Results,
    evaluate,
    examination_seeds,
    practice_seeds,
    train_many,
    validation_seeds,
)
from procmem.lab.statistics import interquartile_mean
from procmem.lab.worlds import DecoyWorld, MirroredWorld, doorkey

ARRAYS = ("steps", "optimum", "solved", "rewards", "decisions", "skills")
LAYOUTS = examination_seeds(30)


@pytest.fixture(scope="module")
def practice():
    """Return three agents and the results of their training."""
    return train_many(ProceduralMemoryAgent, range(3), 80)


def equal(first, second):
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in ARRAYS)


def part(results, agents=slice(None), episodes=slice(None)):
    return Results(*(getattr(results, name)[agents, episodes] for name in ARRAYS))


# ---------------------------------------------------------------- layouts


@pytest.mark.parametrize(
    ("world", "size", "count"),
    [
        *((GridWorld, size, 100) for size in (5, 8, 16)),
        *((world, 5, 60) for world in (MirroredWorld, DecoyWorld)),
        *((doorkey, size, 60) for size in (6, 8, 16)),
    ],
)
def test_rooms_for_practice_validation_and_examination_never_meet(world, size, count):
    env, rooms = world(size, True), {}
    options = {"size": size, "world": world}
    rooms["practice"] = [one for n in range(5) for one in practice_seeds(n, 100, **options)]
    rooms["validation"] = validation_seeds(count, **options)
    rooms["examination"] = examination_seeds(count, **options)
    for name, seeds in rooms.items():
        rooms[name] = [frozenset(env.reset(seed=seed)[0].items()) for seed in seeds]
    assert not set(rooms["validation"]) & set(rooms["examination"])
    assert not set(rooms["practice"]) & set(rooms["validation"] + rooms["examination"])
    assert len(set(rooms["examination"])) == len(set(rooms["validation"])) == count


def test_more_rooms_than_there_are_is_an_error_that_says_how_many():
    # This world has one room, which is for practice.
    with pytest.raises(ValueError, match=r"count must be .* got 2: 0 were found"):
        examination_seeds(2, world=lambda size, shuffle: GridWorld(size))


def test_results_tell_what_happened():
    agents, results = train_many(RandomExplorer, [5, 7], 2)
    assert {getattr(results, name).shape for name in (*ARRAYS, "ratio")} == {(2, 2)}
    for row, seed in enumerate((5, 7)):
        agent = RandomExplorer(GridWorld(shuffle=True), rng=seed)
        for column, layout in enumerate(practice_seeds(seed, 2)):
            agent.env.reset(seed=layout)
            assert results.optimum[row, column] == len(shortest_path(agent.env))
            episode = agent.run_episode(seed=layout)
            assert results.steps[row, column] == results.decisions[row, column] == len(episode)
            assert results.rewards[row, column] == episode.total_reward
            assert results.solved[row, column] == episode.solved
    assert [type(agent) for agent in agents] == [RandomExplorer] * 2


def test_ratio_is_steps_over_optimum():
    halves = Results(np.array([[20.0]]), np.array([[10.0]]), *[None] * 4)
    assert halves.ratio.tolist() == [[2.0]]


def test_size_and_shuffle_choose_the_rooms():
    fixed = evaluate([RandomExplorer(GridWorld())], range(3), size=4, shuffle=False)
    assert fixed.optimum.tolist() == [[8.0] * 3]


# ---------------------------------------------------------------- what happens where


def test_the_same_seeds_give_the_same_results(practice):
    assert equal(
        train_many(ProceduralMemoryAgent, [2], 5)[1], part(practice[1], slice(2, 3), slice(5))
    )


def test_evaluating_leaves_agents_as_they_are(practice):
    agents = practice[0]
    before = [(contents(agent.library), agent.rng.bit_generator.state) for agent in agents]
    evaluate(agents, LAYOUTS[:5])
    assert [(contents(a.library), a.rng.bit_generator.state) for a in agents] == before


def test_what_happens_on_one_layout_hangs_on_no_other_and_agents_differ_in_their_luck(practice):
    together = evaluate(practice[0], LAYOUTS[:4], use_skills=False)
    backwards = evaluate(practice[0], LAYOUTS[:4][::-1], use_skills=False)
    assert equal(part(together, episodes=[3, 2, 1, 0]), backwards)
    assert len({tuple(row) for row in together.steps.tolist()}) == 3


class Backwards(Executor):
    """An executor that finishes its work in the opposite order."""

    def __init__(self):
        self.waiting = []

    def submit(self, function, *arguments):
        future = Future()
        self.waiting.append((future, function, arguments))
        if len(self.waiting) == 3:
            for later, call, values in reversed(self.waiting):
                later.set_result(call(*values))
        return future


@contextmanager
def dask():
    """Lend what a cluster of Dask's gives to those who ask by its address."""
    distributed = pytest.importorskip("distributed")
    options = {"threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with (
        distributed.LocalCluster(2, **options) as cluster,
        workers(cluster.scheduler_address) as it,
    ):
        yield it


@pytest.mark.filterwarnings("default")  # what a cluster says at its end is its own affair
@pytest.mark.parametrize(
    "executor",
    [
        lambda: ThreadPoolExecutor(2),
        lambda: ProcessPoolExecutor(2, mp_context=get_context("spawn")),
        Backwards,
        dask,
    ],
    ids=["threads", "processes", "backwards", "dask"],
)
def test_an_executor_gives_the_same_as_working_in_order(executor):
    agents, alone = train_many(ProceduralMemoryAgent, range(3), 2)
    with executor() as pool:
        others, together = train_many(ProceduralMemoryAgent, range(3), 2, executor=pool)
    assert equal(alone, together)
    assert [contents(a.library) for a in agents] == [contents(a.library) for a in others]
    with executor() as pool:
        measured = evaluate(others, LAYOUTS[:3], executor=pool)
    assert equal(measured, evaluate(agents, LAYOUTS[:3]))


@pytest.mark.parametrize("executor", [None, ThreadPoolExecutor(2)], ids=["serial", "threads"])
def test_progress_is_told_after_each_agent(executor):
    told = []
    agents, _ = train_many(
        RandomExplorer, range(3), 1, executor=executor, progress=lambda *done: told.append(done)
    )
    evaluate(agents, [0], executor=executor, progress=lambda *done: told.append(done))
    assert told == [(1, 3), (2, 3), (3, 3)] * 2


# ---------------------------------------------------------------- the headline, in small


def test_the_headline_in_small(practice):
    held_out = evaluate(practice[0], LAYOUTS)
    assert held_out.solved.all()
    assert interquartile_mean(held_out.ratio) <= 1.05
    assert held_out.ratio.mean() <= 1.1
    assert evaluate(practice[0], LAYOUTS, use_skills=False).ratio.mean() >= 2
    practised = practice[1].ratio
    assert practised[:, -20:].mean() < practised[:, :5].mean() / 3


def test_the_fixed_room_is_mastered_within_fifteen_episodes_of_the_first_success():
    _, results = train_many(ProceduralMemoryAgent, range(11), 25, shuffle=False)
    first = results.solved.argmax(axis=1) + 1
    # Five in a row: one could be luck.
    means = np.lib.stride_tricks.sliding_window_view(results.ratio, 5, axis=1).mean(axis=-1)
    assert (means <= 1.25).any(axis=1).all()
    mastered = (means <= 1.25).argmax(axis=1) + 1
    assert np.median(mastered - first) <= 15


def test_no_agents_or_no_rooms_give_no_results(practice):
    for agents in ([], range(0)):
        with pytest.raises(ValueError, match="must be at least one each, got none"):
            train_many(ProceduralMemoryAgent, agents, 3)
    with pytest.raises(ValueError, match="must be at least one each, got none"):
        evaluate(practice[0], [])
