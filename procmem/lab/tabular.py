"""Reinforcement learning from a table, as the best simple alternatives to a memory of skills.

A learner stands in for an agent's explorer: ``LeastTriedExplorer(env, explorer=QLearner(...))``.
"""

import numpy as np

from procmem.agent import ProceduralMemoryAgent
from procmem.embedding import flags, landmarks
from procmem.episode import Decision


def absolute(state):
    """Return the whole state as a key of the table: this room, and no other."""
    return tuple(state.items())


def egocentric(state):
    """Return the offsets to all landmarks and the facts as a key: the same in a shifted room."""
    row, col = state["agent"]
    places = (state[name] for name in landmarks(state))
    return flags(state), tuple((place[0] - row, place[1] - col) for place in places)


class QLearner:
    """Tabular Q(λ) with an optional model: Q-learning (λ = 0), Watkins's Q(λ), Dyna-Q (planning).

    ``view`` turns a state into a key of the table. New entries begin at ``hope``; ``epsilon`` of
    all actions are drawn at random, while frozen as well, lest a greedy loop never ends.
    ``planning`` remembered steps are replayed after each real one (Sutton & Barto,
    *Reinforcement Learning: An Introduction*).
    """

    def __init__(
        self,
        view=egocentric,
        *,
        step_size=0.5,
        discount=0.99,
        epsilon=0.1,
        hope=0.0,
        trace=0.0,
        planning=0,
        rng=0,
    ):
        self.view, self.step_size, self.discount = view, step_size, discount
        self.epsilon, self.hope, self.trace, self.planning = epsilon, hope, trace, planning
        self.rng = np.random.default_rng(rng)
        self.values, self._model, self._count = {}, {}, 0
        self.begin()

    def begin(self):
        """Begin an episode: nothing is to be credited yet."""
        self._traces = {}

    def choose(self, state, actions, rng):
        """Return an action, mostly the best known; equals are drawn at random."""
        self._count = len(actions)
        if rng.random() < self.epsilon:
            return actions[rng.integers(len(actions))]
        values = self._row(self.view(state))
        best = np.flatnonzero(values == values.max())
        return actions[best[rng.integers(len(best))]]

    def notice(self, step, learn=True):
        """Learn from one step."""
        if not learn:
            return
        seen = self.view(step.state), int(step.action)
        after = step.reward, None if step.terminated else self.view(step.next_state)
        if self.trace:
            self._spread(seen, after)
        else:
            self._update(seen, after)
        if self.planning:
            self._model[seen] = after
            known = list(self._model)
            for i in self.rng.integers(len(known), size=self.planning):
                self._update(known[i], self._model[known[i]])

    def _error(self, seen, after):
        reward, following = after
        ahead = 0.0 if following is None else self._row(following).max()
        return reward + self.discount * ahead - self._row(seen[0])[seen[1]]

    def _update(self, seen, after):
        self._row(seen[0])[seen[1]] += self.step_size * self._error(seen, after)

    def _row(self, key):
        return self.values.setdefault(key, np.full(self._count, self.hope))

    def _spread(self, seen, after):
        values = self._row(seen[0])
        greedy = values[seen[1]] == values.max()
        error = self._error(seen, after)
        # Watkins: an action that was not the best breaks the chain of credit.
        self._traces = {
            key: self.discount * self.trace * e
            for key, e in self._traces.items()
            if greedy and e > 0.001
        }
        self._traces[seen] = 1.0
        for (key, action), share in self._traces.items():
            self._row(key)[action] += self.step_size * error * share


class SkillValueAgent(ProceduralMemoryAgent):
    """Our agent, but what to do is chosen by value: semi-Markov Q-learning over its skills.

    The options are the applicable ones among the five most similar skills, and to explore. Each
    option has a value in each egocentric view; it is updated when the option ends, with the
    discounted reward on the way (Sutton, Precup & Singh 1999).
    """

    def __init__(self, *args, step_size=0.5, discount=0.99, epsilon=0.1, **options):
        super().__init__(*args, **options)
        self.step_size, self.discount, self.epsilon = step_size, discount, epsilon
        self.values, self._open = {}, None

    def select(self, state, tried=()):
        """Return the option of the highest value, drawn among equals."""
        query, limits = self.create_embedding(state, ()), {"threshold": -1, "min_success": 0}
        candidates = self.library.explain(query, state, **limits, tried=tried)
        names = [None, *(one.name for one in candidates if one.eligible)]
        here = egocentric(state)
        values = [self.values.get((here, name), 0.0) for name in names]
        self._close(max(values))
        best = [name for name, value in zip(names, values, strict=True) if value == max(values)]
        pool = names if self.rng.random() < self.epsilon else best
        chosen = pool[self.rng.integers(len(pool))]
        return Decision(candidates, chosen, f"{chosen or 'explore'}: by its value")

    def learn(self, steps):
        """Turn the episode into skills; the last option led nowhere further."""
        self._close(0.0)
        super().learn(steps)

    def _review(self, decision, done, tried, learn):
        super()._review(decision, done, tried, learn)
        if learn and done:
            reward = sum(self.discount**t * step.reward for t, step in enumerate(done))
            option = egocentric(done[0].state), decision.skill
            self._open = option, reward, self.discount ** len(done)

    def _close(self, ahead):
        """Update the value of the option that ended last, now that what follows is known."""
        if self._open:
            option, reward, discount = self._open
            old = self.values.get(option, 0.0)
            self.values[option] = old + self.step_size * (reward + discount * ahead - old)
        self._open = None
