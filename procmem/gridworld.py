"""The world: a room with a key, a door and a goal.

A **state** is a fresh plain ``dict`` of places and facts::

    {"agent": (row, col), "key": (row, col), "door": (row, col), "goal": (row, col),
     "has_key": bool, "door_open": bool, "at_goal": bool}

Row 0 is at the top, column 0 at the left. A carried key is where the agent is. Walls are not part
of the state: the agent notices them when it walks into one.
"""

import inspect
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from operator import itemgetter
from typing import ClassVar

import gymnasium
import numpy as np
from gymnasium import spaces
from gymnasium.envs.registration import EnvSpec

from procmem import arguments
from procmem.arguments import flag, function, having, instance, whole
from procmem.episode import Cell, state_key
from procmem.search import path_to_goal

STEP_REWARD = -0.01
"""Reward of every step: time costs something."""
GOAL_REWARD = 1.0
"""Reward added to the step that reaches the goal."""
LARGEST = 1000
"""No room has a longer side, in cells."""
STEPS_PER_CELL = 40
"""An episode is truncated after ``STEPS_PER_CELL * size**2`` steps."""


class Action(IntEnum):
    """What the agent can do; an action that does not apply changes nothing but costs its step."""

    UP = 0
    DOWN = 1
    LEFT = 2
    RIGHT = 3
    PICK_UP = 4
    OPEN = 5


# Looking a member up in its class is slow, and this is the innermost loop.
_PICK_UP, _OPEN = Action.PICK_UP, Action.OPEN
_MEMBERS = {int(member): member for member in Action}
STATE_NAMES = {"agent", "key", "door", "goal", "has_key", "door_open"}
MOVES = {Action.UP: (-1, 0), Action.DOWN: (1, 0), Action.LEFT: (0, -1), Action.RIGHT: (0, 1)}


@dataclass(frozen=True)
class Layout:
    """Where everything is when an episode begins; ``walls`` is a frozenset of cells."""

    size: int
    walls: frozenset[Cell]
    agent: Cell
    key: Cell
    door: Cell
    goal: Cell

    def __post_init__(self):
        """Refuse a layout that cannot be drawn."""
        whole("size", self.size, 4, LARGEST)
        instance("walls", self.walls, frozenset)
        things = {"agent": self.agent, "key": self.key, "door": self.door, "goal": self.goal}
        for name, cell in things.items():
            self._check_inside(name, cell)
            if cell in self.walls:
                raise ValueError(f"{name} must not lie in a wall, got {cell}")
        if not all(_is_cell(cell) and self.contains(cell) for cell in self.walls):
            raise ValueError(f"walls must be cells of the room of size {self.size}")
        if len({self.key, self.door, self.goal}) < 3 or self.agent in (self.door, self.goal):
            raise ValueError(f"key, door, goal and agent must not share cells, got {things}")

    def _check_inside(self, name, cell):
        if not _is_cell(cell) or not self.contains(cell):
            raise ValueError(f"{name} must lie inside the room of size {self.size}, got {cell}")

    def contains(self, cell):
        """Whether ``cell`` lies inside the room."""
        try:
            row, col = cell
            return 0 <= row < self.size and 0 <= col < self.size
        except (TypeError, ValueError):
            raise ValueError(f"cell must be a (row, col) tuple, got {cell!r}") from None

    def state(self):
        """Return the state in which an episode begins."""
        places = {"agent": self.agent, "key": self.key, "door": self.door, "goal": self.goal}
        return {**places, "has_key": False, "door_open": False, "at_goal": False}

    def upright(self, state):
        """Return ``state`` as the room is drawn: itself, unless a world shows its rooms turned."""
        return instance("state", state, dict)


def _is_cell(cell):
    whole = isinstance(cell, tuple) and all(isinstance(n, (int, np.integer)) for n in cell)
    return whole and len(cell) == 2


def fixed_layout(size):
    """Return the layout that every learner meets first: everything near the diagonal."""
    row, last = whole("size", size, 4, LARGEST) - 2, size - 1
    walls = frozenset((row, col) for col in range(size) if col != row)
    return Layout(size, walls, (0, 0), (size - 3, size - 3), (row, row), (last, last))


def draw_layout(size, rng):
    """Return a random, always solvable layout: agent and key above the wall, the goal below it."""
    size, rng = whole("size", size, 4, LARGEST), arguments.generator("rng", rng)
    row, col = int(rng.integers(1, size - 1)), int(rng.integers(size))
    agent, key = rng.choice(row * size, size=2, replace=False)
    goal = rng.integers((row + 1) * size, size * size)
    walls = frozenset((row, c) for c in range(size) if c != col)
    agent, key, goal = (divmod(int(index), size) for index in (agent, key, goal))
    return Layout(size, walls, agent, key, (row, col), goal)


def transition(layout, state, action):
    """Return the state after ``action``; the very same object where nothing changes.

    The innermost loop of everything: it does not check what it is given.
    """
    move = MOVES.get(action)
    if move is not None:
        return _moved(layout, state, move)
    if action == _PICK_UP and not state["has_key"] and state["key"] == state["agent"]:
        return {**state, "has_key": True}
    if action == _OPEN and state["has_key"] and not state["door_open"] and _beside_door(state):
        return {**state, "door_open": True}
    return state


def _moved(layout, state, move):
    row, col = state["agent"]
    cell = (row + move[0], col + move[1])
    closed = cell == state["door"] and not state["door_open"]
    if cell in layout.walls or closed or not layout.contains(cell):
        return state
    key = cell if state["has_key"] else state["key"]
    return {**state, "agent": cell, "key": key, "at_goal": cell == state["goal"]}


def _beside_door(state):
    (row, col), (door_row, door_col) = state["agent"], state["door"]
    return abs(door_row - row) + abs(door_col - col) == 1


def _check_state(state):
    missing = STATE_NAMES - instance("state", state, dict).keys()
    if missing:
        raise ValueError(f"state must be one of a GridWorld, got one without {min(missing)}")


def text_view(layout, state):
    """Return the room as lines of text.

    ``A`` agent (``@`` with the key), ``k`` key, ``D`` door (``/`` open), ``G`` goal, ``#`` wall.
    """
    cells = {cell: "#" for cell in instance("layout", layout, Layout).walls}
    _check_state(state)
    cells[state["goal"]] = "G"
    cells[state["door"]] = "/" if state["door_open"] else "D"
    cells[state["key"]] = "k"
    cells[state["agent"]] = "@" if state["has_key"] else "A"
    rows = range(layout.size)
    return "\n".join(" ".join(cells.get((row, col), ".") for col in rows) for row in rows)


class GridWorld(gymnasium.Env):
    """A square room cut in two by a wall with a locked door, as a Gymnasium environment.

    ``size`` is the side in cells, at least 4. With ``shuffle=True`` every reset draws a new layout
    from the environment's own random stream, which ``reset(seed=...)`` starts. ``transition`` may
    replace the rules: a function from (layout, state, action) to the next state.
    """

    actions = Action
    metadata: ClassVar = {"render_modes": ["ansi"], "render_fps": 4}

    def __new__(cls, *args, **kwargs):
        """Return a new world that knows its own recipe, so that ``gymnasium.make`` can repeat it.

        A world made from ``spec`` has the arguments of this one, whatever its class takes.
        """
        world = super().__new__(cls)
        # A copy is made without arguments, and gets its recipe with all else.
        given = inspect.signature(cls.__init__).bind_partial(world, *args, **kwargs).arguments
        recipe = {name: value for name, value in given.items() if value is not world}
        world.spec = EnvSpec("procmem/GridWorld-v0", entry_point=cls, kwargs=recipe)
        return world

    def __init__(self, size=5, shuffle=False, render_mode=None, *, transition=transition):
        if render_mode is not None:
            instance("render_mode", render_mode, str)
            if render_mode not in self.metadata["render_modes"]:
                raise ValueError(f"render_mode must be None or 'ansi', got {render_mode!r}")
        self.size = whole("size", size, 4, LARGEST)
        self.shuffle = flag("shuffle", shuffle)
        self.render_mode = render_mode
        self.max_steps = STEPS_PER_CELL * self.size**2
        self._transition = function("transition", transition)
        self.action_space = spaces.Discrete(len(Action))
        cell = spaces.Tuple((spaces.Discrete(self.size), spaces.Discrete(self.size)))
        places = dict.fromkeys(("agent", "key", "door", "goal"), cell)
        flags = dict.fromkeys(("has_key", "door_open", "at_goal"), spaces.Discrete(2))
        self.observation_space = spaces.Dict({**places, **flags})
        self.reset()

    @property
    def state(self):
        """The present state, as a fresh dict."""
        return dict(self._state)

    def reset(self, *, seed=None, options=None):
        """Begin an episode; ``options={"layout": Layout(...)}`` sets the layout by hand."""
        layout = instance("options", {} if options is None else options, dict).get("layout")
        if layout is not None and (not isinstance(layout, Layout) or layout.size != self.size):
            raise ValueError(f"layout must be a Layout of size {self.size}, got {layout!r}")
        super().reset(seed=arguments.seed("seed", seed))
        self.layout = layout or self.next_layout()
        self._state = self.layout.state()
        self._steps = 0
        self._over = False
        return self.state, {}

    def next_layout(self):
        """Return the layout of the next episode."""
        return draw_layout(self.size, self.np_random) if self.shuffle else fixed_layout(self.size)

    def transition(self, state, action):
        """Return the state that follows ``action``; override it for a world with a twist."""
        return self._transition(self.layout, state, action)

    def step(self, action):
        """Do ``action``; return ``(state, reward, terminated, truncated, info)``.

        ``action`` is whatever the action space contains: a member of ``Action``, or its number.
        """
        if isinstance(action, int) and action in _MEMBERS:
            action = _MEMBERS[action]
        else:  # the action space takes NumPy's numbers as well; asking it is slow
            action = arguments.action(action, Action, self.action_space)
        if self._over:
            raise RuntimeError("the episode is over: call reset() before the next step()")
        self._state = self.transition(self._state, action)
        self._steps += 1
        terminated = self._state["at_goal"]
        truncated = not terminated and self._steps >= self.max_steps
        self._over = terminated or truncated
        reward = STEP_REWARD + GOAL_REWARD if terminated else STEP_REWARD
        return self.state, reward, terminated, truncated, {}

    def render(self):
        """Return the room as text, if the render mode asks for it."""
        return text_view(self.layout, self._state) if self.render_mode == "ansi" else None


def shortest_path(env, transition=transition):
    """Return a shortest list of actions from the present state of ``env`` to the goal.

    Breadth-first search over the states that ``transition`` leads to. Raises ``ValueError`` where
    the goal cannot be reached.
    """
    world = having("env", having("env", env, "unwrapped").unwrapped, "layout", "state")
    follow = partial(function("transition", transition), world.layout)
    return path_to_goal(world.state, Action, follow, state_key, itemgetter("at_goal"))


gymnasium.register(id="procmem/GridWorld-v0", entry_point="procmem.gridworld:GridWorld")
