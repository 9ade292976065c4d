"""Drag the things of a room, and see at once which path each agent takes through it."""

from copy import copy, deepcopy
from dataclasses import replace
from itertools import islice

import numpy as np

from procmem.arguments import having, instance
from procmem.episode import Episode
from procmem.gridworld import Layout
from procmem.lab.worlds import OneRoom, optimum
from procmem.show.picture import Picture, card, group, mark, path, words
from procmem.show.record import trail_of
from procmem.show.room import UNIT, describe_room, room, trail
from procmem.show.style import INK, looks, svg_dash
from procmem.show.touch import Control, touchable

WIDTH, LINE = 330, 20  # pixels of the room, and of a line below it
MOST = 300
"""Steps after which an agent is not waited for any longer."""


class DragRoom(Control):
    """Drag the things of a room; each agent walks through it anew, and learns nothing.

    ``agents`` is a dict from names to agents, and ``room`` a layout: the one that the first agent's
    world shows now, if it is not given. ``move(thing, cell)`` is what a drag does; ``episodes``
    holds their episodes, by name.
    """

    def __init__(self, agents, room=None):
        if not isinstance(agents, dict) or not agents:
            raise ValueError(f"agents must be a dict with at least one name, got {agents!r}")
        self.agents = {name: having(name, agent, "env", "play") for name, agent in agents.items()}
        room = room or getattr(next(iter(agents.values())).env.unwrapped, "layout", None)
        self.room = instance("room", room, Layout)
        super().__init__([], "drag")
        self._walk(self.room)
        self.show("Drag the key, the door, the goal or the agent to another cell.")

    def touched(self, thing, cells):
        """Move a thing to the last of the cells."""
        return self.move(thing, cells[-1]) if thing else self.words

    def move(self, thing, cell):
        """Put a thing into ``cell``, the door only within the wall; return what is to be said."""
        walls, here = self.room.walls, cell == getattr(self.room, thing)
        if thing == "door" and not here:
            if cell not in walls:
                raise ValueError(f"door must be in the wall, got {cell}")
            walls = walls - {cell} | {self.room.door}
        self._walk(replace(self.room, **{thing: cell, "walls": walls}))
        return f"The {thing} is at {cell}. {self._told()}"

    def _walk(self, layout):
        best = optimum(layout)  # a room that cannot be solved is refused here
        self.episodes = {name: walked(agent, layout) for name, agent in self.agents.items()}
        self.room, self.optimum = layout, best

    def _told(self):
        return " ".join(
            f"{name}: {len(episode)} steps."
            if episode.solved
            else f"{name}: not there after {MOST}."
            for name, episode in self.episodes.items()
        )

    def draw(self):
        """Return the room with all paths, as HTML."""
        things = {name: getattr(self.room, name) for name in ("agent", "goal", "door", "key")}
        return self._card(touchable(self.room.size, things), "group")

    def _card(self, over="", role="img"):
        style, paths, lines = looks(self.episodes), "", ""
        for n, (name, episode) in enumerate(self.episodes.items()):
            cells = trail_of(self.room, episode.states)
            dash = svg_dash(style[name])
            # Paths through the same cells lie beside each other.
            shift = 3 * n - 1.5 * (len(self.episodes) - 1)
            paths += group(trail(cells, style[name].colour, dash), (shift, shift, 1))
            row, col = cells[len(cells) // 2]
            paths += mark(style[name], UNIT * col + 10 + shift, UNIT * row + 11 + shift)
            y = WIDTH + 14 + LINE * n
            lines += path(f"M20 {y - 4}h34", pen=style[name].colour, width=3, dash=dash)
            lines += mark(style[name], 37, y - 4)
            lines += words(62, y, self._line(name, episode), 13, INK, "start")
        y = WIDTH + 14 + LINE * len(self.episodes)
        lines += words(62, y, f"the fewest possible: {self.optimum} steps", 13, INK, "start")
        body = room(self.room, self.room.state(), WIDTH, floor=paths, over=over) + lines
        label = f"{describe_room(self.room, self.room.state())} {self._told()}"
        return card(WIDTH, y + 12, label, body, role)

    def _line(self, name, episode):
        if not episode.solved:
            return f"{name}: not there after {len(episode)} steps"
        return f"{name}: {len(episode)} steps"

    def picture(self):
        """Return the room with all paths as a ``Picture``."""
        label = f"{describe_room(self.room, self.room.state())} {self._told()}"
        return Picture(self._card(), f"{label} The fewest possible: {self.optimum}.")


def walked(agent, layout, most=MOST):
    """Return the episode of an agent in the room of a layout; the agent itself stays as it is."""
    probe = copy(agent)
    probe.env, probe.rng = OneRoom(layout), np.random.default_rng(0)
    probe.explorer = deepcopy(agent.explorer)
    return Episode(tuple(islice(probe.play(learn=False), most)), layout)
