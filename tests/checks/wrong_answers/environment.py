"""Typical wrong answers to the exercises of lesson 02, each with words of the message."""

WRONG_ANSWERS = {
    "02.1": [
        (
            """
def move(layout, state, action):
    down, right = MOVES.get(action, (0, 0))
    row, col = state["agent"]
    cell = (row + down, col + right)
    if cell in layout.walls or not layout.contains(cell):
        return state
    key = cell if state["has_key"] else state["key"]
    return {**state, "agent": cell, "key": key, "at_goal": cell == state["goal"]}
""",
            "the door there is shut, so nothing changes",
        ),
        (
            """
def move(layout, state, action):
    down, right = MOVES.get(action, (0, 0))
    row, col = state["agent"]
    cell = (row + down, col + right)
    shut = cell == state["door"] and not state["door_open"]
    if shut or not layout.contains(cell):
        return state
    key = cell if state["has_key"] else state["key"]
    return {**state, "agent": cell, "key": key, "at_goal": cell == state["goal"]}
""",
            "is wall, so nothing changes",
        ),
        (
            """
def move(layout, state, action):
    down, right = MOVES.get(action, (0, 0))
    row, col = state["agent"]
    cell = (row + down, col + right)
    shut = cell == state["door"] and not state["door_open"]
    if cell in layout.walls or shut:
        return state
    key = cell if state["has_key"] else state["key"]
    return {**state, "agent": cell, "key": key, "at_goal": cell == state["goal"]}
""",
            "(-1, 0) lies outside the room",
        ),
        (
            """
def move(layout, state, action):
    down, right = MOVES.get(action, (0, 0))
    row, col = state["agent"]
    cell = (row + down, col + right)
    shut = cell == state["door"] and not state["door_open"]
    if cell in layout.walls or shut or not layout.contains(cell):
        return state
    return {**state, "agent": cell, "at_goal": cell == state["goal"]}
""",
            "the agent carries the key, so the key goes along",
        ),
        (
            """
def move(layout, state, action):
    down, right = MOVES.get(action, (0, 0))
    row, col = state["agent"]
    cell = (row + down, col + right)
    shut = cell == state["door"] and not state["door_open"]
    if cell in layout.walls or shut or not layout.contains(cell):
        return state
    return {**state, "agent": cell, "key": cell, "at_goal": cell == state["goal"]}
""",
            "the agent does not have the key",
        ),
        (
            """
def move(layout, state, action):
    down, right = MOVES.get(action, (0, 0))
    row, col = state["agent"]
    cell = (row + down, col + right)
    shut = cell == state["door"] and not state["door_open"]
    if cell in layout.walls or shut or not layout.contains(cell):
        return state
    key = cell if state["has_key"] else state["key"]
    return {**state, "agent": cell, "key": key}
""",
            "the agent stands on the goal",
        ),
        (
            """
def move(layout, state, action):
    down, right = MOVES.get(action, (0, 0))
    row, col = state["agent"]
    return (row + down, col + right)
""",
            "a whole state is wanted",
        ),
        (
            """
def move(layout, state, action):
    down, right = MOVES.get(action, (0, 0))
    row, col = state["agent"]
    cell = (row + down, col + right)
    if cell in layout.walls or not layout.contains(cell):
        return state
    state["agent"] = cell
    return state
""",
            "you changed the given state at 'agent'",
        ),
        (
            """
def move(layout, state, action):
    down, right = MOVES.get(action, (0, 0))
    row, col = state["agent"]
    cell = (row + down, col + right)
    if cell in layout.walls or not layout.contains(cell):
        return state
    return {"agent": cell, "at_goal": cell == state["goal"]}
""",
            "must stay in the state: begin with {**state, ...}",
        ),
    ],
    "02.2": [
        (
            """
def transition(layout, state, action):
    away = [abs(a - b) for a, b in zip(state["agent"], state["door"], strict=True)]
    if action == Action.PICK_UP:
        return {**state, "has_key": True}
    if action == Action.OPEN:
        return {**state, "door_open": state["door_open"] or (state["has_key"] and sum(away) == 1)}
    return move(layout, state, action)
""",
            "does not stand on the key",
        ),
        (
            """
def transition(layout, state, action):
    away = [abs(a - b) for a, b in zip(state["agent"], state["door"], strict=True)]
    if action == Action.PICK_UP:
        return {**state, "has_key": state["has_key"] or state["agent"] == state["key"]}
    if action == Action.OPEN:
        return {**state, "door_open": state["door_open"] or sum(away) == 1}
    return move(layout, state, action)
""",
            "without the key no door opens",
        ),
        (
            """
def transition(layout, state, action):
    away = [abs(a - b) for a, b in zip(state["agent"], state["door"], strict=True)]
    if action == Action.PICK_UP:
        return {**state, "has_key": state["has_key"] or state["agent"] == state["key"]}
    if action == Action.OPEN:
        return {**state, "door_open": state["door_open"] or state["has_key"]}
    return move(layout, state, action)
""",
            "does not stand beside the door",
        ),
        (
            """
def transition(layout, state, action):
    away = [abs(a - b) for a, b in zip(state["agent"], state["door"], strict=True)]
    if action == Action.PICK_UP:
        return {**state, "has_key": state["has_key"] or state["agent"] == state["key"]}
    if action == Action.OPEN:
        return {**state, "door_open": state["has_key"] and sum(away) == 1}
    return move(layout, state, action)
""",
            "the door is open already, and nothing shuts it",
        ),
        (
            """
def transition(layout, state, action):
    away = [abs(a - b) for a, b in zip(state["agent"], state["door"], strict=True)]
    if action == Action.PICK_UP:
        return {**state, "has_key": state["has_key"] or state["agent"] == state["key"]}
    if action == Action.OPEN:
        return {**state, "door_open": state["door_open"] or (state["has_key"] and max(away) == 1)}
    return move(layout, state, action)
""",
            "does not stand beside the door",
        ),
    ],
    "02.3": [
        (
            """
def shortest_path(env):
    waiting, seen = [(env.state, [])], [env.state]
    while waiting:
        state, path = waiting.pop()
        if state["at_goal"]:
            return path
        for action in Action:
            after = transition(env.layout, state, action)
            if after not in seen:
                seen.append(after)
                waiting.append((after, [*path, action]))
""",
            "are enough: look at the states in the order in which they were found",
        ),
        (
            """
def shortest_path(env):
    waiting, seen = [(env.state, [])], [env.state]
    for state, path in waiting:
        if state["at_goal"]:
            return path
        for action in Action:
            after = transition(env.layout, state, action)
            if after not in seen:
                seen.append(after)
        waiting.append((after, [*path, action]))
""",
            "never ended",
        ),
        (
            """
def shortest_path(env):
    waiting, seen = [(env.state, [])], [env.state]
    for state, path in waiting:
        if state["at_goal"]:
            return path
        for action in Action:
            after = transition(env.layout, state, action)
            if after not in seen:
                waiting.append((after, [*path, action]))
""",
            "never ended",
        ),
        (
            """
def shortest_path(env):
    waiting, seen = [(env.state, [])], [env.state]
    for state, path in waiting:
        if state["at_goal"]:
            return len(path)
        for action in Action:
            after = transition(env.layout, state, action)
            if after not in seen:
                seen.append(after)
                waiting.append((after, [*path, action]))
""",
            "entries are wanted, not one number",
        ),
        (
            """
def shortest_path(env):
    waiting, seen = [(env.state, [])], [env.state]
    for state, path in waiting:
        for action in Action:
            after = transition(env.layout, state, action)
            if after not in seen:
                seen.append(after)
                waiting.append((after, [*path, action]))
                if after["door_open"]:
                    return [*path, action]
""",
            "not on the goal",
        ),
    ],
    "02.4": [
        (
            """
def segment(steps):
    pieces, piece = [], []
    known = true_facts(steps[0].state)
    for step in steps:
        piece.append(step)
        new = true_facts(step.next_state) - true_facts(step.state)
        if new:
            pieces.append(piece)
            piece = []
    return pieces
""",
            "makes door_open true again: it was true before",
        ),
        (
            """
def segment(steps):
    pieces, piece = [], []
    known = true_facts(steps[0].state)
    for step in steps:
        piece.append(step)
        new = true_facts(step.next_state) - known
        if new:
            pieces.append(piece)
            piece = []
    return pieces
""",
            "makes nothing true that was not true before",
        ),
        (
            """
def segment(steps):
    pieces, piece = [], []
    known = true_facts(steps[0].state)
    for step in steps:
        new = true_facts(step.next_state) - known
        if new:
            pieces.append(piece)
            piece = []
            known = known | new
        piece.append(step)
    return pieces
""",
            "step 5 still belongs to the piece: it makes has_key true",
        ),
        (
            """
def segment(steps):
    pieces, piece = [], []
    known = true_facts(steps[0].state)
    for step in steps:
        piece.append(step)
        new = true_facts(step.next_state) - known
        if new:
            pieces.append(piece)
            piece = []
            known = known | new
    return [*pieces, piece] if piece else pieces
""",
            "nothing new becomes true, so the rest is no piece",
        ),
        (
            """
def segment(steps):
    pieces, piece = [], []
    known = true_facts(steps[0].state)
    for step in steps:
        piece.append(step)
        new = true_facts(step.next_state) - known
        if new:
            pieces.append(piece)
            known = known | new
    return pieces
""",
            "step 1 is in two of your pieces",
        ),
        (
            """
def segment(steps):
    pieces, piece = [], []
    known = set()
    for step in steps:
        piece.append(step)
        new = true_facts(step.next_state) - known
        if new:
            pieces.append(piece)
            piece = []
            known = known | new
    return pieces
""",
            "step 6 makes nothing true that was not true before",
        ),
    ],
    "02.5": [
        (
            """
def my_walls():
    return [(3, 0), (3, 1), (3, 2), (3, 4)]
""",
            "the shortest path has 10 steps, and at least 14 are wanted",
        ),
        (
            """
def my_walls():
    return [(1, 0), (1, 1), (1, 2), (1, 3), (1, 4), (3, 0), (3, 1), (3, 2), (3, 4)]
""",
            "no path leads to the goal any more",
        ),
        (
            """
def my_walls():
    return [(2, 2), (3, 0), (3, 1), (3, 2), (3, 4)]
""",
            "key must not lie in a wall",
        ),
        (
            """
def my_walls():
    return [(1, 0), (1, 1), (1, 5)]
""",
            "walls must be cells of the room of size 5",
        ),
    ],
}
