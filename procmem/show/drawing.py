"""A drawing of strokes and words: as SVG on the page, and as a PNG where no kernel runs."""

import io
import re
import threading
import warnings
from dataclasses import dataclass, field
from html import escape

from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from procmem.show import svg

LOCK = threading.Lock()
"""Held by whoever draws with matplotlib: callbacks run on several threads."""


@dataclass
class Drawing:
    """Strokes and words on a light card, ``width`` by ``height`` pixels; ``label`` says it all."""

    width: int
    height: int
    label: str
    things: list = field(default_factory=list)
    words: list = field(default_factory=list)

    def draw(self, *strokes, x=0, y=0, scale=1):
        """Add strokes, moved and scaled."""
        self.things.append((strokes, x, y, scale))

    def write(self, x, y, text, size=12, colour=svg.INK, anchor="middle"):
        """Add words; ``y`` is their base line, ``anchor`` is start, middle or end."""
        self.words.append((x, y, str(text), size, colour, anchor))

    def svg(self):
        """Return the drawing as SVG text."""
        pen = '<g fill="none" stroke-linecap="round" stroke-linejoin="round">'
        drawn = "".join(svg.group(*thing) for thing in self.things)
        written = "".join(
            f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{colour}" text-anchor="{anchor}">'
            f"{escape(text)}</text>"
            for x, y, text, size, colour, anchor in self.words
        )
        return svg.card(self.width, self.height, self.label, f"{pen}{drawn}</g>{written}")


def png(drawings, columns=2):
    """Return drawings, ``columns`` side by side, as the bytes of a PNG; 100 pixels are an inch."""
    drawings = list(drawings)
    wide, high = (max(getattr(d, side) for d in drawings) for side in ("width", "height"))
    across, down = min(columns, len(drawings)), -(-len(drawings) // columns)
    with LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # A name may hold signs that the font has not.
        size = (wide * across / 100, high * down / 100)
        figure = Figure(figsize=size, dpi=100, facecolor=svg.CARD)
        for i, drawing in enumerate(drawings):
            _print(figure, drawing, wide * (i % columns), high * (down - i // columns))
        picture = io.BytesIO()
        figure.savefig(picture, format="png", dpi=100, metadata={"Software": None})
    return picture.getvalue()


def _print(figure, drawing, left, top):
    page = Affine2D().scale(0.01, -0.01).translate(left / 100, top / 100)
    for strokes, x, y, scale in drawing.things:
        place = Affine2D().scale(scale).translate(x, y) + page
        for stroke in strokes:
            if stroke.path:
                place_in = place + figure.dpi_scale_trans
                figure.add_artist(patch(stroke, place_in, 0.72 * scale))
    sides = {"start": "left", "middle": "center", "end": "right"}
    for x, y, text, size, colour, anchor in drawing.words:
        style = {"fontsize": 0.7 * size, "color": colour, "ha": sides[anchor], "va": "baseline"}
        place = page + figure.dpi_scale_trans
        figure.text(x, y, text, transform=place, parse_math=False, **style)


def box(x, y, width, height, fill="none", pen="none", line=0.0):
    """Return a rectangle as a stroke."""
    path = f"M{x:g} {y:g}L{x + width:g} {y:g}L{x + width:g} {y + height:g}L{x:g} {y + height:g}Z"
    return svg.Stroke(path, fill, pen, line)


def patch(stroke, transform, points):
    """Return a stroke as a matplotlib patch; a unit of its pen is so many points wide."""
    dotted = (0, (0.01, 2.5)) if stroke.dotted else "-"
    pen = {"edgecolor": stroke.pen, "linewidth": stroke.width * points, "linestyle": dotted}
    ends = {"capstyle": "round", "joinstyle": "round", "snap": False}
    path = _path(stroke.path)
    return PathPatch(path, facecolor=stroke.fill, transform=transform, **pen, **ends)


_CODES = {"M": [Path.MOVETO], "L": [Path.LINETO], "Q": [Path.CURVE3] * 2, "Z": [Path.CLOSEPOLY]}


def _path(text):
    codes, points = [], []
    for letter, numbers in re.findall(r"([MLQZ])([^MLQZ]*)", text):
        values = [float(number) for number in numbers.split()] or [0.0, 0.0]
        codes += _CODES[letter]
        points += zip(values[::2], values[1::2], strict=True)
    return Path(points, codes)
