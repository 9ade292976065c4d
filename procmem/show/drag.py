"""Drag the things of a room, and see at once which path each agent takes through it."""

from copy import deepcopy
from dataclasses import replace
from itertools import islice

import numpy as np

from procmem.arguments import having, instance
from procmem.episode import Episode
from procmem.gridworld import Layout
from procmem.lab.worlds import OneRoom, optimum
from procmem.show.picture import group, mark, path, words
from procmem.show.room import UNIT, describe_room, room, trail, trail_of
from procmem.show.style import INK, looks, svg_dash
from procmem.show.touch import Control, touchable
from procmem.show.widget import named

WIDTH, LINE = 330, 20  # pixels of the room, and of a line below it
MOST = 300
"""Steps after which an agent is not waited for any longer."""


class DragRoom(Control):
    """Drag the things of a room; each agent walks through it anew, and learns nothing.

    ``agents`` is a dict from names to agents, and ``room`` a layout: the one that the first agent's
    world shows now, if it is not given. ``episodes`` holds their episodes, by name.
    """

    def __init__(self, agents, room=None):
        for name, agent in named("agents", agents).items():
            having(name, agent, "env", "play")
        room = room or getattr(next(iter(agents.values())).env.unwrapped, "layout", None)
        self.agents, self.room = dict(agents), instance("room", room, Layout)
        self.size = WIDTH, WIDTH + 26 + LINE * len(agents)
        super().__init__([], "drag")
        self._walk(self.room)
        self.show("Drag the key, the door, the goal or the agent to another cell.")

    def move(self, thing, cell):
        """Put a thing into ``cell``, the door only within the wall; return what to say."""
        walls, here = self.room.walls, cell == getattr(self.room, thing)
        if thing == "door" and not here:
            if cell not in walls:
                raise ValueError(f"door must be in the wall, got {cell}")
            walls = walls - {cell} | {self.room.door}
        self._walk(replace(self.room, **{thing: cell, "walls": walls}))
        return f"The {thing} is at {cell}. {' '.join(f'{line}.' for line in self._lines())}"

    def _walk(self, layout):
        best = optimum(layout)  # a room that cannot be solved is refused here
        self.episodes = {name: walked(agent, layout) for name, agent in self.agents.items()}
        self.room, self.optimum = layout, best

    def _lines(self):
        """Return how far each agent had to walk, each as a text."""
        return [
            f"{name}: {'' if episode.solved else 'not there after '}{len(episode)} steps"
            for name, episode in self.episodes.items()
        ]

    def told(self):
        """Return in words what is to be seen."""
        described = describe_room(self.room, self.room.state())
        return f"{described} {'. '.join(self._lines())}. The fewest possible: {self.optimum}."

    def panels(self, live):
        """Return the room with all paths, and what they mean below it."""
        paths, lines, style = "", "", looks(self.episodes)
        for n, (name, line) in enumerate(zip(self.episodes, self._lines(), strict=True)):
            shift = 3 * n - 1.5 * (len(self.episodes) - 1)
            paths += self._path(name, style[name], shift)
            lines += _sample(style[name], WIDTH + 10 + LINE * n)
            lines += words(62, WIDTH + 14 + LINE * n, line, 13, INK, "start")
        last = WIDTH + 14 + LINE * len(self.episodes)
        lines += words(62, last, f"the fewest possible: {self.optimum} steps", 13, INK, "start")
        things = {name: getattr(self.room, name) for name in ("agent", "goal", "door", "key")}
        over = touchable(self.room.size, things) if live else ""
        drawn = room(self.room, self.room.state(), WIDTH, floor=paths, over=over)
        return [(self.told(), drawn + lines)]

    def _path(self, name, look, shift):
        """Return the path of an agent; paths through the same cells lie beside each other."""
        cells = trail_of(self.room, self.episodes[name].states)
        row, col = cells[len(cells) // 2]
        drawn = group(trail(cells, look.colour, svg_dash(look)), (shift, shift, 1))
        return drawn + mark(look, UNIT * col + 10 + shift, UNIT * row + 11 + shift)


def _sample(look, y):
    """Return a piece of line as it looks, with its marker."""
    return path(f"M20 {y}h34", pen=look.colour, width=3, dash=svg_dash(look)) + mark(look, 37, y)


def walked(agent, layout, most=MOST):
    """Return the episode of an agent in the room of a layout; the agent itself stays as it is."""
    probe = object.__new__(type(agent))  # nothing is learned here, so that memory may be shared
    mine = {"env": OneRoom(layout), "rng": np.random.default_rng(0)}
    vars(probe).update(vars(agent), explorer=deepcopy(agent.explorer), **mine)
    return Episode(tuple(islice(probe.play(learn=False), most)), layout)
