"""The exercises of lesson 02, Environment."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from procmem_checks.exercise import Exercise

from procmem.episode import Step, true_facts
from procmem.gridworld import (
    MOVES,
    Action,
    GridWorld,
    Layout,
    fixed_layout,
    shortest_path,
    transition,
)
from procmem.rehearsal import reachable
from procmem.segmentation import segment


class Room(Layout):
    """A layout that a message calls ``room``."""

    def __repr__(self):
        return "room"


class Fixed(dict):
    """A state that cannot be changed, so that a function that tries to is found out."""

    def __setitem__(self, name, value):
        raise TypeError(f"you changed the given state at {name!r}: return a new dict instead")

    def __deepcopy__(self, memo):
        return self


Fixed.__name__ = "dict"  # a message writes it as one


def _room(layout):
    return Room(**{field.name: getattr(layout, field.name) for field in fields(layout)})


def _questions():
    """Return every state of the lesson's room with every action: 306 cases."""
    env = GridWorld(size=5)
    room = _room(env.layout)
    return tuple(
        (room, Fixed(state), action) for state in reachable(env, env.state) for action in Action
    )


def _move(layout, state, action):
    return transition(layout, state, action) if action in MOVES else state


def _why_this_state(args, given, expected):
    """Return the reason that belongs to the first thing that is wrong with a state."""
    _, state, _ = args
    if not isinstance(given, Mapping):
        return "a whole state is wanted, a dict: {**state, ...} with the entries that change"
    if missing := sorted(set(expected) - set(given)):
        return f"{', '.join(missing)} must stay in the state: begin with {{**state, ...}}"
    if extra := sorted(set(given) - set(expected), key=str):
        return f"a state has no entry {extra[0]!r}"
    wrong = [name for name in expected if given[name] != expected[name]]
    for name in ("agent", "key", "has_key", "door_open", "at_goal"):
        if name in wrong:
            return _REASONS[name](args, given[name], expected[name])
    return f"{wrong[0]} never changes: it is still at {state[wrong[0]]}"


def _why_there(args, given, expected):
    layout, state, action = args
    (row, col), (down, right) = state["agent"], MOVES.get(action, (0, 0))
    cell = (row + down, col + right)
    if action not in MOVES:
        return f"{action.name} is no move, so the agent stays where it is"
    if cell == expected:
        return f"{action.name} leads from {state['agent']} to {cell}, and nothing is in the way"
    if not layout.contains(cell):
        return f"{cell} lies outside the room, so nothing changes"
    thing = "the door there is shut" if cell == state["door"] else f"{cell} is wall"
    return f"{thing}, so nothing changes"


def _why_the_key_lies_there(args, given, expected):
    _, state, action = args
    if state["has_key"]:
        return f"the agent carries the key, so the key goes along to {expected}"
    return f"the agent does not have the key, so {action.name} leaves it at {expected}"


def _why_it_has_the_key(args, given, expected):
    _, state, action = args
    if given not in (True, False):
        return "has_key must be True or False"
    if action != Action.PICK_UP:
        return f"{action.name} does not change has_key"
    if state["has_key"]:
        return "the agent has the key already, and nothing takes it away"
    place = f"the agent at {state['agent']}"
    if expected:
        return f"{place} stands on the key, so PICK_UP works"
    return f"{place} does not stand on the key at {state['key']}"


def _why_it_is_open(args, given, expected):
    _, state, action = args
    if given not in (True, False):
        return "door_open must be True or False"
    if action != Action.OPEN:
        return f"{action.name} does not change door_open"
    if state["door_open"]:
        return "the door is open already, and nothing shuts it"
    if not state["has_key"]:
        return "without the key no door opens"
    place = f"the agent at {state['agent']}"
    if expected:
        return f"{place} has the key and stands beside the door at {state['door']}"
    return f"{place} does not stand beside the door at {state['door']}: that is one step away"


def _why_it_is_reached(args, given, expected):
    stands = "stands" if expected else "does not stand"
    return f"after this action the agent {stands} on the goal"


_REASONS = {
    "agent": _why_there,
    "key": _why_the_key_lies_there,
    "has_key": _why_it_has_the_key,
    "door_open": _why_it_is_open,
    "at_goal": _why_it_is_reached,
}


class Env(GridWorld):
    """An environment that a message calls ``env``."""

    def __repr__(self):
        return "env"


def _rooms():
    """Return environments to search: the lesson's room, others, and one halfway through."""
    envs = [Env(size=5), *(Env(size=5, shuffle=True) for _ in range(4))]
    for seed, env in enumerate(envs):
        env.reset(seed=seed)
    for action in shortest_path(envs[0])[:5]:
        envs[-1].step(action)
    halfway = Env(size=5)
    for action in shortest_path(halfway)[:6]:
        halfway.step(action)
    return tuple((env,) for env in (*envs, halfway))


def _fault(env, path):
    """Return what is wrong with a path through a room, "" if it is a shortest one."""
    if not isinstance(path, list | tuple):
        return "a list of actions is wanted"
    if strange := [action for action in path if action not in list(Action)]:
        return f"{strange[0]!r} is no action: put {'the action itself'} on the list"
    state = env.state
    for number, action in enumerate(path, 1):
        if state["at_goal"]:
            return f"the goal is reached after {number - 1} actions, and your list goes on"
        state = env.transition(state, Action(action))
    if not state["at_goal"]:
        return f"these {len(path)} actions end at {state['agent']}, not on the goal"
    if len(path) > (fewest := len(shortest_path(env))):
        return (
            f"these {len(path)} actions reach the goal, but {fewest} are enough: look at the "
            "states in the order in which they were found"
        )
    return ""


@dataclass(frozen=True)
class Numbered(Step):
    """A step that a message calls by its number."""

    number: int = 0

    def __repr__(self):
        return f"step {self.number}"


class Steps(tuple):
    """The steps of an episode, which a message calls ``steps``."""

    __slots__ = ()

    def __repr__(self):
        return "steps"

    def __deepcopy__(self, memo):
        return self


def _walk(actions, env=None, spring=False, begin=0):
    """Return the steps of some actions in the lesson's room, from step ``begin`` on.

    With a ``spring`` the door falls shut as soon as the agent is not beside it.
    """
    env = env or GridWorld(size=5)
    steps = []
    for number, action in enumerate(actions, 1):
        state = steps[-1].next_state if steps else env.state
        after = env.transition(state, action)
        rows, cols = (abs(a - b) for a, b in zip(after["agent"], after["door"], strict=True))
        if spring and rows + cols > 1:
            after = {**after, "door_open": False}
        over = after["at_goal"]
        steps.append(Numbered(state, action, -0.01, after, over, False, number=number))
    return Steps(steps[begin:])


def _episodes():
    best = shortest_path(GridWorld(size=5))
    key, door = best[:5], best[5:7]
    detour = [Action.LEFT, Action.RIGHT, Action.OPEN]
    shuffled = GridWorld(size=5, shuffle=True)
    shuffled.reset(seed=1)
    return (
        (_walk(best),),
        (_walk(shortest_path(shuffled), shuffled),),
        (_walk([*key, Action.UP, Action.UP]),),
        (_walk([*key, *door, *detour, *best[7:]], spring=True),),
        (_walk(best, begin=5),),
        (_walk([Action.UP, Action.LEFT]),),
    )


def _numbers(pieces):
    return [[step.number for step in piece] for piece in pieces]


def _why_these_pieces(args, given, expected):
    (steps,) = args
    try:
        mine, right = _numbers(given), _numbers(expected)
    except (TypeError, AttributeError):
        return "a list of pieces is wanted, and each piece is a list of steps"
    ends = {
        piece[-1].number: sorted(true_facts(piece[-1].next_state) - true_facts(piece[-1].state))
        for piece in expected
    }
    if not all(mine):
        return "one of your pieces is empty"
    every = [number for piece in mine for number in piece]
    if twice := [number for number in every if every.count(number) > 1]:
        return f"step {twice[0]} is in two of your pieces: begin a new one after each cut"
    early = not ends.keys() & {piece[-1] for piece in mine}
    for piece in mine:
        if piece[-1] not in ends:
            return _why_no_end(steps, piece[-1], ends, early)
    for piece in right:
        if piece not in mine:
            last, first = piece[-1], piece[0]
            fact = " and ".join(ends[last])
            if last not in [own[-1] for own in mine]:
                return f"step {last} makes {fact} true for the first time, so a piece ends there"
            return f"the piece that ends with step {last} ({fact}) begins with step {first}"
    return None


def _why_no_end(steps, number, ends, early):
    """Return why no piece ends with the step of this number; ``early``: none of theirs is right."""
    step = next(one for one in steps if one.number == number)
    new = sorted(true_facts(step.next_state) - true_facts(step.state))
    if new:
        return f"step {number} makes {new[0]} true again: it was true before"
    if early and number + 1 in ends:
        return f"step {number + 1} still belongs to the piece: it makes {ends[number + 1][0]} true"
    if number == steps[-1].number and number > max(ends, default=0):
        return (
            f"after step {max(ends, default=0)} nothing new becomes true, so the rest is no piece"
        )
    return f"step {number} makes nothing true that was not true before"


FEWEST = 14
"""What the shortest path through a room of exercise 02.5 has to be, at least."""


def _my_walls():
    return [(1, 0), (1, 1), (1, 2), (1, 3), (3, 0), (3, 1), (3, 2), (3, 4)]


def _room_fault(walls):
    """Return what is wrong with the walls of exercise 02.5, "" if nothing is."""
    try:
        layout = replace(fixed_layout(5), walls=frozenset(map(tuple, walls)))
    except (TypeError, ValueError) as error:
        return f"these are no walls of this room: {error}"
    env = GridWorld(size=5)
    env.reset(options={"layout": layout})
    try:
        fewest = len(shortest_path(env))
    except ValueError:
        return "no path leads to the goal any more"
    short = f"the shortest path has {fewest} steps, and at least {FEWEST} are wanted"
    return short if fewest < FEWEST else ""


EXERCISES = {
    "02.1": Exercise(
        _move,
        cases=lambda: tuple(case for case in _questions() if case[2] in MOVES),
        explain=_why_this_state,
        plug_in=True,
    ),
    "02.2": Exercise(transition, cases=_questions, explain=_why_this_state, plug_in=True),
    "02.3": Exercise(
        shortest_path,
        cases=_rooms,
        accepts=lambda args, given: not _fault(args[0], given),
        explain=lambda args, given, expected: _fault(args[0], given),
        plug_in=True,
    ),
    "02.4": Exercise(
        segment, cases=_episodes, explain=_why_these_pieces, plug_in=True, repair=True
    ),
    "02.5": Exercise(
        _my_walls,
        cases=((),),
        accepts=lambda args, given: not _room_fault(given),
        explain=lambda args, given, expected: _room_fault(given),
        note="The state in which it begins is that of the lesson's room all the same.",
        plug_in=True,
    ),
}
