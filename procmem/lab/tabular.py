"""Reinforcement learning from a table, as the best simple alternatives to a memory of skills.

A learner stands in for an agent's explorer: ``LeastTriedExplorer(env, explorer=QLearner(...))``.
"""

import numpy as np

from procmem.arguments import each, flag, function, generator, instance, real, whole
from procmem.embedding import offsets
from procmem.episode import Step, true_facts


def absolute(state):
    """Return the whole state as a key of the table: this room, and no other."""
    return tuple(instance("state", state, dict).items())


def egocentric(state):
    """Return the offsets to all places and the facts as a key: the same in a shifted room."""
    return true_facts(instance("state", state, dict)), tuple(offsets(state).values())


class QLearner:
    """Tabular Q(λ) with an optional model: Q-learning (λ = 0), Watkins's Q(λ), Dyna-Q (planning).

    ``features(state)`` is the key of a state in the table. New entries begin at ``initial_value``;
    ``epsilon`` of all actions are drawn at random, while frozen as well, so that a greedy loop
    ends. ``planning`` remembered steps are replayed after each real one (Sutton & Barto,
    *Reinforcement Learning: An Introduction*). It updates online, in episodes that are learned
    from; one that is abandoned has been learned from up to there.
    """

    def __init__(
        self,
        features=egocentric,
        *,
        step_size=0.5,
        discount=0.99,
        epsilon=0.1,
        initial_value=0.0,
        trace=0.0,
        planning=0,
        rng=0,
    ):
        self.features = function("features", features)
        self.step_size = real("step_size", step_size, 0, 1)
        self.discount = real("discount", discount, 0, 1)
        self.epsilon = real("epsilon", epsilon, 0, 1)
        self.initial_value = real("initial_value", initial_value)
        self.trace = real("trace", trace, 0, 1)
        self.planning = whole("planning", planning)
        self.rng = generator("rng", rng)
        self.values, self._count = {}, 0
        self._model, self._known = {}, []  # what followed a step, and the steps in order
        self.begin()

    def begin(self, learn=True):
        """Begin an episode: nothing is to be credited yet."""
        self._traces, self._learning = {}, flag("learn", learn)

    def choose(self, state, actions, rng):
        """Return an action, mostly the best known; equals are drawn at random."""
        actions, rng = each("actions", actions, int), instance("rng", rng, np.random.Generator)
        instance("state", state, dict)
        self._count = len(actions)
        if not actions:
            return None
        if rng.random() < self.epsilon:
            return actions[rng.integers(len(actions))]
        values = self._values(self.features(state))
        best = np.flatnonzero(values == values.max())
        return actions[best[rng.integers(len(best))]]

    def learn(self):
        """Do nothing at the end of an episode: every step was learned from at once."""

    def observe(self, step):
        """Learn from one step."""
        if not self._learning:
            return
        instance("step", step, Step)
        self._count = len(type(step.action))  # a skill may act before this explorer is asked
        seen = self.features(step.state), int(step.action)
        after = step.reward, None if step.terminated else self.features(step.next_state)
        if self.trace:
            self._spread(seen, after)
        else:
            self._update(seen, after)
        if self.planning:
            if seen not in self._model:
                self._known.append(seen)
            self._model[seen] = after
            for i in self.rng.integers(len(self._known), size=self.planning):
                self._update(self._known[i], self._model[self._known[i]])

    def _error(self, seen, after):
        reward, following = after
        ahead = 0.0 if following is None else self._values(following).max()
        return reward + self.discount * ahead - self._values(seen[0])[seen[1]]

    def _update(self, seen, after):
        self._add(seen, self._error(seen, after))

    def _values(self, key):
        """Return the value of each action; asking adds no entry."""
        values = self.values.get(key)
        return np.full(self._count, self.initial_value) if values is None else values

    def _add(self, seen, error):
        key, action = seen
        self.values.setdefault(key, self._values(key))[action] += self.step_size * error

    def _spread(self, seen, after):
        values = self._values(seen[0])
        greedy = values[seen[1]] == values.max()
        error = self._error(seen, after)
        # Watkins: an action that was not the best breaks the chain of credit.
        self._traces = {
            key: self.discount * self.trace * e
            for key, e in self._traces.items()
            if greedy and e > 0.001
        }
        self._traces[seen] = 1.0
        for earlier, share in self._traces.items():
            self._add(earlier, error * share)
