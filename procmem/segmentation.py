"""Cut an episode where a fact becomes true, and find the paths that its pieces know."""

from collections import deque

from procmem.arguments import each, instance
from procmem.episode import Step, facts, state_key, true_facts


def segment(steps):
    """Return the pieces of an episode, each a list of steps that ends when a fact becomes true.

    A fact counts the first time it becomes true: a door that shuts and opens again is no second
    achievement. Steps after the last achievement belong to no piece.
    """
    steps = each("steps", steps, Step)
    pieces, piece = [], []
    known = set(true_facts(steps[0].state)) if steps else set()
    for step in steps:
        piece.append(step)
        new = true_facts(step.next_state) - known
        if new:
            known |= new
            pieces.append(piece)
            piece = []
    return pieces


def achieved(piece):
    """Return the facts that a piece made true, as a partial state."""
    piece = each("piece", piece, Step)
    if not piece:
        raise ValueError("piece must hold at least one step, got none")
    before, after = facts(piece[0].state), facts(piece[-1].next_state)
    return {name: True for name, value in after.items() if value and not before.get(name)}


def undone(step):
    """Whether a step made a fact false that was true."""
    after = facts(instance("step", step, Step).next_state)
    return any(value and not after.get(name) for name, value in facts(step.state).items())


def known_paths(steps):
    """Return, for every state of the steps, the shortest path to their end that the steps know.

    A breadth-first search backwards through what was walked, so that what a later step found out
    shortens an earlier path. A step that undid a fact is on no path: it would become a habit that
    works every time. The longest paths come first.
    """
    steps, entrances = each("steps", steps, Step), {}
    for step in steps:
        if not undone(step):
            entrances.setdefault(state_key(step.next_state), []).append(step)
    paths = {state_key(step.next_state): [] for step in steps[-1:]}
    frontier = deque(paths)
    while frontier:
        place = frontier.popleft()
        for step in entrances.get(place, ()):
            before = state_key(step.state)
            if before not in paths:
                paths[before] = [step, *paths[place]]
                frontier.append(before)
    return [path for path in reversed(paths.values()) if path]


def erase_loops(steps):
    """Return the steps that remain when every detour back to a state already seen is cut out.

    Each state is left by the step that left it for the last time (loop erasure, Lawler 1980).
    """
    steps, path = each("steps", steps, Step), []
    exits = {state_key(step.state): step for step in steps}
    for step in steps[-1:]:
        exits.pop(state_key(step.next_state), None)  # coming back to the end is arriving
    state = state_key(steps[0].state) if steps else None
    while state in exits:
        path.append(exits[state])
        state = state_key(path[-1].next_state)
    return path
