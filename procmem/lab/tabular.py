"""Reinforcement learning from a table, as the best simple alternatives to a memory of skills.

A learner stands in for an agent's explorer: ``LeastTriedExplorer(env, explorer=QLearner(...))``.
"""

import numpy as np

from procmem.agent import ProceduralMemoryAgent
from procmem.arguments import instance, real, whole
from procmem.embedding import offsets
from procmem.episode import Decision, true_facts


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
        self.features = features
        self.step_size = real("step_size", step_size, 0, 1)
        self.discount = real("discount", discount, 0, 1)
        self.epsilon = real("epsilon", epsilon, 0, 1)
        self.initial_value = real("initial_value", initial_value)
        self.trace = real("trace", trace, 0, 1)
        self.planning = whole("planning", planning)
        self.rng = np.random.default_rng(rng)
        self.values, self._count = {}, 0
        self._model, self._known = {}, []  # what followed a step, and the steps in order
        self.begin()

    def begin(self, learn=True):
        """Begin an episode: nothing is to be credited yet."""
        self._traces, self._learning = {}, learn

    def choose(self, state, actions, rng):
        """Return an action, mostly the best known; equals are drawn at random."""
        self._count = len(actions)
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


class SkillValueAgent(ProceduralMemoryAgent):
    """Our agent, but what to do is chosen by value: semi-Markov Q-learning over its skills.

    The options are the applicable ones among the five most similar skills, and to explore. Each
    option has a value in each egocentric view; it is updated when the option ends, with the
    discounted reward on the way (Sutton, Precup & Singh 1999).
    """

    def __init__(self, *args, step_size=0.5, discount=0.99, epsilon=0.1, **options):
        super().__init__(*args, epsilon=epsilon, **options)
        self.step_size = real("step_size", step_size, 0, 1)
        self.discount = real("discount", discount, 0, 1)
        self.values, self._last, self._learning = {}, None, False

    def play(self, use_skills=True, *, learn=True, seed=None):
        """Yield the steps of one episode; no option of an earlier one is credited in it."""
        self._last, self._learning = None, learn
        yield from super().play(use_skills, learn=learn, seed=seed)

    def decide(self, state, failed=(), use_skills=True, learn=False):
        """Return the option of the highest value, drawn among equals, now and then any."""
        if not use_skills:
            return super().decide(state, failed, use_skills, learn)
        query = self.create_embedding(state, ())
        limits = {"threshold": -1, "min_success": 0, "failed": failed}
        candidates = self.library.explain(query, state, **limits)
        names = [None, *(one.name for one in candidates if one.eligible)]
        here = egocentric(state)
        values = [self.values.get((here, name), 0.0) for name in names]
        self._credit(max(values))
        best = [name for name, value in zip(names, values, strict=True) if value == max(values)]
        pool = names if self.rng.random() < self.epsilon else best
        chosen = pool[self.rng.integers(len(pool))]
        return Decision(candidates, chosen, f"{chosen or 'explore'}: by its value")

    def execute(self, decision, state):
        """Yield the steps of one option, and note what it earned unless it was cut off."""
        rewards, step = [], None
        for step in super().execute(decision, state):
            rewards.append(step.reward)
            yield step
        if step is None or (step.truncated and not step.terminated):
            self._last = None  # what would have followed is not known
            return
        earned = sum(self.discount**t * reward for t, reward in enumerate(rewards))
        option = egocentric(state), decision.skill
        self._last = option, earned, self.discount ** len(rewards)

    def learn(self, steps):
        """Turn the episode into skills; nothing follows its last option."""
        self._credit(0.0)
        super().learn(steps)

    def _credit(self, ahead):
        """Update the value of the option that ended last, now that what follows is known."""
        if self._last and self._learning:
            option, earned, discount = self._last
            old = self.values.get(option, 0.0)
            self.values[option] = old + self.step_size * (earned + discount * ahead - old)
        self._last = None
