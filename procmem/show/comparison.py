"""Pictures of what came out: conditions side by side, and how often each skill worked."""

from functools import lru_cache

import numpy as np

from procmem.arguments import each
from procmem.lab.statistics import bootstrap_interval, interquartile_mean, wilson_interval
from procmem.show.plots import (
    check_named,
    dress,
    log_axis,
    new_axes,
    note,
    plain,
    set_caption,
    styled,
)
from procmem.show.style import BLUE, DOTTED, INK, looks
from procmem.skill import Skill


@styled
def plot_comparison(results, ax=None, *, interval=bootstrap_interval):
    """Draw steps / optimum for each of the named ``Results``, one row each, beside the optimum.

    Filled is the interquartile mean, across it its 95 % interval; hollow the mean, which sees the
    disasters; small dots are single agents' means. A truncated episode counts as it ended.
    ``interval(scores, statistic)`` returns ``(low, high)`` for scores of shape (agents, rooms).
    """
    check_named(results)
    ax = new_axes(ax, (6.4, 1.4 + 0.65 * len(results)))
    log_axis(ax, ax.xaxis)
    ax.axvline(1, color=INK, linestyle=DOTTED, linewidth=1.5)
    ax.text(1.03, len(results) - 0.45, "optimum")
    words, look = [], looks(results)
    for row, (name, result) in enumerate(results.items()):
        score = _score(result, interval)
        words.append(_score_in_words(name, score, result.solved.mean()))
        style = {"color": look[name].colour, "marker": look[name].marker, "linestyle": "none"}
        agents = result.ratio.mean(axis=1)
        ax.plot(agents, np.full(len(agents), row + 0.22), ".", color="0.5", markersize=5)
        ax.plot([score["mean"]], [row], markerfacecolor="white", **style)
        ax.plot([score["middle"]], [row], **style)
        if score["interval"]:
            ax.plot(score["interval"], [row, row], "|-", color="black", linewidth=1, markersize=12)
    names = [
        f"{plain(name)}\n{result.solved.mean():.1%} solved" for name, result in results.items()
    ]
    ax.set_yticks(range(len(results)), names)
    ax.set_ylim(len(results) - 0.4, -0.5)
    dress(ax, "steps / optimum (log scale)", "")
    aid = "filled: interquartile mean and its 95 % interval\nhollow: mean, dots: single agents"
    note(ax, aid)
    return set_caption(ax, "Steps divided by the fewest possible.", *words)


def summary_text(results, *, interval=bootstrap_interval):
    """Return the numbers behind a comparison as an aligned table, one line for each ``Results``.

    The interval belongs to the interquartile mean over agents; one agent alone has none. It is
    made by ``interval``, as in ``plot_comparison``.
    """
    check_named(results)
    rows = [("", "success", "steps/optimum", "95 % interval", "mean", "max", "decisions/step")]
    for name, result in results.items():
        score = _score(result, interval)
        between = "[{:.2f}, {:.2f}]".format(*score["interval"]) if score["interval"] else "-"
        middle, *rest = (f"{score[key]:.2f}" for key in ("middle", "mean", "max", "decisions"))
        rows.append((name, f"{result.solved.mean():.1%}", middle, between, *rest))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows
    )


@styled
def plot_skill_success(library, ax=None, most=12, *, interval=wilson_interval):
    """Draw how often the ``most`` used skills worked: share, 95 % interval, Laplace's estimate.

    ``most=None`` draws all skills, those never used too. ``interval(worked, used)`` returns
    ``(low, high)``.
    """
    skills = sorted(each("library", library, Skill), key=lambda s: (-s.times_used, s.name))
    if not skills:
        raise ValueError("library must hold at least one skill, got none")
    shown = skills[:most]
    few = len(shown) <= 20
    ax = new_axes(ax, (6.4, 1.2 + 0.3 * max(4, len(shown)) if few else 5.0))
    for row, skill in enumerate(shown):
        low, high = interval(skill.success_count, skill.times_used)
        bar = "|-" if few else "-"
        ax.plot([low, high], [row, row], bar, color="black", linewidth=1, markersize=9)
        if skill.times_used:
            share, size = skill.success_count / skill.times_used, 7 if few else 3
            ax.plot([share], [row], marker="o", color=BLUE, markersize=size, linestyle="none")
        if few:
            ax.plot([skill.success_estimate], [row], "D", markerfacecolor="white", color="black")
    names = [f"{plain(skill.name)}  {skill.success_count} of {skill.times_used}" for skill in shown]
    ax.set_yticks(*((range(len(shown)), names) if few else ([], [])))
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ax.set_xlim(-0.03, 1.03)
    dress(ax, "share of uses that worked", "" if few else "one line a skill, the most used on top")
    note(ax, "filled: share and its 95 % interval" + ", hollow: success estimate" * few)
    unused = sum(skill.times_used == 0 for skill in skills)
    failing = sum(skill.times_used > 0 == skill.success_count for skill in skills)
    first = f"{skills[0].name} worked {skills[0].success_count} of {skills[0].times_used} times"
    return set_caption(
        ax,
        f"{len(shown)} of {len(skills)} skills; of all, {unused} were never used and {failing} "
        f"never worked. Most used: {first}.",
    )


def _score_in_words(name, score, solved):
    interval = "[{:.2f}, {:.2f}]".format(*score["interval"]) if score["interval"] else "one agent"
    return (
        f"{name}: {score['middle']:.2f} {interval}, mean {score['mean']:.2f}, {solved:.1%} solved."
    )


def _score(result, interval):
    ratio = np.ascontiguousarray(result.ratio)
    return {
        "middle": float(interquartile_mean(ratio)),
        "interval": _interval(interval, ratio.tobytes(), ratio.shape) if len(ratio) > 1 else None,
        "mean": ratio.mean(),
        "max": ratio.max(),
        "decisions": result.decisions.sum() / result.steps.sum(),
    }


@lru_cache(maxsize=64)
def _interval(interval, data, shape):
    """Return the interval for an array's bytes: picture and table ask for the same one."""
    low, high = interval(np.frombuffer(data).reshape(shape), interquartile_mean)
    return float(low), float(high)
