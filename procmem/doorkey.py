"""MiniGrid's DoorKey, a world that we did not write, seen as our kind of state.

Needs the package ``minigrid`` (Chevalier-Boisvert et al., Farama Foundation); whoever wants this
world imports this module by name.
"""

from collections import deque
from dataclasses import dataclass

import gymnasium
from minigrid.core.actions import Actions

from procmem.gridworld import Layout

AHEAD = ((0, 1), (1, 0), (0, -1), (-1, 0))
"""Where MiniGrid's four directions lead, as (rows, columns): right, down, left, up."""


@dataclass(frozen=True)
class DoorKeyLayout(Layout):
    """A layout in which the agent also looks somewhere; ``facing`` is MiniGrid's direction."""

    facing: int = 0

    def state(self):
        """Return the state in which an episode begins."""
        return turned(super().state(), self.facing, self.size)

    def upright(self, state):
        """Return the state as MiniGrid draws it, with ``facing``, the step that leads ahead."""
        if "facing" in state:
            return state
        # The goal is always in the lower right corner: where it lies tells how the room was turned.
        for facing, ahead in enumerate(AHEAD):
            back = turned(state, (2 - facing) % 4, self.size)
            if back["goal"] == self.goal:
                return {**back, "facing": ahead}
        raise ValueError(f"state must have the goal in a corner like this room's, got {state}")


def turned(state, facing, size):
    """Return a state with the whole room turned so that whoever looks to ``facing`` looks up."""
    quarters = (facing + 1) % 4
    return {
        name: _turn(value, quarters, size) if isinstance(value, tuple) else value
        for name, value in state.items()
    }


def _turn(cell, quarters, size):
    for _ in range(quarters):
        cell = size - 1 - cell[1], cell[0]  # a quarter turn against the clock
    return cell


class DoorKeyFacts(gymnasium.Wrapper, gymnasium.utils.RecordConstructorArgs):
    """Shows ``MiniGrid-DoorKey-*-v0`` as states of facts and places instead of pixels.

    The room is turned so that the agent always looks up: offsets to key, door and goal are in the
    agent's own frame, and they turn when it turns. All seven actions of MiniGrid are there, those
    that are of no use as well; rewards and the time limit are MiniGrid's. Walls are not shown.
    """

    actions = Actions

    def __init__(self, env):
        gymnasium.utils.RecordConstructorArgs.__init__(self)
        gymnasium.Wrapper.__init__(self, env)
        if not hasattr(env.unwrapped, "grid") or "DoorKey" not in type(env.unwrapped).__name__:
            raise ValueError(f"env must be a MiniGrid DoorKey environment, got {env}")
        size = env.unwrapped.width
        cell = gymnasium.spaces.Tuple([gymnasium.spaces.Discrete(size)] * 2)
        places = dict.fromkeys(("agent", "key", "door", "goal"), cell)
        flags = dict.fromkeys(("has_key", "door_open", "at_goal"), gymnasium.spaces.Discrete(2))
        self.observation_space = gymnasium.spaces.Dict({**places, **flags})
        self.layout = self._key = None

    def reset(self, *, seed=None, options=None):
        """Begin an episode; ``layout`` is then the plan of its room."""
        _, info = self.env.reset(seed=seed, options=options)
        self.layout = self._plan()
        self._key = self.layout.key
        return self.state, info

    def step(self, action):
        """Do one of MiniGrid's actions; return ``(state, reward, terminated, truncated, info)``."""
        _, reward, terminated, truncated, info = self.env.step(Actions(action))
        return self.state, float(reward), terminated, truncated, info

    @property
    def state(self):
        """The present state, as a fresh dict."""
        world, held = self.env.unwrapped, self.env.unwrapped.carrying is not None
        agent = _cell(world.agent_pos)
        if not held and self._kind(self._key) != "key":  # it was put down elsewhere
            self._key = self._find("key") or agent
        key = agent if held else self._key
        door, goal = self.layout.door, self.layout.goal
        places = {"agent": agent, "key": key, "door": door, "goal": goal}
        opened = world.grid.get(door[1], door[0]).is_open
        facts = {"has_key": held, "door_open": opened, "at_goal": agent == goal}
        return turned({**places, **facts}, int(world.agent_dir), self.layout.size)

    def _plan(self):
        world = self.env.unwrapped
        cells = [(row, col) for row in range(world.height) for col in range(world.width)]
        walls = frozenset(cell for cell in cells if self._kind(cell) == "wall")
        things = {name: self._find(name) for name in ("key", "door", "goal")}
        agent, facing = _cell(world.agent_pos), int(world.agent_dir)
        return DoorKeyLayout(world.width, walls, agent, **things, facing=facing)

    def _find(self, kind):
        world = self.env.unwrapped
        cells = ((row, col) for row in range(world.height) for col in range(world.width))
        return next((cell for cell in cells if self._kind(cell) == kind), None)

    def _kind(self, cell):
        thing = self.env.unwrapped.grid.get(cell[1], cell[0])
        return thing.type if thing else None


def _cell(position):
    return int(position[1]), int(position[0])


# ---------------------------------------------------------------- the best possible


def shortest_path(env):
    """Return a shortest list of actions from where ``env`` stands to the goal.

    Breadth-first search over MiniGrid's rules, written down here a second time. Putting the key
    down is left out: a shortest way never does that.
    """
    layout = env.get_wrapper_attr("layout")
    here = layout.upright(env.get_wrapper_attr("state"))
    start = here["agent"], AHEAD.index(here["facing"]), here["has_key"], here["door_open"]
    cameby, frontier = {start: None}, deque([start])
    while frontier:
        pose = frontier.popleft()
        if pose[0] == layout.goal:
            return _actions_to(cameby, pose)
        for action in (
            Actions.left,
            Actions.right,
            Actions.forward,
            Actions.pickup,
            Actions.toggle,
        ):
            after = _follow(layout, here["key"], pose, action)
            if after not in cameby:
                cameby[after] = pose, action
                frontier.append(after)
    raise ValueError("the goal must be reachable from the present state, but no path leads there")


def _follow(layout, key, pose, action):
    """Return (cell, direction, has key, door open) after an action."""
    cell, facing, held, opened = pose
    ahead = cell[0] + AHEAD[facing][0], cell[1] + AHEAD[facing][1]
    if action in (Actions.left, Actions.right):
        return cell, (facing + (1 if action == Actions.right else -1)) % 4, held, opened
    if action == Actions.pickup:
        return cell, facing, held or ahead == key, opened
    if action == Actions.toggle:
        return cell, facing, held, (opened or held) if ahead == layout.door else opened
    blocked = ahead in layout.walls or (ahead == key and not held)
    blocked |= ahead == layout.door and not opened
    return (cell if blocked else ahead), facing, held, opened


def _actions_to(cameby, pose):
    actions = []
    while cameby[pose]:
        pose, action = cameby[pose]
        actions.append(action)
    return actions[::-1]
