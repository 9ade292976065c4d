"""Cut an episode where a fact became true, and straighten the pieces."""

from collections import deque

from procmem.gridworld import facts


def segment(steps):
    """Return the pieces of an episode, each a list of steps that ends when a fact becomes true.

    A fact counts the first time it becomes true: a door that shuts and opens again is no second
    achievement. Steps after the last achievement belong to no piece.
    """
    pieces, piece = [], []
    known = {name for step in steps[:1] for name, value in facts(step.state).items() if value}
    for step in steps:
        piece.append(step)
        new = {name for name, value in facts(step.next_state).items() if value} - known
        if new:
            known |= new
            pieces.append(piece)
            piece = []
    return pieces


def achieved(piece):
    """Return the facts that a piece made true, as a partial state."""
    before, after = facts(piece[0].state), facts(piece[-1].next_state)
    return {name: True for name, value in after.items() if value and not before.get(name)}


def erase_loops(steps):
    """Return the steps that remain when every detour back to a state already seen is cut out.

    Leaving each state by the way it was left for the last time erases the loops in the order in
    which they were walked (loop erasure, Lawler 1980).
    """
    return _follow(_last_exits(steps), _key(steps[0].state)) if steps else []


def loop_free_suffixes(steps):
    """Return, for every state that the steps left for good, the loop-free way from there on.

    They stand in the order in which the states were first left; none of them has no steps.
    """
    exits = _last_exits(steps)
    return [_follow(exits, state) for state in exits]


def known_ways(steps):
    """Return, for every state of the steps, the shortest way to their end that the steps know.

    A breadth-first search backwards through what was walked, so that what a later step found out
    shortens an earlier way. They stand in the order in which the states were first left.
    """
    entrances = {}
    for step in steps:
        entrances.setdefault(_key(step.next_state), []).append(step)
    exits, frontier = {}, deque(_key(step.next_state) for step in steps[-1:])
    end = frozenset(frontier)
    while frontier:
        for step in entrances.get(frontier.popleft(), ()):
            state = _key(step.state)
            if state not in exits and state not in end:
                exits[state] = step
                frontier.append(state)
    return [_follow(exits, state) for state in _seen(steps) if state in exits]


def _seen(steps):
    return dict.fromkeys(_key(step.state) for step in steps)


def _last_exits(steps):
    exits = {_key(step.state): step for step in steps}
    if steps:
        exits.pop(_key(steps[-1].next_state), None)  # whoever comes back to the end has arrived
    return exits


def _follow(exits, state):
    way = []
    while state in exits:
        way.append(exits[state])
        state = _key(way[-1].next_state)
    return way


def _key(state):
    return frozenset(state.items())
