"""The loop: look, remember, choose, do, learn."""

from collections import Counter
from dataclasses import replace
from itertools import islice, repeat

import numpy as np

from procmem.embedding import RelevanceEncoder, fingerprint
from procmem.episode import Decision, Episode, Step
from procmem.gridworld import facts, holds
from procmem.library import SkillLibrary
from procmem.segmentation import achieved, loop_free_suffixes, segment
from procmem.skill import Skill


class ProceduralMemoryAgent:
    """An agent that explores, turns its successes into skills and does it again.

    A skill is used if its preconditions hold, its situation is at least ``threshold`` similar to
    the present one, its success estimate is at least ``min_success`` and it was not just tried in
    vain from here. Otherwise the agent explores: the action least tried from here. While it learns
    it explores in any case at a share ``curiosity`` of its decisions: a shorter way may lie beside
    the known one.

    For a world that changes: with every episode, ``fading`` of what a skill's record says still
    counts (1: all of it). And ``boredom`` is the chance, for each time that a skill was used
    lately, to look for another way instead, for up to twice as many steps as the known way takes.

    ``embedding_dim`` is 64 unless an ``encoder`` brings its own.
    ``explorer`` (a ``CuriousExplorer``, say) explores in another way than by the least tried
    action, and ``ways`` (``known_ways``, say) finds the ways in a piece of an episode. ``keeper``
    (a ``Keeper``) looks after the library: which new skills to trust, and what to put aside.
    """

    def __init__(
        self,
        env,
        embedding_dim=None,
        rng=None,
        *,
        encoder=None,
        library=None,
        threshold=0.7,
        min_success=0.2,
        curiosity=0.1,
        fading=1.0,
        boredom=0.0,
        explorer=None,
        ways=loop_free_suffixes,
        keeper=None,
    ):
        self.env = env
        self.encoder = encoder
        if encoder is None:
            self.encoder = RelevanceEncoder(64 if embedding_dim is None else embedding_dim)
        self.embedding_dim = self.encoder.dim
        if embedding_dim not in (None, self.embedding_dim):
            raise ValueError(
                f"embedding_dim must be the encoder's, {self.embedding_dim}, got {embedding_dim}"
            )
        self.rng = np.random.default_rng(rng)
        self.library = library
        if library is None:
            self.library = SkillLibrary(self.embedding_dim, self.encoder.name)
        made_by = (
            self.library.dim or self.embedding_dim,
            self.library.encoder or self.encoder.name,
        )
        if made_by != (self.embedding_dim, self.encoder.name):
            raise ValueError(
                f"library must hold vectors of {self.embedding_dim} numbers by the encoder "
                f"{self.encoder.name!r}, got {made_by}"
            )
        self.threshold = _within("threshold", threshold, -1)
        self.min_success = _within("min_success", min_success, 0)
        self.curiosity = _within("curiosity", curiosity, 0)
        self.fading = _within("fading", fading, 0)
        self.boredom = _within("boredom", boredom, 0)
        self.explorer = explorer
        self.ways = ways
        self.keeper = keeper
        self._search = self._episode = self._offered = None
        self._attend()

    def create_embedding(self, state, action_seq):
        """Return the vector of a situation and the actions in it, shape ``(embedding_dim,)``."""
        return self.encoder(state, action_seq)

    # ---------------------------------------------------------------- act

    def run_episode(self, use_skills=True, *, learn=True, seed=None):
        """Reset the environment (with ``seed``), play to the end and return the ``Episode``."""
        steps = tuple(self.play(use_skills, learn=learn, seed=seed))
        return Episode(steps, self.env.get_wrapper_attr("layout"))

    def train(self, episodes, *, seeds=None):
        """Play and learn for a number of episodes, on the layouts of ``seeds``; return them."""
        if episodes < 0:
            raise ValueError(f"episodes must be a whole number from 0 up, got {episodes}")
        seeds = repeat(None, episodes) if seeds is None else islice(seeds, episodes)
        history = [self.run_episode(seed=seed) for seed in seeds]
        if len(history) < episodes:
            raise ValueError(
                f"seeds must hold {episodes} layouts, one an episode, got {len(history)}"
            )
        return history

    def play(self, use_skills=True, *, learn=True, seed=None):
        """Yield the steps of one episode while they happen; learn from them after the last."""
        state, _ = self.env.reset(seed=seed)
        steps, tried, self._search, self._offered = [], {}, None, {}
        episode = self._episode = object()
        if self.explorer:
            self.explorer.begin()
        while not (steps and (steps[-1].terminated or steps[-1].truncated)):
            here = tried.setdefault(_key(state), Counter())
            decision = self._decide(state, here, use_skills, learn)
            done = []
            for step in self.execute(decision, state, here):
                done.append(step)
                if self.explorer:
                    self.explorer.notice(step, learn)
                yield step
                if self._episode is not episode:
                    raise RuntimeError("this episode is over: the agent has begun another one")
            self._review(decision, done, here, learn)
            steps += done
            state = done[-1].next_state if done else state
        self._offered = None
        if learn:
            self.learn(steps)
            self._fade()
            if self.keeper:
                self.keeper.tidy(self)

    def _decide(self, state, here, use_skills, learn):
        if not use_skills:
            return Decision((), None, "explore: memory is not used")
        if self._searching(state):
            return Decision((), None, "explore: still looking for another way")
        decision = self.select(state, here)
        if learn and decision.skill and self._wonders(state, self.library[decision.skill]):
            return Decision(decision.candidates, None, "explore: curious about another way")
        return decision

    def _wonders(self, state, skill):
        if self.boredom and self.rng.random() < self.boredom * skill.lately[1]:
            self._search = facts(state), 2 * len(skill) - 1
            return True
        return self.rng.random() < self.curiosity

    def _searching(self, state):
        """Whether the search for another way goes on: nothing is achieved yet, steps are left."""
        known, left = self._search or (None, 0)
        self._search = (known, left - 1) if left > 0 and facts(state) == known else None
        return self._search is not None

    def select(self, state, tried=()):
        """Return the ``Decision`` for ``state``: which skill, if any, and why.

        The most similar eligible skill wins; among equals the one that brings about more, then the
        shorter, then the more successful, then the older. ``tried`` holds the names of skills that
        have just failed from here.
        """
        candidates = self._offers(state, tried)
        eligible = [candidate for candidate in candidates if candidate.eligible]
        if not eligible:
            why = (
                f"{candidates[0].name} is {candidates[0].verdict}"
                if candidates
                else "no memory yet"
            )
            return Decision(candidates, None, f"explore: {why}")
        best = min(eligible, key=self._rank)
        return Decision(
            candidates, best.name, f"use {best.name}: the most similar that may be used"
        )

    def _offers(self, state, tried):
        """Return the candidates; while nothing is learned, who asks again gets the same answer."""
        limits = {"threshold": self.threshold, "min_success": self.min_success}
        failed = frozenset(name for name in tried if isinstance(name, str))
        memory = self.library.added, len(self.library), *limits.values()
        question = _key(state), failed, memory
        if self._offered is None or question not in self._offered:
            query = self.create_embedding(state, ())
            candidates = self.library.explain(query, state, **limits, tried=failed)
            if self._offered is None:  # between episodes anything may change
                return candidates
            self._offered[question] = candidates
        return self._offered[question]

    def _rank(self, candidate):
        skill, estimate = self.library[candidate.name], candidate.success_estimate
        return -candidate.similarity, -len(skill.effects), len(skill), -estimate

    def execute(self, decision, state, tried):
        """Yield the steps of one decision: a skill until it ends or stalls, or one exploring step.

        ``tried`` counts the actions that were tried from ``state`` in this episode.
        """
        skill = self.library[decision.skill] if decision.skill else None
        action, t = (skill.act(state, 0) if skill else self.explore(state, tried)), 0
        been = {_key(state)}
        while action is not None:
            following, reward, terminated, truncated, _ = self.env.step(action)
            step = Step(state, action, reward, following, terminated, truncated, decision)
            yield step
            # A remembered action that changes nothing means: this is not the world I remember.
            over = terminated or truncated or not step.changed or skill is None
            if over or (skill.effects and holds(skill.effects, following)):
                return
            # A network that comes back to where it has been would go round in circles for ever.
            if skill.general and _key(following) in been:
                return
            been.add(_key(following))
            state, t = following, t + 1
            action = skill.act(state, t)

    def explore(self, state, tried):
        """Return what the explorer chooses, else the least tried action, and count it.

        Equals are drawn at random.
        """
        actions = list(self.env.get_wrapper_attr("actions"))
        action = self.explorer.choose(state, actions, self.rng) if self.explorer else None
        if action is None:
            fewest = min(tried[action] for action in actions)
            least = [action for action in actions if tried[action] == fewest]
            action = least[self.rng.integers(len(least))]
        tried[action] += 1
        return action

    def _review(self, decision, done, tried, learn):
        if decision.skill not in self.library:  # explored, or forgotten by hand in the meantime
            return
        skill = self.library[decision.skill]
        succeeded = bool(done) and done[-1].changed and holds(skill.effects, done[-1].next_state)
        if not succeeded:
            tried[skill.name] += 1
        if learn and not (done and done[-1].truncated):
            skill.record(succeeded, self.library.age + 1)
            self._offered = {}  # its record has changed

    # ---------------------------------------------------------------- learn

    def _fade(self):
        if self.fading < 1:
            for skill in self.library:
                skill.fade(self.fading)

    def learn(self, steps):
        """Turn every piece that achieved something into skills, one for each state it left."""
        before, first = self.library.added, 1
        self.library.age += 1
        for piece in segment(steps):
            source = self.library.age, first, first + len(piece) - 1
            for way in self.ways(piece):
                skill = self.make_skill(way, achieved(piece), piece[0].state)
                skill.source = source
                skill.status = self.keeper.welcome if self.keeper else "active"
                self.library.add(skill)
            first += len(piece)
        if self.library.added > before:
            self._attend()

    def consolidate(self):
        """Practise on the stored skills: add a ``NeuralSkill`` for each kind, in place of the last.

        The recordings stay: what is known exactly is done exactly, the networks do the rest.
        """
        from procmem.neural import consolidate  # loaded only by who wants networks

        networks = consolidate(self.library, getattr(self.encoder, "relevance", {}), rng=self.rng)
        recorded = [skill for skill in self.library if not skill.general]
        self.library.rebuild([*recorded, *networks])

    def make_skill(self, way, effects, origin):
        """Return the skill that does the steps of ``way`` again to bring about ``effects``."""
        situation = way[0].state
        actions = tuple(step.action for step in way)
        return Skill(
            self.library.new_name(" and ".join(effects)),
            {name: value for name, value in situation.items() if isinstance(value, bool)},
            actions,
            self.create_embedding(situation, actions),
            effects=effects,
            origin=origin,
            situation=situation,
            outcome=way[-1].next_state,
            fingerprint=fingerprint(self.create_embedding(situation, ())),
        )

    def _attend(self):
        """Let the encoder learn what matters; encode the memories anew if that changed."""
        archive = self.library.archive  # what was put aside is not done any more, but still known
        skills = [*self.library, *archive.values()]
        known = [(s.origin, s.situation, s.outcome) for s in skills if s.origin]
        if known and self.encoder.learn(known):
            self.library.rebuild(self._again(skill) for skill in self.library)
            self.library.archive = {name: self._again(skill) for name, skill in archive.items()}

    def _again(self, skill):
        if skill.situation is None:
            return skill
        embedding = self.create_embedding(skill.situation, skill.action_sequence)
        cue = fingerprint(self.create_embedding(skill.situation, ()))
        return replace(skill, embedding=embedding, fingerprint=cue)


def _within(name, value, low):
    if isinstance(value, str) or not low <= value <= 1:
        raise ValueError(f"{name} must lie in {low}..1, got {value}")
    return value


def _key(state):
    return frozenset(state.items())
