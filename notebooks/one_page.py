"""The whole agent of lessons 01 to 04 on one page: it looks, remembers, chooses, acts and learns.

What makes it clever comes in as arguments: the functions that you built, under the names that you
gave them. Exchange one and see what changes: ``Agent(GridWorld(shuffle=True), choose=choose)``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from procmem.embedding import fourier_features, offsets, relevant_places
from procmem.episode import Episode, Step, facts, holds, state_key, true_facts
from procmem.exploration import CuriousExplorer
from procmem.gridworld import GridWorld, shortest_path, transition
from procmem.segmentation import known_paths, segment


def new_facts(before, after):
    """Return the facts that became true, as a partial state."""
    return dict.fromkeys(sorted(true_facts(after) - true_facts(before)), True)


def laplace(worked, used):
    """Return how likely the next use is to work; one half for a new skill."""
    return (worked + 1) / (used + 2)


def most_similar(candidates, threshold=0.2, min_success=0.2):
    """Return the most similar candidate that passes all questions, ``None`` to explore."""
    fit = [c for c in candidates if c.preconditions_hold and not c.just_failed]
    good = [c for c in fit if c.similarity >= threshold and c.success_estimate >= min_success]
    return min(good, key=lambda c: (-c.similarity, c.n_steps), default=None)


@dataclass(eq=False)
class Skill:
    """One remembered way of bringing something about."""

    preconditions: dict
    actions: tuple
    effects: dict
    begin: dict  # the state in which its piece of the episode began,
    situation: dict  # the state on the way in which the skill itself begins,
    end: dict  # and the state in which both end
    embedding: np.ndarray | None = None
    worked: int = 0
    used: int = 0


@dataclass(frozen=True)
class Candidate:
    """A skill that may be used now, and what is asked before it is."""

    skill: Skill
    similarity: float
    preconditions_hold: bool
    success_estimate: float
    just_failed: bool
    n_steps: int


@dataclass(eq=False, repr=False)
class Agent:
    """An agent with a procedural memory: its ``library`` is a list of skills, the oldest first."""

    env: GridWorld
    rng: np.random.Generator | int | None = None
    applicable: Callable = holds  # built in lesson 01
    effects: Callable = new_facts
    success_estimate: Callable = laplace
    segment: Callable = segment  # in 02
    offsets: Callable = offsets  # in 03
    relevant: Callable = relevant_places
    features: Callable = fourier_features
    known_paths: Callable = known_paths  # in 04
    choose: Callable = most_similar
    explorer: CuriousExplorer = field(default_factory=CuriousExplorer)
    library: list[Skill] = field(default_factory=list)
    matters: dict = field(default_factory=dict)  # by true facts: the places that matter

    def __post_init__(self):
        self.rng = np.random.default_rng(self.rng)

    def embed(self, state):
        """Return the facts, and the offsets of the places that matter, as a vector of length 1."""
        matters = self.matters.get(true_facts(state))
        inputs = {name: (4.0 * value,) for name, value in facts(state).items()}
        for name, offset in self.offsets(state).items():
            if matters is None or name in matters:
                inputs[name] = tuple(cells / 4.0 for cells in offset)
        vector = self.features(inputs, 64)
        return vector / np.linalg.norm(vector)

    def candidates(self, state, failed):
        """Return the five skills whose situations are most similar to ``state``."""
        embeddings = np.array([skill.embedding for skill in self.library]).reshape(-1, 64)
        similarities = np.round(embeddings @ self.embed(state), 6)
        nearest = np.argsort(-similarities, kind="stable")[:5]
        return [self.candidate(self.library[i], similarities[i], state, failed) for i in nearest]

    def candidate(self, skill, similarity, state, failed):
        """Return a skill with the answers to the questions about it."""
        fits = self.applicable(skill.preconditions, state)
        estimate = self.success_estimate(skill.worked, skill.used)
        just_failed = skill in failed or skill.actions[0] in failed
        return Candidate(skill, similarity, fits, estimate, just_failed, len(skill.actions))

    def run_episode(self, learn=True, seed=None):
        """Play one room to its end, learn from it if asked to, and return the ``Episode``."""
        state, _ = self.env.reset(seed=seed)
        self.explorer.begin(learn)
        steps, failed, in_vain = [], {}, set()  # in vain: the actions that just changed nothing
        while not steps or not (steps[-1].terminated or steps[-1].truncated):
            failed_here = failed.setdefault(state_key(state), [])
            candidates = self.candidates(state, [*failed_here, *in_vain])
            chosen = self.choose(candidates, 0.8 if learn else 0.2)
            if chosen and learn and self.rng.random() < 0.1:
                chosen = None  # a shorter path may lie beside the known one
            steps += self.follow(chosen, state) if chosen else [self.explore(state)]
            if chosen and not self.succeeded(chosen, steps[-1], learn):
                failed_here.append(chosen.skill)
            in_vain = set() if steps[-1].changed else in_vain | {steps[-1].action}
            state = steps[-1].next_state
        if learn:
            self.explorer.learn()
            self.learn(steps)
        return Episode(tuple(steps), self.env.layout)

    def follow(self, chosen, state):
        """Do what the skill did; if its situation is not the present one, its first action only."""
        steps = []
        for action in chosen.skill.actions:
            steps.append(self.step(state, action))
            last, state = steps[-1], steps[-1].next_state
            if not last.changed or last.terminated or last.truncated or chosen.similarity < 0.99:
                break
        return steps

    def succeeded(self, chosen, step, learn):
        """Return whether a skill that ended with ``step`` worked; while learning, count it."""
        skill = chosen.skill
        worked = step.changed and holds(skill.effects, step.next_state)
        if learn and (worked or chosen.similarity >= 0.99):
            skill.worked, skill.used = skill.worked + worked, skill.used + 1
        return worked

    def explore(self, state):
        """Try something out, and return the step."""
        actions = list(self.env.actions)
        action = self.explorer.choose(state, actions, self.rng)
        if action is None:  # all was tried
            action = actions[self.rng.integers(len(actions))]
        return self.step(state, action)

    def step(self, state, action):
        """Take one action in the world and return the step."""
        following, reward, terminated, truncated, _ = self.env.step(action)
        step = Step(state, action, reward, following, terminated, truncated)
        self.explorer.observe(step)
        return step

    def learn(self, steps):
        """Turn each piece that achieved something into skills, and see again what matters."""
        for piece in self.segment(steps):
            begin, end = piece[0].state, piece[-1].next_state
            for path in self.known_paths(piece):
                now, actions = path[0].state, tuple(step.action for step in path)
                effects = self.effects(begin, end)
                self.library.append(Skill(facts(now), actions, effects, begin, now, end))
        recordings = {}
        for skill in self.library:
            if (known := true_facts(skill.situation)) == true_facts(skill.begin):
                recordings.setdefault(known, []).append(skill)
        self.matters = {known: self.relevant(some) for known, some in recordings.items()}
        self.library = self.without_twins()

    def without_twins(self):
        """Embed all skills anew; of those that differ in their actions only, keep the best."""
        twins = {}
        for skill in self.library:
            skill.embedding = self.embed(skill.situation)
            when, then = state_key(skill.preconditions), state_key(skill.effects)
            twins.setdefault((when, then, *skill.embedding.round(4)), []).append(skill)
        return [min(some, key=self.fault) for some in twins.values()]

    def fault(self, skill):
        """Return what counts against a skill: failing more often than not, then its length."""
        return max(0.5 - self.success_estimate(skill.worked, skill.used), 0), len(skill.actions)

    def examine(self, seeds, *, transition=transition, shortest_path=shortest_path):
        """Return steps / optimum in each room, without learning; both functions come from 02."""
        self.env, ratios = GridWorld(self.env.size, shuffle=True, transition=transition), []
        for seed in seeds:
            self.env.reset(seed=seed)
            optimum = len(shortest_path(self.env))
            ratios.append(len(self.run_episode(learn=False, seed=seed)) / optimum)
        return np.array(ratios)
