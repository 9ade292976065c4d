"""A similarity field: how similar every cell of a room is to a situation in another room."""

import numpy as np

from procmem.arguments import having, instance
from procmem.embedding import cosine_similarity
from procmem.gridworld import Layout
from procmem.show.picture import Picture, box, card, group, words
from procmem.show.room import UNIT, describe_room, room
from procmem.show.style import FLOOR, INK
from procmem.show.touch import Control, touchable
from procmem.show.widget import dropdown, row

WIDTH = 330  # pixels of a room


class SimilarityField(Control):
    """Drag the agent or the key of one room; every cell of the other shows how similar it is.

    ``encoders`` is a dict from names to encoders, chosen above the picture. ``room`` is a layout,
    and ``other`` another one (the same one if it is not given); ``state`` is the situation that
    ``room`` begins in, and its facts hold in the other room, too. ``similarities`` holds the
    numbers: what is compared is this situation, and the other room with the agent in each cell.
    """

    def __init__(self, encoders, room, other=None, state=None):
        if not isinstance(encoders, dict) or not encoders:
            raise ValueError(f"encoders must be a dict with at least one name, got {encoders!r}")
        for name, layout in (("room", room), ("other", other or room)):
            instance(name, layout, Layout)
        for name, encoder in encoders.items():
            having(name, encoder, "__call__")
        self.encoders, self.room, self.other = dict(encoders), room, other or room
        self.state = dict(state or room.state())
        if not {"agent", "key"} <= self.state.keys():
            raise ValueError(f"state must tell where agent and key are, got {self.state}")
        self.encoder = dropdown("Encoder", list(self.encoders))
        super().__init__([row(self.encoder)], "field")
        self.encoder.observe(lambda _: self.show(), "value")
        self.show("Drag the agent or the key, or choose another encoder.")

    @property
    def similarities(self):
        """The similarity of every cell: an array ``(size, size)``, NaN where no agent can be."""
        return self.field(self.encoder.value)

    def field(self, name):
        """Return the similarities by the encoder of that name."""
        return similarity_field(self.encoders[name], self.state, self.other)

    def touched(self, thing, cells):
        """Move the agent or the key to the last of the cells."""
        if thing:
            return self.move(thing, cells[-1])
        return self.words

    def move(self, thing, cell):
        """Put the agent or the key of the first room into ``cell``; return what is to be said."""
        closed = cell == self.state["door"] and not self.state["door_open"]
        if not self.room.contains(cell) or cell in self.room.walls or closed:
            raise ValueError(f"{thing} must be in a free cell, got {cell}")
        carried = {"key": cell} if thing == "agent" and self.state["has_key"] else {}
        self.state |= {thing: cell, **carried}
        return f"The {thing} is at {cell}. {self._told(self.encoder.value)}"

    def _told(self, name):
        grid = self.field(name)
        best = np.unravel_index(np.nanargmax(np.round(grid, 6)), grid.shape)
        alike, free = int((np.round(grid, 6) >= 0.9).sum()), int(np.isfinite(grid).sum())
        cell = tuple(map(int, best))
        best = f"most similar at {cell} with {number(grid[best])}"
        return f"{name}: {best}; {alike} of {free} cells at 0.90 or above."

    def draw(self):
        """Return the room to drag in and the field, side by side, as HTML."""
        name = self.encoder.value
        things = {name: self.state[name] for name in self._movable()}
        mine = room(self.room, self.state, WIDTH, over=touchable(self.room.size, things))
        here = card(
            WIDTH,
            WIDTH + 26,
            describe_room(self.room, self.state),
            _titled("this situation", mine),
            "group",
        )
        there = card(WIDTH, WIDTH + 26, self._told(name), _titled(name, self._field(name)))
        return f'<div class="row">{here}{there}</div>'

    def _movable(self):
        return ["agent"] if self.state["has_key"] else ["key", "agent"]

    def _field(self, name):
        return room_with_field(self.other, self.field(name), self.state, WIDTH)

    def picture(self):
        """Return the situation and the field of every encoder as a ``Picture``."""
        bodies = [_titled("this situation", room(self.room, self.state, WIDTH))]
        bodies += [_titled(name, self._field(name)) for name in self.encoders]
        body = "".join(
            group(one, (WIDTH * (i % 2), (WIDTH + 26) * (i // 2), 1))
            for i, one in enumerate(bodies)
        )
        label = f"How similar the cells of another room are to the agent at {self.state['agent']}"
        label += f" and the key at {self.state['key']}. {' '.join(map(self._told, self.encoders))}"
        return Picture(card(2 * WIDTH, (WIDTH + 26) * -(-len(bodies) // 2), label, body), label)


def similarity_field(encoder, state, layout):
    """Return how similar ``layout`` with the agent in each cell is to ``state``, as an array.

    The facts of ``state`` hold there, too. NaN stands where no agent can be: in walls, and in the
    door while it is closed.
    """
    facts = {name: value for name, value in state.items() if isinstance(value, bool)}
    there, grid = encoder(state), np.full((layout.size,) * 2, np.nan)
    for cell in np.ndindex(grid.shape):
        if cell not in layout.walls and (facts["door_open"] or cell != layout.door):
            carried = {"key": cell} if facts["has_key"] else {}
            seen = {**layout.state(), **facts, "agent": cell, **carried}
            grid[cell] = cosine_similarity(encoder(seen), there)
    return grid


def room_with_field(layout, grid, state, width):
    """Return a room whose cells show similarities, as shade and number; no agent is in it."""
    floor = numbers = ""
    for cell, value in np.ndenumerate(grid):
        if np.isfinite(value):
            x, y, (tone, ink) = UNIT * cell[1], UNIT * cell[0], shade(value)
            floor += box(x + 0.3, y + 0.3, 19.4, 19.4, tone)
            halo = f'<g paint-order="stroke" stroke="{tone}" stroke-width="2">'
            numbers += f"{halo}{words(x + 10, y + 18.5, number(value), 6.5, ink)}</g>"
    facts = {name: value for name, value in state.items() if isinstance(value, bool)}
    shown = {**layout.state(), **facts}
    hidden = ("agent", "held key")
    return room(layout, shown, width, floor=floor, over=numbers, hide=hidden)


def number(value):
    """Return a similarity with two places and a true minus sign."""
    return f"{round(value, 6) + 0.0:.2f}".replace("-0.00", "0.00").replace("-", "−")


_UNLIKE, _ALIKE = (213, 94, 0), (0, 114, 178)


def shade(value):
    """Return the colour of a similarity from -1 to 1, and of ink that can be read on it."""
    end, share = (_ALIKE if value >= 0 else _UNLIKE), min(1, abs(value))
    mixed = [round(255 + (part - 255) * share) for part in end]
    return "#{:02x}{:02x}{:02x}".format(*mixed), FLOOR if value > 0.85 else INK


def _titled(title, body):
    return words(WIDTH / 2, 18, title, 14, INK) + group(body, (0, 24, 1))
