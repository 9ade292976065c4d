"""Tabular reinforcement learning: the simple alternatives to a memory of skills.

A learner takes the place of an agent's explorer: ``LeastTriedExplorer(env, explorer=QLearner())``.
"""

import numpy as np

from procmem.agent import ProceduralMemoryAgent
from procmem.embedding import flags, landmarks
from procmem.episode import Decision


def absolute(state):
    """Return all entries of the state as a tuple: equal only in the same cell of the same room."""
    return tuple(state.items())


def egocentric(state):
    """Return the facts and the offsets to all landmarks: equal in a room that is only shifted."""
    row, col = state["agent"]
    places = (state[name] for name in landmarks(state))
    return flags(state), tuple((place[0] - row, place[1] - col) for place in places)


class QLearner:
    """Tabular Q-learning; with ``trace`` > 0 Watkins's Q(λ), with ``planning`` > 0 Dyna-Q.

    States with equal ``features(state)``, which must be hashable, share their action values (state
    aggregation). All values start at ``initial_value``. Actions are ε-greedy in frozen agents as
    well, because a greedy policy may walk in a circle for ever. ``trace`` is λ; traces are
    replacing. After each real step, ``planning`` steps are replayed, drawn uniformly from the
    state-action pairs seen so far, each with its latest outcome; the cost does not depend on their
    number (Sutton & Barto, *Reinforcement Learning: An Introduction*, 2018, sections 6.5, 8.2 and
    12.10).
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
        self.features, self.step_size, self.discount = features, step_size, discount
        self.epsilon, self.initial_value = epsilon, initial_value
        self.trace, self.planning = trace, planning
        self.rng = np.random.default_rng(rng)
        self.values, self._action_count = {}, 0
        # The list holds the model's keys, so that one can be drawn without listing them all.
        self._model, self._pairs = {}, []
        self.begin()

    def begin(self):
        """Begin an episode with no eligibility traces."""
        self._traces = {}

    def choose(self, state, actions, rng):
        """Return an ε-greedy action; among equally good ones each is equally likely."""
        self._action_count = len(actions)
        if rng.random() < self.epsilon:
            return actions[rng.integers(len(actions))]
        values = self._action_values(self.features(state))
        best = np.flatnonzero(values == values.max())
        return actions[best[rng.integers(len(best))]]

    def notice(self, step, learn=True):
        """Update the action values from one step and, if asked to plan, from remembered ones."""
        if not learn:
            return
        pair = self.features(step.state), int(step.action)
        outcome = step.reward, None if step.terminated else self.features(step.next_state)
        update = self._update_traced if self.trace else self._update
        update(pair, outcome)
        if self.planning:
            self._remember(pair, outcome)
            for i in self.rng.integers(len(self._pairs), size=self.planning):
                self._update(self._pairs[i], self._model[self._pairs[i]])

    def _remember(self, pair, outcome):
        if pair not in self._model:
            self._pairs.append(pair)
        self._model[pair] = outcome

    def _td_error(self, pair, outcome):
        (features, action), (reward, following) = pair, outcome
        value = 0.0 if following is None else self._action_values(following).max()
        return reward + self.discount * value - self._action_values(features)[action]

    def _update(self, pair, outcome):
        features, action = pair
        self._action_values(features)[action] += self.step_size * self._td_error(pair, outcome)

    def _action_values(self, features):
        return self.values.setdefault(features, np.full(self._action_count, self.initial_value))

    def _update_traced(self, pair, outcome):
        values = self._action_values(pair[0])
        greedy = values[pair[1]] == values.max()
        error = self._td_error(pair, outcome)
        # Watkins: what follows an action that was not greedy says nothing about those before it.
        self._traces = {
            earlier: self.discount * self.trace * trace
            for earlier, trace in self._traces.items()
            if greedy and trace > 0.001
        }
        self._traces[pair] = 1.0
        for (features, action), trace in self._traces.items():
            self._action_values(features)[action] += self.step_size * error * trace


class SkillValueAgent(ProceduralMemoryAgent):
    """The agent with semi-Markov Q-learning over its skills instead of similarity and threshold.

    Its options are the applicable ones among the five most similar skills, and to explore. Each has
    a value for each result of ``egocentric``, updated when the option ends, with the discounted
    reward on the way (Sutton, Precup & Singh 1999). Options are chosen ε-greedily.
    """

    def __init__(self, *args, step_size=0.5, discount=0.99, epsilon=0.1, **options):
        super().__init__(*args, **options)
        self.step_size, self.discount, self.epsilon = step_size, discount, epsilon
        self.values, self._pending = {}, None

    def select(self, state, tried=()):
        """Return an ε-greedy option; among equally good ones each is equally likely."""
        query, limits = self.create_embedding(state, ()), {"threshold": -1, "min_success": 0}
        candidates = self.library.explain(query, state, **limits, tried=tried)
        names = [None, *(one.name for one in candidates if one.eligible)]
        here = egocentric(state)
        values = [self.values.get((here, name), 0.0) for name in names]
        self._update_pending(max(values))
        best = [name for name, value in zip(names, values, strict=True) if value == max(values)]
        pool = names if self.rng.random() < self.epsilon else best
        chosen = pool[self.rng.integers(len(pool))]
        return Decision(candidates, chosen, f"{chosen or 'explore'}: by its value")

    def learn(self, steps):
        """Update the last option, after which the value is 0, and turn the episode into skills."""
        self._update_pending(0.0)
        super().learn(steps)

    def _review(self, decision, done, tried, learn):
        super()._review(decision, done, tried, learn)
        if learn and done:
            reward = sum(self.discount**t * step.reward for t, step in enumerate(done))
            option = egocentric(done[0].state), decision.skill
            self._pending = option, reward, self.discount ** len(done)

    def _update_pending(self, following):
        """Update the option that ended last; ``following`` is the best value from there on."""
        if self._pending:
            option, reward, discount = self._pending
            old = self.values.get(option, 0.0)
            self.values[option] = old + self.step_size * (reward + discount * following - old)
        self._pending = None
