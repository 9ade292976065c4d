"""Skills made of skills: what often follows each other becomes one, and needs one decision.

A composite is a long commitment: it is chosen once and then does all its parts, so every part has
to fit beforehand. What a recorded part will lead to can be foreseen, since its recording shows it.
What a network will lead to cannot, but it looks at the state before each action.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain, groupby, pairwise
from typing import ClassVar

import numpy as np

from procmem.embedding import offsets, places
from procmem.episode import facts, holds, true_facts
from procmem.skill import Skill
from procmem.storage import checked, skill_from_data, skill_to_data

PARTS = ("recorded", "network")
"""The kinds of skills that can be parts."""


@dataclass(eq=False, repr=False)
class CompositeSkill(Skill):
    """A skill that does its ``parts`` one after the other; made by ``join``.

    ``relevant`` holds, for each part, the names of the places that matter to it. The skill fits
    where every part will fit, and ends where a part has not brought about its effects.
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
            if not _same(part.situation, state, names):
                return 0.0
            state = foresee(part, state)
        return 1.0

    def to_data(self):
        """Return the parts and what matters to each of them."""
        parts = [skill_to_data(part) for part in self.parts]
        return {"parts": parts, "relevant": list(map(list, self.relevant))}

    @classmethod
    def from_data(cls, data):
        """Return the parts from what ``to_data`` gave; they must be able to follow each other."""
        parts, relevant = (checked(data[name], list) for name in ("parts", "relevant"))
        if any(checked(part, dict)["kind"] not in PARTS for part in parts):
            raise ValueError(f"parts must be of the kinds {' and '.join(PARTS)}")
        parts = tuple(skill_from_data(part) for part in parts)
        _check(parts)
        if len(relevant) != len(parts):
            raise ValueError(f"relevant must name the places of {len(parts)} parts, got {relevant}")
        names = (tuple(checked(name, str) for name in checked(few, list)) for few in relevant)
        return {"parts": parts, "relevant": tuple(names)}


def join(parts, name, relevance=None):
    """Return the ``CompositeSkill`` that does ``parts`` in this order.

    Parts that are composites themselves are taken apart. ``relevance`` is the encoder's: a dict
    from facts to the places that matter there; where it is silent, all do.
    """
    parts = tuple(chain.from_iterable(getattr(part, "parts", (part,)) for part in parts))
    _check(parts)
    return CompositeSkill(
        name,
        parts[0].preconditions,
        tuple(chain.from_iterable(part.action_sequence for part in parts)),
        np.zeros(len(parts[0].embedding)),
        effects=dict(chain.from_iterable(part.effects.items() for part in parts)),
        parts=parts,
        relevant=tuple(
            ()
            if part.closed_loop
            else tuple(sorted((relevance or {}).get(true_facts(part.situation)) or places(part.situation)))
            for part in parts
        ),
    )


def compose(library, episodes, relevance=None, *, at_least=3, longest=3):
    """Return a ``CompositeSkill`` for each succession that worked at least ``at_least`` times.

    A succession is two up to ``longest`` skills of ``library`` that followed each other in an
    episode, each of which brought about its effects. Longer ones come first.
    """
    counted = Counter()
    for run in chain.from_iterable(successions(episode, library) for episode in episodes):
        pieces = (tuple(run[i : i + n]) for n in range(2, longest + 1) for i in range(len(run) - n + 1))
        counted.update(pieces)
    frequent = [names for names, times in counted.items() if times >= at_least]
    frequent.sort(key=lambda names: (-len(names), -counted[names]))
    chains = {" + ".join(names): [library[name] for name in names] for names in frequent}
    return [join(parts, name, relevance) for name, parts in chains.items() if can_follow(parts)]


def successions(episode, library):
    """Return lists of the names of skills that followed each other and worked, in order."""
    runs = [[]]
    # Compared by identity: two decisions with the same content are still two decisions.
    for _, steps in groupby(episode.steps, key=lambda step: id(step.decision)):
        *_, last = steps
        name = last.decision.skill if last.decision else None
        worked = name in library and holds(library[name].effects, last.next_state)
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
    before, after = skill.situation, skill.recording.end
    foreseen = {**state, **facts(after)}
    if "agent" in after:
        cells = zip(state["agent"], after["agent"], before["agent"], strict=True)
        cell = tuple(here + end - begin for here, end, begin in cells)
        moved = [name for name in places(after) if after[name] == after["agent"]]
        foreseen |= dict.fromkeys(["agent", *moved], cell)
    return foreseen


def can_follow(parts):
    """Whether each part may begin where the one before ends, and can be foreseen to fit."""
    kinds = [part.closed_loop for part in parts]
    recorded = all(part.closed_loop or (part.recording and part.recording.end) for part in parts)
    chained = all(
        holds(after.preconditions, {**before.preconditions, **before.effects})
        for before, after in pairwise(parts)
    )
    return len(parts) > 1 and recorded and chained and kinds == sorted(kinds)


def _check(parts):
    if not can_follow(parts):
        raise ValueError(
            "parts must be two or more skills that may follow each other, recordings before "
            f"networks, got {[part.name for part in parts]}"
        )


def _same(situation, state, names):
    """Whether two states have the same facts, and the named places at the same offsets."""
    then, now = offsets(situation), offsets(state)
    return facts(situation) == facts(state) and all(then[name] == now.get(name) for name in names)
