"""The same rooms with a twist, and MiniGrid's; what the fewest steps are in any of them."""

from dataclasses import dataclass, replace
from functools import lru_cache

import gymnasium
from gymnasium import spaces

from procmem.arguments import flag, function, having, instance, real, whole
from procmem.embedding import offsets
from procmem.gridworld import LARGEST, Action, Cell, GridWorld, Layout, shortest_path, transition

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
        self.upside_down = flag("upside_down", upside_down)
        super().__init__(size, shuffle)

    def next_layout(self):
        """Return the mirrored layout of the next episode."""
        return mirrored(super().next_layout(), upside_down=self.upside_down)


@dataclass(frozen=True)
class MovedKeyLayout(Layout):
    """A layout that tells, too, where the key is carried to."""

    elsewhere: Cell = (0, 0)

    def __post_init__(self):
        """Refuse a place outside the room."""
        super().__post_init__()
        self._check_inside("elsewhere", self.elsewhere)


class MovedKeyWorld(GridWorld):
    """A room whose key is carried off once, to another cell, as soon as the agent is beside it."""

    def __init__(self, size=5, shuffle=False):
        super().__init__(size, shuffle, transition=carried_off)

    def next_layout(self):
        """Return the layout of the next episode; the key's other cell is not beside its first."""
        layout = super().next_layout()
        cells = [divmod(index, self.size) for index in range(layout.door[0] * self.size)]
        free = [cell for cell in cells if not _beside(cell, layout.key)]
        elsewhere = free[self.np_random.integers(len(free))]
        return MovedKeyLayout(**vars(layout), elsewhere=elsewhere)


def carried_off(layout, state, action):
    """Return the state after ``action`` by the rules of ``MovedKeyWorld``."""
    after = transition(layout, state, action)
    waits = after["key"] == layout.key and not after["has_key"]
    if waits and _beside(after["agent"], layout.key):
        return {**after, "key": layout.elsewhere}
    return after


def _beside(cell, other):
    return abs(cell[0] - other[0]) + abs(cell[1] - other[1]) <= 1


class KeyRoom(GridWorld):
    """A room that is solved with the key in hand, or given up after 100 steps.

    The state has one more entry, in words: where the key lies as seen from the agent.
    """

    def __init__(self, size=5, shuffle=False):
        super().__init__(size, shuffle)
        self.max_steps = 100
        letters = frozenset("downuprightlefthere0123456789, ")
        words = {"key_lies": spaces.Text(40, charset=letters)}
        self.observation_space = spaces.Dict({**self.observation_space.spaces, **words})

    @property
    def state(self):
        """The present state, as a fresh dict."""
        return _in_words(super().state)

    def transition(self, state, action):
        """Return the state that follows the action."""
        return _in_words(super().transition(state, action))

    def step(self, action):
        """Do ``action``; the episode is over when the agent has the key."""
        state, reward, _, truncated, info = super().step(action)
        return state, reward, state["has_key"], truncated and not state["has_key"], info

    def starts(self):
        """Return the present state with the agent in each cell above the wall, row by row."""
        cells = [divmod(index, self.size) for index in range(self.layout.door[0] * self.size)]
        return [_in_words({**self.state, "agent": cell}) for cell in cells]


def _in_words(state):
    rows, cols = offsets(state)["key"]
    down = [f"{abs(rows)} {'down' if rows > 0 else 'up'}"] if rows else []
    right = [f"{abs(cols)} {'right' if cols > 0 else 'left'}"] if cols else []
    return {**state, "key_lies": ", ".join(down + right) or "here"}


@dataclass(frozen=True)
class DecoyLayout(Layout):
    """A layout with two more things, which lie anywhere and change nothing."""

    lamp: Cell = (0, 0)
    plant: Cell = (0, 0)

    def __post_init__(self):
        """Refuse a place outside the room."""
        super().__post_init__()
        self._check_inside("lamp", self.lamp)
        self._check_inside("plant", self.plant)

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
        self.only = instance("layout", layout, Layout)
        super().__init__(layout.size)

    def next_layout(self):
        """Return the layout given by hand."""
        return self.only


def mirrored(layout, *, upside_down=False):
    """Return the layout with left and right exchanged, or top and bottom."""
    last = instance("layout", layout, Layout).size - 1
    flag("upside_down", upside_down)

    def flip(cell):
        return (last - cell[0], cell[1]) if upside_down else (cell[0], last - cell[1])

    things = {name: flip(getattr(layout, name)) for name in ("agent", "key", "door", "goal")}
    return replace(layout, walls=frozenset(map(flip, layout.walls)), **things)


def doorkey(size=5, shuffle=True):
    """Return MiniGrid's DoorKey of this size, in which every reset draws a room."""
    flag("shuffle", shuffle)
    if whole("size", size) not in (5, 6, 8, 16):
        raise ValueError(f"size must be 5, 6, 8 or 16, got {size}")
    from procmem.doorkey import DoorKeyFacts  # needs the package minigrid

    return DoorKeyFacts(gymnasium.make(f"MiniGrid-DoorKey-{size}x{size}-v0"))


def optimum(layout, rules=transition):
    """Return the fewest steps that a layout allows under the rules of its world."""
    return _optimum(instance("layout", layout, Layout), function("rules", rules))


@lru_cache(maxsize=10_000)
def _optimum(layout, rules):
    return len(shortest_path(OneRoom(layout), rules))


def fewest_steps(env):
    """Return the fewest steps for the room that ``env`` has just begun; slips are not foreseen."""
    layout = having("env", env, "get_wrapper_attr").get_wrapper_attr("layout")
    if isinstance(layout, Layout):
        return optimum(layout, env.unwrapped._transition)
    from procmem import doorkey

    return len(doorkey.shortest_path(env))


def bricked_up(changed, size=7):
    """Return a room with two ways from the key to the door; the short one is bricked up."""
    size = whole("size", size, 6, LARGEST)
    gaps = {size - 1} if flag("changed", changed) else {0, size - 1}
    walls = {(1, col) for col in range(size)} - {(1, col) for col in gaps}
    row, middle = size - 3, size // 2
    walls |= {(row, col) for col in range(size) if col != middle}
    return Layout(size, frozenset(walls), (0, 2), (2, 2), (row, middle), (size - 1, middle))


def short_cut(changed, size=7):
    """Return a room with one long way to the key; if changed, a hole beside the agent is open."""
    size = whole("size", size, 6, LARGEST)
    gaps = {0, size - 1} if flag("changed", changed) else {size - 1}
    walls = {(1, col) for col in range(size)} - {(1, col) for col in gaps}
    walls |= {(size - 3, col) for col in range(1, size)}
    return Layout(size, frozenset(walls), (0, 0), (2, 0), (size - 3, 0), (size - 1, 2))
