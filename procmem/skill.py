"""A skill: when it may be used, what it does, what it brings about, how well it went so far.

In the terms of Sutton, Precup & Singh (1999) a skill is an *option*: ``preconditions`` are its
initiation set, ``act`` is its policy, and ``act`` returning ``None`` is its termination.
"""

from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import ClassVar

import numpy as np

from procmem.arguments import flag, instance, real, several, vector, whole
from procmem.episode import State, holds, partial_state

STATUSES = ("candidate", "active", "stale", "archived")
"""A skill's life: learned but not verified, in use, long unused, put aside."""


@dataclass(frozen=True)
class Recording:
    """Where a skill comes from: the states in which its piece of the episode began and ended.

    ``situation`` is the state, on the way from ``begin`` to ``end``, in which the skill starts. The
    others may be ``None`` if they are not known; then the encoder learns nothing from it.
    """

    begin: State | None
    situation: State
    end: State | None

    def __post_init__(self):
        for name, state in vars(self).items():
            if state is not None or name == "situation":
                object.__setattr__(self, name, partial_state(name, state))


@dataclass
class Life:
    """What retention knows of a skill.

    ``source`` is (episode, first step, last step), counted from 1, ``last_used`` an episode (0:
    never), ``discounted`` how many successes and uses no longer count for the estimate, and
    ``walked`` how often the skill's way was walked, as a skill or not, twins included.
    """

    status: str = "active"
    source: tuple[int, int, int] | None = None
    last_used: int = 0
    discounted: tuple[float, float] = (0.0, 0.0)
    walked: int = 1

    def __post_init__(self):
        if instance("status", self.status, str) not in STATUSES:
            raise ValueError(f"status must be one of {', '.join(STATUSES)}, got {self.status!r}")
        if self.source is not None:
            self.source = tuple(whole("source", n, 1) for n in _sequence("source", self.source, 3))
        self.last_used = whole("last_used", self.last_used)
        pair = _sequence("discounted", self.discounted, 2)
        self.discounted = tuple(real("discounted", n, 0) for n in pair)
        self.walked = whole("walked", self.walked, 1)

    @property
    def last_seen(self):
        """The episode in which the skill was last used or else learned; 0 if unknown."""
        return max(self.last_used, self.source[0] if self.source else 0)


@dataclass(eq=False)
class Skill:
    """One remembered way of bringing something about.

    ``preconditions`` and ``effects`` are partial states, ``action_sequence`` a tuple of actions
    (members of the world's ``IntEnum``, or plain numbers, which the agent looks up in its world)
    and ``embedding`` a finite vector of shape ``(dim,)``. A skill that was never recorded has no
    ``recording``.
    """

    name: str
    preconditions: State
    action_sequence: tuple[IntEnum, ...]
    embedding: np.ndarray
    success_count: int = 0
    times_used: int = field(default=0, kw_only=True)
    effects: State = field(default_factory=dict, kw_only=True)
    recording: Recording | None = field(default=None, kw_only=True)
    life: Life = field(default_factory=Life, kw_only=True)

    kind: ClassVar = "recorded"  # what a file calls this class
    # Whether the policy looks at each state first, and `fit` does without the embedding.
    closed_loop: ClassVar = False

    def __init_subclass__(cls):
        if "kind" in vars(cls):  # a class without a kind of its own is saved as its parent is
            KINDS[cls.kind] = cls

    def __post_init__(self):
        if not isinstance(self.name, str) or not self.name:
            raise ValueError(f"name must be a non-empty string, got {self.name!r}")
        self.preconditions = partial_state("preconditions", self.preconditions)
        self.effects = partial_state("effects", self.effects)
        self.action_sequence = _actions(self.action_sequence)
        self.embedding = vector("embedding", self.embedding)
        self.embedding.flags.writeable = False  # the library keeps an index over it
        self.success_count = whole("success_count", self.success_count)
        # A success is a use as well: a rate above 100 % cannot be written down.
        self.times_used = whole("times_used", self.times_used) or self.success_count
        if self.success_count > self.times_used:
            raise ValueError(
                f"success_count must not exceed times_used, got {self.success_count} "
                f"of {self.times_used}"
            )
        if self.recording is not None:
            instance("recording", self.recording, Recording)
        self.life = replace(instance("life", self.life, Life))  # not shared with a copy
        if min(self.evidence) < 0:
            raise ValueError(
                f"discounted must not exceed {self.success_count} successes of {self.times_used} "
                f"uses, got {self.life.discounted}"
            )

    def __len__(self):
        return len(self.action_sequence)

    @property
    def situation(self):
        """The state that the skill was recorded in, ``None`` if it was not recorded."""
        return self.recording and self.recording.situation

    def applicable(self, state):
        """Whether the preconditions hold in ``state`` and there is anything to do."""
        return holds(self.preconditions, state) and len(self) > 0

    def act(self, state, t):
        """Return the action for step ``t`` of the skill, or ``None`` where the skill ends."""
        instance("state", state, dict)
        return self.action_sequence[t] if whole("t", t) < len(self) else None

    def fit(self, similarity, state):
        """Return how well the skill fits ``state``, given the similarity of its own situation."""
        instance("state", state, dict)
        return real("similarity", similarity)

    def record(self, succeeded, now=0):
        """Count one use, in episode ``now``, and whether it brought about the effects.

        A stale skill that works is active again.
        """
        succeeded, now = flag("succeeded", succeeded), whole("now", now)
        self.times_used += 1
        self.success_count += succeeded
        self.life.last_used = max(self.life.last_used, now)
        if succeeded and self.life.status == "stale":
            self.life.status = "active"

    def discount(self, keep):
        """Let less evidence count: the share ``keep``, or what ``keep(worked, used)`` returns."""
        worked, used = self.evidence
        if callable(keep):
            left, uses = _sequence("keep", keep(worked, used), 2)
            left, uses = real("keep", left, 0, worked), real("keep", uses, 0, used)
        else:
            keep = real("keep", keep, 0, 1)
            left, uses = keep * worked, keep * used
        left = min(left, uses)
        self.life.discounted = self.success_count - left, self.times_used - uses

    @property
    def evidence(self):
        """Successes and uses that still count: all, as long as nothing was discounted."""
        lost = self.life.discounted
        return self.success_count - lost[0], self.times_used - lost[1]

    @property
    def success_estimate(self):
        """Laplace's rule of succession, in ``(0, 1)``: one half for a skill never used."""
        worked, used = self.evidence
        return (worked + 1) / (used + 2)

    def to_data(self):
        """Return what a subclass has to save beside the fields of a skill, as plain data."""
        return {}

    @classmethod
    def from_data(cls, data):
        """Return keyword arguments from what ``to_data`` gave, refusing what is not sound."""
        return {}

    def __repr__(self):
        actions = " ".join(action_name(action) for action in self.action_sequence)
        return (
            f"Skill({self.name!r}: when {describe(self.preconditions)}, do {actions or 'nothing'}, "
            f"then {describe(self.effects)}; "
            f"worked {self.success_count} of {self.times_used} times)"
        )


KINDS = {Skill.kind: Skill}
"""Every class of skill that a file may name."""


class PlainAction(int):
    """An action from a file, a number with a name, until an agent looks it up in its world."""

    def __new__(cls, number, name):
        """Return the number, with ``name`` as an attribute."""
        action = super().__new__(cls, number)
        action.name = name
        return action

    def __getnewargs__(self):
        return int(self), self.name

    def __repr__(self):
        return f"<{self.name}: {int(self)}>"


def in_world(action, members):
    """Return the world's own member for an action; ``None`` if a file's is not among them."""
    for member in members:
        if member == action and getattr(action, "name", member.name) == member.name:
            return member
    if isinstance(action, PlainAction):
        return None
    known = ", ".join(member.name for member in members)
    raise ValueError(f"action must be one of the world's ({known}), got {action!r}")


def describe(partial):
    """Return a partial state in words, sorted by name: ``has_key and not door_open``."""
    words = [_in_words(*entry) for entry in sorted(partial_state("partial", partial).items())]
    return " and ".join(words) or "anything"


def _in_words(name, value):
    if isinstance(value, bool):
        return name if value else f"not {name}"
    return f"{name} is {value!r}" if isinstance(value, str) else f"{name} at {value}"


def action_name(action):
    """Return the name of an action, or its number if it has none."""
    return getattr(instance("action", action, int | np.integer), "name", str(action))


def _sequence(name, values, length):
    if not isinstance(values, tuple | list) or len(values) != length:
        raise ValueError(f"{name} must hold {length} numbers, got {values!r}")
    return values


def _actions(actions):
    return tuple(
        action
        if isinstance(action, int) and hasattr(action, "name")
        else whole("action_sequence", action)
        for action in several("action_sequence", actions)
    )


# ---------------------------------------------------------------- what a library asks of a skill


def is_candidate(skill):
    """Whether a skill waits to be verified; whatever has no ``life`` does not."""
    return hasattr(skill, "life") and skill.life.status == "candidate"


def twin_key(skill):
    """Return what twins have in common: preconditions, effects and embedding, rounded."""
    when, then = (tuple(sorted(part.items())) for part in (skill.preconditions, skill.effects))
    # A closed loop has no embedding to compare: its name stands for it. Adding 0.0
    # turns -0.0 into 0.0, whose bytes are equal.
    own = getattr(skill, "closed_loop", False)
    situation = skill.name if own else (np.round(skill.embedding, 4) + 0.0).tobytes()
    # A candidate does not replace a verified skill: they meet when it is verified itself.
    return when, then, situation, is_candidate(skill)


def preference(skill):
    """Return how a skill compares with its twins, smaller being better."""
    return max(0.0, 0.5 - skill.success_estimate), len(skill.action_sequence)


HEADINGS = ("skill", "when", "do", "then", "used", "worked")


def summary(skill):
    """Return a skill as texts, one below each of ``HEADINGS``."""
    used, worked = skill.times_used, skill.success_count
    return (
        skill.name,
        describe(skill.preconditions),
        " ".join(action_name(action).lower() for action in skill.action_sequence),
        describe(skill.effects),
        str(used),
        f"{worked / used:.0%}" if used else "-",
    )
