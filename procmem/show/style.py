"""One look for every picture: which colour, marker and dash a thing has, in SVG and in matplotlib.

The colours are Okabe & Ito's, which colour-blind readers tell apart; a marker, a dash or a word
goes with each all the same.
"""

from itertools import cycle
from typing import NamedTuple

INK, GREY, FLOOR, CARD = "#1f2430", "#4b5364", "#ffffff", "#edf0f5"
GRID, JOINT, EXPLORING = "#d5dbe5", "#949db0", "#c3cad6"
BLUE, VERMILLION, GREEN, PURPLE = "#0072b2", "#d55e00", "#009e73", "#cc79a7"
ORANGE, SKY = "#e69f00", "#56b4e9"
SOLID, DASHED, DOTTED = "-", (0, (6, 2)), ":"
DASHDOT, SHORT, LONG = (0, (6, 2, 1, 2)), (0, (3, 1.5)), (0, (9, 2, 1, 2, 1, 2))


class Look(NamedTuple):
    """How one thing looks; ``marker`` and ``dash`` are matplotlib's."""

    colour: str
    marker: str
    dash: str | tuple = SOLID


LOOKS = {
    "ours": Look(BLUE, "o"),
    "no memory": Look(GREY, "s", DASHED),
    "naive memory": Look(VERMILLION, "^", DASHDOT),
    "sham skills": Look(PURPLE, "D", SHORT),
    "networks": Look(GREEN, "P", LONG),
    "recordings": Look(SKY, "h", DASHED),
    "optimum": Look(INK, "", DOTTED),
    "has_key": Look(ORANGE, "v"),
    "door_open": Look(VERMILLION, "X", DASHED),
    "at_goal": Look(GREEN, "*", DASHDOT),
    "exploring": Look(EXPLORING, "_"),
    "worked": Look(BLUE, ".", SOLID),
    "failed": Look(VERMILLION, "x", DASHED),
}
"""What has the same look in every picture of the course, by name."""
_ALIASES = {
    "with memory": "ours",
    "with skills": "ours",
    "without memory": "no memory",
    "memory off": "no memory",
    "naive": "naive memory",
}
# For names that belong to one picture alone: no look from above is among them.
_FREE = (
    Look(PURPLE, "p"),
    Look(SKY, "<", DASHED),
    Look(ORANGE, ">", DASHDOT),
    Look(GREEN, "d", SHORT),
    Look(BLUE, "H", LONG),
    Look(VERMILLION, "8", DASHED),
    Look(GREY, "1", SHORT),
)


def looks(names):
    """Return the look of each name as a dict; one that the course does not know gets a free one.

    More unknown names than free looks begin anew.
    """
    found, free = {}, cycle(_FREE)
    for name in map(str, names):
        found[name] = LOOKS.get(_ALIASES.get(name, name)) or next(free)
    return found


def svg_dash(look):
    """Return the dashes of a look for SVG, "" for none; round ends make every gap shorter."""
    lengths = look.dash[1] if isinstance(look.dash, tuple) else ()
    return " ".join(f"{length + 2 * (i % 2):g}" for i, length in enumerate(lengths))


MATPLOTLIB = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.labelsize": 11,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "grid.color": "0.9",
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "lines.markersize": 7,
}
"""What a plot of this package is drawn with, over matplotlib's own defaults."""
