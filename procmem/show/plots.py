"""Plots of results: learning curves, conditions side by side, and how often each skill worked.

A plot takes data and, if you like, ``ax``; it returns the ``Axes`` and shows nothing by itself. In
Axes of your own, fonts and background are yours. Colours are never alone: a marker, a dash or a
word goes with each.
"""

from contextlib import contextmanager
from functools import lru_cache

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from procmem.arguments import each, having
from procmem.lab.statistics import bootstrap_interval, interquartile_mean, wilson_interval
from procmem.show.style import BLUE, DOTTED, INK, MATPLOTLIB, looks
from procmem.skill import Skill


def plot_learning_curve(results, ax=None):
    """Draw the steps of each episode of practice, one line for each of the named ``Results``.

    A line is the median over agents, its band their middle half.
    """
    _check_named(results)
    with _axes(ax, (6.4, 4.0)) as ax:
        _log_axis(ax, ax.yaxis)
        ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        best = np.median(max(results.values(), key=lambda r: r.steps.shape[1]).optimum, axis=0)
        ax.plot(np.arange(1, len(best) + 1), best, color=INK, linestyle=DOTTED, label="optimum")
        for (name, result), look in zip(results.items(), looks(results).values(), strict=True):
            low, middle, high = np.quantile(result.steps, [0.25, 0.5, 0.75], axis=0)
            episodes = np.arange(1, len(middle) + 1)
            marked = [*range(0, len(middle) - 1, max(1, len(middle) // 8)), len(middle) - 1]
            style = {"color": look.colour, "linestyle": look.dash, "marker": look.marker}
            ax.plot(episodes, middle, label=_plain(name), markevery=marked, **style)
            ax.fill_between(episodes, low, high, color=look.colour, alpha=0.2, linewidth=0)
        agents = "-".join(map(str, sorted({len(result.steps) for result in results.values()})))
        ax.set(
            xlabel="episode of practice",
            ylabel="steps until the episode ends (log scale)",
            title=f"line: median of {agents} agents, band: their middle half",
        )
        # Beside the Axes a legend covers no data.
        ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax


def plot_comparison(results, ax=None, *, interval=bootstrap_interval):
    """Draw steps / optimum for each of the named ``Results``, one row each, beside the optimum.

    Filled is the interquartile mean, across it its 95 % interval; hollow the mean, which sees the
    disasters; small dots are single agents' means. A truncated episode counts as it ended.
    ``interval(scores, statistic)`` returns ``(low, high)`` for scores of shape (agents, rooms).
    """
    _check_named(results)
    names = [f"{_plain(name)}\n{one.solved.mean():.1%} solved" for name, one in results.items()]
    with _axes(ax, (6.4, 1.4 + 0.65 * len(results))) as ax:
        _log_axis(ax, ax.xaxis)
        ax.axvline(1, color=INK, linestyle=DOTTED, linewidth=1.5)
        ax.text(1.03, len(results) - 0.45, "optimum")
        both = zip(results.values(), looks(results).values(), strict=True)
        for row, (result, look) in enumerate(both):
            score = _score(result, interval)
            style = {"color": look.colour, "marker": look.marker, "linestyle": "none"}
            agents = result.ratio.mean(axis=1)
            ax.plot(agents, np.full(len(agents), row + 0.22), ".", color="0.5", markersize=5)
            ax.plot([score["mean"]], [row], markerfacecolor="white", **style)
            ax.plot([score["middle"]], [row], **style)
            if score["interval"]:
                _draw_interval(ax, row, score["interval"], markersize=12)
        ax.set_yticks(range(len(results)), names)
        aid = "filled: interquartile mean and its 95 % interval\nhollow: mean, dots: single agents"
        below = len(results) - 0.4
        ax.set(ylim=(below, -0.5), xlabel="steps / optimum (log scale)", title=aid)
    return ax


def summary_text(results, *, interval=bootstrap_interval):
    """Return the numbers behind a comparison as an aligned table, one line for each ``Results``.

    The interval belongs to the interquartile mean over agents; one agent alone has none. It is
    made by ``interval``, as in ``plot_comparison``.
    """
    _check_named(results)
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


def plot_skill_success(library, ax=None, most=12, *, interval=wilson_interval):
    """Draw how often the ``most`` used skills worked: share, 95 % interval, Laplace's estimate.

    ``most=None`` draws all skills, those never used too. ``interval(worked, used)`` returns
    ``(low, high)``.
    """
    skills = sorted(each("library", library, Skill), key=lambda s: (-s.times_used, s.name))[:most]
    if not skills:
        raise ValueError("library must hold at least one skill, got none")
    few = len(skills) <= 20
    names = [f"{_plain(one.name)}  {one.success_count} of {one.times_used}" for one in skills]
    with _axes(ax, (6.4, 1.2 + 0.3 * max(4, len(skills)) if few else 5.0)) as ax:
        for row, skill in enumerate(skills):
            ends = interval(skill.success_count, skill.times_used)
            _draw_interval(ax, row, ends, marker="|" if few else "", markersize=9)
            if skill.times_used:
                share = [skill.success_count / skill.times_used]
                ax.plot(share, [row], "o", color=BLUE, markersize=7 if few else 3)
            if few:
                ax.plot([skill.success_estimate], [row], "D", mfc="white", color="black")
        ax.set_yticks(*((range(len(skills)), names) if few else ([], [])))
        aid = "filled: share and its 95 % interval" + ", hollow: success estimate" * few
        ax.set(xlim=(-0.03, 1.03), ylim=(len(skills) - 0.4, -0.6), title=aid)
        ax.set_xlabel("share of uses that worked")
        ax.set_ylabel("" if few else "one line a skill, the most used on top")
    return ax


@contextmanager
def _axes(ax, size):
    """Yield ``ax``, or the Axes of a new figure of this size in inches, in the course's style.

    The reader's own settings (fonts, TeX, a dark style) are as before afterwards.
    """
    if ax is not None:
        yield ax
        return
    with plt.style.context(MATPLOTLIB, after_reset=True):
        ax = plt.subplots(figsize=size)[1]
        yield ax
        ax.figure.draw_without_rendering()  # ticks are made only now, in this style


def _log_axis(ax, axis):
    """Let ``axis`` of ``ax`` count in powers, labelled 1, 2, 5, 10 and so on."""
    ax.set(**{f"{axis.axis_name}scale": "log"})
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def _draw_interval(ax, row, ends, **style):
    ax.plot(ends, [row, row], **{"color": "black", "marker": "|", "linewidth": 1, **style})


def _plain(name):
    """Return a name in which matplotlib sees no formula."""
    return str(name).replace("$", r"\$")


def _check_named(things):
    if not isinstance(things, dict) or not things:
        raise ValueError(f"a plot needs a dict with at least one name, got {things!r}")
    for name, result in things.items():
        having(name, result, "ratio", "solved", "optimum")


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
