"""From an array of scores to one number and an interval for it.

An array has one row for each agent and one column for each room (any task that all agents get).
"""

import math
import reprlib

import numpy as np

from procmem.arguments import flag, function, generator, real, whole


def interquartile_mean(scores, axis=None):
    """Return the mean of the middle half: a quarter, rounded down, is cut at each end.

    It varies less than a median and one extreme score moves it less than a mean (Agarwal et al.
    2021). ``scores`` has any shape; without ``axis`` the result is one number for all of them.
    """
    scores = _finite("scores", scores)
    axis = None if axis is None else whole("axis", axis, -scores.ndim, scores.ndim - 1)
    ordered = np.sort(scores.ravel() if axis is None else np.moveaxis(scores, axis, 0), axis=0)
    cut = len(ordered) // 4
    return ordered[cut : len(ordered) - cut].mean(axis=0)


def bootstrap_interval(
    scores, statistic=interquartile_mean, *, confidence=0.95, repeats=2000, rng=0
):
    """Return ``(low, high)``, a percentile interval of ``statistic`` by the crossed bootstrap.

    ``scores`` has shape (agents, rooms). Every agent enters every room, so the scores of one agent
    are correlated, and so are the scores in one room. Whole rows and whole columns are therefore
    drawn with replacement; the interval is about new agents in new rooms. If every task has runs of
    its own instead, runs are drawn within each task (stratified bootstrap: Agarwal et al., "Deep RL
    at the Edge of the Statistical Precipice", 2021). For one agent in all rooms those intervals
    are far too narrow: they held the truth in a third of synthetic worlds.

    One row and one column fewer are drawn than there are: as many would make the spread of n agents
    too small by the factor sqrt(1 - 1/n). Few agents still cost certainty: where only agents
    differ, a 95 % interval held the truth in 91 % of synthetic worlds with 10 agents, 87 % with 5,
    76 to 81 % with 3. With one agent the interval is about new rooms only.
    """
    (scores,) = _tables(scores=scores)
    function("statistic", statistic)

    def sample(rng):
        agents, rooms = (_drawn(count, rng) for count in scores.shape)
        return statistic(scores[np.ix_(agents, rooms)])

    return _interval(sample, confidence, repeats, rng)


def paired_interval(
    scores,
    control,
    statistic=interquartile_mean,
    *,
    same_agents=None,
    confidence=0.95,
    repeats=2000,
    rng=0,
):
    """Return ``(low, high)`` for the statistic of ``scores`` minus that of ``control``.

    Both have shape (agents, rooms), with the same rooms in the same order. They are drawn as in
    ``bootstrap_interval``, with the same rooms on both sides. ``same_agents=True`` says that row i
    of both is one agent, or two that share a seed and its practice, and draws the same rows as
    well; ``False`` draws the agents of each side on their own. By default row i of both counts as
    one agent if both have as many. For unrelated agents that is still correct, but ``False`` gives
    steadier intervals.
    """
    scores, control = _tables(scores=scores, control=control)
    function("statistic", statistic)
    alike = len(scores) == len(control)
    same_agents = alike if same_agents is None else flag("same_agents", same_agents)
    if same_agents and not alike:
        raise ValueError(
            "scores and control must have as many agents, unless same_agents=False, "
            f"got {len(scores)} and {len(control)}"
        )

    def sample(rng):
        agents, rooms = (_drawn(count, rng) for count in scores.shape)
        others = agents if same_agents else _drawn(len(control), rng)
        return statistic(scores[np.ix_(agents, rooms)]) - statistic(control[np.ix_(others, rooms)])

    return _interval(sample, confidence, repeats, rng)


def _drawn(count, rng):
    return rng.integers(count, size=max(1, count - 1))


def _interval(sample, confidence, repeats, rng):
    confidence, repeats = real("confidence", confidence, 0, 1), whole("repeats", repeats, 1)
    rng = generator("rng", rng)
    samples = [sample(rng) for _ in range(repeats)]
    low, high = np.quantile(samples, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def wilson_interval(worked, used, z=1.96):
    """Return the 95 % interval of a share, ``worked`` of ``used`` times (Wilson's score interval).

    It stays within ``[0, 1]`` and can be relied on for few tries too; for none it is ``(0, 1)``.
    """
    used = whole("used", used)
    worked, z = whole("worked", worked, 0, used), real("z", z, 0)
    if used == 0:
        return 0.0, 1.0
    share, weight = worked / used, z**2 / used
    middle = (share + weight / 2) / (1 + weight)
    reach = z / (1 + weight) * math.sqrt(share * (1 - share) / used + weight / (4 * used))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def negative_transfer(steps, control):
    """Return the share of rooms in which the agents took more steps than the control, on average.

    Both have shape (agents, rooms), with the same rooms in the same order.
    """
    steps, control = _tables(steps=steps, control=control)
    return float((steps.mean(axis=0) > control.mean(axis=0)).mean())


def _tables(**arrays):
    tables = [_finite(name, array, 2) for name, array in arrays.items()]
    if len({table.shape[1] for table in tables}) > 1:
        shapes = " and ".join(str(table.shape) for table in tables)
        raise ValueError(f"{' and '.join(arrays)} must have the same rooms, got shapes {shapes}")
    return tables


def _finite(name, value, ndim=None):
    try:
        array = np.asarray(value)
    except ValueError:  # ragged
        array = np.asarray(None)
    if array.dtype.kind not in "fiub":
        raise ValueError(f"{name} must be an array of numbers, got {reprlib.repr(value)}")
    array = array.astype(np.float64)
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} axes, got shape {array.shape}")
    if not array.size or not np.isfinite(array).all():
        bad = array[~np.isfinite(array)]
        raise ValueError(f"{name} must be finite numbers, at least one, got {bad[:1]}")
    return array
