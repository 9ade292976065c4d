"""The exercises of lesson 04, Skill selection."""

from itertools import pairwise

from procmem_checks.exercise import Exercise


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
    path = [places[0]]
    while path[-1] != places[-1]:
        path.append(last_exit[path[-1]])
    return path


def _why_straight(args, given, expected):
    walked = set(pairwise(args[0]))
    doubled = [place for i, place in enumerate(given) if place in given[:i]]
    if doubled:
        return f"{doubled[0]} is visited twice: there is still a loop"
    jumps = [pair for pair in pairwise(given) if pair not in walked]
    if jumps:
        return f"the walk never went from {jumps[0][0]} to {jumps[0][1]}"
    return "each place is left the way it was left for the last time"


def _predict_choice(candidates, tried=()):
    may_be_used = [
        (-similarity, length, -estimate, age, name)
        for age, (name, similarity, fits, estimate, length) in enumerate(candidates)
        if fits and similarity >= 0.8 and estimate >= 0.2 and name not in tried
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
                f"its similarity {similarity} is below 0.8": similarity < 0.8,
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
    ("has_key #3", 0.8, True, 0.2, 5),
    ("has_key #4", 0.79, True, 0.9, 1),
]
_TWINS = [
    ("at_goal #5", 0.81, True, 0.5, 4),
    ("at_goal #7", 0.81, True, 0.5, 2),
    ("at_goal #8", 0.81, True, 0.67, 2),
    ("at_goal #9", 0.81, True, 0.67, 2),
    ("at_goal #6", 0.8, True, 0.9, 1),
]
_TRIES = [(0.95, True), (0.9, True), (0.85, False), (0.8, True), (0.6, False), (0.5, True)]
_GRID = [0.0, 0.55, 0.7, 0.82, 0.88, 1.0]

EXERCISES = {
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
