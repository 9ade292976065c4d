"""Skills made of skills: what often follows each other becomes one, and needs one decision.

A composite is a long commitment: it looks once and then does all its parts. So it wants to know
beforehand that *every* part fits. What a recorded part will lead to can be foreseen, since its
recording tells; what a network will lead to cannot, but it looks again at every step.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import ClassVar

import numpy as np

from procmem.embedding import flags, landmarks, offsets
from procmem.gridworld import holds
from procmem.skill import Skill
from procmem.storage import checked, from_data, to_data

MADE_OF = ("recorded", "network")
"""The kinds of skills that can be parts."""


@dataclass(eq=False, repr=False)
class CompositeSkill(Skill):
    """A skill that does its ``parts`` one after the other; made by ``join``.

    ``looks`` holds, for each part, the names of the landmarks that matter to it. It may start where
    every part will fit, and ends where a part has not brought about its effects.
    """

    parts: tuple[Skill, ...] = field(default=(), kw_only=True)
    looks: tuple[tuple[str, ...], ...] = field(default=(), kw_only=True)
    kind: ClassVar = "composite"
    general: ClassVar = True

    def act(self, state, t):
        """Return the next action of the part whose turn it is, ``None`` at the end."""
        for part in self.parts:
            if part.general and not holds(part.effects, state):
                return part.act(state, t)
            if not part.general:
                if t < len(part):
                    return part.act(state, t)
                if not holds(part.effects, state):
                    return None
                t -= len(part)
        return None

    def likeness(self, similarity, state):
        """Return how well the part that fits worst will fit, in ``[0, 1]``."""
        worst = 1.0
        for part, names in zip(self.parts, self.looks, strict=True):
            if part.general:  # and so are all that follow
                return min(worst, part.likeness(0.0, state))
            if not _same(part.situation, state, names):
                return 0.0
            state = foresee(part, state)
        return worst

    def extras(self):
        """Return the parts and what matters to each of them."""
        return {
            "parts": [to_data(part) for part in self.parts],
            "looks": list(map(list, self.looks)),
        }

    @classmethod
    def revive(cls, data, actions):
        """Return the parts from what ``extras`` gave; they must be able to follow each other."""
        parts, looks = checked(data["parts"], list), checked(data["looks"], list)
        if any(checked(part, dict).get("kind", Skill.kind) not in MADE_OF for part in parts):
            raise ValueError(f"parts must be of the kinds {' and '.join(MADE_OF)}, got {parts!r}")
        parts = tuple(from_data(part, actions) for part in parts)
        looks = tuple(tuple(checked(name, str) for name in checked(few, list)) for few in looks)
        _check(parts)
        if len(looks) != len(parts):
            raise ValueError(f"looks must name the landmarks of {len(parts)} parts, got {looks}")
        return {"parts": parts, "looks": looks}


def join(parts, name, relevance=None):
    """Return the ``CompositeSkill`` that does ``parts`` in this order.

    Parts that are composites themselves are taken apart. ``relevance`` is the encoder's: a dict
    from facts to the landmarks that matter there; where it is silent, all do.
    """
    parts = tuple(chain.from_iterable(getattr(part, "parts", (part,)) for part in parts))
    _check(parts)
    return CompositeSkill(
        name,
        parts[0].preconditions,
        tuple(chain.from_iterable(part.action_sequence for part in parts)),
        np.zeros(len(parts[0].embedding)),
        effects=dict(chain.from_iterable(part.effects.items() for part in parts)),
        fingerprint=" + ".join(part.name for part in parts),
        parts=parts,
        looks=tuple(tuple(sorted(_matter(part, relevance or {}))) for part in parts),
    )


def compose(library, episodes, relevance=None, *, at_least=3, longest=3):
    """Return a ``CompositeSkill`` for each succession that worked ``at_least`` so many times.

    A succession is two up to ``longest`` skills of ``library`` that followed each other in an
    episode, each of which brought about its effects. Longer ones come first.
    """
    counted = Counter()
    for episode in episodes:
        for names in successions(episode, library):
            few = [names[i:j] for i in range(len(names)) for j in range(i + 2, len(names) + 1)]
            counted.update(tuple(names) for names in few if len(names) <= longest)
    frequent = [names for names, times in counted.items() if times >= at_least]
    found = []
    for names in sorted(frequent, key=lambda names: (-len(names), -counted[names])):
        parts = [library[name] for name in names]
        if follow(parts):
            found.append(join(parts, " + ".join(names), relevance))
    return found


def successions(episode, library):
    """Return lists of the names of skills that followed each other and worked, in order."""
    runs = [[]]
    for decision, steps in _deeds(episode):
        name = decision.skill if decision else None
        worked = name in library and holds(library[name].effects, steps[-1].next_state)
        if worked and not hasattr(library[name], "parts"):
            runs[-1].append(name)
        else:
            runs.append([])
    return [names for names in runs if len(names) > 1]


def foresee(skill, state):
    """Return the state after a recorded skill has worked from ``state``.

    The agent moves as it did in the recording, its facts are those of the recording, and what was
    where it stood at the end is there again.
    """
    after, before = skill.outcome, skill.situation
    moved = np.subtract(after["agent"], before["agent"])
    agent = tuple(np.add(state["agent"], moved).tolist())
    there = [name for name in landmarks(state) if after[name] == after["agent"]]
    known = {name: value for name, value in after.items() if isinstance(value, bool)}
    return {**state, **known, **dict.fromkeys(there, agent), "agent": agent}


def follow(parts):
    """Whether each part may begin where the one before ends, and can be foreseen to fit."""
    kinds = [part.general for part in parts]
    recorded = all(part.general or None not in (part.situation, part.outcome) for part in parts)
    chained = all(
        after.preconditions.items() <= {**before.preconditions, **before.effects}.items()
        for before, after in pairwise(parts)
    )
    return len(parts) > 1 and recorded and chained and kinds == sorted(kinds)


def _check(parts):
    if not follow(parts):
        raise ValueError(
            "parts must be two or more skills that may follow each other, recordings before "
            f"networks, got {[part.name for part in parts]}"
        )


def _matter(part, relevance):
    if part.general:
        return part.names
    return relevance.get(flags(part.situation)) or landmarks(part.situation)


def _same(situation, state, names):
    """Whether two states have the same facts, and the named landmarks at the same offsets."""
    alike = flags(situation) == flags(state)
    return alike and bool((offsets(situation, names) == offsets(state, names)).all())


def _deeds(episode):
    """Yield the decisions of an episode in order, each with its steps."""
    steps = []
    for step in episode.steps:
        if steps and step.decision is not steps[-1].decision:
            yield steps[-1].decision, steps
            steps = []
        steps.append(step)
    if steps:
        yield steps[-1].decision, steps
