"""Skills made of skills: what often follows each other becomes one, and needs one decision.

A composite is chosen once and then does all its parts, so all of them have to fit beforehand. What
a recorded part leads to can be foreseen from its recording; a network looks for itself.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import ClassVar

import numpy as np

from procmem.embedding import offsets, places
from procmem.episode import facts, holds, true_facts
from procmem.skill import Skill
from procmem.storage import checked, skill_from_data, skill_to_data

PARTS = ("recorded", "network")  # kinds of skills that can be parts


@dataclass(eq=False, repr=False)
class CompositeSkill(Skill):
    """A skill that does its ``parts`` one after the other; made by ``join``.

    ``relevant`` holds, for each recorded part, the names of the places that matter to it. The skill
    fits where every part will fit, and ends where a part has not brought about its effects.
    """

    parts: tuple[Skill, ...] = field(default=(), kw_only=True)
    relevant: tuple[tuple[str, ...], ...] = field(default=(), kw_only=True)
    kind: ClassVar = "composite"
    self_assessing: ClassVar = True

    @property
    def closed_loop(self):
        """Whether any part looks at the state before each action."""
        return any(part.closed_loop for part in self.parts)

    def act(self, state, t):
        """Return the next action of the part whose turn it is, ``None`` at the end."""
        for part in self.parts:
            if part.closed_loop and not holds(part.effects, state):
                return part.act(state, t)
            if not part.closed_loop:
                if t < len(part):
                    return part.act(state, t)
                if not holds(part.effects, state):
                    return None
                t -= len(part)
        return None

    def fit(self, similarity, state):
        """Return how well the part that fits worst will fit, in ``[0, 1]``."""
        for part, names in zip(self.parts, self.relevant, strict=True):
            if part.closed_loop:  # and so are all that follow, which cannot be foreseen
                return part.fit(0.0, state)
            then, now = offsets(part.situation), offsets(state)
            moved = any(then.get(name) != now.get(name) for name in names)
            if moved or facts(part.situation) != facts(state):
                return 0.0
            state = foresee(part, state)
        return 1.0

    def to_data(self):
        """Return the parts and what matters to each of them."""
        return {"parts": [*map(skill_to_data, self.parts)], "relevant": [*map(list, self.relevant)]}

    @classmethod
    def from_data(cls, data):
        """Return the parts from what ``to_data`` gave; they must be able to follow each other."""
        parts, relevant = (checked(data[name], list) for name in ("parts", "relevant"))
        if any(part["kind"] not in PARTS for part in parts) or len(relevant) != len(parts):
            raise ValueError(f"parts must be of the kinds {PARTS} and relevant as many, got {data}")
        parts = tuple(map(skill_from_data, parts))
        _check(parts)
        names = (tuple(checked(name, str) for name in checked(few, list)) for few in relevant)
        return {"parts": parts, "relevant": tuple(names)}


def join(parts, name, relevance=None):
    """Return the ``CompositeSkill`` that does ``parts``, no composites themselves, in this order.

    ``relevance`` is the encoder's; where it is silent, all places matter.
    """
    _check(parts)
    return CompositeSkill(
        name,
        parts[0].preconditions,
        [action for part in parts for action in part.action_sequence],
        np.zeros(len(parts[0].embedding)),
        effects={name: value for part in parts for name, value in part.effects.items()},
        parts=tuple(parts),
        relevant=tuple(_relevant(part, relevance or {}) for part in parts),
    )


def compose(library, episodes, relevance=None, *, at_least=3, longest=3):
    """Return a ``CompositeSkill`` for each succession that worked at least ``at_least`` times.

    A succession is two up to ``longest`` skills that followed each other in an episode, each of
    which brought about its effects. Longer ones come first.
    """
    counted = Counter()
    for run in (run for episode in episodes for run in successions(episode, library)):
        for n in range(2, longest + 1):
            counted.update(zip(*(run[i:] for i in range(n)), strict=False))
    frequent = [names for names, times in counted.most_common() if times >= at_least]
    frequent.sort(key=len, reverse=True)  # stable: the most frequent first
    chains = {" + ".join(names): [library[name] for name in names] for names in frequent}
    return [join(parts, name, relevance) for name, parts in chains.items() if can_follow(parts)]


def successions(episode, library):
    """Return lists of the names of skills that followed each other and worked, in order."""
    runs = [[]]
    # Compared by identity: two decisions with the same content are still two decisions.
    for _, steps in groupby(episode.steps, key=lambda step: id(step.decision)):
        *_, last = steps
        name = last.decision.skill if last.decision else None
        if name in library and holds(library[name].effects, last.next_state):
            runs[-1].append(name)
        else:
            runs.append([])
    return [names for names in runs if len(names) > 1]


def foresee(skill, state):
    """Return the state after a recorded skill has worked from ``state``.

    The agent moves as it did in the recording, and what ended in its cell there does so again.
    """
    before, after = skill.situation, skill.recording.end
    foreseen = {**state, **facts(after)}
    if "agent" in after:
        cell = tuple(np.add(state["agent"], np.subtract(after["agent"], before["agent"])).tolist())
        there = [name for name in places(after) if after[name] == after["agent"]]
        foreseen |= dict.fromkeys(["agent", *there], cell)
    return foreseen


def can_follow(parts):
    """Whether each part may begin where the one before ends, and can be foreseen to fit."""
    loops = [part.closed_loop for part in parts]  # what follows a network cannot be foreseen
    known = all(part.closed_loop or (part.recording and part.recording.end) for part in parts)
    ends = [{**part.preconditions, **part.effects} for part in parts[:-1]]
    chained = all(holds(part.preconditions, end) for part, end in zip(parts[1:], ends, strict=True))
    plain = all(part.kind in PARTS for part in parts)
    return len(parts) > 1 and plain and known and chained and loops == sorted(loops)


def _check(parts):
    if not can_follow(parts):
        raise ValueError(f"parts must be skills that may follow each other, got {parts}")


def _relevant(part, relevance):
    if part.closed_loop:
        return ()
    return tuple(sorted(relevance.get(true_facts(part.situation)) or places(part.situation)))
