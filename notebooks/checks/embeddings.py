"""The exercises of lesson 03, Embeddings."""

from collections.abc import Mapping, Set

import numpy as np
from procmem_checks.exercise import Exercise, equal, plain

from procmem.embedding import cosine_similarity, fourier_features, offsets
from procmem.skill import Recording

NOTHING = {"has_key": False, "door_open": False, "at_goal": False}
KEY = {**NOTHING, "has_key": True}
OPEN = {**KEY, "door_open": True}


def _state(agent, key, door, goal, facts=NOTHING, **more):
    return {"agent": agent, "key": key, "door": door, "goal": goal, **more, **facts}


# ---------------------------------------------------------------- 03.1


def _same_offsets(given, expected):
    whole = isinstance(given, Mapping) and given.keys() == expected.keys()
    return whole and all(
        isinstance(given[name], tuple) and equal(given[name], pair)
        for name, pair in expected.items()
    )


def _why_these_offsets(args, given, expected):
    (state,) = args
    if not isinstance(given, Mapping):
        return "a dict from names to offsets is wanted"
    if "agent" in given:
        return "the agent is always (0, 0) away from itself: leave it out"
    if extra := sorted(given.keys() - expected.keys()):
        return f"{extra[0]} is a fact and no place: it has no row and no column"
    if missing := sorted(expected.keys() - given.keys()):
        return f"{missing[0]} is a place, and it is missing"
    name = next(n for n in expected if not _same_offsets({n: given[n]}, {n: expected[n]}))
    mine, (rows, cols), (row, col) = given[name], expected[name], state["agent"]
    if equal(mine, (rows, cols)):
        return f"the offset of the {name} must be a tuple: it has to fit into a set later"
    reasons = {
        (-rows, -cols): "you subtracted the place from the agent: the other way round",
        (cols, rows): "rows come first, then columns",
        (abs(rows), abs(cols)): "without its sign an offset does not say in which direction",
        state[name]: "that is still the place, counted from the corner of the room",
        (rows + 2 * row, cols + 2 * col): "the agent's place must be subtracted, not added",
    }
    why = next((f": {reason}" for wrong, reason in reasons.items() if equal(mine, wrong)), "")
    return f"the {name} lies at {(rows, cols)} from the agent{why}"


# ---------------------------------------------------------------- 03.2 and 03.4


class Recordings(list):
    """Recordings, which a message calls by what they do."""

    def __init__(self, name, *recordings):
        super().__init__(Recording(*three) for three in recordings)
        self.name = name

    def __deepcopy__(self, memo):
        return self


def _fetch(name, *rooms, begin=None):
    """Return recordings that fetch the key, one for each (agent, key, door, goal)."""
    return Recordings(
        name,
        *(
            (
                _state(begin or agent, key, door, goal, **more),
                _state(agent, key, door, goal, **more),
                _state(key, key, door, goal, KEY, **more),
            )
            for agent, key, door, goal, more in (
                (*room[:4], room[4] if len(room) > 4 else {}) for room in rooms
            )
        ),
    )


def _reach(name, *rooms):
    """Return recordings that reach the goal, one for each (agent, door, goal)."""
    return Recordings(
        name,
        *(
            (
                _state((door[0] - 1, door[1]), (door[0] - 1, door[1]), door, goal, OPEN),
                _state(agent, agent, door, goal, OPEN),
                _state(goal, goal, door, goal, {**OPEN, "at_goal": True}),
            )
            for agent, door, goal in rooms
        ),
    )


_THREE = _fetch(
    "three recordings that fetch the key",
    ((0, 0), (1, 2), (2, 2), (3, 3)),
    ((1, 4), (0, 1), (2, 1), (4, 0)),
    ((0, 3), (1, 3), (3, 0), (4, 2)),
)
_NEAR = _fetch(
    "three recordings that end next to the door",
    ((0, 0), (1, 2), (2, 2), (3, 2)),
    ((0, 4), (0, 1), (1, 1), (2, 1)),
    ((1, 0), (1, 4), (2, 4), (4, 3)),
    ((0, 2), (2, 2), (3, 1), (4, 0)),
)
_DECOY = _fetch(
    "two recordings in rooms with a lamp",
    ((0, 0), (1, 2), (2, 2), (3, 3), {"lamp": (4, 4)}),
    ((1, 4), (0, 1), (2, 1), (4, 0), {"lamp": (0, 0)}),
)
_STILL = Recordings(
    "two recordings that open the door",
    *(
        (
            _state(before, before, door, goal, KEY),
            _state(before, before, door, goal, KEY),
            _state(after, after, door, goal, OPEN),
        )
        for before, after, door, goal in (
            ((0, 0), (1, 2), (2, 2), (3, 3)),
            ((1, 4), (1, 1), (2, 1), (4, 0)),
        )
    ),
)
_ONE = _fetch("a single recording", ((0, 0), (0, 1), (2, 2), (3, 3)))
_GOAL = _reach(
    "three recordings that reach the goal",
    ((1, 2), (2, 2), (4, 4)),
    ((2, 1), (2, 1), (4, 0)),
    ((4, 3), (3, 0), (4, 1)),
)


def _at_ends(recordings):
    return _relevant(recordings, "end")


def _at_begins_or_ends(recordings):
    return _relevant(recordings, "begin", "end")


def _relevant(recordings, *moments):
    found = set()
    for name in offsets(recordings[0].situation):
        varied = len(_seen(recordings, "situation", name)) > 1
        if varied and any(len(_seen(recordings, when, name)) == 1 for when in moments):
            found.add(name)
    return found or set(offsets(recordings[0].situation))


def _seen(recordings, when, name):
    return list(dict.fromkeys(offsets(getattr(one, when))[name] for one in recordings))


def _same_names(given, expected):
    return isinstance(given, Set | list | tuple) and set(given) == expected


def _why_relevant(args, given, expected):
    (recordings,) = args
    if not isinstance(given, Set | list | tuple):
        return "a set of names is wanted"
    if not given and len(expected) == len(offsets(recordings[0].situation)):
        return "no place varies here: too little is known, so all of them are wanted"
    for name in sorted({*given} ^ expected, key=str):
        if name not in offsets(recordings[0].situation):
            return f"{name!r} is not the name of a place here"
        begins, situations, ends = (
            _seen(recordings, when, name) for when in ("begin", "situation", "end")
        )
        if name in expected:
            when, where = ("end", ends) if len(ends) == 1 else ("begin", begins)
            return f"the {name} is missing: it lies at {where[0]} at every {when}"
        if len(situations) == 1:
            return f"the {name} lies at {situations[0]} in every situation, so it says nothing"
        return f"the {name} lies at {ends[0]} at one end and at {ends[1]} at another"
    return None


# ---------------------------------------------------------------- 03.3


def _why_these_features(args, given, expected):
    dim = args[1]
    try:
        mine = np.asarray(plain(given), dtype=float)
    except (TypeError, ValueError):
        return "an array of numbers is wanted"
    half = dim // 2
    cosines, sines = expected[:half], expected[half : 2 * half]
    if mine.ndim != 1:
        return f"a flat array is wanted, not one of shape {mine.shape}: use np.concatenate"
    for name, part in {"cosines": cosines, "sines": sines}.items():
        if len(mine) == half and np.allclose(mine, part):
            return f"these are the {half} {name} only, and a hand needs cosine and sine"
    if len(mine) != dim:
        return f"{half} dials have {half} cosines and {half} sines, so {dim} numbers are wanted"
    if np.allclose(mine, np.concatenate([sines, cosines])):
        return "the cosines come first, then the sines"
    if np.allclose(mine, np.column_stack([cosines, sines]).ravel()):
        return "all cosines come first, then all sines; yours take turns"
    if np.allclose(mine[:half], cosines):
        return "the cosines are right, and the sines are not"
    if np.allclose(mine[half:], sines):
        return "the sines are right, and the cosines are not"
    return "the angle of a dial is its speeds times the numbers, added up: speeds @ numbers"


# ---------------------------------------------------------------- 03.5

_EVERYWHERE = [(row, col) for row in range(-4, 5) for col in range(-4, 5)]


def _bells(offset):
    bells = np.array([(row, col) for row in range(-6, 7) for col in range(-6, 7)])
    return np.exp(-((bells - np.asarray(offset)) ** 2).sum(axis=1) / 2)


def _of_each(answer, pairs):
    """Return the features of every offset; of an answer that gives nothing, that nothing."""
    given = [answer(pair) for pair in pairs]
    return next((one for one in given if one is None or one is ...), given)


def _broken_rule(pairs, vectors):
    """Return in words the first rule that features of offsets break, "" if they keep all."""
    vectors = [np.asarray(plain(vector), dtype=float) for vector in vectors]
    for vector in vectors:
        if vector.ndim != 1 or not vector.size or not np.isfinite(vector).all():
            return "a flat list of finite numbers is wanted for each offset"
        if len(vector) != len(vectors[0]):
            return (
                f"the lists must be equally long, and yours have {len(vectors[0])} and "
                f"{len(vector)} numbers"
            )
    for i, place in enumerate(pairs):
        for other, vector in zip(pairs[:i], vectors, strict=False):
            apart = max(abs(place[0] - other[0]), abs(place[1] - other[1]))
            found = cosine_similarity(vector, vectors[i])
            if (apart <= 1 and found < 0.5) or (apart >= 4 and found > 0.5):
                bound = "at least" if apart <= 1 else "at most"
                cells = f"{apart} cell{'s' * (apart != 1)} apart"
                return (
                    f"{other} and {place} are {cells}: their similarity must be {bound} 0.5, "
                    f"and it is {found:.2f}"
                )
    return ""


EXERCISES = {
    "03.1": Exercise(
        offsets,
        cases=(
            (_state((1, 1), (2, 3), (3, 0), (4, 4)),),
            (_state((2, 4), (0, 1), (3, 2), (4, 0)),),
            (_state((3, 2), (3, 2), (4, 2), (4, 1), KEY),),
            (_state((0, 2), (1, 2), (2, 2), (4, 1), lamp=(4, 0), plant=(0, 2)),),
        ),
        same=_same_offsets,
        explain=_why_these_offsets,
        plug_in=True,
    ),
    "03.2": Exercise(
        _at_ends,
        cases=((_THREE,), (_NEAR,), (_DECOY,), (_STILL,), (_ONE,)),
        same=_same_names,
        explain=_why_relevant,
        describe=lambda args: args[0].name,
        plug_in=True,
    ),
    "03.3": Exercise(
        fourier_features,
        cases=(
            ({"key": (0.5, 1.0)}, 64),
            ({"key": (0.0, 0.0)}, 64),
            ({"key": (-1.0, 0.5)}, 8),
            ({"door": (0.5, 0.0), "key": (1.0, -2.0)}, 64),
            ({"has_key": (4.0,), "key": (1.0, 2.0)}, 32),
        ),
        explain=_why_these_features,
        plug_in=True,
    ),
    "03.4": Exercise(
        _at_begins_or_ends,
        cases=((_THREE,), (_GOAL,), (_NEAR,), (_STILL,), (_ONE,)),
        same=_same_names,
        explain=_why_relevant,
        describe=lambda args: args[0].name,
        plug_in=True,
        repair=True,
    ),
    "03.5": Exercise(
        _bells,
        cases=(
            ([(0, 0), (1, 0)],),
            ([(0, 1), (0, 2)],),
            ([(0, 0), (4, 4)],),
            ([(1, 1), (-3, -3)],),
            ([(-4, 3), (4, 3)],),
            (_EVERYWHERE,),
        ),
        accepts=lambda args, given: not _broken_rule(args[0], given),
        explain=lambda args, given, expected: _broken_rule(args[0], given),
        call=_of_each,
        describe=lambda args: f"my_features of {args[0][0]} and {args[0][1]}",
        note="There are many right answers, and this is yours.",
        plug_in=True,
    ),
}
