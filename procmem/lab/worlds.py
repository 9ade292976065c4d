"""The same rooms with a twist. What the shortest path is said to be, it is without any twist."""

from dataclasses import replace

from procmem.gridworld import Action, GridWorld, fixed_layout

SIDEWAYS = {
    Action.UP: (Action.LEFT, Action.RIGHT),
    Action.DOWN: (Action.LEFT, Action.RIGHT),
    Action.LEFT: (Action.UP, Action.DOWN),
    Action.RIGHT: (Action.UP, Action.DOWN),
}


class SlipperyWorld(GridWorld):
    """A room in which a move goes sideways at a share ``slip`` of the times."""

    def __init__(self, size=5, shuffle=False, slip=0.1):
        if not 0 <= slip <= 1:
            raise ValueError(f"slip must lie in 0..1, got {slip}")
        self.slip = slip
        super().__init__(size, shuffle)

    def answer(self, state, action):
        """Return the state that follows the action, or the slip to either side."""
        if action in SIDEWAYS and self.np_random.random() < self.slip:
            action = SIDEWAYS[action][self.np_random.integers(2)]
        return super().answer(state, action)


class BrokenWorld(GridWorld):
    """A room in which the actions in ``broken`` change nothing, until they are repaired."""

    broken = frozenset()

    def answer(self, state, action):
        """Return the state that follows the action: the same one if the action is broken."""
        return state if action in self.broken else super().answer(state, action)


class MirroredWorld(GridWorld):
    """A room with left and right exchanged, or top and bottom."""

    def __init__(self, size=5, shuffle=False, upside_down=False):
        self.upside_down = upside_down
        super().__init__(size, shuffle)

    def next_layout(self):
        """Return the mirrored layout of the next episode."""
        return mirrored(super().next_layout(), upside_down=self.upside_down)


class MovedKeyWorld(GridWorld):
    """The room that every learner knows, with the key somewhere else in every episode."""

    def next_layout(self):
        """Return the fixed layout with the key on another free cell above the wall."""
        layout = fixed_layout(self.size)
        rows = layout.door[0]
        cells = [divmod(index, self.size) for index in range(rows * self.size)]
        free = [cell for cell in cells if cell not in (layout.agent, layout.key)]
        return replace(layout, key=free[self.np_random.integers(len(free))])


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
