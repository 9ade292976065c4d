"""The exercises of lesson 05, Visualisation."""

import numpy as np
from procmem_checks.exercise import Exercise

from procmem.lab.statistics import wilson_interval

# ---------------------------------------------------------------- 05.1


def _moving_average(values, width):
    starts = range(len(values) - width + 1)
    return [sum(values[start : start + width]) / width for start in starts]


def _why_moving(args, given, expected):
    values, width = args
    if not isinstance(given, list) or len(given) == len(expected):
        return f"the first window holds {values[:width]}" if values else None
    windows = f"{len(values)} values have {len(expected)} whole windows of {width}"
    return f"{windows}, and you returned {len(given)} averages"


# ---------------------------------------------------------------- 05.2


def _wilson(worked, used):
    p, z = np.linspace(0, 1, 1001), 1.96
    if used == 0:
        return 0, 1
    typical = np.sqrt(p * (1 - p) / used)
    kept = p[np.abs(worked / used - p) <= z * typical]
    return kept[0], kept[-1]


def _near(given, expected):
    """Trying rates one by one is as good as solving the equation, but for the last digit."""
    given = np.asarray(given, dtype=float)
    return given.shape == (2,) and np.allclose(given, expected, atol=0.0021)


def _why_wilson(args, given, expected):
    worked, used = args
    pair = np.asarray(given, dtype=float)
    if pair.shape != (2,):
        return f"two numbers are wanted, the lowest and the highest rate, not {pair.size}"
    if used == 0:
        return "without a single try, every rate is possible"
    share = worked / used
    reach = 1.96 * np.sqrt(share * (1 - share) / used)
    if _near(pair, (share - reach, share + reach)):
        return "the typical distance belongs to the rate p that is tried, not to the share seen"
    if _near(pair[::-1], expected):
        return "the lower end comes first"
    z_missing = wilson_interval(worked, used, z=1.0)
    if _near(pair, z_missing):
        return "up to 1.96 typical distances are no surprise, not only one"
    return None


# ---------------------------------------------------------------- 05.3


def _crossed_interval(scores, statistic=np.mean, repeats=2000, rng=0):
    rng = np.random.default_rng(rng)
    n_agents, n_rooms = scores.shape
    samples = []
    for _ in range(repeats):
        agents, rooms = rng.integers(n_agents, size=n_agents), rng.integers(n_rooms, size=n_rooms)
        samples.append(statistic(scores[agents][:, rooms]))
    return tuple(np.quantile(samples, [0.025, 0.975]).tolist())


def _as_wide(args, given):
    """Chance draws differ: the ends may, by a third of the interval."""
    given, right = np.asarray(given, dtype=float), np.array(_crossed_interval(*args))
    return given.shape == (2,) and bool(
        (np.abs(given - right) <= 0.35 * np.ptp(right) + 1e-9).all()
    )


def _why_crossed(args, given, expected):
    pair = np.asarray(given, dtype=float)
    if pair.shape != (2,):
        return "two numbers are wanted, the lower and the upper end"
    if pair[0] > pair[1]:
        return "the lower end comes first"
    scores, ends = args[0], "({:.2f}, {:.2f})".format(*expected)
    about = f"the interval is about {ends}"
    if args[1] is not np.mean and _as_wide((scores, np.mean, *args[2:]), pair):
        return f"{about}: each sample is `statistic` of what was drawn, not its mean"
    if np.ptp(pair) < 0.75 * np.ptp(expected):
        if np.ptp(scores, axis=1).max() == 0:
            return f"{about}: only the agents differ here, and whole rows must be drawn"
        if np.ptp(scores, axis=0).max() == 0:
            return f"{about}: only the rooms differ here, and whole columns must be drawn"
        return f"{about}: yours is too narrow"
    if np.ptp(pair) > 1.3 * np.ptp(expected):
        return f"{about}: yours is too wide; draw as many rows and columns as there are"
    return about


_AGENTS_DIFFER = np.repeat(np.arange(8.0)[:, None], 6, axis=1)
_ROOMS_DIFFER = np.repeat(np.arange(6.0)[None], 8, axis=0)


# ---------------------------------------------------------------- 05.4


def _trimmed_mean(scores):
    ordered = np.sort(np.ravel(scores))
    cut = len(ordered) // 10
    return ordered[cut : len(ordered) - cut].mean()


def _is_in_the_middle(args, given):
    """Whether a number lies where nearly all scores lie, whatever a single one is."""
    low, high = np.quantile(args[0], [0.1, 0.9])
    return np.ndim(given) == 0 and bool(low - 1e-9 <= given <= high + 1e-9)


def _why_middle(args, given, expected):
    scores = np.sort(np.ravel(args[0]))
    if np.ndim(given):
        return "one number is wanted for all scores together"
    if abs(given - scores.mean()) < 1e-9:
        return "a single run has moved the mean out of where nearly all others lie"
    low, high = np.quantile(scores, [0.1, 0.9])
    return f"eight runs in ten lie between {low:.2f} and {high:.2f}, and your number does not"


def _twenty(run=0, score=1.0):
    """Return scores from 1.0 to 2.9, of which one run has another score."""
    scores = 1 + np.arange(20.0) / 10
    scores[run] = score
    return scores.reshape(4, 5)


EXERCISES = {
    "05.1": Exercise(
        _moving_average,
        (
            ([10, 12, 11, 13], 1),
            ([4, 1, 1, 1, 4], 3),
            ([1, 2, 3, 4, 5, 6], 5),
            ([5, 7], 3),
            ([], 3),
        ),
        explain=_why_moving,
        plug_in=True,
        repair=True,
    ),
    "05.2": Exercise(
        _wilson,
        ((9, 10), (1, 1), (0, 3), (50, 100), (3, 4), (0, 0)),
        same=_near,
        explain=_why_wilson,
        plug_in=True,
    ),
    "05.3": Exercise(
        _crossed_interval,
        (
            (np.full((3, 4), 2.5), np.mean, 300),
            (_AGENTS_DIFFER, np.mean, 500),
            (_ROOMS_DIFFER, np.mean, 500),
            (_AGENTS_DIFFER + _ROOMS_DIFFER, np.mean, 500),
            (_AGENTS_DIFFER, np.max, 500),
        ),
        accepts=_as_wide,
        explain=_why_crossed,
        plug_in=True,
    ),
    "05.4": Exercise(
        _trimmed_mean,
        ((np.full((2, 3), 1.5),), (_twenty(),), (_twenty(19, 100.0),), (_twenty(0, -100.0),)),
        accepts=_is_in_the_middle,
        explain=_why_middle,
        note="A single run cannot move it far, in either direction.",
        plug_in=True,
    ),
}
