"""Learning curves, and the parts that every plot is made of.

Colours are never alone: a marker, a dash or a word goes with each.

A plot takes data and, if you like, ``ax``; it returns the ``Axes`` and shows nothing by itself.
What it shows, in words and numbers, is ``caption(ax)``.
"""

from functools import wraps
from itertools import pairwise
from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from procmem.arguments import having
from procmem.gridworld import GOAL_REWARD, STEP_REWARD
from procmem.show.style import DOTTED, FONT_SIZE, INK, MATPLOTLIB, looks

QUANTITIES = {
    "steps": "steps until the episode ends (log scale)",
    "ratio": "steps / optimum (log scale)",
    "solved": "agents that solved it (%)",
    "rewards": "reward of the episode",
}
"""What a learning curve can show, and how its axis is labelled."""


def caption(ax):
    """Return in words what a plot of this package drew, as a caption of lines of 88 characters."""
    if not getattr(ax, "get_label", str)():
        raise ValueError(f"ax must come from a plot of procmem.show, got {ax!r}")
    return fill(ax.get_label(), 88)


def styled(plot):
    """Return a function that draws as ``plot`` does, in the course's style and not the reader's.

    The reader's own settings (fonts, TeX, a dark style) are as before when it returns.
    """

    @wraps(plot)
    def drawn(*args, **kwargs):
        with plt.style.context(MATPLOTLIB, after_reset=True):
            ax = plot(*args, **kwargs)
            ax.figure.draw_without_rendering()  # ticks are made only now, in this style
        return ax

    return drawn


@styled
def plot_learning_curve(results, ax=None, quantity="steps"):
    """Draw ``quantity`` over the episodes of practice: one line for each of the named ``Results``.

    A line is the median over agents, its band their middle half; up to three agents are drawn one
    by one instead. Of ``"solved"`` the mean is drawn alone: how yes and no spread is in their mean.
    """
    check_named(results)
    if quantity not in QUANTITIES:
        raise ValueError(f"quantity must be one of {', '.join(QUANTITIES)}, got {quantity!r}")
    ax = new_axes(ax)
    if quantity in ("steps", "ratio"):
        log_axis(ax, ax.yaxis)
    share = quantity == "solved"
    ends = _draw_optimum(ax, max(results.values(), key=lambda r: r.steps.shape[1]), quantity)
    words = [f"{name} {_short(point[1])} in the last episode." for name, point in ends.items()]
    style = looks(results)
    for name, result in results.items():
        values = getattr(result, quantity)
        middle, spread = _curve(values, share)
        ends[name] = _draw_line(ax, style[name], middle, spread, banded=len(values) >= 4)
        words.append(f"{name}: {_course(middle, spread)}.")
    if share:
        ax.set_ylim(-4, 104)
    ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    dress(ax, "episode of practice", QUANTITIES[quantity])
    aid = _reading_aid(results, share)
    note(ax, aid)
    label_ends(ax, ends)
    what = QUANTITIES[quantity].removesuffix(" (log scale)").capitalize()
    return set_caption(ax, f"{what} over the episodes of practice; {aid}.", *words)


# ---------------------------------------------------------------- parts for every picture


def new_axes(ax, size=(6.4, 4.0)):
    """Return ``ax``, or the Axes of a new figure of this size in inches."""
    return plt.subplots(figsize=size)[1] if ax is None else ax


def set_caption(ax, *sentences):
    """Let ``caption(ax)`` say these sentences; return ``ax``."""
    # A label is what matplotlib has for saying what an Artist is; Axes show theirs nowhere.
    ax.set_label(" ".join(sentences))
    return ax


def plain(name):
    """Return a name in which matplotlib sees no formula."""
    return str(name).replace("$", r"\$")


def dress(ax, across, up):
    """Label both axes and give ``ax`` the look of all pictures."""
    # Axes that a reader made have the reader's style: what can be seen of it is set here.
    ax.figure.set_facecolor("white")
    ax.set_facecolor("white")
    ax.set_xlabel(across, fontsize=FONT_SIZE + 1, color="black")
    ax.set_ylabel(up, fontsize=FONT_SIZE + 1, color="black")
    ax.tick_params(labelsize=FONT_SIZE, colors="black")
    ax.spines[:].set_color("black")
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(color="0.9", linewidth=0.8)
    ax.set_axisbelow(True)


def note(ax, text):
    """Write above a plot how to read it."""
    ax.set_title(text, loc="left", fontsize=FONT_SIZE, color="black")


def log_axis(ax, axis):
    """Let ``axis`` of ``ax`` count in powers, labelled 1, 2, 5, 10 and so on."""
    ax.set(**{f"{axis.axis_name}scale": "log"})
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def label_ends(ax, ends):
    """Write each name beside the end of its line, far enough from the others to be read."""
    to_axes = ax.transData + ax.transAxes.inverted()
    ax.autoscale_view()
    heights = {name: to_axes.transform(end)[1] for name, end in ends.items()}
    gap = 1.5 * FONT_SIZE / (ax.get_window_extent().height * 72 / ax.figure.dpi)
    names = sorted(ends, key=heights.get)
    for lower, upper in pairwise(names):
        heights[upper] = max(heights[upper], heights[lower] + gap)
    heights[names[-1]] = min(heights[names[-1]], 1.0)
    for upper, lower in pairwise(names[::-1]):
        heights[lower] = min(heights[lower], heights[upper] - gap)
    thread = {"arrowstyle": "-", "color": "0.5", "linewidth": 0.8}
    style = {"textcoords": "axes fraction", "va": "center", "fontsize": FONT_SIZE}
    for name in names:
        ax.annotate(plain(name), ends[name], (1.03, heights[name]), arrowprops=thread, **style)


# ---------------------------------------------------------------- parts for one picture


def check_named(things):
    """Raise ``ValueError`` unless ``things`` is a dict with at least one entry."""
    if not isinstance(things, dict) or not things:
        raise ValueError(f"a plot needs a dict with at least one name, got {things!r}")
    for name, result in things.items():
        having(name, result, "ratio", "solved", "optimum")


def _draw_optimum(ax, result, quantity):
    """Draw what cannot be beaten; return where its line ends, by name."""
    optimum = np.median(result.optimum, axis=0)
    best = {"steps": optimum, "ratio": optimum / optimum, "solved": 100 * optimum / optimum}
    best["rewards"] = GOAL_REWARD + STEP_REWARD * optimum
    episodes = np.arange(1, len(optimum) + 1)
    ax.plot(episodes, best[quantity], color=INK, linestyle=DOTTED, linewidth=1.5)
    return {"optimum": (episodes[-1], best[quantity][-1])}


def _curve(values, share):
    """Return the line through ``values`` and its spread: nothing, two quartiles or every agent."""
    if share:
        return 100 * values.mean(axis=0), []
    middle = np.median(values, axis=0)
    if len(values) >= 4:
        return middle, np.quantile(values, [0.25, 0.75], axis=0)
    return middle, values if len(values) > 1 else []


def _draw_line(ax, look, middle, spread, banded):
    """Draw a line and its spread; return where it ends."""
    colour, episodes = look.colour, np.arange(1, len(middle) + 1)
    stride = max(1, len(episodes) // 8)
    marked = [*range(0, len(episodes) - 1, stride), len(episodes) - 1]
    style = {"color": colour, "linestyle": look.dash, "marker": look.marker, "markevery": marked}
    edge = {"markeredgecolor": INK, "markeredgewidth": 0.6}
    ax.plot(episodes, middle, markersize=6, **style, **edge)
    if banded and len(spread):
        ax.fill_between(episodes, *spread, color=colour, alpha=0.2, linewidth=0)
    elif len(spread):
        ax.plot(episodes, np.transpose(spread), color=colour, alpha=0.5, linewidth=0.7)
    return episodes[-1], middle[-1]


def _reading_aid(results, share):
    counts = sorted({len(result.steps) for result in results.values()})
    agents = "1 agent" if counts == [1] else f"{'-'.join(map(str, counts))} agents"
    if share:
        return f"share of {agents}"
    spread = ", band: their middle half" if counts[-1] >= 4 else ", thin: each agent"
    return agents if counts == [1] else f"line: median of {agents}{spread}"


def _course(middle, spread):
    """Return in words where a curve begins, where it ends, and how far the agents are apart."""
    words = f"from {_short(middle[0])} in the first episode to {_short(middle[-1])} in the last"
    if len(spread):
        low, high = np.min(spread, axis=0)[-1], np.max(spread, axis=0)[-1]
        words += f" (there between {_short(low)} and {_short(high)})"
    return words


def _short(number):
    return f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"
