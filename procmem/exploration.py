"""Where to try what, when memory has no answer."""

from collections import Counter, deque

import numpy as np

from procmem.arguments import each, flag, instance
from procmem.embedding import offsets
from procmem.episode import Step, state_key, true_facts
from procmem.segmentation import undone


class CuriousExplorer:
    """Goes for the untried action that promises most for each step that it costs.

    Within an episode it keeps a map: what each action led to from each state. Over all episodes it
    counts how often each action changed something and undid nothing: under the same facts, and, for
    each place within reach (at most one cell away), with that place at the same offset. An untried
    action promises the best of these shares, ``(1 + worked) / (2 + tried)`` (Laplace), divided by
    the number of steps until it is tried. So it tries everything once on what comes within reach,
    and soon drops what is of no use anywhere.
    """

    def __init__(self):
        self.tried, self.worked = Counter(), Counter()
        self.begin()

    def begin(self, learn=True):
        """Begin an episode, which will be learned from or not, with an empty map."""
        flag("learn", learn)
        self._map = {}
        self._tried, self._worked = Counter(), Counter()  # of this episode

    def observe(self, step):
        """Put a step on the map."""
        useful = not undone(instance("step", step, Step)) and step.changed
        for case in _cases(step.state):
            self._tried[step.action, case] += 1
            self._worked[step.action, case] += useful
        self._map.setdefault(state_key(step.state), {})[step.action] = state_key(step.next_state)

    def learn(self):
        """Keep what this episode's actions have shown; without it, the episode leaves no trace."""
        self.tried += self._tried
        self.worked += self._worked

    def choose(self, state, actions, rng):
        """Return the first action towards the best untried one, ``None`` if all were tried.

        ``actions`` lists all there are; ties are broken by ``rng``.
        """
        actions, rng = each("actions", actions, int), instance("rng", rng, np.random.Generator)
        here, found, best = state_key(state), [], 0.0
        paths, frontier = {here: ()}, deque([here])
        while frontier and best * (len(paths[frontier[0]]) + 1) < 1:  # none promises more than 1
            place = frontier.popleft()
            led, path, cases = self._map.get(place, {}), paths[place], _cases(dict(place))
            for action in actions:
                if action not in led:
                    promise = self._promise(action, cases) / (len(path) + 1)
                    found.append((promise, (*path, action)[0]))
                    best = max(best, promise)
                elif led[action] not in paths:
                    paths[led[action]] = (*path, action)
                    frontier.append(led[action])
        firsts = [first for promise, first in found if promise == best]
        return firsts[rng.integers(len(firsts))] if firsts else None

    def promise(self, state, action):
        """Return how likely it is that the action is of use in a state, in ``(0, 1)``."""
        return self._promise(instance("action", action, int), _cases(state))

    def _promise(self, action, cases):
        return max(self._share((action, case)) for case in cases)

    def _share(self, case):
        tried = self.tried[case] + self._tried[case]
        return (1 + self.worked[case] + self._worked[case]) / (2 + tried)


def _cases(state):
    """Return what actions are counted under: the facts, and with them each place within reach."""
    known = true_facts(state)
    near = [(name, offset) for name, offset in offsets(state).items() if sum(map(abs, offset)) <= 1]
    return [(known,), *((known, *place) for place in near)]
