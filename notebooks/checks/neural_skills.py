"""The exercises of lesson 07, Neural skills."""

import math

from procmem_checks.exercise import Exercise


def _softmax(scores):
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    return [weight / sum(weights) for weight in weights]


def _why_softmax(args, given, expected):
    return f"the largest score, {max(args[0])}, gets the largest share, and all add up to 1"


def _slope(f, at, i, tiny=1e-4):
    up, down = list(at), list(at)
    up[i] += tiny
    down[i] -= tiny
    return (f(up) - f(down)) / (2 * tiny)


def _why_slope(args, given, expected):
    _, at, i = args
    return f"only number {i} of {at} is turned, up and down"


def _parabola(numbers):
    """Return the sum of the squares."""
    return sum(x * x for x in numbers)


def _product(numbers):
    """Return the product of all numbers."""
    return math.prod(numbers)


def _about(given, expected):
    # How far it is turned is the learner's choice, and costs a few digits.
    return isinstance(given, float | int) and math.isclose(given, expected, abs_tol=1e-3)


def _seen(offset, near):
    return tuple(max(-near, min(near, x)) for x in offset)


def _why_seen(args, given, expected):
    offset, near = args
    return f"each number of {offset} is kept within -{near} and {near}"


def _dissociated(table, healthy):
    costs = [
        (i == j, healthy[j] - success)
        for i, row in enumerate(table)
        for j, success in enumerate(row)
    ]
    return all(cost >= 50 if own else cost <= 2 for own, cost in costs)


def _why_dissociated(args, given, expected):
    table, healthy = args
    own = [healthy[i] - row[i] for i, row in enumerate(table)]
    others = [
        healthy[j] - success
        for i, row in enumerate(table)
        for j, success in enumerate(row)
        if i != j
    ]
    return f"the removals cost {own} points of their own sub-tasks and {others} of the others"


EXERCISES = {
    "07.1": Exercise(
        _softmax,
        (([0.0, 0.0],), ([1.0, 2.0, 3.0],), ([1000.0, 1000.0],), ([-5.0],), ([3.0, -900.0],)),
        explain=_why_softmax,
    ),
    "07.2": Exercise(
        _slope,
        (
            (_parabola, [3.0, 1.0], 0),
            (_parabola, [3.0, 1.0], 1),
            (_product, [2.0, 5.0, 7.0], 1),
            (_parabola, [-2.0], 0),
        ),
        same=_about,
        explain=_why_slope,
    ),
    "07.3": Exercise(
        _seen,
        (((1, -2), 2), ((9, -30), 2), ((0, 3), 3), ((-4, 4), 1), ((-1, 0), 5)),
        explain=_why_seen,
    ),
    "07.4": Exercise(
        _dissociated,
        (
            ([[20, 100], [99, 40]], [100, 100]),
            ([[20, 90], [100, 40]], [100, 100]),
            ([[60, 100], [100, 40]], [100, 100]),
            ([[0, 60], [61, 10]], [60, 61]),
            ([[30, 80], [80, 30]], [80, 80]),
            ([[10]], [90]),
        ),
        explain=_why_dissociated,
    ),
}
