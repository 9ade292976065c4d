"""The exercises of lesson 03, Embeddings."""

import math

import numpy as np
from procmem_checks.exercise import Exercise, plain


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

EXERCISES = {
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
