"""Cut an episode where a fact became true, and straighten the pieces."""

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
    return next(iter(loop_free_suffixes(steps)), [])


def loop_free_suffixes(steps):
    """Return, for every state that the steps left, the loop-free way from there to their end.

    The first one begins where the steps began. A way of no steps is left out.
    """
    if not steps:
        return []
    last_exit = {_key(step.state): step for step in steps}
    end = _key(steps[-1].next_state)
    last_exit.pop(end, None)
    return [_follow(last_exit, state) for state in last_exit]


def _follow(last_exit, state):
    way = []
    while state in last_exit:
        way.append(last_exit[state])
        state = _key(way[-1].next_state)
    return way


def _key(state):
    return frozenset(state.items())
