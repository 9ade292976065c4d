"""Breadth-first search over the states of any world that can say what follows from what."""

from collections import deque


def breadth_first(start, actions, transition, key):
    """Yield each state that can be reached, nearest first, with a shortest tuple of actions to it.

    ``transition(state, action)`` returns the state that follows; states with the same
    ``key(state)`` are the same. Of several shortest paths the one whose actions are listed earlier
    is taken.
    """
    seen, frontier = {key(start)}, deque([(start, ())])
    while frontier:
        state, path = frontier.popleft()
        yield state, path
        for action in actions:
            following = transition(state, action)
            found = key(following)
            if found not in seen:
                seen.add(found)
                frontier.append((following, (*path, action)))


def path_to_goal(start, actions, transition, key, solved):
    """Return a shortest list of actions to a state for which ``solved(state)`` is true."""
    for state, path in breadth_first(start, actions, transition, key):
        if solved(state):
            return list(path)
    raise ValueError("the goal must be reachable from the present state, but no path leads there")
