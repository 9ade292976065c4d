"""A picture to touch: cells tell Python what was taken where, and Python answers with a drawing."""

import threading
from html import escape

import anywidget
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

    A subclass says what is to be seen (``panels``, all of one ``size`` in pixels), what they show
    in words (``told``) and what a touch does (``touched``). A ``ValueError`` in it becomes the
    sentence above the picture.
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
        raise NotImplementedError

    def draw(self):
        """Return what is to be seen, as HTML."""
        cards = (card(*self.size, label, body) for label, body in self.panels(live=True))
        return f'<div class="sides">{"".join(cards)}</div>'

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
    key = ' role="button" tabindex="{}" aria-label="cell {}"'
    cells = "".join(
        f'<rect data-cell="{row},{col}" x="{UNIT * col}" y="{UNIT * row}" width="{UNIT}"'
        f' height="{UNIT}" fill="transparent"'
        f"{key.format(0 if (row, col) == (0, 0) else -1, (row, col)) if click else ''}/>"
        for row in range(size)
        for col in range(size)
    )
    grips = "".join(
        f'<rect data-thing="{escape(name)}" data-at="{row},{col}" x="{UNIT * col}" y="{UNIT * row}"'
        f' width="{UNIT}" height="{UNIT}" fill="transparent" role="button" tabindex="0"'
        f' aria-label="{escape(name)} at {(row, col)}; the arrow keys move it"/>'
        for name, (row, col) in (things or {}).items()
    )
    return cells + grips
