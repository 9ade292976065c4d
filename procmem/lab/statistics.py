"""From one array of scores to one number and how far to trust it."""

import math

import numpy as np


def interquartile_mean(scores, axis=None):
    """Return the mean of the middle half: a quarter, rounded down, is cut at each end.

    It is less noisy than a median and less at the mercy of one disaster than a mean (Agarwal et al.
    2021).
    """
    scores = _finite(scores)
    ordered = np.sort(scores.ravel() if axis is None else np.moveaxis(scores, axis, 0), axis=0)
    cut = len(ordered) // 4
    return ordered[cut : len(ordered) - cut].mean(axis=0)


def bootstrap_interval(
    scores, statistic=interquartile_mean, *, confidence=0.95, repeats=2000, rng=0
):
    """Return ``(low, high)``, a percentile bootstrap interval of ``statistic`` over agents.

    ``scores`` has shape (agents, tasks). Agents are drawn anew with replacement for each task on
    its own, so that every sample holds every task as often as the data do (stratified bootstrap).
    """
    scores = _finite(scores)
    if scores.ndim != 2:
        raise ValueError(f"scores must have shape (agents, tasks), got {scores.shape}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    if repeats < 1:
        raise ValueError(f"repeats must be a whole number from 1 up, got {repeats}")
    rng = np.random.default_rng(rng)
    return _middle([statistic(_drawn(scores, rng)) for _ in range(repeats)], confidence)


def _finite(scores):
    scores = np.asarray(scores, dtype=np.float64)
    if scores.size == 0:
        raise ValueError("scores must not be empty")
    if not np.isfinite(scores).all():
        raise ValueError("scores must hold finite numbers only, got NaN or infinity")
    return scores


def wilson_interval(worked, used, z=1.96):
    """Return the 95 % interval of a share, ``worked`` of ``used`` times (Wilson's score interval).

    It stays within ``[0, 1]`` and is honest for few tries: of none, it says 0 to 1.
    """
    if not 0 <= worked <= used:
        raise ValueError(f"worked must lie between 0 and used, got {worked} of {used}")
    if used == 0:
        return 0.0, 1.0
    share, weight = worked / used, z**2 / used
    middle = (share + weight / 2) / (1 + weight)
    reach = z / (1 + weight) * math.sqrt(share * (1 - share) / used + weight / (4 * used))
    return max(0.0, middle - reach), min(1.0, middle + reach)


# ---------------------------------------------------------------- two agents compared


def paired_interval(
    scores, control, statistic=interquartile_mean, *, confidence=0.95, repeats=2000, rng=0
):
    """Return ``(low, high)`` for how far the statistic of ``scores`` lies above ``control``'s.

    Both have shape (agents, tasks), with the same tasks in the same order; agents are drawn anew
    for each task on its own, in both. An interval that excludes 0 says that the difference is no
    accident of these agents.
    """
    scores, control = _finite(scores), _finite(control)
    if scores.ndim != 2 or control.ndim != 2 or scores.shape[1] != control.shape[1]:
        raise ValueError(
            "scores and control must have shapes (agents, tasks) with the same tasks, "
            f"got {scores.shape} and {control.shape}"
        )
    rng = np.random.default_rng(rng)
    differences = [
        statistic(_drawn(scores, rng)) - statistic(_drawn(control, rng)) for _ in range(repeats)
    ]
    return _middle(differences, confidence)


def _drawn(scores, rng):
    return scores[rng.integers(len(scores), size=scores.shape), np.arange(scores.shape[1])]


def _middle(samples, confidence):
    tail = (1 - confidence) / 2
    low, high = np.quantile(samples, [tail, 1 - tail])
    return float(low), float(high)


def negative_transfer(steps, control):
    """Return the share of tasks on which the agents took more steps than the control, on average.

    Both have shape (agents, tasks). On such a task memory made it worse.
    """
    steps, control = _finite(steps), _finite(control)
    if steps.ndim != 2 or control.ndim != 2 or steps.shape[1] != control.shape[1]:
        raise ValueError(
            "steps and control must have shapes (agents, tasks) with the same tasks, "
            f"got {steps.shape} and {control.shape}"
        )
    return float((steps.mean(axis=0) > control.mean(axis=0)).mean())


def time_to_threshold(scores, threshold, window=5):
    """Return, for each agent, the first episode from which ``window`` scores in a row are good.

    ``scores`` has shape (agents, episodes), smaller being better; good is at most ``threshold`` on
    average. Episodes count from 1; infinity stands for never.
    """
    scores = _finite(scores)
    if scores.ndim != 2:
        raise ValueError(f"scores must have shape (agents, episodes), got {scores.shape}")
    if not 1 <= window <= scores.shape[1]:
        raise ValueError(f"window must lie in 1..{scores.shape[1]}, got {window}")
    means = np.lib.stride_tricks.sliding_window_view(scores, window, axis=1).mean(axis=-1)
    good = means <= threshold
    return np.where(good.any(axis=1), good.argmax(axis=1) + 1.0, np.inf)


def jump_start(scores, control, episodes=1):
    """Return by how much the first episodes differ on average: ``control`` minus ``scores``.

    Both have shape (agents, episodes); with steps, it says how many are saved at the very start.
    """
    if episodes < 1:
        raise ValueError(f"episodes must be a whole number from 1 up, got {episodes}")
    return float(_finite(control)[:, :episodes].mean() - _finite(scores)[:, :episodes].mean())


# ---------------------------------------------------------------- practice curves


SHAPES = {"power": lambda n, rate: n**-rate, "exponential": lambda n, rate: np.exp(-rate * n)}
"""How steps may fall with the number ``n`` of the episode, from 1 on."""
RATES = np.geomspace(0.02, 5, 200)


def fit_practice(steps, shape):
    """Return ``(error, rate)`` of the best ``floor + gain * SHAPES[shape](n, rate)``.

    ``steps`` has shape (episodes,). All ``RATES`` are tried; floor and gain come from least
    squares, and ``error`` is the sum of squares that remains.
    """
    steps = _finite(steps)
    if shape not in SHAPES:
        raise ValueError(f"shape must be one of {', '.join(SHAPES)}, got {shape!r}")
    n = np.arange(1, len(steps) + 1)
    errors = [_error(SHAPES[shape](n, rate), steps) for rate in RATES]
    best = int(np.argmin(np.round(errors, 9)))
    return float(errors[best]), float(RATES[best])


def _error(curve, steps):
    basis = np.column_stack([np.ones_like(curve), curve])
    weights = np.linalg.lstsq(basis, steps, rcond=None)[0]
    return ((basis @ weights - steps) ** 2).sum()
