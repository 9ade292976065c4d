"""What makes a network of recordings generalise: `python tests/studies/generalisation.py`.

Agents with the default options practise a hundred episodes in shuffled 5x5 rooms; their recordings
are made into networks in several ways, each of which takes one thing away. Without any recording
beside them, the networks then walk 16x16 rooms that were never practised. The second table counts
from how many cells of such rooms the network for the goal arrives, before and after it was shown
more states, and the third whether it arrives more often from views that were recorded.
"""

from copy import copy
from dataclasses import replace
from functools import partial
from operator import itemgetter

import numpy as np
from study import run

from procmem import GridWorld, ProceduralMemoryAgent, shortest_path
from procmem.embedding import offsets, places
from procmem.episode import facts, state_key, true_facts
from procmem.gridworld import transition
from procmem.lab.baselines import OracleAgent
from procmem.lab.exam import bar
from procmem.lab.experiment import (
    evaluate,
    examination_seeds,
    practice_seeds,
    train_many,
    validation_seeds,
)
from procmem.lab.statistics import bootstrap_interval, interquartile_mean, paired_interval
from procmem.lab.worlds import SlipperyWorld
from procmem.neural import clipped_offsets, clone, consolidate, train_network
from procmem.rehearsal import reachable, would_work
from procmem.search import path_to_goal
from procmem.skill import Life

SIZE, SLIP, FAR = 16, 0.3, 15
HEAD = "| {} | solved | steps / optimum, middle | mean | mean, less that of the networks |"


# ---------------------------------------------------------------- what is seen


def raw(state, names):
    """Return the offsets as they are."""
    seen = offsets(state)
    return np.array([seen[name] for name in names], dtype=float).ravel()


def unclipped(state, names):
    """Return the ordinal code of the package, with a step for every offset of a large room."""
    return np.where(raw(state, names)[:, None] > np.arange(-FAR, FAR), 1.0, -1.0).ravel()


def one_hot(state, names, far=2):
    """Return a one for each offset, clipped to ``far``, in the place that is its own."""
    clipped = np.clip(raw(state, names), -far, far)[:, None]
    return (clipped == np.arange(-far, far + 1)).astype(float).ravel()


def all_landmarks(state, names):
    """Return the package's code of every place."""
    return clipped_offsets(state, places(state))


def everything(state, names):
    """Return the facts and the package's code of every place."""
    return np.concatenate([np.array([*facts(state).values()]) * 2.0 - 1, all_landmarks(state, ())])


# ---------------------------------------------------------------- what answers


class Nearest:
    """The actions of the recordings whose code differs least; no network."""

    def __init__(self, x, targets, rng=None):
        self.x, self.targets = x, targets

    def forward(self, x):
        return np.array([self.answer(row) for row in x])

    def answer(self, row):
        apart = np.abs(self.x - row).sum(axis=1)
        return self.targets[apart == apart.min()].mean(axis=0)


class Table(Nearest):
    """The actions of the recordings with exactly this code; nothing for any other."""

    def answer(self, row):
        return super().answer(row) * self.knows(row)

    def knows(self, row):
        return (self.x == row).all(axis=1).any()


class Silent(Table):
    """A network that says nothing to a code that was never recorded."""

    def __init__(self, x, targets, rng=None):
        super().__init__(x, targets)
        self.network = train_network(x, targets, rng)

    def answer(self, row):
        return self.network.forward(row[None])[0] * self.knows(row)


class Filled(Silent):
    """A table with a network for the codes that were never recorded."""

    def answer(self, row):
        return Table.answer(self, row) if self.knows(row) else self.network.forward(row[None])[0]


def one_for_all(library, relevance, *, rng):
    """Return three skills that share one network, trained on all recordings."""
    kinds = consolidate(library, relevance, rng=rng)
    shared = clone(library, "all", ("door", "goal", "key"), features=everything, rng=rng)
    parts = {"network": shared.network, "features": everything}
    return [replace(kind, action_sequence=shared.action_sequence, **parts) for kind in kinds]


WAYS = {
    "networks": consolidate,
    "nearest recorded code, no network": partial(consolidate, train=Nearest),
    "nearest plain offsets, no network": partial(consolidate, features=raw, train=Nearest),
    "nearest one-hot code, not clipped, no network": partial(
        consolidate, features=partial(one_hot, far=FAR), train=Nearest
    ),
    "table of recorded codes, silent in the gaps": partial(consolidate, train=Table),
    "networks, silent in the same gaps": partial(consolidate, train=Silent),
    "table, with networks in the gaps": partial(consolidate, train=Filled),
    "one-hot code": partial(consolidate, features=one_hot),
    "offsets not clipped": partial(consolidate, features=unclipped),
    "one-hot code, not clipped": partial(consolidate, features=partial(one_hot, far=FAR)),
    "offsets as plain numbers": partial(consolidate, features=raw),
    "table of plain offsets": partial(consolidate, features=raw, train=Table),
    "all landmarks": partial(consolidate, features=all_landmarks),
    "one network for all three": one_for_all,
}


def knowing(agent, skills):
    """Return a copy of an agent that has these skills and no other."""
    agent = copy(agent)
    agent.library = copy(agent.library)
    agent.library.rebuild(skills)
    return agent


def remade(agent, number, way):
    """Return a copy of an agent with networks only, made in some way of its recordings."""
    rng = np.random.default_rng(number)
    return knowing(agent, way(agent.library, agent.encoder.relevance, rng=rng))


# ---------------------------------------------------------------- more states


def advised(walker, world, number, count):
    """Return recordings of what a teacher does in the states that ``walker`` comes to."""
    walker, found = copy(walker), []
    walker.env, walker.rng = world, np.random.default_rng(number)
    for seed in practice_seeds(1000 + number, count):
        for step in walker.play(learn=False, seed=seed):
            if step.next_state["door_open"] and not step.terminated:
                found.append((step.next_state, shortest_path(world)[0]))
            if len(found) == count:
                return found
    return found


def goal_network(agent, number, pairs):
    """Return the network for the goal, made of the agent's recordings and of (state, action).

    Each pair counts as an example that was walked once, however often the agent's own were.
    """
    own = [skill for skill in agent.library if "at_goal" in skill.effects]
    more = [
        replace(
            own[0],
            action_sequence=(action,),
            recording=replace(own[0].recording, situation=state),
            life=Life(),
        )
        for state, action in pairs
    ]
    names = sorted(agent.encoder.relevance[true_facts(own[0].situation)])
    return clone([*own, *more], "goal", names, rng=number)


def arrivals(skills, seeds):
    """Yield for each room its states with the door open, and from which of them networks arrive."""
    for seed in seeds:
        world = GridWorld(SIZE, shuffle=True)
        first, _ = world.reset(seed=seed)
        states = [s for s in reachable(world, first) if s["door_open"] and not s["at_goal"]]
        follow = partial(transition, world.layout)
        yield states, np.array([[would_work(one, s, follow) for s in states] for one in skills])


def arriving(skills, seeds):
    """Return the share of cells from which networks for the goal arrive, (networks, rooms)."""
    return np.transpose([found.mean(axis=1) for _, found in arrivals(skills, seeds)])


def steps_left(state):
    """Return the fewest steps to the goal: from above the wall, by way of the door."""
    agent, door, goal = (np.array(state[name]) for name in ("agent", "door", "goal"))
    way = [agent, door, goal] if agent[0] < door[0] else [agent, goal]
    return np.abs(np.diff(way, axis=0)).sum()


def steps_left_beside(side, state):
    """Return the fewest steps to the goal, None from the other side of the wall."""
    above = state["agent"][0] < state["door"][0]
    return steps_left(state) if above == (side == "above") else None


KINDS = {
    "all": lambda state: 0,
    "equally far from the goal": steps_left,
    "equally far, below the wall": partial(steps_left_beside, "below"),
    "equally far, above the wall": partial(steps_left_beside, "above"),
}
"""What must be equal for cells to be compared; None leaves a cell out."""


def by_view(recorded, names, states, found, kind):
    """Return the share of arrivals from recorded views and from others, among cells of one kind.

    Both are means over the kinds that both views have, and NaN if there is none.
    """
    seen = np.array([tuple(clipped_offsets(state, names)) in recorded for state in states])
    kinds = [kind(state) for state in states]
    both = sorted(({*np.compress(seen, kinds)} & {*np.compress(~seen, kinds)}) - {None})
    if not both:
        return [np.nan] * 2
    parts = [np.array([one == each for one in kinds]) for each in both]
    return [np.mean([found[which & part].mean() for part in parts]) for which in (seen, ~seen)]


def views(agents, skills, seeds):
    """Return for each of ``KINDS`` two shares, shape (2, agents, rooms that have both views)."""
    recorded = [
        {
            tuple(clipped_offsets(own.situation, skill.names))
            for own in agent.library
            if "at_goal" in own.effects
        }
        for agent, skill in zip(agents, skills, strict=True)
    ]
    rooms = list(arrivals(skills, seeds))
    for name, kind in KINDS.items():
        shares = np.array(
            [
                [
                    by_view(recorded[i], s.names, states, found[i], kind)
                    for i, s in enumerate(skills)
                ]
                for states, found in rooms
            ]
        )
        yield name, shares[np.isfinite(shares).all(axis=(1, 2))].transpose(2, 1, 0)


def report(options, executor):
    draw = validation_seeds if options.validation else examination_seeds
    agents, _ = train_many(
        ProceduralMemoryAgent, range(options.agents), 100, executor=executor, progress=bar
    )
    seeds = draw(options.rooms, size=SIZE)
    yield HEAD.format(f"16x16, {options.rooms} rooms, {options.agents} agents")
    yield "|---|---|---|---|---|"
    found = {}
    for name, way in WAYS.items():
        few = [remade(agent, number, way) for number, agent in enumerate(agents)]
        found[name] = evaluate(few, seeds, size=SIZE, executor=executor)
        yield row(name, found[name], found["networks"])
    yield "\n| the network for the goal was shown | arrives from | less that of recordings alone |"
    yield "|---|---|---|"
    alone = None
    for name, examples in MORE.items():
        few = [
            goal_network(agent, number, examples(agent, number))
            for number, agent in enumerate(agents)
        ]
        shares = arriving(few, seeds[:8])
        alone = shares if alone is None else alone
        low, high = bootstrap_interval(shares, np.mean)
        more = "[{:+.1%}, {:+.1%}]".format(*paired_interval(shares, alone, np.mean))
        told = f"| {name} | {shares.mean():.1%} [{low:.1%}, {high:.1%}] "
        yield f"{told}| {'-' if shares is alone else more} |"
    yield "\n| cells | rooms | arrives from recorded views | from others | difference |"
    yield "|---|---|---|---|---|"
    few = [goal_network(agent, number, []) for number, agent in enumerate(agents)]
    for name, (seen, others) in views(agents, few, seeds):
        low, high = bootstrap_interval(seen - others, np.mean)
        shares = f"{seen.shape[1]} | {seen.mean():.1%} | {others.mean():.1%}"
        yield f"| {name} | {shares} | [{low:+.1%}, {high:+.1%}] |"


COUNT = 300
"""How many more states the network for the goal is shown."""


def own_walk(agent, number):
    """Return advice for the states that the networks come to on a slippery floor."""
    walker = remade(agent, number, consolidate)
    return advised(walker, SlipperyWorld(shuffle=True, slip=SLIP), number, COUNT)


def teachers_walk(agent, number, slip=0.0):
    """Return advice for the states that the teacher comes to."""
    world = SlipperyWorld(shuffle=True, slip=slip)
    return advised(OracleAgent(world), world, number, COUNT)


def any_cell(agent, number):
    """Return advice for cells drawn at random, from practice rooms with the door open."""
    rng, found = np.random.default_rng(number), []
    for seed in practice_seeds(1000 + number, COUNT):
        world = GridWorld(shuffle=True)
        first, _ = world.reset(seed=seed)
        states = [s for s in reachable(world, first) if s["door_open"] and not s["at_goal"]]
        state, follow = states[rng.integers(len(states))], partial(transition, world.layout)
        path = path_to_goal(state, world.actions, follow, state_key, itemgetter("at_goal"))
        found.append((state, path[0]))
    return found


MORE = {
    "its recordings": lambda agent, number: [],
    "and 300 states of its own walks on a slippery floor": own_walk,
    "and 300 states of a teacher's walks": teachers_walk,
    "and 300 states of a teacher's walks on a slippery floor": partial(teachers_walk, slip=SLIP),
    "and 300 states at cells drawn at random": any_cell,
}


def row(name, results, networks):
    low, high = bootstrap_interval(results.ratio, np.mean)
    more = "-"
    if results is not networks:
        more = "[{:+.2f}, {:+.2f}]".format(*paired_interval(results.ratio, networks.ratio, np.mean))
    middle, solved = interquartile_mean(results.ratio), f"{results.solved.mean():.1%}"
    mean = f"{results.ratio.mean():.2f} [{low:.2f}, {high:.2f}]"
    return f"| {name} | {solved} | {middle:.2f} | {mean} | {more} |"


if __name__ == "__main__":
    run(__file__, report, agents=16, rooms=20)
