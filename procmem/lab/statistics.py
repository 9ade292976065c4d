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
    rng = np.random.default_rng(rng)
    tasks = np.arange(scores.shape[1])
    samples = [
        statistic(scores[rng.integers(len(scores), size=scores.shape), tasks])
        for _ in range(repeats)
    ]
    tail = (1 - confidence) / 2
    low, high = np.quantile(samples, [tail, 1 - tail])
    return float(low), float(high)


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
