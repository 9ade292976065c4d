"""One look for every picture: which colour, marker and dash a thing has, in SVG and in matplotlib.

The colours are Okabe & Ito's, which colour-blind readers tell apart; a marker, a dash or a word
goes with each all the same.
"""

from typing import NamedTuple

INK, GREY, FLOOR, CARD = "#1f2430", "#4b5364", "#ffffff", "#edf0f5"
GRID, JOINT, EXPLORING = "#d5dbe5", "#949db0", "#c3cad6"
BLUE, VERMILLION, GREEN, PURPLE = "#0072b2", "#d55e00", "#009e73", "#cc79a7"
ORANGE, SKY, YELLOW = "#e69f00", "#56b4e9", "#f0e442"
OKABE_ITO = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)

FONT_SIZE = 10
WIDTH = 1.8
"""Of a line in a plot, in points."""
MARKER_SIZE = 7
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
_SAME = {
    "with memory": "ours",
    "without memory": "no memory",
    "naive": "naive memory",
    "sham": "sham skills",
    "network": "networks",
    "recording": "recordings",
    "explored": "exploring",
    "get key": "has_key",
    "open door": "door_open",
    "reach goal": "at_goal",
}
# For names that belong to one picture alone: no look from above is among them.
_FREE = tuple(
    Look(*parts)
    for parts in zip(
        (PURPLE, SKY, ORANGE, GREEN, BLUE, VERMILLION, GREY),
        ("p", "<", ">", "d", "H", "8", "1"),
        (SOLID, DASHED, DASHDOT, SHORT, LONG, DASHED, SHORT),
        strict=True,
    )
)


def looks(names):
    """Return the look of each name as a dict; one that the course does not know gets a free one.

    More unknown names than free looks begin anew.
    """
    known = {name: _SAME.get(name, name) for name in map(str, names)}
    free = [name for name, alias in known.items() if alias not in LOOKS]
    given = {name: _FREE[i % len(_FREE)] for i, name in enumerate(free)}
    return {name: LOOKS.get(alias) or given[name] for name, alias in known.items()}


def svg_dash(look):
    """Return the dashes of a look for SVG, "" for none; round ends make every gap shorter."""
    lengths = look.dash[1] if isinstance(look.dash, tuple) else ()
    return " ".join(f"{length + 2 * (i % 2):g}" for i, length in enumerate(lengths))


MATPLOTLIB = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.labelsize": FONT_SIZE + 1,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": FONT_SIZE,
    "figure.constrained_layout.use": True,
    "font.size": FONT_SIZE,
    "grid.color": "0.9",
    "legend.frameon": False,
    "lines.linewidth": WIDTH,
    "lines.markersize": MARKER_SIZE,
}
"""What a plot of this package is drawn with, over matplotlib's own defaults."""
