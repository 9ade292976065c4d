"""What the agent is compared with: the same loop with one thing taken away or done naively."""

from dataclasses import replace

import numpy as np

from procmem.agent import ProceduralMemoryAgent
from procmem.embedding import FourierEncoder, HashedEncoder, cosine_similarity
from procmem.episode import Decision, Step
from procmem.gridworld import Action, draw_layout, shortest_path
from procmem.library import SkillLibrary
from procmem.retention import would_work
from procmem.segmentation import achieved, erase_loops, segment
from procmem.skill import Skill


class RandomExplorer(ProceduralMemoryAgent):
    """No memory at all: every action is drawn at random."""

    def select(self, state, tried=()):
        """Return the decision to explore."""
        return Decision((), None, "explore: there is no memory")

    def explore(self, state, tried):
        """Return any action, each equally likely."""
        actions = list(self.env.get_wrapper_attr("actions"))
        return actions[self.rng.integers(len(actions))]

    def learn(self, steps):
        """Forget the episode."""


class LeastTriedExplorer(RandomExplorer):
    """No memory across episodes: our agent's own way of exploring, and nothing else."""

    explore = ProceduralMemoryAgent.explore


class OracleAgent(RandomExplorer):
    """Breadth-first search over the true world: the optimum, which no skill can beat in steps."""

    def explore(self, state, tried):
        """Return the first action of a shortest path from here."""
        return shortest_path(self.env)[0]


class UninterruptedAgent(ProceduralMemoryAgent):
    """Our agent, but it runs every skill to its end, whatever the world answers."""

    def execute(self, decision, state, tried):
        """Yield every step of the recording, whatever happens."""
        if decision.skill is None:
            yield from super().execute(decision, state, tried)
            return
        for action in self.library[decision.skill].action_sequence:
            following, reward, terminated, truncated, _ = self.env.step(action)
            yield Step(state, action, reward, following, terminated, truncated, decision)
            state = following
            if terminated or truncated:
                return


class NaiveMemoryAgent(UninterruptedAgent):
    """The recipe that circulates, rebuilt: record what worked, find the nearest, run it.

    Each line that differs from our agent is one of the causes that the lessons repair: a hashed
    embedding of position, flags and actions under one norm; merging whatever is more than 0.9
    similar; the nearest applicable skill whatever its similarity and its record; never interrupted.
    With ``teacher=True`` it explores by breadth-first search, as the circulating recipe does.
    """

    def __init__(self, env, embedding_dim=64, rng=None, *, salt=0, teacher=False):
        super().__init__(env, embedding_dim, rng, encoder=HashedEncoder(embedding_dim, salt))
        self.teacher = teacher

    def explore(self, state, tried):
        """Return the least tried action, or with a teacher the best one there is."""
        return shortest_path(self.env)[0] if self.teacher else super().explore(state, tried)

    def select(self, state, tried=()):
        """Return the nearest skill whose preconditions hold."""
        query = self.create_embedding(state, ())
        everything = self.library.retrieve(query, max(1, len(self.library)))
        nearest = next((skill for _, skill in everything if skill.applicable(state)), None)
        if nearest is None:
            return Decision((), None, "explore: no skill applies")
        return Decision((), nearest.name, f"use {nearest.name}: it applies")

    def learn(self, steps):
        """Record every piece of a solved episode as it was, detours included."""
        if not steps or not steps[-1].terminated:
            return
        for piece in segment(steps):
            self._record(piece)

    def _record(self, piece):
        skill = self.make_skill(piece, achieved(piece), piece[0].state)
        if all(cosine_similarity(skill.embedding, old.embedding) <= 0.9 for old in self.library):
            self.library.add(skill)


class EpisodeReplayAgent(ProceduralMemoryAgent):
    """Remembers whole solved episodes, without their loops, and replays the nearest one.

    The situation is all landmarks as seen from the start; nothing is too unlike.
    """

    def __init__(self, env, embedding_dim=64, rng=None, **options):
        encoder = FourierEncoder(embedding_dim)
        super().__init__(env, embedding_dim, rng, encoder=encoder, threshold=-1, **options)

    def learn(self, steps):
        """Store the episode as one skill, if it was solved."""
        if steps and steps[-1].terminated:
            way = erase_loops(steps)
            self.library.add(self.make_skill(way, {"at_goal": True}, steps[0].state))


class OracleRetrievalAgent(ProceduralMemoryAgent):
    """Our agent with perfect retrieval: what the world would answer is known beforehand.

    Of all skills that would work from here the shortest is offered. What remains wrong is the
    skills' own fault, what goes better than with ours is the fault of our retrieval.
    """

    def select(self, state, tried=()):
        """Return the shortest skill that works from ``state`` in the true world."""
        layout = self.env.get_wrapper_attr("layout")
        working = [skill for skill in self.library if would_work(skill, layout, state)]
        if not working:
            return Decision((), None, "explore: no skill would work")
        best = min(working, key=len)
        return Decision((), best.name, f"use {best.name}: the shortest that works")


_CLAIMS = (
    ({"has_key": False, "door_open": False}, "has_key"),
    ({"has_key": True, "door_open": False}, "door_open"),
    ({"has_key": True, "door_open": True}, "at_goal"),
)


def useless_skills(encode, count, rng, size=5):
    """Return skills that claim to work where nobody has tried them, their actions drawn at random.

    ``encode`` is the agent's ``create_embedding``, ``rng`` a seed or a Generator. They stand for
    what accumulates in a library that takes everything: no two of them are twins.
    """
    rng = np.random.default_rng(rng)
    return [_useless(encode, number, rng, size) for number in range(1, count + 1)]


def _useless(encode, number, rng, size):
    known, effect = _CLAIMS[rng.integers(len(_CLAIMS))]
    state = {**draw_layout(size, rng).state(), **known}
    if known["has_key"]:
        state["key"] = state["agent"]
    actions = [list(Action)[i] for i in rng.integers(len(Action), size=rng.integers(1, 8))]
    name = f"useless #{number}"
    options = {"effects": {effect: True}, "situation": state, "fingerprint": name}
    return Skill(name, known, actions, encode(state, actions), **options)


def sham_library(library, actions, rng):
    """Return a library of as many skills for the same situations, as long, but of random actions.

    ``actions`` is the world's enumeration of actions, ``rng`` a seed or a Generator.
    """
    rng = np.random.default_rng(rng)
    members = list(actions)
    sham = SkillLibrary(library.dim, library.encoder)
    for skill in library:
        drawn = tuple(members[i] for i in rng.integers(len(members), size=len(skill)))
        sham.add(replace(skill, action_sequence=drawn, success_count=0, times_used=0))
    return sham
