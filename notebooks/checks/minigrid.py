"""The exercises of lesson 09, MiniGrid."""

from procmem_checks.exercise import Exercise, equal


def _find(world, kind):
    for row in range(world.height):
        for col in range(world.width):
            thing = world.grid.get(col, row)
            if thing and thing.type == kind:
                return (row, col), thing
    return None


def _state_of(world):
    col, row = map(int, world.agent_pos)
    agent, key = (row, col), _find(world, "key")
    (door, leaf), (goal, _) = _find(world, "door"), _find(world, "goal")
    places = {"agent": agent, "key": key[0] if key else agent, "door": door, "goal": goal}
    facts = {
        "has_key": world.carrying is not None,
        "door_open": leaf.is_open,
        "at_goal": agent == goal,
    }
    return {**places, **facts}


def _worlds():
    """Return a room of MiniGrid at several moments on the way to the goal."""
    from copy import deepcopy

    from procmem.doorkey import shortest_path
    from procmem.lab.worlds import doorkey

    env, found = doorkey(6), []
    env.reset(seed=0)
    path = shortest_path(env)
    moments = [deepcopy(env.unwrapped)]
    for action in path:
        env.step(action)
        moments.append(deepcopy(env.unwrapped))
    states = [_state_of(moment) for moment in moments]
    for fact in ("has_key", "door_open", "at_goal"):
        first = next(i for i, state in enumerate(states) if state[fact])
        found += [(moments[first - 1],), (moments[first],)]
    return tuple(found)


def _moment(args):
    state = _state_of(args[0])
    words = [name if state[name] else f"not {name}" for name in ("has_key", "door_open", "at_goal")]
    return f"a world with {', '.join(words)}"


WHY = {
    "agent": "MiniGrid gives the column first, and a place is (row, column)",
    "has_key": "the agent has the key if world.carrying is not None",
    "door_open": "the door itself knows: leaf.is_open",
    "at_goal": "the goal is reached if the agent's cell is the goal's",
}


def _why_state(args, given, expected):
    if not isinstance(given, dict) or given.keys() != expected.keys():
        return f"the state needs the entries {', '.join(expected)}"
    wrong = next(name for name in expected if not equal(given[name], expected[name]))
    if not isinstance(expected[wrong], tuple) and not isinstance(given[wrong], bool):
        return f"{wrong} must be True or False, not {type(given[wrong]).__name__}: {WHY[wrong]}"
    if wrong == "key":
        if given["key"] is None:
            return "a place is a cell, never None: a carried key is where the agent is"
        if expected["has_key"]:
            return "a carried key is where the agent is"
        return "find gives a pair, and the key's cell is the first of the two"
    return f"{wrong} is {given[wrong]} and should be {expected[wrong]}: {WHY.get(wrong, '')}"


def _turned(state, facing, size):
    for _ in range((facing + 1) % 4):
        cells = {name: at for name, at in state.items() if isinstance(at, tuple)}
        moved = {name: (size - 1 - col, row) for name, (row, col) in cells.items()}
        state = {**state, **moved}
    return state


def _why_turned(args, given, expected):
    state, facing, size = args
    turns = (facing + 1) % 4
    if not isinstance(given, dict) or given.keys() != expected.keys():
        return f"the state needs all its entries: {', '.join(expected)}"
    for quarters in range(4):
        if quarters != turns and given == _turned(state, (quarters - 1) % 4, size):
            return f"the room was turned {quarters} times, and to look up it takes {turns}"
    return f"it takes {turns} quarter turns, each from (row, col) to (size - 1 - col, row)"


def _frames_until(lengths, returns, good):
    spent = 0
    for length, mean in zip(lengths, returns, strict=True):
        spent += length
        if mean >= good:
            return spent
    return None


def _why_frames(args, given, expected):
    lengths, returns, good = args
    if expected is None:
        return f"no exam reached {good}"
    n = next(n for n, mean in enumerate(returns, start=1) if mean >= good)
    if given == n:
        return f"{n} counts the episodes, and wanted are frames"
    if given == expected - lengths[n - 1]:
        return f"episode {n} was played before its exam, so its {lengths[n - 1]} frames count"
    if returns[n - 1] == good:
        return f"the exam after episode {n} reached exactly {good}, and that is good"
    return f"the exam after episode {n} is the first good one, and {lengths[:n]} were spent"


def _fair_pairs(given):
    names = sorted(given)
    return [
        (one, other)
        for i, one in enumerate(names)
        for other in names[i + 1 :]
        if set(given[one]) == set(given[other])
    ]


def _why_fair(args, given, expected):
    (learners,) = args
    pairs = [tuple(pair) for pair in given]
    if twin := next((pair for pair in pairs if pair[0] == pair[1]), None):
        return f"{twin[0]!r} is paired with itself"
    if turned := next((pair for pair in pairs if pair[0] > pair[1]), None):
        return f"the names of {turned} are not in alphabetical order"
    if extra := next((pair for pair in pairs if pair not in expected), None):
        one, other = (sorted(set(learners[name])) for name in extra)
        return f"{extra[0]!r} was given {one} and {extra[1]!r} {other}: that is not the same"
    if lost := next((pair for pair in expected if pair not in pairs), None):
        one, other = (learners[name] for name in lost)
        return f"{lost} is missing: {one} and {other} hold the same things"
    return None


EXERCISES = {
    "09.1": Exercise(_state_of, _worlds, explain=_why_state, describe=_moment, plug_in=True),
    "09.2": Exercise(
        _turned,
        (
            ({"agent": (2, 1), "key": (2, 3), "has_key": False}, 0, 5),
            ({"agent": (2, 1), "key": (2, 3), "has_key": True}, 1, 5),
            ({"agent": (0, 2), "goal": (4, 4), "at_goal": False}, 2, 6),
            ({"agent": (3, 3), "door": (1, 2), "door_open": False}, 3, 8),
            ({"has_key": True}, 2, 5),
        ),
        explain=_why_turned,
        plug_in=True,
    ),
    "09.3": Exercise(
        _frames_until,
        (
            ([5, 3], [0.1, 0.5], 0.5),
            ([250, 40, 20], [0.1, 0.95, 0.96], 0.94),
            ([100], [1.0], 0.94),
            ([250, 250], [0.2, 0.3], 0.94),
            ([30, 20, 10], [0.95, 0.5, 0.99], 0.94),
            ([], [], 0.94),
        ),
        explain=_why_frames,
        plug_in=True,
        repair=True,
    ),
    "09.4": Exercise(
        _fair_pairs,
        (
            ({"PPO": ["facts", "turn"], "ours": ["turn", "facts"], "pixels": []},),
            ({"b": ["x"], "a": ["x", "x"], "c": ["x"]},),
            ({"a": [], "b": []},),
            ({"a": ["x"], "b": ["x", "y"]},),
            ({},),
        ),
        explain=_why_fair,
    ),
}
