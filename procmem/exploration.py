"""Where to try what, when memory has no answer: exploring with a map in mind."""

from collections import Counter, deque

from procmem.embedding import flags
from procmem.gridworld import facts


class CuriousExplorer:
    """Goes for the untried action that promises most for each step that it costs.

    Within an episode it keeps a map: what each action led to from each state. Over all episodes it
    counts how often each action, under the same facts, changed something and undid nothing. An
    untried action promises that share, ``(1 + worked) / (2 + tried)`` (Laplace), divided by the
    number of steps until it is tried.
    """

    def __init__(self):
        self.tried, self.worked = Counter(), Counter()
        self.begin()

    def begin(self):
        """Forget the map: another episode, another room."""
        self._map = {}

    def notice(self, step, learn=True):
        """Put a step on the map and, while learning, into the counts."""
        self._map.setdefault(_key(step.state), {})[step.action] = _key(step.next_state)
        if learn:
            deed = flags(step.state), step.action
            self.tried[deed] += 1
            self.worked[deed] += step.changed and not _undone(step)

    def choose(self, state, actions, rng):
        """Return the first action towards the best untried one, ``None`` where all were tried.

        ``actions`` lists all there are; ``rng`` decides among equals.
        """
        here, found, best = _key(state), [], 0.0
        ways, frontier = {here: ()}, deque([here])
        while frontier and best * (len(ways[frontier[0]]) + 1) < 1:  # none promises more than 1
            place = frontier.popleft()
            led, way = self._map.get(place, {}), ways[place]
            for action in actions:
                if action not in led:
                    promise = self.promise(place, action) / (len(way) + 1)
                    found.append((promise, (*way, action)[0]))
                    best = max(best, promise)
                elif led[action] not in ways:
                    ways[led[action]] = (*way, action)
                    frontier.append(led[action])
        firsts = [first for promise, first in found if promise == best]
        return firsts[rng.integers(len(firsts))] if firsts else None

    def promise(self, place, action):
        """Return how likely it is that the action does some good at a place of the map."""
        deed = frozenset(name for name, value in place if value is True), action
        return (1 + self.worked[deed]) / (2 + self.tried[deed])


def _undone(step):
    after = facts(step.next_state)
    return any(value and not after[name] for name, value in facts(step.state).items())


def _key(state):
    return frozenset(state.items())
