"""The exercises of lesson 08, Lasting memory."""

from procmem_checks.exercise import Exercise


def _verdict(worked):
    if not worked:
        return "candidate"
    return "active" if 2 * sum(worked) > len(worked) else "archived"


def _why_verdict(args, given, expected):
    worked = args[0]
    return f"it worked in {sum(worked)} of {len(worked)} rooms"


def _spared(covers):
    gone = []
    for name in covers:
        left = [*gone, name]
        if all(any(other not in left for other in covers[one]) for one in left):
            gone = left
    return gone


def _why_spared(args, given, expected):
    covers = args[0]
    if not isinstance(given, list) or set(given) - set(covers):
        return "the answer is a list of names of skills"
    for name in given:
        if all(other in given for other in covers[name]):
            return f"no skill that stays could do what {name} did"
    return "they are asked in the order in which they are listed, and more of them may go"


def _worth_keeping(skills, decisions, cost):
    return [name for name, (used, saved) in skills.items() if used / decisions * saved > cost]


def _why_worth(args, given, expected):
    skills, decisions, cost = args
    values = {n: round(used / decisions * saved - cost, 3) for n, (used, saved) in skills.items()}
    return f"what they are worth, a decision, is {values}"


def _difference(now, earlier):
    learned = sorted(place for place in now if place not in earlier)
    gone = sorted(place for place in earlier if place not in now)
    return learned, gone, sorted(p for p in now if p in earlier and now[p] < earlier[p])


def _why_difference(args, given, expected):
    for name, theirs, right in zip(("new", "gone", "shorter"), given, expected, strict=True):
        if list(theirs) != right:
            return f"the list of what is {name} is {right}, not {theirs}"
    return None


EXERCISES = {
    "08.1": Exercise(
        _verdict,
        (
            ([True, True, False],),
            ([False, False, True],),
            ([],),
            ([True, False],),
            ([True],),
            ([False],),
        ),
        explain=_why_verdict,
    ),
    "08.2": Exercise(
        _worth_keeping,
        (
            ({"a": (50, 4), "b": (2, 10), "c": (1, 1)}, 100, 0.1),
            ({"a": (0, 100)}, 10, 0.0),
            ({"b": (10, 1), "a": (10, 1)}, 100, 0.05),
            ({"a": (10, 1), "b": (1, 10), "c": (5, 9)}, 50, 0.2),
            ({}, 5, 0.1),
            ({"a": (3, -2), "b": (1, 3)}, 4, 0.0),
        ),
        explain=_why_worth,
    ),
    "08.3": Exercise(
        _spared,
        (
            ({"a": ["b"], "b": []},),
            ({"a": ["b"], "b": ["a"]},),
            ({"a": ["b"], "b": ["c"], "c": []},),
            ({"a": ["b", "c"], "b": ["c"], "c": []},),
            ({"a": []},),
            ({},),
            ({"a": ["d"], "b": ["a"], "c": ["a", "d"], "d": []},),
        ),
        explain=_why_spared,
    ),
    "08.4": Exercise(
        _difference,
        (
            ({"near": 2, "far": 7}, {"near": 3}),
            ({"near": 3}, {"near": 2, "far": 7}),
            ({}, {}),
            ({"b": 1, "a": 1, "c": 5}, {"c": 6, "d": 2}),
            ({"a": 4}, {"a": 4}),
        ),
        explain=_why_difference,
    ),
}
