"""From one array of scores to one number and how far to trust it."""

import math

import numpy as np

from procmem.arguments import real, whole


def interquartile_mean(scores, axis=None):
    """Return the mean of the middle half: a quarter, rounded down, is cut at each end.

    It is less noisy than a median and less at the mercy of one disaster than a mean (Agarwal et al.
    2021).
    """
    scores = _finite("scores", scores)
    ordered = np.sort(scores.ravel() if axis is None else np.moveaxis(scores, axis, 0), axis=0)
    cut = len(ordered) // 4
    return ordered[cut : len(ordered) - cut].mean(axis=0)


# ---------------------------------------------------------------- intervals


def crossed_samples(scores, statistic, repeats, rng):
    """Return ``repeats`` values of ``statistic``, each over agents and rooms drawn anew, whole."""
    agents, rooms = scores.shape
    samples = []
    for _ in range(repeats):
        some_agents = rng.integers(agents, size=agents)
        some_rooms = rng.integers(rooms, size=rooms)
        samples.append(statistic(scores[some_agents][:, some_rooms]))
    return np.array(samples)


def bootstrap_interval(
    scores, statistic=interquartile_mean, *, confidence=0.95, repeats=2000, rng=0
):
    """Return ``(low, high)``, an interval of ``statistic`` over other agents *and* other rooms.

    ``scores`` has shape (agents, rooms), and one agent walks all rooms. So whole agents and whole
    rooms are drawn anew with replacement (crossed bootstrap), and the interval holds the middle
    ``confidence`` of the samples. Drawing runs anew within each task on its own (stratified
    bootstrap, Agarwal et al. 2021) is right if each task has runs of its own; here it would take
    the rooms of one agent for independent, and be far too narrow.

    With few agents the interval is too narrow all the same: with 10 it holds the truth in about
    90 % of cases or more, with 5 in some 85 %, with 3 in some 75 %.
    """
    scores = _table("scores", scores)
    repeats, rng = whole("repeats", repeats, 1), np.random.default_rng(rng)
    return _middle(crossed_samples(scores, statistic, repeats, rng), confidence)


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
    """Return ``(low, high)`` for how far the statistic of ``scores`` lies above ``control``'s.

    Both have shape (agents, rooms), with the same rooms in the same order: each sample takes the
    same rooms on both sides. With ``same_agents`` it takes the same rows on both sides, too, as is
    right if row ``i`` is the same agent, or one of the same seed and practice; by default, if both
    have as many rows. An interval that excludes 0 says that the difference is no accident of these
    agents and rooms. See ``bootstrap_interval`` for what few agents cost.
    """
    scores, control = _table("scores", scores), _table("control", control)
    if scores.shape[1] != control.shape[1]:
        raise ValueError(
            f"control must have the {scores.shape[1]} rooms of scores, got {control.shape[1]}"
        )
    same_agents = len(scores) == len(control) if same_agents is None else same_agents
    if same_agents and len(scores) != len(control):
        raise ValueError(f"control must have {len(scores)} agents, got {len(control)}")
    repeats, rng = whole("repeats", repeats, 1), np.random.default_rng(rng)
    samples = []
    for _ in range(repeats):
        rooms = rng.integers(scores.shape[1], size=scores.shape[1])
        ours = rng.integers(len(scores), size=len(scores))
        theirs = ours if same_agents else rng.integers(len(control), size=len(control))
        samples.append(statistic(scores[ours][:, rooms]) - statistic(control[theirs][:, rooms]))
    return _middle(np.array(samples), confidence)


def _middle(samples, confidence):
    tail = (1 - real("confidence", confidence, 1e-9, 1 - 1e-9)) / 2
    low, high = np.quantile(samples, [tail, 1 - tail])
    return float(low), float(high)


def wilson_interval(worked, used, z=1.96):
    """Return the 95 % interval of a share, ``worked`` of ``used`` times (Wilson's score interval).

    It stays within ``[0, 1]`` and is honest for few tries: of none, it says 0 to 1.
    """
    used = real("used", used, 0)
    worked = real("worked", worked, 0, used)
    if used == 0:
        return 0.0, 1.0
    share, weight = worked / used, z**2 / used
    middle = (share + weight / 2) / (1 + weight)
    reach = z / (1 + weight) * math.sqrt(share * (1 - share) / used + weight / (4 * used))
    return max(0.0, middle - reach), min(1.0, middle + reach)


# ---------------------------------------------------------------- two agents compared


def negative_transfer(steps, control):
    """Return the share of rooms in which the agents took more steps than the control, on average.

    Both have shape (agents, rooms). In such a room memory made it worse.
    """
    steps, control = _table("steps", steps), _table("control", control)
    if steps.shape[1] != control.shape[1]:
        raise ValueError(
            f"control must have the {steps.shape[1]} rooms of steps, got {control.shape[1]}"
        )
    return float((steps.mean(axis=0) > control.mean(axis=0)).mean())


def time_to_threshold(scores, threshold, window=5):
    """Return, for each agent, the first episode from which ``window`` scores in a row are good.

    ``scores`` has shape (agents, episodes), smaller being better; good is at most ``threshold`` on
    average. Episodes count from 1; infinity stands for never.
    """
    scores = _table("scores", scores)
    window = whole("window", window, 1, scores.shape[1])
    means = np.lib.stride_tricks.sliding_window_view(scores, window, axis=1).mean(axis=-1)
    good = means <= real("threshold", threshold)
    return np.where(good.any(axis=1), good.argmax(axis=1) + 1.0, np.inf)


def jump_start(scores, control, episodes=1):
    """Return by how much the first episodes differ on average: ``control`` minus ``scores``.

    Both have shape (agents, episodes); with steps, it says how many are saved at the very start.
    """
    first = slice(whole("episodes", episodes, 1))
    scores, control = _table("scores", scores), _table("control", control)
    return float(control[:, first].mean() - scores[:, first].mean())


def _table(name, scores):
    scores = _finite(name, scores)
    if scores.ndim != 2:
        raise ValueError(f"{name} must have shape (agents, rooms or episodes), got {scores.shape}")
    return scores


def _finite(name, scores):
    scores = np.asarray(scores, dtype=np.float64)
    if scores.size == 0:
        raise ValueError(f"{name} must not be empty")
    if not np.isfinite(scores).all():
        raise ValueError(f"{name} must hold finite numbers only, got NaN or infinity")
    return scores
