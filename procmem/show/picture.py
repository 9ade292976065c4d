"""Pictures that are text: SVG, made by pure functions.

Every picture brings its own light card, so that it reads the same in light and in dark themes.
"""

import base64
from html import escape

from procmem.show.style import CARD, GREY, INK


class Picture(str):
    """An SVG picture as the HTML of an image: Jupyter shows that even where it trusts no SVG."""

    def __new__(cls, svg, words):
        """Wrap the text of an SVG and its description."""
        data = base64.b64encode(svg.encode()).decode()
        tag = f'<img alt="{escape(words)}" src="data:image/svg+xml;base64,{data}">'
        self = super().__new__(cls, tag)
        self.svg, self.words = svg, words
        return self

    def _repr_html_(self):
        return str.__str__(self)

    def __repr__(self):
        return self.words


def path(d, fill="none", pen="none", width=0.0, dash=""):
    """Return a path as SVG; what is none is left out."""
    inside = f' fill="{fill}"' if fill != "none" else ""
    line = f' stroke="{pen}" stroke-width="{width:g}"' if width else ""
    dotted = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{d}"{inside}{line}{dotted}/>'


_MARKS = {
    "o": "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0",
    "s": "M-3 -3h6v6h-6z",
    "^": "M0 -4L4 3H-4Z",
    "D": "M0 -4L4 0L0 4L-4 0Z",
    "P": "M-1.3 -4h2.6v2.7h2.7v2.6h-2.7v2.7h-2.6v-2.7h-2.7v-2.6h2.7z",
}


def mark(look, x, y):
    """Return the marker of a look as SVG; those of single pictures are all hexagons here."""
    d = _MARKS.get(look.marker, "M-2 -3.5h4l2 3.5l-2 3.5h-4l-2 -3.5z")
    return group(path(d, look.colour, INK, 0.6), (x, y, 1))


def box(x, y, width, height, fill="none", pen="none", line=0.0):
    """Return a rectangle as SVG."""
    return path(f"M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}z", fill, pen, line)


def words(x, y, text, size=12, colour=GREY, anchor="middle"):
    """Return text as SVG; ``y`` is its base line, ``anchor`` is start, middle or end."""
    aside = f' text-anchor="{anchor}"' if anchor != "middle" else ""
    tone = f' font-size="{size}" fill="{colour}"'
    return f'<text x="{x:.4g}" y="{y:.4g}"{tone}{aside}>{escape(str(text))}</text>'


def group(inside, place=(0, 0, 1), part=""):
    """Return SVG moved and scaled by ``place``, hidden if that is ``None``; ``part`` names it."""
    named = f' data-part="{part}"' if part else ""
    if place is None:
        return f'<g{named} style="display:none">{inside}</g>'
    x, y, scale = place
    return f'<g{named} transform="translate({x:g} {y:g})scale({scale:g})">{inside}</g>'


def card(width, height, label, body):
    """Return ``body`` on a light card as the text of an SVG; ``label`` says what it shows."""
    role = "group" if "tabindex" in body else "img"  # an image hides what is in it
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="{role}" aria-label="{escape(label)}"'
        f' width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
        f' style="max-width:100%;height:auto" font-family="sans-serif" text-anchor="middle"'
        f' fill="none" stroke-linecap="round" stroke-linejoin="round">'
        f'<rect width="100%" height="100%" rx="8" fill="{CARD}"/>{body}</svg>'
    )


def tiled(bodies, width, height, columns):
    """Return the width, the height and the body of equally large bodies, in rows of ``columns``."""
    drawn = "".join(
        group(body, (width * (i % columns), height * (i // columns), 1))
        for i, body in enumerate(bodies)
    )
    return width * min(columns, len(bodies)), height * -(-len(bodies) // columns), drawn
