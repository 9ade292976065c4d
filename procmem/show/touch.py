"""A picture to touch: cells tell Python what was taken where, and Python answers with a drawing."""

import threading
from html import escape

import anywidget
import numpy as np
import traitlets

from procmem.show.picture import Picture, card, tiled
from procmem.show.room import UNIT
from procmem.show.widget import STYLE, Exhibit, source


class Surface(anywidget.AnyWidget):
    """An area of the page that shows ``html`` and reports each ``touch`` of its cells."""

    _esm = source("touch.js")
    _css = STYLE
    html = traitlets.Unicode().tag(sync=True)
    touch = traitlets.Dict().tag(sync=True)


class Control(Exhibit):
    """Base of the controls: parts on top, and below them a ``surface`` that shows panels.

    A subclass says what the ``panels`` are, all of one ``size`` in pixels, what they show in words
    (``told``), and what a touch does: ``touched``, or ``move`` where only things can be moved.
    """

    size = (330, 330)

    def __init__(self, parts, kind):
        self._lock, self._heard = threading.RLock(), (None, 0)
        self.surface, self.words = Surface(), ""
        super().__init__([*parts, self.surface], kind)
        self.surface.observe(lambda change: self._hear(change["new"]), "touch")

    def panels(self, live):
        """Return pairs (description, body of a picture); ``live`` ones can be touched."""
        raise NotImplementedError

    def told(self):
        """Return in words what is to be seen."""
        raise NotImplementedError

    def touched(self, thing, cells):
        """Take ``thing``, "" where a cell was clicked, through ``cells``; return what to say."""
        return self.move(thing, cells[-1]) if thing else self.words

    def draw(self):
        """Return what is to be seen, as HTML."""
        cards = [card(*self.size, label, body) for label, body in self.panels(live=True)]
        return f'<div class="row">{"".join(cards)}</div>' if len(cards) > 1 else cards[0]

    def picture(self, columns=3):
        """Return all panels as a ``Picture``."""
        bodies = [body for _, body in self.panels(live=False)]
        (wide, high, body), told = tiled(bodies, *self.size, columns), self.told()
        return Picture(card(wide, high, told, body), told)

    def show(self, words=None):
        """Draw anew, with a sentence above the picture if one is given."""
        with self._lock:
            self.words = self.words if words is None else words
            self.surface.html = f'<p class="said" role="status">{self.words}</p>{self.draw()}'

    def act(self, deed, *args):
        """Do something and draw anew; a ``ValueError`` is told instead."""
        with self._lock:
            try:
                words = deed(*args)
            except ValueError as error:
                words = f"That does not work: {escape(str(error))}."
            self.show(words)

    def _hear(self, touch):
        # One message holds the whole stroke: while the kernel is busy, the browser sends only one.
        cells = [tuple(cell) for cell in touch["cells"]]
        stroke, heard = self._heard
        fresh = cells[heard:] if stroke == touch["stroke"] else cells
        self._heard = touch["stroke"], len(cells)
        if fresh:
            self.act(self.touched, touch["thing"], fresh)


def touchable(size, things=None, click=False):
    """Return SVG that makes a room's cells touchable; ``things`` maps what can be moved to cells.

    With ``click`` the cells themselves can be reached and pressed by keyboard.
    """
    drawn = ""
    for cell in np.ndindex(size, size):
        order = 0 if cell == (0, 0) else -1  # the arrow keys lead on from the first cell
        reached = _button(f"cell {cell}", order) if click else ""
        drawn += _square(cell, f'data-cell="{cell[0]},{cell[1]}"{reached}')
    for name, cell in (things or {}).items():
        known = f'data-thing="{escape(name)}" data-at="{cell[0]},{cell[1]}"'
        label = f"{escape(name)} at {cell}; the arrow keys move it"
        drawn += _square(cell, known + _button(label, 0))
    return drawn


def _square(cell, attributes):
    place = f'x="{UNIT * cell[1]}" y="{UNIT * cell[0]}" width="{UNIT}" height="{UNIT}"'
    return f'<rect {place} fill="transparent" {attributes}/>'


def _button(label, order):
    return f' role="button" tabindex="{order}" aria-label="{label}"'
