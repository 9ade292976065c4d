"""The exercises of lesson 09, MiniGrid."""

from procmem_checks.exercise import Exercise


def _doorkey_return(frames, size, solved):
    return 1 - 0.9 * frames / (10 * size**2) if solved else 0


def _why_return(args, given, expected):
    frames, size, solved = args
    if not solved:
        return "who does not arrive gets nothing"
    return f"{frames} of {10 * size**2} frames were used"


def _ahead(offset, facing):
    rows, cols = offset
    for _ in range((facing + 1) % 4):
        rows, cols = -cols, rows
    return rows, cols


def _why_ahead(args, given, expected):
    turns = (args[1] + 1) % 4
    return f"looking to {args[1]}, it takes {turns} quarter turns against the clock to look up"


def _frames_until(lengths, returns, good):
    spent = 0
    for length, mean in zip(lengths, returns, strict=True):
        spent += length
        if mean >= good:
            return spent
    return None


def _why_frames(args, given, expected):
    lengths, returns, good = args
    if expected is None:
        return f"no exam reached {good}"
    after = next(n for n, mean in enumerate(returns, start=1) if mean >= good)
    return f"the exam after episode {after} is the first good one, and {lengths[:after]} were spent"


def _fair_pairs(given):
    names = sorted(given)
    return [
        (one, other)
        for i, one in enumerate(names)
        for other in names[i + 1 :]
        if set(given[one]) == set(given[other])
    ]


def _why_fair(args, given, expected):
    return f"of {len(args[0])} learners, {len(expected)} pairs were given the same things"


EXERCISES = {
    "09.1": Exercise(
        _doorkey_return,
        ((10, 5, True), (250, 5, True), (250, 5, False), (64, 8, True), (33, 16, True)),
        explain=_why_return,
    ),
    "09.2": Exercise(
        _ahead,
        (((0, 2), 0), ((3, 1), 1), ((1, -2), 2), ((-2, 1), 3), ((0, 0), 2), ((2, 0), 0)),
        explain=_why_ahead,
    ),
    "09.3": Exercise(
        _frames_until,
        (
            ([250, 40, 20], [0.1, 0.94, 0.96], 0.94),
            ([100], [1.0], 0.94),
            ([250, 250], [0.2, 0.3], 0.94),
            ([30, 20, 10], [0.95, 0.5, 0.99], 0.94),
            ([], [], 0.94),
        ),
        explain=_why_frames,
    ),
    "09.4": Exercise(
        _fair_pairs,
        (
            ({"PPO": ["facts", "turn"], "ours": ["turn", "facts"], "pixels": []},),
            ({"b": ["x"], "a": ["x", "x"], "c": ["x"]},),
            ({"a": [], "b": []},),
            ({"a": ["x"], "b": ["x", "y"]},),
            ({},),
        ),
        explain=_why_fair,
    ),
}
