"""How well an encoder finds the recording that works, in rooms that were never practised."""

import math
from dataclasses import dataclass

import numpy as np

from procmem.agent import ProceduralMemoryAgent
from procmem.arguments import each, function, generator, instance, several, whole
from procmem.embedding import fourier_features, offsets, unit
from procmem.episode import holds, state_key
from procmem.gridworld import Action, GridWorld, Layout, transition
from procmem.lab.experiment import examination_seeds, practice_seeds
from procmem.rehearsal import would_work
from procmem.segmentation import achieved, known_paths, segment
from procmem.skill import Skill


@dataclass(frozen=True, eq=False)
class Query:
    """An unseen room as it begins, recordings, and the number of the one that works there."""

    layout: Layout
    skills: tuple[Skill, ...]
    right: int

    @property
    def state(self):
        """The situation that a recording is wanted for."""
        return self.layout.state()

    @property
    def skill(self):
        """The recording that works here."""
        return self.skills[self.right]


def recordings(seed, rooms=30, *, effect="has_key", world=GridWorld):
    """Return the skills that an agent records in practice, all that achieve just ``effect``.

    ``world(size, shuffle)`` builds its rooms.
    """
    seed, rooms, world = whole("seed", seed), whole("rooms", rooms), function("world", world)
    instance("effect", effect, str)
    agent, found = ProceduralMemoryAgent(world(5, True), rng=seed), []
    for room in practice_seeds(seed, rooms, world=world):
        for piece in segment(agent.run_episode(seed=room).steps):
            if [*achieved(piece)] == [effect]:
                found += [agent.make_skill(path, piece) for path in known_paths(piece)]
    return found


def works(skill, layout):
    """Whether each action changes something as the room begins, and the last has the effect."""
    instance("layout", layout, Layout)
    return would_work(skill, layout.state(), lambda state, do: transition(layout, state, do))


def ask(memories, rooms=100, *, rng=0, count=40, world=GridWorld):
    """Return a list of queries for each list of skills, all in the same unseen rooms.

    Each query has ``count`` skills, exactly one of which works. Rooms in which a memory has none
    that works are passed over.
    """
    memories = [each("memories", skills, Skill) for skills in several("memories", memories)]
    rooms, count, rng = whole("rooms", rooms, 1), whole("count", count, 1), generator("rng", rng)
    env, rows = function("world", world)(5, True), []
    for seed in examination_seeds(2 * rooms, world=world):
        env.reset(seed=seed)
        row = [_query(skills, env.layout, count, rng) for skills in memories]
        rows += [row] if all(row) else []
        if len(rows) == rooms:
            break
    return [list(queries) for queries in zip(*rows, strict=True)]


def _query(skills, layout, count, rng):
    verdicts = np.array([works(skill, layout) for skill in skills])
    good, bad = np.flatnonzero(verdicts), np.flatnonzero(~verdicts)
    if not len(good) or len(bad) < count - 1:
        return None
    chosen = rng.permutation([rng.choice(good), *rng.choice(bad, count - 1, replace=False)])
    return Query(layout, tuple(skills[i] for i in chosen), int(verdicts[chosen].argmax()))


def ranks(encode, queries, *, stored=None):
    """Return the rank of the right skill in each query; equal skills count as if they came first.

    ``stored`` is the encoder that made the skills' embeddings, if it was another one.
    """
    function("encode", encode)
    stored = function("stored", stored, optional=True) or encode
    now, then, found = _directions(encode), _directions(stored), []
    for query in each("queries", queries, Query):
        scores = _scores(query.skills, then)(now(query.state))
        found.append(int((scores >= scores[query.right]).sum()))
    return np.array(found)


def steps_to_key(encode, queries, *, rng=0, limit=200):
    """Return the steps to the key in each query, from recordings none of which fits exactly.

    Recordings with the key at the very offset of the query are left out. After every step the agent
    asks again: it takes the first action of the most similar recording that it has not yet tried in
    this state, equals in any order. Without ``encode`` it acts by chance.
    """
    directions = function("encode", encode, optional=True) and _directions(encode)
    queries, rng, limit = each("queries", queries, Query), whole("rng", rng), whole("limit", limit)
    streams = (np.random.default_rng([rng, number]) for number in range(len(queries)))
    pairs = zip(queries, streams, strict=True)
    return np.array([_walk(directions, query, stream, limit) for query, stream in pairs])


def _walk(directions, query, rng, limit):
    state, tried, exact = query.state, {}, offsets(query.state)["key"]
    skills = [skill for skill in query.skills if offsets(skill.situation)["key"] != exact]
    scores = _scores(skills, directions) if directions else None
    for steps in range(limit):
        if holds(query.skill.effects, state):
            return steps
        wanted = list(rng.permutation(list(Action)))
        if directions:
            order = np.lexsort([rng.random(len(skills)), -scores(directions(state))])
            wanted = [skills[i].action_sequence[0] for i in order] + wanted
        done = tried.setdefault(state_key(state), set())
        action = next((one for one in wanted if one not in done), wanted[-1])
        done.add(action)
        state = transition(query.layout, state, action)
    return limit


def _scores(skills, directions):
    """Return a function from a direction to its cosine with that of each skill, rounded."""
    known = np.array([directions(skill.situation) for skill in skills])
    return lambda direction: np.round(known @ direction, 6)


def _directions(encode):
    """Return the encoder with vectors of length 1, each state encoded once."""
    known = {}

    def direction(state):
        key = state_key(state)
        if key not in known:
            known[key] = unit(np.asarray(encode(state), dtype=float))
        return known[key]

    return direction


def trail(layout, state, actions):
    """Return the cells that the agent passes through, where it begins included."""
    instance("layout", layout, Layout)
    cells = [_known("state", state)["agent"]]
    for action in each("actions", actions, int):
        state = transition(layout, state, action)
        cells.append(state["agent"])
    return cells


def clearest(queries):
    """Return a query in which the rank falls with each repair of lesson 03, and to 1 in the end.

    If there are several, one with other cells in the direction of the key, then one with many rows
    above the wall. If there is none, these decide alone.
    """
    queries = each("queries", queries, Query)
    if not queries:
        raise ValueError("queries must hold at least one query, got none")
    table = np.array([ranks(encode, queries) for encode in _RUNGS])
    falls = (np.diff(table, axis=0) < 0).all(axis=0) & (table[-1] == 1)
    in_line = np.array([math.gcd(*offsets(query.state)["key"]) > 1 for query in queries])
    rows = np.array([query.layout.door[0] for query in queries])
    return queries[int(np.argmax(100 * falls + 10 * in_line + rows))]


def _features_of_the_key(state):
    return fourier_features({"key": np.divide(offsets(state)["key"], 2)}, 64)


_THINGS = ("key", "door", "goal")
_RUNGS = (
    lambda state: np.ravel([state[name] for name in ("agent", *_THINGS)]),
    lambda state: np.ravel(list(offsets(state).values())),
    lambda state: offsets(state)["key"],
    _features_of_the_key,
)


def _known(name, state):
    """Return a state of the grid, checked."""
    lacking = {"agent", *_THINGS} - instance(name, state, dict).keys()
    if lacking:
        raise ValueError(f"{name} must be one of a GridWorld, got one without {min(lacking)}")
    return state


def room_of(situation, size=5):
    """Return the layout in which a situation was met: the wall fills the door's row."""
    (row, col), size = _known("situation", situation)["door"], whole("size", size, 4)
    walls = frozenset((row, other) for other in range(size) if other != col)
    return Layout(size, walls, situation["agent"], *(situation[name] for name in _THINGS))
