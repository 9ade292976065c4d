"""A similarity field: how similar every cell of a room is to a situation in another room."""

import ipywidgets
import numpy as np

from procmem.arguments import having, instance
from procmem.embedding import cosine_similarity
from procmem.episode import facts
from procmem.gridworld import Layout
from procmem.show.picture import box, group, words
from procmem.show.room import UNIT, describe_room, room, situation
from procmem.show.style import INK
from procmem.show.touch import Control, touchable
from procmem.show.widget import named, row

WIDTH = 330  # pixels of a room
_UNLIKE, _ALIKE = (213, 94, 0), (0, 114, 178)  # red, green and blue at -1 and 1


class SimilarityField(Control):
    """Drag the agent or the key of one room; every cell of the other shows how similar it is.

    ``encoders`` is a dict from names to encoders, chosen above the picture. ``room`` and ``other``
    are layouts, the same one if ``other`` is not given; ``state`` is the situation that ``room``
    begins in, and its facts hold in the other room, too.
    """

    size = WIDTH, WIDTH + 26

    def __init__(self, encoders, room, other=None, state=None):
        for name, encoder in named("encoders", encoders).items():
            having(name, encoder, "__call__")
        self.encoders, self.room = dict(encoders), instance("room", room, Layout)
        self.other = instance("other", other or room, Layout)
        self.state = dict(state or room.state())
        if not {"agent", "key"} <= self.state.keys():
            raise ValueError(f"state must tell where agent and key are, got {self.state}")
        self.encoder = ipywidgets.Dropdown(
            options=list(self.encoders),
            description="Encoder",
            layout={"width": "300px", "max_width": "100%"},
            style={"description_width": "initial"},
        )
        super().__init__([row(self.encoder)], "field")
        self.encoder.observe(lambda _: self.show(), "value")
        self.show("Drag the agent or the key, or choose another encoder.")

    @property
    def similarities(self):
        """The similarity of every cell: an array ``(size, size)``, NaN where no agent can be."""
        return self._field(self.encoder.value)

    def move(self, thing, cell):
        """Put the agent or the key of the first room into ``cell``; return what to say."""
        if situation(self.room, self.state, cell) is None:
            raise ValueError(f"{thing} must be in a free cell, got {cell}")
        carried = {"key": cell} if thing == "agent" and self.state["has_key"] else {}
        self.state |= {thing: cell, **carried}
        return f"The {thing} is at {cell}. {_in_words(self.encoder.value, self.similarities)}"

    def _field(self, name):
        return similarity_field(self.encoders[name], self.state, self.other)

    def panels(self, live):
        """Return the situation, and beside it the field of the chosen encoder or of all."""
        things = ["agent"] if self.state["has_key"] else ["key", "agent"]
        over = touchable(self.room.size, {one: self.state[one] for one in things}) if live else ""
        mine = room(self.room, self.state, WIDTH, over=over)
        panels = [(describe_room(self.room, self.state), _titled("this situation", mine))]
        for name in [self.encoder.value] if live else self.encoders:
            grid = self._field(name)
            drawn = _drawn(self.other, grid, self.state)
            panels.append((_in_words(name, grid), _titled(name, drawn)))
        return panels

    def told(self):
        """Return in words what is to be seen."""
        told = f"How similar the cells of another room are to the agent at {self.state['agent']}"
        fields = (_in_words(name, self._field(name)) for name in self.encoders)
        return f"{told} and the key at {self.state['key']}. {' '.join(fields)}"

    def picture(self):
        """Return the situation and the fields of all encoders as a ``Picture``."""
        return super().picture(columns=2)


def similarity_field(encoder, state, layout):
    """Return how similar ``layout`` with the agent in each cell is to ``state``, as an array.

    The facts of ``state`` hold there, too. NaN stands where no agent can be.
    """
    there, grid = encoder(state), np.full((layout.size,) * 2, np.nan)
    for cell in np.ndindex(grid.shape):
        if seen := situation(layout, facts(state), cell):
            grid[cell] = cosine_similarity(encoder(seen), there)
    return grid


def number(value):
    """Return a similarity with two places and a true minus sign."""
    return f"{round(value, 6) + 0.0:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _in_words(name, grid):
    """Return where a field is highest, and in how many cells it is high."""
    rounded = np.round(grid, 6)
    cell = tuple(map(int, np.unravel_index(np.nanargmax(rounded), grid.shape)))
    alike, free = int((rounded >= 0.9).sum()), int(np.isfinite(grid).sum())
    best = f"most similar at {cell} with {number(grid[cell])}"
    return f"{name}: {best}; {alike} of {free} cells at 0.90 or above."


def _drawn(layout, grid, state):
    """Return a room whose cells show similarities, as shade and number; no agent is in it."""
    floor = numbers = ""
    for cell, value in np.ndenumerate(grid):
        if np.isfinite(value):
            x, y, tone = UNIT * cell[1], UNIT * cell[0], _shade(value)
            floor += box(x + 0.3, y + 0.3, 19.4, 19.4, tone)
            halo = f'<g paint-order="stroke" stroke="{tone}" stroke-width="2">'
            numbers += f"{halo}{words(x + 10, y + 18.5, number(value), 6.5, INK)}</g>"
    shown = {**layout.state(), **facts(state)}
    return room(layout, shown, WIDTH, floor=floor, over=numbers, agent=False)


def _shade(value):
    """Return the colour of a similarity from -1 to 1; ink can be read on each."""
    end, share = (_ALIKE if value >= 0 else _UNLIKE), 0.75 * min(1, abs(value))
    return "#{:02x}{:02x}{:02x}".format(*(round(255 + (part - 255) * share) for part in end))


def _titled(title, body):
    return words(WIDTH / 2, 18, title, 14, INK) + group(body, (0, 24, 1))
