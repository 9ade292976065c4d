"""Typical wrong answers to the exercises of lesson 09, with words of the message for each."""


def _state_of(agent="(row, col)", key="key[0] if key else agent", **facts):
    right = {
        "has_key": "world.carrying is not None",
        "door_open": "leaf.is_open",
        "at_goal": "agent == goal",
    }
    facts = ", ".join(f'"{name}": {code}' for name, code in (right | facts).items())
    return f"""
def state_of(world):
    col, row = map(int, world.agent_pos)
    agent, key = {agent}, find(world, "key")
    (door, leaf), (goal, _) = find(world, "door"), find(world, "goal")
    return {{"agent": agent, "key": {key}, "door": door, "goal": goal, {facts}}}
"""


WRONG_ANSWERS = {
    "09.1": [
        (_state_of(agent="(col, row)"), "MiniGrid gives the column first"),
        (_state_of(key="key and key[0]"), "never None: a carried key is where the agent is"),
        (_state_of(key="key"), "the key's cell is the first of the two"),
        (_state_of(has_key="world.carrying"), "has_key must be True or False, not NoneType"),
        (_state_of(door_open="world.carrying is not None"), "leaf.is_open"),
        (_state_of(at_goal="leaf.is_open"), "the agent's cell is the goal's"),
    ],
    "09.2": [
        (
            """
def turned(state, facing, size):
    for _ in range(facing):
        cells = {name: at for name, at in state.items() if isinstance(at, tuple)}
        moved = {name: (size - 1 - col, row) for name, (row, col) in cells.items()}
        state = {**state, **moved}
    return state
""",
            "the room was turned 0 times, and to look up it takes 1",
        ),
        (
            """
def turned(state, facing, size):
    for _ in range((facing + 1) % 4):
        cells = {name: at for name, at in state.items() if isinstance(at, tuple)}
        moved = {name: (col, size - 1 - row) for name, (row, col) in cells.items()}
        state = {**state, **moved}
    return state
""",
            "the room was turned 3 times, and to look up it takes 1",
        ),
        (
            """
def turned(state, facing, size):
    for _ in range((facing + 1) % 4):
        cells = {name: at for name, at in state.items() if isinstance(at, tuple)}
        moved = {name: (size - 1 - col, row) for name, (row, col) in cells.items()}
    return moved
""",
            "the state needs all its entries: agent, key, has_key",
        ),
        (
            """
def turned(state, facing, size):
    for _ in range((facing + 1) % 4):
        cells = {name: at for name, at in state.items() if isinstance(at, tuple)}
        moved = {name: (size - col, row) for name, (row, col) in cells.items()}
        state = {**state, **moved}
    return state
""",
            "each from (row, col) to (size - 1 - col, row)",
        ),
    ],
    "09.3": [
        (
            """
def frames_until(lengths, returns, good):
    spent = 0
    for length, mean in zip(lengths, returns):
        if mean >= good:
            return spent
        spent += length
    return None
""",
            "episode 2 was played before its exam, so its 3 frames count",
        ),
        (
            """
def frames_until(lengths, returns, good):
    spent = 0
    for length, mean in zip(lengths, returns):
        spent += length
        if mean > good:
            return spent
    return None
""",
            "reached exactly 0.5, and that is good",
        ),
        (
            """
def frames_until(lengths, returns, good):
    for n, mean in enumerate(returns, start=1):
        if mean >= good:
            return n
    return None
""",
            "2 counts the episodes, and wanted are frames",
        ),
        (
            """
def frames_until(lengths, returns, good):
    spent = 0
    for length, mean in zip(lengths, returns):
        spent += length
        if mean >= good:
            break
    return spent
""",
            "no exam reached 0.94",
        ),
    ],
    "09.4": [
        (
            """
def fair_pairs(given):
    names = sorted(given)
    return [
        (one, other)
        for i, one in enumerate(names)
        for other in names[i + 1 :]
        if given[one] == given[other]
    ]
""",
            "is missing: ['facts', 'turn'] and ['turn', 'facts'] hold the same things",
        ),
        (
            """
def fair_pairs(given):
    return [
        (one, other)
        for one in sorted(given)
        for other in sorted(given)
        if set(given[one]) == set(given[other])
    ]
""",
            "'PPO' is paired with itself",
        ),
        (
            """
def fair_pairs(given):
    names = sorted(given)
    return [
        (one, other)
        for i, one in enumerate(names)
        for other in names[i + 1 :]
        if set(given[one]) <= set(given[other])
    ]
""",
            "'a' was given ['x'] and 'b' ['x', 'y']: that is not the same",
        ),
        (
            """
def fair_pairs(given):
    names = sorted(given, reverse=True)
    return [
        (one, other)
        for i, one in enumerate(names)
        for other in names[i + 1 :]
        if set(given[one]) == set(given[other])
    ]
""",
            "are not in alphabetical order",
        ),
    ],
}
