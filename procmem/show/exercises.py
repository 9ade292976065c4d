"""The exercises of all lessons: what is right, on which arguments it is tried, and why.

Tasks, hints and solutions stand in the notebooks. Each lesson has a section of its own below.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping, MappingView, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from numbers import Real

import numpy as np

from procmem.gridworld import fixed_layout, holds, successor
from procmem.skill import Skill

LONGEST = 10_000
"""No more entries than this are taken from a sequence: a generator may never end."""


def equal(given, expected):
    """Whether two answers are the same but for rounding and for the kind of sequence.

    Numbers may differ by a millionth. Lists, tuples, arrays, ranges and generators of the same
    entries are equal, and so are two NaNs. True is not 1: a question wants True or False.
    """
    given, expected = plain(given), plain(expected)
    if isinstance(given, bool) or isinstance(expected, bool):
        return given is expected
    if isinstance(given, Real) and isinstance(expected, Real):
        close = math.isclose(given, expected, rel_tol=1e-6, abs_tol=1e-9)
        return close or (given != given and expected != expected)
    if isinstance(given, list) and isinstance(expected, list):
        return len(given) == len(expected) and all(map(equal, given, expected))
    if isinstance(given, Mapping) and isinstance(expected, Mapping):
        return given.keys() == expected.keys() and all(equal(given[k], expected[k]) for k in given)
    return bool(given == expected)


def plain(value):
    """Return arrays and sequences as lists, texts as they are, NumPy's numbers as Python's."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, Sequence | Iterator | MappingView) and not isinstance(value, str | bytes):
        return list(islice(value, LONGEST))
    return value


@dataclass(frozen=True)
class Exercise:
    """The right function, and the arguments on which an answer is compared with it.

    ``cases`` is a tuple of argument tuples, or a function that returns one, for what takes time to
    build. Results are compared by ``same(given, expected)``; where many are right,
    ``accepts(args, given)`` decides instead. ``explain(args, given, expected)`` may complete the
    sentence "… is right, because"; ``None`` leaves it to the usual reasons. ``note`` is told to
    whoever is right. Where the reference raises an error, the answer has to raise its like.
    """

    reference: Callable
    cases: tuple | Callable
    same: Callable = equal
    explain: Callable | None = None
    accepts: Callable | None = None
    note: str = ""


# Each section: helpers if need be (`_named_like_this`), then one dict. Edit only your own section.

# ---- 00


def _ratios(steps, optimum):
    return [a / b for a, b in zip(steps, optimum, strict=True)]


def _trend(solved):
    half = len(solved) // 2
    first, second = sum(solved[:half]), sum(solved[half:])
    if second > first:
        return "learning"
    return "unlearning" if second < first else "neither"


_LESSON_00 = {
    "00.1": Exercise(
        reference=_ratios,
        cases=(([9, 14], [9, 7]), ([30], [12]), ([], [])),
        note="14 steps where 7 would do is 2: twice as long as needed.",
    ),
    "00.2": Exercise(
        reference=_trend,
        cases=(
            ([False, False, True, True],),
            ([True, True, False, True],),
            ([True, False, False, True],),
            ([],),
        ),
    ),
}


# ---- 01


def _read_partial(text):
    saved = json.loads(text)
    return {name: tuple(v) if isinstance(v, list) else v for name, v in saved.items()}


def _why_this_partial(args, given, expected):
    for name, value in expected.items():
        found = given.get(name) if isinstance(given, Mapping) else None
        if isinstance(value, tuple) and found == list(value):
            return f"{found} is not {value}: with a list in it the precondition holds nowhere"
        if isinstance(given, Mapping) and name not in given:
            return f"{name!r} is missing: what is no list stays as it is"
    return None


def _do_again(skill, room, state):
    if skill.applicable(state):
        for action in skill.action_sequence:
            state = successor(room, state, action)
        skill.record(holds(skill.effects, state))
    return skill.success_estimate


def _uses_of_skills():
    home = fixed_layout(5)
    start, key = {"agent": (0, 0), "has_key": False}, {"has_key": True}
    moves = ("DOWN", "DOWN", "RIGHT", "RIGHT", "PICK_UP")
    anywhere = Skill("get key", {}, moves, [1.0], 8, times_used=9, effects=key)
    only_there = Skill("get key", start, moves, [1.0], 1, effects=key)
    beside = home.state() | {"agent": (0, 1)}
    places = (anywhere, home.state()), (anywhere, beside), (only_there, home.state())
    return tuple((skill, home, state) for skill, state in (*places, (only_there, beside)))


def _why_this_estimate(args, given, expected):
    skill, room, state = args
    worked, used = skill.success_count, skill.times_used
    if not skill.applicable(state):
        return f"it may not begin here, so its record stays {worked} of {used}"
    for action in skill.action_sequence:
        state = successor(room, state, action)
    good = holds(skill.effects, state)
    so = "its effects hold at the end" if good else "its effects do not hold at the end"
    record = f"{worked + good} of {used + 1}, whatever the number of moves"
    return f"it may begin here and {so}: one use more makes {record}"


def _verdict(when, states, works):
    pairs = [(holds(when, state), bool(good)) for state, good in zip(states, works, strict=True)]
    weak, strong = (True, False) in pairs, (False, True) in pairs
    if weak and strong:
        return "both"
    return "too weak" if weak else "too strong" if strong else "right"


def _why_this_verdict(args, given, expected):
    when, states, works = args
    pairs = [(holds(when, state), good) for state, good in zip(states, works, strict=True)]
    false, missed = pairs.count((True, False)), pairs.count((False, True))
    return f"false starts: {false}, missed chances: {missed}"


_A, _B, _C = {"agent": (0, 0)}, {"agent": (0, 1)}, {"agent": (2, 0)}

_LESSON_01 = {
    "01.1": Exercise(
        reference=_read_partial,
        cases=(
            ('{"agent": [0, 0], "has_key": false}',),
            ('{"key": [2, 3], "door": [3, 3]}',),
            ('{"door_open": true}',),
            ("{}",),
        ),
        same=lambda given, expected: given == expected,
        explain=_why_this_partial,
    ),
    "01.2": Exercise(reference=_do_again, cases=_uses_of_skills, explain=_why_this_estimate),
    "01.3": Exercise(
        reference=_verdict,
        cases=(
            ({}, [_A, _B, _C], [True, False, False]),
            ({"agent": (0, 0)}, [_A, _B, _C], [True, False, True]),
            ({"agent": (0, 0)}, [_A, _B, _C], [True, False, False]),
            ({"agent": (0, 1)}, [_A, _B, _C], [True, False, True]),
            ({"agent": (4, 4)}, [_A, _B], [False, False]),
        ),
        explain=_why_this_verdict,
    ),
}


# ---- 02


def _will_open(agent, door, has_key, door_open):
    away = abs(agent[0] - door[0]) + abs(agent[1] - door[1])
    return away == 1 and has_key and not door_open


def _why_it_opens(args, given, expected):
    agent, door, has_key, door_open = args
    if expected:
        return "the agent stands beside the closed door with the key in hand"
    if not has_key:
        return "there is no key in hand"
    if door_open:
        return "the door is open already, so nothing changes"
    return f"the agent at {agent} does not stand beside the door at {door}"


def _total_reward(changed, solved):
    return -0.01 * len(changed) + (1 if solved else 0)


def _why_this_reward(args, given, expected):
    changed, solved = args
    goal = "the goal earns 1" if solved else "the goal was not reached"
    cost = f"each of the {len(changed)} steps costs 0.01, whether it changes anything or not"
    return f"{cost}, and {goal}"


def _fewest_doors(doors, start, end):
    distance = {start: 0}
    waiting = [start]
    for room in waiting:
        for neighbour in doors[room]:
            if neighbour not in distance:
                distance[neighbour] = distance[room] + 1
                waiting.append(neighbour)
    return distance[end]


def _why_so_many_doors(args, given, expected):
    _, start, end = args
    if start == end:
        return "whoever is there already needs no door"
    return f"the shortest of the ways from {start} to {end} counts"


_HUT = {"bed": ["hall"], "hall": ["bed", "fridge"], "fridge": ["hall"]}
_FLAT = {
    "bed": ["hall", "balcony"],
    "hall": ["bed", "bath", "fridge"],
    "bath": ["hall"],
    "fridge": ["hall", "living"],
    "living": ["fridge", "balcony"],
    "balcony": ["living", "bed"],
}


def _carries_key(key, past):
    return any(cell == key and action == "PICK_UP" for cell, action in past)


def _why_it_has_the_key(args, given, expected):
    key, past = args
    if expected:
        return f"it chose PICK_UP while it stood at {key}, and nobody puts a key down here"
    if any(action == "PICK_UP" for _, action in past):
        return f"it chose PICK_UP, but not while it stood at {key}"
    return "it never chose PICK_UP"


_LESSON_02 = {
    "02.1": Exercise(
        _will_open,
        cases=(
            ((2, 3), (3, 3), True, False),
            ((2, 3), (3, 3), False, False),
            ((2, 3), (3, 3), True, True),
            ((2, 2), (3, 3), True, False),
            ((0, 3), (3, 3), True, False),
            ((1, 4), (1, 3), True, False),
        ),
        explain=_why_it_opens,
        note="In the room of this lesson it opens in one state of 51.",
    ),
    "02.2": Exercise(
        _total_reward,
        cases=(
            ([True] * 10, True),
            ([True, False, True], True),
            ([False] * 4, False),
            ([True, False] * 50, True),
            ([], False),
        ),
        explain=_why_this_reward,
    ),
    "02.3": Exercise(
        _fewest_doors,
        cases=(
            (_HUT, "bed", "fridge"),
            (_FLAT, "bed", "fridge"),
            (_FLAT, "bed", "hall"),
            (_FLAT, "bath", "living"),
            (_FLAT, "bed", "living"),
            (_FLAT, "hall", "hall"),
        ),
        explain=_why_so_many_doors,
    ),
    "02.4": Exercise(
        _carries_key,
        cases=(
            ((2, 2), [((2, 1), "RIGHT"), ((2, 2), "PICK_UP")]),
            ((2, 2), [((2, 1), "PICK_UP"), ((2, 1), "RIGHT"), ((2, 2), "RIGHT")]),
            ((2, 2), [((2, 2), "PICK_UP"), ((2, 2), "RIGHT"), ((2, 3), "OPEN")]),
            ((0, 4), [((0, 3), "RIGHT"), ((0, 4), "LEFT")]),
            ((0, 4), []),
        ),
        explain=_why_it_has_the_key,
        note="With your function in its head, the agent of the photographs would reach the goal.",
    ),
}


# ---- 03


def _confused_pairs(vectors, bar):
    pairs = [(np.array(a), np.array(b)) for i, a in enumerate(vectors) for b in vectors[:i]]
    return sum(int(a @ b / np.sqrt((a @ a) * (b @ b)) >= bar) for a, b in pairs)


def _why_confused(args, given, expected):
    vectors, bar = args
    a, b = vectors[:2]
    cosine = np.dot(a, b) / np.sqrt(np.dot(a, a) * np.dot(b, b))
    return f"the cosine of {a} and {b}, for one, is {cosine:.2f}, and the bar is {bar}"


def _steadiest(endings):
    return min(endings, key=lambda name: np.var(endings[name], axis=0).sum())


def _why_steadiest(args, given, expected):
    places = args[0].get(given)
    if places is None:
        return f"the answer must be one of the names {sorted(args[0])}"
    if given == expected:
        return None
    return f"{given} was at {places}, and {expected} always at {args[0][expected][0]}"


def _two_clocks(offsets):
    hands = [(row / 2, col / 2) for row, col in offsets]
    return [(math.cos(a), math.sin(a), math.cos(b), math.sin(b)) for a, b in hands]


def _broken_rule(offsets, vectors):
    """Return in words the first rule of exercise 03.3 that an encoder's vectors break, or None."""
    vectors = [np.asarray(plain(vector), dtype=float) for vector in plain(vectors)]
    if len(vectors) != len(offsets) or len({vector.shape for vector in vectors}) != 1:
        return f"there must be {len(offsets)} vectors, all of one size"
    if vectors[0].ndim != 1 or not all(np.isfinite(vector).all() for vector in vectors):
        return "each vector must be a flat list of finite numbers"
    for i, place in enumerate(offsets):
        if not vectors[i].any():
            return f"{place} has become the zero vector, which is like nothing"
        for j in range(i):
            apart = max(abs(place[0] - offsets[j][0]), abs(place[1] - offsets[j][1]))
            lengths = math.sqrt((vectors[i] @ vectors[i]) * (vectors[j] @ vectors[j]))
            cosine = vectors[i] @ vectors[j] / lengths
            if (apart <= 1 and cosine < 0.5) or (apart >= 4 and cosine > 0.5):
                distance = f"{apart} cell{'s' * (apart != 1)} apart"
                return f"{offsets[j]} and {place} are {distance} and have the cosine {cosine:.2f}"
    return None


_EVERYWHERE = [(row, col) for row in range(-4, 5) for col in range(-4, 5)]

_LESSON_03 = {
    "03.1": Exercise(
        _confused_pairs,
        (
            ([(3, 4), (4, 3)], 0.9),
            ([(3, 4), (6, 8), (4, -3)], 0.9),
            ([(0.1, 0.1), (0.2, 0.2), (-0.1, 0.1)], 0.9),
            ([(3, 4), (5, 12), (1, 0), (0, 2), (-3, -4)], 0.5),
            ([(1, 2, 2), (2, 4, 4), (2, 1, -2)], 0.1),
        ),
        explain=_why_confused,
        note="Ada and Bo would be proud of you.",
    ),
    "03.2": Exercise(
        _steadiest,
        (
            ({"key": [(1, 0), (0, 2), (2, 1)], "door": [(1, 0), (1, 0), (1, 0)]},),
            ({"near": [(0, 1), (1, 0), (0, -1)], "far": [(5, 5), (5, 5), (5, 5)]},),
            ({"sofa": [(0, 9), (0, 9), (0, 9)], "cat": [(3, 4), (4, 3), (4, 4)]},),
            ({"goal": [(2, 2), (2, 3)], "lamp": [(7, -7), (7, -7)], "key": [(0, 0), (3, 0)]},),
        ),
        explain=_why_steadiest,
        note="The agent asks the same question, and no other, to find out what matters.",
    ),
    "03.3": Exercise(
        _two_clocks,
        (
            ([(0, 0), (1, 0)],),
            ([(0, 1), (0, 2)],),
            ([(0, 0), (4, 4)],),
            ([(-4, 3), (4, 3)],),
            ([(1, 1), (2, 2), (-3, -3)],),
            ([(-4, -4), (-4, 0), (0, -4)],),
            (_EVERYWHERE,),
        ),
        accepts=lambda args, given: _broken_rule(args[0], given) is None,
        explain=lambda args, given, expected: _broken_rule(args[0], given),
        note="There are many right answers, and this is yours.",
    ),
}


# ---- 04


def _failures_until_distrusted(worked, used, min_success=0.2):
    failures = 0
    while (worked + 1) / (used + failures + 2) >= min_success:
        failures += 1
    return failures


def _why_distrusted(args, given, expected):
    worked, used, limit = (*args, 0.2)[:3]
    last = (worked + 1) / (used + expected + 2)
    before = (worked + 1) / (used + expected + 1)
    if expected == 0:
        return f"the estimate is {last:.3f} already, below {limit}"
    return (
        f"the estimate is {before:.3f} after {expected - 1} failures, which is not below {limit}, "
        f"and {last:.3f} after {expected}"
    )


def _straighten(places):
    last_exit = dict(pairwise(places))
    way = [places[0]]
    while way[-1] != places[-1]:
        way.append(last_exit[way[-1]])
    return way


def _why_straight(args, given, expected):
    walked = set(pairwise(args[0]))
    doubled = [place for i, place in enumerate(given) if place in given[:i]]
    if doubled:
        return f"{doubled[0]} is visited twice: there is still a loop"
    jumps = [pair for pair in pairwise(given) if pair not in walked]
    if jumps:
        return f"nobody ever walked from {jumps[0][0]} to {jumps[0][1]}"
    return "each place is left the way it was left for the last time"


def _predict_choice(candidates, tried=()):
    may_be_used = [
        (-similarity, length, -estimate, age, name)
        for age, (name, similarity, fits, estimate, length) in enumerate(candidates)
        if fits and similarity >= 0.7 and estimate >= 0.2 and name not in tried
    ]
    return min(may_be_used)[-1] if may_be_used else None


def _why_first(winner, other):
    _, similarity, _, estimate, length = other
    if winner[1] > similarity:
        return "is more similar"
    if winner[4] < length:
        return "is equally similar and shorter"
    same = "is as similar and as long"
    return f"{same} and more successful" if winner[3] > estimate else f"{same}, and older"


def _why_choice(args, given, expected):
    candidates, tried = (*args, ())[:2]
    if isinstance(given, tuple | list):
        return "the name alone is wanted, not the whole candidate"
    rows = {row[0]: row for row in candidates}
    for name, similarity, fits, estimate, _ in candidates:
        if name == given:
            questions = {
                "its preconditions do not hold": not fits,
                f"its similarity {similarity} is below 0.7": similarity < 0.7,
                f"its success estimate {estimate} is below 0.2": estimate < 0.2,
                "it was just tried in vain": name in tried,
            }
            no = [why for why, is_so in questions.items() if is_so]
            if no:
                return f"{name} is out: {no[0]}"
            return f"{expected} passes too and {_why_first(rows[expected], rows[name])}"
    return f"{expected} passes all four questions" if given is None else None


def _cost_of(threshold, tries, price):
    vain = sum(similarity >= threshold and not works for similarity, works in tries)
    missed = sum(similarity < threshold and works for similarity, works in tries)
    return price * vain + missed


def _best_threshold(tries, thresholds, price):
    return min(thresholds, key=lambda threshold: (_cost_of(threshold, tries, price), threshold))


def _why_threshold(args, given, expected):
    tries, thresholds, price = args
    costs = [(t, _cost_of(t, tries, price)) for t in (expected, given) if t in thresholds]
    if len(costs) < 2:
        return "only a threshold from the list can be chosen"
    if costs[0][1] == costs[1][1]:
        return f"both cost {costs[0][1]}, and of equally good ones the lowest is wanted"
    return f"{costs[0][0]} costs {costs[0][1]} and {costs[1][0]} costs {costs[1][1]}"


_CLOSE_CALLS = [
    ("has_key #1", 0.95, False, 0.9, 3),
    ("has_key #2", 0.83, True, 0.17, 4),
    ("has_key #3", 0.7, True, 0.2, 5),
    ("has_key #4", 0.69, True, 0.9, 1),
]
_TWINS = [
    ("at_goal #5", 0.81, True, 0.5, 4),
    ("at_goal #7", 0.81, True, 0.5, 2),
    ("at_goal #8", 0.81, True, 0.67, 2),
    ("at_goal #9", 0.81, True, 0.67, 2),
    ("at_goal #6", 0.75, True, 0.9, 1),
]
_TRIES = [(0.95, True), (0.9, True), (0.85, False), (0.8, True), (0.6, False), (0.5, True)]
_GRID = [0.0, 0.55, 0.7, 0.82, 0.88, 1.0]

_LESSON_04 = {
    "04.1": Exercise(
        _failures_until_distrusted,
        ((0, 0), (18, 18), (0, 3), (0, 4), (1, 1), (2, 8, 0.3), (0, 0, 0.5)),
        explain=_why_distrusted,
        note="Trust that took long to earn takes long to lose.",
    ),
    "04.2": Exercise(
        _straighten,
        (
            ("ABCD",),
            ("ABACD",),
            ("ABCBD",),
            ("ABCABD",),
            ("ABCDBECF",),
            ("ABAC",),
            ("A",),
        ),
        explain=_why_straight,
        note="A hundred steps through few places always shrink: no place is left twice.",
    ),
    "04.3": Exercise(
        _predict_choice,
        (
            (_CLOSE_CALLS,),
            (_CLOSE_CALLS, ["has_key #3"]),
            (_TWINS,),
            (_TWINS, ["at_goal #8"]),
            ([],),
            (_TWINS[::-1],),
        ),
        explain=_why_choice,
        note="None is an answer, too: the agent then explores.",
    ),
    "04.4": Exercise(
        _best_threshold,
        (
            (_TRIES, _GRID, 1),
            (_TRIES, _GRID, 10),
            (_TRIES, _GRID, 0.1),
            (_TRIES[:2], _GRID, 1),
            (_TRIES, _GRID[::-1], 3),
            ([(0.9, False)], _GRID, 1),
            ([(0.7, True), (0.6, False)], [0.6, 0.7, 0.8], 1),
        ),
        explain=_why_threshold,
        note="The dearer a mistake, the more alike a memory has to be.",
    ),
}


# ---- all

EXERCISES = {**_LESSON_00, **_LESSON_01, **_LESSON_02, **_LESSON_03, **_LESSON_04}
