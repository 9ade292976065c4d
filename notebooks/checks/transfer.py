"""The exercises of lesson 06, Transfer."""

from procmem_checks.exercise import Exercise


def _head_start(steps, control, episodes):
    def start(curves):
        early = [n for curve in curves for n in curve[:episodes]]
        return sum(early) / len(early)

    return start(control) - start(steps)


def _why_head_start(args, given, expected):
    steps, _, episodes = args
    return f"only the first {episodes} of {len(steps[0])} episodes count, the control's minus ours"


def _good_from(ratios, threshold, window):
    for start in range(len(ratios) - window + 1):
        if sum(ratios[start : start + window]) / window <= threshold:
            return start + 1
    return None


def _why_good(args, given, expected):
    _, threshold, window = args
    if expected is None:
        return f"no {window} episodes in a row have a mean of at most {threshold}"
    return f"the first window with a mean of at most {threshold} begins at episode {expected}"


def _made_worse(with_memory, without):
    pairs = list(zip(with_memory, without, strict=True))
    worse = sum(sum(a) / len(a) > sum(b) / len(b) for a, b in pairs)
    return worse / len(pairs) if pairs else 0


def _why_worse(args, given, expected):
    rooms = len(args[0])
    if not rooms:
        return "without rooms there is no share"
    return f"in {round(expected * rooms)} of {rooms} rooms the mean with memory is larger"


def _familiar(known, new):
    seen, hits, shares = set(known), 0, []
    for n, offset in enumerate(new, start=1):
        hits += offset in seen
        seen.add(offset)
        shares.append(hits / n)
    return shares


def _why_familiar(args, given, expected):
    _, new = args
    return f"{len(new)} episodes give {len(new)} shares, and what was new once is known afterwards"


EXERCISES = {
    "06.1": Exercise(
        _head_start,
        (
            ([[10, 9, 8]], [[30, 20, 10]], 1),
            ([[10, 9, 8], [20, 9, 8]], [[30, 20, 10]], 2),
            ([[40, 5]], [[30, 5]], 1),
            ([[7, 7, 7]], [[7, 7, 7], [9, 9, 9]], 3),
        ),
        explain=_why_head_start,
    ),
    "06.2": Exercise(
        _good_from,
        (
            ([9, 5, 1.5, 1, 1], 1.5, 2),
            ([1, 9, 1, 1], 1, 2),
            ([1, 1], 1, 2),
            ([3, 3, 3], 2, 2),
            ([2], 2, 3),
            ([9, 1, 1, 9, 1], 1, 1),
            ([4, 0, 9], 2, 2),
        ),
        explain=_why_good,
    ),
    "06.3": Exercise(
        _made_worse,
        (
            ([[10, 12], [30, 30]], [[20, 20], [10, 10]]),
            ([[5, 5]], [[5]]),
            ([[10, 10, 10]], [[20, 5]]),
            ([[1, 100], [50, 50], [9, 9]], [[40, 40], [49, 49], [10, 10]]),
            ([], []),
        ),
        explain=_why_worse,
    ),
    "06.4": Exercise(
        _familiar,
        (
            ([(2, 1)], [(2, 1), (0, 4), (0, 4)]),
            ([], [(1, 1), (1, 1), (1, 1), (2, 2)]),
            ([(0, 1), (1, 0)], [(0, 1), (1, 0)]),
            ([(3, 3)], []),
        ),
        explain=_why_familiar,
    ),
}
