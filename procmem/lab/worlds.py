"""The same rooms with a twist. The optimum of each is that of the room without its twist."""

from dataclasses import dataclass, replace

from gymnasium import spaces

from procmem.arguments import real
from procmem.gridworld import Action, Cell, GridWorld, Layout, fixed_layout

SIDEWAYS = {
    Action.UP: (Action.LEFT, Action.RIGHT),
    Action.DOWN: (Action.LEFT, Action.RIGHT),
    Action.LEFT: (Action.UP, Action.DOWN),
    Action.RIGHT: (Action.UP, Action.DOWN),
}


class SlipperyWorld(GridWorld):
    """A room in which a move goes sideways at a share ``slip`` of the times."""

    def __init__(self, size=5, shuffle=False, slip=0.1):
        self.slip = real("slip", slip, 0, 1)
        super().__init__(size, shuffle)

    def transition(self, state, action):
        """Return the state that follows the action, or the slip to either side."""
        if action in SIDEWAYS and self.np_random.random() < self.slip:
            action = SIDEWAYS[action][self.np_random.integers(2)]
        return super().transition(state, action)


class BrokenWorld(GridWorld):
    """A room in which the actions in ``broken`` change nothing, until they are repaired."""

    broken = frozenset()

    def transition(self, state, action):
        """Return the state that follows the action: the same one if the action is broken."""
        return state if action in self.broken else super().transition(state, action)


class MirroredWorld(GridWorld):
    """A room with left and right exchanged, or top and bottom."""

    def __init__(self, size=5, shuffle=False, upside_down=False):
        self.upside_down = upside_down
        super().__init__(size, shuffle)

    def next_layout(self):
        """Return the mirrored layout of the next episode."""
        return mirrored(super().next_layout(), upside_down=self.upside_down)


class MovedKeyWorld(GridWorld):
    """The fixed room, with the key somewhere else in every episode."""

    def next_layout(self):
        """Return the fixed layout with the key on another free cell above the wall."""
        layout = fixed_layout(self.size)
        rows = layout.door[0]
        cells = [divmod(index, self.size) for index in range(rows * self.size)]
        free = [cell for cell in cells if cell not in (layout.agent, layout.key)]
        return replace(layout, key=free[self.np_random.integers(len(free))])


@dataclass(frozen=True)
class DecoyLayout(Layout):
    """A layout with two more things, which lie anywhere and change nothing."""

    lamp: Cell = (0, 0)
    plant: Cell = (0, 0)

    def state(self):
        """Return the state in which an episode begins."""
        return {**super().state(), "lamp": self.lamp, "plant": self.plant}


class DecoyWorld(GridWorld):
    """Rooms with two decoys: a lamp and a plant, whose places vary and matter to nothing."""

    def __init__(self, size=5, shuffle=False):
        super().__init__(size, shuffle)
        cell = self.observation_space["agent"]
        decoys = {"lamp": cell, "plant": cell}
        self.observation_space = spaces.Dict({**self.observation_space.spaces, **decoys})

    def next_layout(self):
        """Return the layout of the next episode, the decoys drawn from all cells."""
        layout = super().next_layout()
        lamp, plant = (
            divmod(int(n), self.size) for n in self.np_random.integers(self.size**2, size=2)
        )
        return DecoyLayout(**vars(layout), lamp=lamp, plant=plant)


class OneRoom(GridWorld):
    """The one room of a layout given by hand."""

    def __init__(self, layout):
        self.only = layout
        super().__init__(layout.size)

    def next_layout(self):
        """Return the layout given by hand."""
        return self.only


def mirrored(layout, *, upside_down=False):
    """Return the layout with left and right exchanged, or top and bottom."""
    last = layout.size - 1

    def flip(cell):
        return (last - cell[0], cell[1]) if upside_down else (cell[0], last - cell[1])

    things = {name: flip(getattr(layout, name)) for name in ("agent", "key", "door", "goal")}
    return replace(layout, walls=frozenset(map(flip, layout.walls)), **things)
