"""MiniGrid's DoorKey, a world that we did not write, seen as our kind of state.

Needs the package ``minigrid`` (Chevalier-Boisvert et al., Farama Foundation).
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import gymnasium
from gymnasium import spaces

from procmem import arguments
from procmem.episode import Cell
from procmem.lazy import require
from procmem.search import path_to_goal

require(__name__, "minigrid")
from minigrid.core.actions import Actions  # noqa: E402

AHEAD = ((0, 1), (1, 0), (0, -1), (-1, 0))
"""Where MiniGrid's four directions lead, as (rows, columns): right, down, left, up."""


def turned(state, facing, size):
    """Return ``state`` with the room turned so that the direction ``facing`` points up."""
    return _rotated(state, (facing + 1) % 4, size)


def _rotated(state, quarters, size):
    """Return ``state`` after quarter turns of the room, against the clock."""
    for _ in range(quarters):
        cells = {name: value for name, value in state.items() if isinstance(value, tuple)}
        state = state | {name: (size - 1 - col, row) for name, (row, col) in cells.items()}
    return state


@dataclass(frozen=True)
class DoorKeyLayout:
    """Where everything is when an episode begins; ``facing`` is MiniGrid's direction."""

    size: int
    walls: frozenset[Cell]
    agent: Cell
    key: Cell
    door: Cell
    goal: Cell
    facing: int
    turn: Callable | None = turned

    def seen(self, agent, facing, has_key, door_open, key):
        """Return the state that the agent in this cell sees, looking to ``facing``."""
        state = {"agent": agent, "key": key, "door": self.door, "goal": self.goal}
        state |= {"has_key": has_key, "door_open": door_open, "at_goal": agent == self.goal}
        return self.turn(state, facing, self.size) if self.turn else state

    def state(self):
        """Return the state in which an episode begins."""
        return self.seen(self.agent, self.facing, False, False, self.key)

    def upright(self, state):
        """Return ``state`` as MiniGrid draws it, with ``facing``, the step that leads ahead.

        A state that is not turned does not tell where the agent looks, and is returned as it is.
        """
        if self.turn is None or "facing" in state:
            return state
        for quarters, facing in product(range(4), range(4)):
            drawn = _rotated(state, quarters, self.size)
            if drawn["goal"] == self.goal and self.turn(drawn, facing, self.size) == state:
                return {**drawn, "facing": AHEAD[facing]}
        raise ValueError(f"state must be one of this room, got {state}")


class DoorKeyFacts(gymnasium.Wrapper, gymnasium.utils.RecordConstructorArgs):
    """Shows ``MiniGrid-DoorKey-*-v0`` as states of facts and places instead of pixels.

    The room is turned so that the agent always looks up: offsets to key, door and goal are in the
    agent's own frame, and they turn when it turns. All seven actions of MiniGrid are there, those
    that are of no use as well; rewards and the time limit are MiniGrid's. Walls are not shown.

    ``turn(state, facing, size)`` may do this in another way. With ``None`` the room stays as it is,
    and the state does not tell where the agent looks.
    """

    actions = Actions

    def __init__(self, env, *, turn=turned):
        gymnasium.utils.RecordConstructorArgs.__init__(self, turn=turn)
        gymnasium.Wrapper.__init__(self, env)
        if not hasattr(env.unwrapped, "grid") or "DoorKey" not in type(env.unwrapped).__name__:
            raise ValueError(f"env must be a MiniGrid DoorKey environment, got {env}")
        self.turn, self.layout = turn, None
        cell = spaces.Tuple([spaces.Discrete(env.unwrapped.width)] * 2)
        places = dict.fromkeys(("agent", "key", "door", "goal"), cell)
        flags = dict.fromkeys(("has_key", "door_open", "at_goal"), spaces.Discrete(2))
        self.observation_space = spaces.Dict({**places, **flags})

    def reset(self, *, seed=None, options=None):
        """Begin an episode; ``layout`` is then the plan of its room."""
        _, info = self.env.reset(seed=seed, options=options)
        world = self.env.unwrapped
        key, door, goal = (_find(world, name)[0] for name in ("key", "door", "goal"))
        walls, (agent, facing, *_) = frozenset(_find(world, "wall")), _pose(world)
        self.layout = DoorKeyLayout(world.width, walls, agent, key, door, goal, facing, self.turn)
        return self.state, info

    def step(self, action):
        """Do one of MiniGrid's actions; return ``(state, reward, terminated, truncated, info)``."""
        action = arguments.action(action, Actions, self.action_space)
        _, reward, terminated, truncated, info = self.env.step(action)
        return self.state, float(reward), terminated, truncated, info

    @property
    def state(self):
        """The present state, as a fresh dict; ``RuntimeError`` before the first ``reset()``."""
        if self.layout is None:
            raise RuntimeError("there is no state yet: call reset() first")
        world, pose = self.env.unwrapped, _pose(self.env.unwrapped)
        key = pose[0] if pose[2] else _find(world, "key")[0]
        return self.layout.seen(*pose, key)


def _find(world, kind):
    """Return the cells of MiniGrid's grid that hold a thing of this kind."""
    things = enumerate(world.grid.grid)
    return [divmod(i, world.width) for i, thing in things if thing and thing.type == kind]


def _pose(world):
    """Return (cell, direction, has key, door open)."""
    (col, row), facing = map(int, world.agent_pos), int(world.agent_dir)
    opened = next(thing.is_open for thing in world.grid.grid if thing and thing.type == "door")
    return (row, col), facing, world.carrying is not None, opened


def shortest_path(env):
    """Return a shortest list of actions from where ``env`` stands to the goal.

    Breadth-first search over MiniGrid's rules, written down here a second time. Putting the key
    down is left out: a shortest path never does that.
    """
    layout, world = env.get_wrapper_attr("layout"), env.unwrapped
    key = next(iter(_find(world, "key")), None)  # None while it is carried
    return path_to_goal(
        _pose(world),
        Actions,
        lambda pose, action: _follow(layout, key, pose, action),
        lambda pose: pose,
        lambda pose: pose[0] == layout.goal,
    )


def _follow(layout, key, pose, action):
    """Return (cell, direction, has key, door open) after an action."""
    cell, facing, held, opened = pose
    ahead = cell[0] + AHEAD[facing][0], cell[1] + AHEAD[facing][1]
    if action in (Actions.left, Actions.right):
        return cell, (facing + (1 if action == Actions.right else -1)) % 4, held, opened
    if action == Actions.pickup:
        return cell, facing, held or ahead == key, opened
    if action == Actions.toggle:
        return cell, facing, held, opened or (held and ahead == layout.door)
    if action == Actions.forward and ahead not in layout.walls:
        free = opened if ahead == layout.door else held or ahead != key
        return (ahead if free else cell), facing, held, opened
    return pose
