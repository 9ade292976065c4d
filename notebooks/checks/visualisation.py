"""The exercises of lesson 05, Visualisation."""

import numpy as np
from procmem_checks.exercise import Exercise

from procmem.lab.statistics import wilson_interval


def _moving_average(values, width):
    starts = range(len(values) - width + 1)
    return [sum(values[start : start + width]) / width for start in starts]


def _why_moving(args, given, expected):
    values, width = args
    if not isinstance(given, list) or len(given) == len(expected):
        return f"the first window holds {values[:width]}" if values else None
    many = f"{len(values)} values have {len(expected)} whole windows of {width}"
    return f"{many}, and you averaged {len(given)}"


def _chance_to_win(x, y):
    wins = [1.0 if one < other else 0.5 if one == other else 0.0 for one in x for other in y]
    return sum(wins) / len(wins)


def _why_chance(args, given, expected):
    x, y = args
    less = sum(one < other for one in x for other in y)
    ties = sum(one == other for one in x for other in y)
    return f"of {len(x) * len(y)} pairs the first wins {less} and ties {ties}"


def _exaggeration(a, b, start):
    return (b - start) / (a - start) / (b / a)


def _why_exaggerated(args, given, expected):
    a, b, start = args
    return f"the bars are drawn {a - start:g} and {b - start:g} long"


def _most_reliable(skills):
    return max(skills, key=lambda skill: _worst_case(skill), default=(None,))[0]


def _worst_case(skill):
    # The last bits must not decide between equals.
    return np.round(wilson_interval(*skill[1:])[0], 9)


def _why_reliable(args, given, expected):
    worst = {skill[0]: f"{_worst_case(skill):.2f}" for skill in args[0]}
    if given not in worst:
        return "a name from the list is wanted" if worst else "there is nothing to choose from"
    return f"in the worst case {given} works at {worst[given]}, {expected} at {worst[expected]}"


EXERCISES = {
    "05.1": Exercise(
        reference=_moving_average,
        cases=(
            ([1, 2, 3, 4, 5], 2),
            ([10, 12, 11, 13], 4),
            ([3.5, 1.5], 1),
            ([5, 7], 3),
            ([], 1),
        ),
        explain=_why_moving,
        note="No neighbour is invented, so no agent beats the optimum.",
    ),
    "05.2": Exercise(
        reference=_chance_to_win,
        cases=(
            ([10, 12], [11, 13]),
            ([10, 10], [10, 10]),
            ([1], [2, 3, 4]),
            ([9, 8, 7], [1]),
            ([5, 6, 6], [6, 7]),
        ),
        explain=_why_chance,
    ),
    "05.3": Exercise(
        reference=_exaggeration,
        cases=((12.37, 12.27, 12.2), (10, 20, 0), (10, 20, 5), (2, 1, 0.5), (4, 4, 1)),
        explain=_why_exaggerated,
    ),
    "05.4": Exercise(
        reference=_most_reliable,
        cases=(
            ([("once lucky", 1, 1), ("old hand", 9, 10)],),
            ([("a", 5, 10), ("b", 50, 100)],),
            ([("first", 3, 4), ("second", 3, 4)],),
            ([("unused", 0, 0), ("hopeless", 0, 9), ("so-so", 1, 4)],),
            ([],),
        ),
        explain=_why_reliable,
        note="Choosing by the worst case, you are not fooled by a single lucky try.",
    ),
}
