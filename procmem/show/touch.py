"""A picture to touch: cells tell Python which thing was taken where, Python answers with a drawing.

The base of all controls. Where no kernel runs, each leaves a picture and its description.
"""

import threading
from html import escape
from importlib.resources import files

import anywidget
import ipywidgets
import traitlets

from procmem.show.player import STYLE
from procmem.show.room import UNIT


class Surface(anywidget.AnyWidget):
    """An area of the page that shows ``html`` and reports each ``touch`` of its cells."""

    _esm = files("procmem.show").joinpath("touch.js").read_text(encoding="utf-8")
    _css = STYLE
    html = traitlets.Unicode().tag(sync=True)
    touch = traitlets.Dict().tag(sync=True)


class Control(ipywidgets.VBox):
    """Base of the controls: parts on top, and below them a ``surface`` that ``draw`` fills.

    A subclass says what is to be seen (``draw``, as HTML), what is stored (``picture``) and what a
    touch does (``touched``). A ``ValueError`` in it becomes the sentence above the picture.
    """

    def __init__(self, parts, kind):
        self._lock, self._heard = threading.RLock(), (None, 0)
        self.surface, self.words = Surface(), ""
        super().__init__([*parts, self.surface])
        self.add_class("procmem").add_class(f"procmem-{kind}")
        self.surface.observe(lambda change: self._hear(change["new"]), "touch")

    def draw(self):
        """Return what is to be seen, as HTML."""
        raise NotImplementedError

    def picture(self):
        """Return what is shown where nothing can be touched, as a ``Picture``."""
        raise NotImplementedError

    def touched(self, thing, cells):
        """Take ``thing``, "" where a cell was clicked, through ``cells``."""

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

    def __repr__(self):
        return self.picture().words

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        still = f'<div class="procmem-still">{self.picture()}</div>'
        return {**bundle, "text/plain": repr(self), "text/html": still}


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


def button(label, act):
    """Return a button as wide as its label that calls ``act()``."""
    made = ipywidgets.Button(description=label, layout={"width": "auto", "padding": "0 10px"})
    made.on_click(lambda _: act())
    return made


def row(*parts):
    """Return parts side by side, below one another where the page is narrow."""
    return ipywidgets.HBox(parts, layout={"flex_flow": "row wrap"})


def dropdown(label, options):
    """Return a list to choose from, with its label."""
    made = ipywidgets.Dropdown(options=options, description=label)
    made.style.description_width = "initial"
    made.layout.width, made.layout.max_width = "300px", "100%"
    return made
