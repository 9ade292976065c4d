"""What the agent is compared with: the same loop with one thing taken away or done naively."""

from collections import Counter
from dataclasses import replace

import numpy as np

from procmem.agent import ProceduralMemoryAgent
from procmem.arguments import each, flag, function, generator, instance, real, whole
from procmem.embedding import cosine_similarity
from procmem.episode import Decision, Step, facts, state_key
from procmem.gridworld import Action, draw_layout, shortest_path
from procmem.lab.encoders import HashedEncoder
from procmem.library import SkillLibrary
from procmem.segmentation import segment
from procmem.skill import Life, Recording, Skill


class RandomExplorer(ProceduralMemoryAgent):
    """No memory at all: every action is drawn at random."""

    def select(self, state, failed=(), threshold=None):
        """Return the decision to explore."""
        return Decision((), None, "explore: there is no memory")

    def explore(self, state):
        """Return any action, each equally likely."""
        return self.actions[self.rng.integers(len(self.actions))]

    def learn(self, steps):
        """Forget the episode."""


class NoMemoryAgent(RandomExplorer):
    """The agent's own way of exploring, what its explorer learns included, and nothing else."""

    explore = ProceduralMemoryAgent.explore


class LeastTried:
    """An explorer that takes the action least tried from here in this episode."""

    def __init__(self):
        self.begin()

    def begin(self, learn=True):
        """Begin an episode: nothing was tried."""
        flag("learn", learn)
        self._tried = Counter()

    def observe(self, step):
        """Count a step."""
        self._tried[state_key(instance("step", step, Step).state), step.action] += 1

    def learn(self):
        """Learn nothing across episodes."""

    def choose(self, state, actions, rng):
        """Return a least tried action, drawn among equals."""
        actions, rng = each("actions", actions, int), instance("rng", rng, np.random.Generator)
        here = state_key(state)
        fewest = min((self._tried[here, action] for action in actions), default=0)
        least = [action for action in actions if self._tried[here, action] == fewest]
        return least[rng.integers(len(least))] if least else None


class LeastTriedExplorer(NoMemoryAgent):
    """No memory: the least tried action, or what another ``explorer`` chooses."""

    def __init__(self, env, embedding_dim=None, rng=None, *, explorer=None, **options):
        explorer = LeastTried() if explorer is None else explorer
        super().__init__(env, embedding_dim, rng, explorer=explorer, **options)


class OracleAgent(RandomExplorer):
    """Breadth-first search over the true world: the optimum, which no skill can beat in steps."""

    def explore(self, state):
        """Return the first action of a shortest path from here."""
        return shortest_path(self.env)[0]


class UninterruptedAgent(ProceduralMemoryAgent):
    """Our agent, but it runs every recording to its end, whatever the world answers."""

    def execute(self, decision, state):
        """Yield every step of the recording, whatever happens."""
        if decision.skill is None:
            yield from super().execute(decision, state)
            return
        for action in self.library[decision.skill].action_sequence:
            following, reward, terminated, truncated, _ = self.env.step(action)
            yield Step(state, action, reward, following, terminated, truncated, decision)
            state = following
            if terminated or truncated:
                return


class WanderingAgent(ProceduralMemoryAgent):
    """Our agent, but it grows tired of a skill that it uses often, and looks for another path.

    ``boredom`` is the chance, for each use of the skill that still counts, to explore instead, for
    up to twice as many steps as the skill takes or until a fact changes.
    """

    def __init__(self, env, embedding_dim=None, rng=None, *, boredom=0.1, **options):
        super().__init__(env, embedding_dim, rng, **options)
        self.boredom = real("boredom", boredom, 0, 1)
        self._search = None

    def decide(self, state, failed=(), use_skills=True, learn=False):
        """Return the decision for ``state``: to go on wandering, to begin it, or as usual."""
        known, left = self._search or (None, 0)
        self._search = (known, left - 1) if left > 0 and facts(state) == known else None
        if self._search:
            return Decision((), None, "explore: still looking for another way")
        decision = super().decide(state, failed, use_skills, learn)
        skill = self.library[decision.skill] if learn and decision.skill else None
        if skill and self.rng.random() < self.boredom * skill.evidence[1]:
            self._search = facts(state), 2 * len(skill) - 1
            return Decision(decision.candidates, None, "explore: looking for another way")
        return decision


def nearest_recording(memory, state):
    """Return the skill of ``memory`` nearest to ``state`` whose preconditions hold, or ``None``."""
    ranked = instance("memory", memory, SkillLibrary).retrieve(
        memory.encoder(state), max(1, len(memory))
    )
    return next((skill for _, skill in ranked if skill.applicable(state)), None)


class NaiveMemoryAgent(UninterruptedAgent):
    """The recipe that circulates, rebuilt: record what worked, find the nearest, run it.

    Each line that differs from our agent is one of the causes that the lessons repair: a hashed
    embedding of position, flags and actions under one norm; merging whatever is more than 0.9
    similar; the nearest applicable skill whatever its similarity and its record; never interrupted.
    ``retrieve(memory, state)`` returns the skill to use, or ``None``. With ``teacher=True`` it
    explores by breadth-first search, as the recipe does, else by the least tried action.
    """

    def __init__(
        self, env, embedding_dim=64, rng=None, *, salt=0, teacher=False, retrieve=nearest_recording
    ):
        encoder = HashedEncoder(whole("embedding_dim", embedding_dim, 2), salt)
        super().__init__(env, embedding_dim, rng, encoder=encoder, explorer=LeastTried())
        self.teacher, self.retrieve = flag("teacher", teacher), function("retrieve", retrieve)

    def create_embedding(self, state, action_seq):
        """Return the hashed vector of a state and the actions."""
        return self.encoder(state, action_seq)

    def explore(self, state):
        """Return the least tried action, or with a teacher the best one there is."""
        return shortest_path(self.env)[0] if self.teacher else super().explore(state)

    def select(self, state, failed=(), threshold=None):
        """Return the nearest skill whose preconditions hold."""
        nearest = self.retrieve(self.library, state) if len(self.library) else None
        if nearest is None:
            return Decision((), None, "explore: no skill applies")
        return Decision((), nearest.name, f"use {nearest.name}: it applies")

    def learn(self, steps):
        """Record every piece of a solved episode as it was, detours included."""
        for piece in segment(steps) if steps and steps[-1].terminated else ():
            skill = self.make_skill(piece, piece)
            others = (cosine_similarity(skill.embedding, old.embedding) for old in self.library)
            if max(others, default=0.0) <= 0.9:
                self.library.add(skill)


def whole_episode(steps):
    """Return a solved episode as one piece, uncut."""
    steps = each("steps", steps, Step)
    return [steps] if steps and steps[-1].terminated else []


def each_suffix(steps):
    """Return every suffix of the steps, loops and all."""
    steps = each("steps", steps, Step)
    return [steps[i:] for i in range(len(steps))]


_CLAIMS = (
    ({"has_key": False, "door_open": False}, "has_key"),
    ({"has_key": True, "door_open": False}, "door_open"),
    ({"has_key": True, "door_open": True}, "at_goal"),
)


def useless_skills(encode, count, rng, size=5):
    """Return skills that claim to work where they were never tried, their actions drawn at random.

    ``encode`` is the agent's ``create_embedding``, ``rng`` a seed or a Generator. They stand for
    what accumulates in a library that takes everything: no two of them are twins.
    """
    encode, rng = function("encode", encode), generator("rng", rng)
    count = whole("count", count)
    return [_useless(encode, number, rng, size) for number in range(1, count + 1)]


def _useless(encode, number, rng, size):
    known, effect = _CLAIMS[rng.integers(len(_CLAIMS))]
    state = {**draw_layout(size, rng).state(), **known}
    if known["has_key"]:
        state["key"] = state["agent"]
    actions = [list(Action)[i] for i in rng.integers(len(Action), size=rng.integers(1, 8))]
    name = f"useless #{number}"
    recording = Recording(None, state, None)
    embedding = encode(state, actions)
    # Enough to be no twin, too little to be less similar.
    embedding = embedding + 0.0001 * rng.standard_normal(embedding.shape)
    return Skill(name, known, actions, embedding, effects={effect: True}, recording=recording)


def sham_library(library, actions, rng):
    """Return a library of as many skills for the same situations, as long, but of random actions.

    ``actions`` is the world's enumeration of actions, ``rng`` a seed or a Generator.
    """
    library, rng = instance("library", library, SkillLibrary), generator("rng", rng)
    members = each("actions", actions, int)
    if not members:
        raise ValueError("actions must hold at least one action, got none")
    sham = SkillLibrary(library.dim, library.encoder)
    for skill in library:
        drawn = tuple(members[i] for i in rng.integers(len(members), size=len(skill)))
        blank = {"success_count": 0, "times_used": 0, "life": Life()}
        sham.add(replace(skill, action_sequence=drawn, **blank))
    return sham
