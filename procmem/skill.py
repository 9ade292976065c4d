"""A skill: when it may be used, what it does, what it brings about, how well it went so far.

In the terms of Sutton, Precup & Singh (1999) a skill is an *option*: ``preconditions`` say where it
may start (initiation set), ``act`` is its policy, and ``act`` returning ``None`` is its end.
"""

import math
import reprlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import ClassVar

import numpy as np

from procmem.gridworld import Action, State, holds


@dataclass(eq=False)
class Skill:
    """One remembered way of bringing something about.

    ``preconditions`` and ``effects`` are partial states, ``action_sequence`` is a tuple of actions
    (members, numbers or names of ``Action``; members of another world's ``IntEnum`` are kept) and
    ``embedding`` a finite vector of shape ``(dim,)``. ``situation`` and ``outcome`` are the states
    in which the skill was first begun and finished. ``fingerprint`` is equal for two skills
    whose situations look the same to the encoder; without one, the embedding itself is compared.
    ``faded`` is how many successes and uses no longer count for the estimate. ``status`` is where
    in its life the skill is, one of ``STATUSES``; ``source`` tells where it comes from (episode,
    first and last step, counted from 1) and ``last_used`` in which episode it was used last (0:
    never).
    """

    name: str
    preconditions: State
    action_sequence: tuple[IntEnum, ...]
    embedding: np.ndarray
    success_count: int = 0
    times_used: int = field(default=0, kw_only=True)
    effects: State = field(default_factory=dict, kw_only=True)
    origin: State | None = field(default=None, kw_only=True)
    situation: State | None = field(default=None, kw_only=True)
    outcome: State | None = field(default=None, kw_only=True)
    fingerprint: str = field(default="", kw_only=True)
    faded: tuple[float, float] = field(default=(0.0, 0.0), kw_only=True)
    status: str = field(default="active", kw_only=True)
    source: tuple[int, int, int] | None = field(default=None, kw_only=True)
    last_used: int = field(default=0, kw_only=True)
    kind: ClassVar = "recorded"  # what a file calls this class
    general: ClassVar = False  # whether it may fit where nothing similar was ever seen

    def __init_subclass__(cls):
        if "kind" in vars(cls):  # who names no kind of its own is saved as its parent is
            KINDS[cls.kind] = cls

    def __post_init__(self):
        if not isinstance(self.name, str) or not self.name:
            raise ValueError(f"name must be a non-empty string, got {self.name!r}")
        self.preconditions = _partial("preconditions", self.preconditions)
        self.effects = _partial("effects", self.effects)
        for name in ("origin", "situation", "outcome"):
            if getattr(self, name) is not None:
                setattr(self, name, _partial(name, getattr(self, name)))
        self.action_sequence = _actions(self.action_sequence)
        self.embedding = _vector(self.embedding)
        if not isinstance(self.fingerprint, str):
            raise ValueError(f"fingerprint must be a string, got {self.fingerprint!r}")
        for name in ("success_count", "times_used"):
            count = getattr(self, name)
            if not _whole(count) or count < 0:
                raise ValueError(f"{name} must be a whole number from 0 up, got {count!r}")
        # Who succeeded has been used: a success rate above 100 % cannot be written down.
        self.times_used = self.times_used or self.success_count
        if self.success_count > self.times_used:
            raise ValueError(
                f"success_count must not exceed times_used, got {self.success_count} "
                f"of {self.times_used}"
            )
        self.faded = _faded(self.faded, (self.success_count, self.times_used))
        if self.status not in STATUSES:
            raise ValueError(f"status must be one of {', '.join(STATUSES)}, got {self.status!r}")
        if not _whole(self.last_used) or self.last_used < 0:
            raise ValueError(f"last_used must be a whole number from 0 up, got {self.last_used!r}")
        self.source = self.source if self.source is None else _source(self.source)

    def __len__(self):
        return len(self.action_sequence)

    def applicable(self, state):
        """Whether the preconditions hold in ``state`` and there is anything to do."""
        return len(self) > 0 and holds(self.preconditions, state)

    def extras(self):
        """Return what a subclass has to save beside the fields of a skill, as plain data."""
        return {}

    @classmethod
    def revive(cls, data, actions):
        """Return keyword arguments from what ``extras`` gave, refusing what is not sound.

        ``actions`` is the enumeration that the names of actions belong to.
        """
        return {}

    def likeness(self, similarity, state):
        """Return how well the skill fits ``state``, given how similar its own situation is."""
        return similarity

    def act(self, state, t):
        """Return the action for step ``t`` of the skill, or ``None`` where the skill ends."""
        return self.action_sequence[t] if t < len(self) else None

    def record(self, succeeded, now=0):
        """Count one use, in episode ``now``, and whether it brought about the effects.

        A stale skill that works is active again.
        """
        self.times_used += 1
        self.success_count += bool(succeeded)
        self.last_used = max(self.last_used, now)
        if succeeded and self.status == "stale":
            self.status = "active"

    def fade(self, keep):
        """Let old experience count for less: only the share ``keep`` of what counts now."""
        counts = zip(self.faded, self.lately, strict=True)
        self.faded = tuple(lost + (1 - keep) * left for lost, left in counts)

    @property
    def lately(self):
        """Successes and uses that still count: all of them, as long as nothing has faded."""
        return self.success_count - self.faded[0], self.times_used - self.faded[1]

    @property
    def success_estimate(self):
        """Laplace's rule of succession, in ``(0, 1)``: one half for a skill never used."""
        worked, used = self.lately
        return (worked + 1) / (used + 2)

    @property
    def last_seen(self):
        """The episode in which it was used last, or else learned; 0 where nobody knows."""
        return max(self.last_used, self.source[0] if self.source else 0)

    def __repr__(self):
        actions = " ".join(action.name for action in self.action_sequence)
        return (
            f"Skill({self.name!r}: when {describe(self.preconditions)}, do {actions or 'nothing'}, "
            f"then {describe(self.effects)}; "
            f"worked {self.success_count} of {self.times_used} times)"
        )


STATUSES = ("candidate", "active", "stale", "archived")
"""A skill's life: learned but not trusted yet, in use, long unused, put aside."""
KINDS = {Skill.kind: Skill}
"""Every class of skill that a file may name."""


def describe(partial):
    """Return a partial state in words, sorted by name: ``has_key and not door_open``."""
    words = [
        (name if value else f"not {name}") if isinstance(value, bool) else f"{name} at {value}"
        for name, value in sorted(partial.items())
    ]
    return " and ".join(words) or "anything"


def _partial(name, partial):
    if not isinstance(partial, dict) or not all(isinstance(key, str) for key in partial):
        raise ValueError(f"{name} must be a dict from names to values, got {partial!r}")
    return {key: _value(f"{name}[{key!r}]", value) for key, value in partial.items()}


def _value(name, value):
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if not isinstance(value, tuple) or len(value) != 2 or not all(map(_whole, value)):
        raise ValueError(f"{name} must be a bool or a (row, col) tuple, got {value!r}")
    return int(value[0]), int(value[1])


def _whole(number):
    return isinstance(number, (int, np.integer)) and not isinstance(number, bool)


def _source(source):
    numbers = tuple(source) if isinstance(source, tuple | list) else ()
    if len(numbers) != 3 or not all(_whole(n) and n >= 1 for n in numbers):
        raise ValueError(
            f"source must be episode, first and last step, each from 1 up, got {source!r}"
        )
    return tuple(map(int, numbers))


def _faded(faded, counts):
    pair = tuple(faded) if isinstance(faded, tuple | list) else ()
    numbers = len(pair) == 2 and all(type(lost) in (int, float) for lost in pair)
    if not (numbers and all(0 <= lost <= n for lost, n in zip(pair, counts, strict=True))):
        raise ValueError(
            f"faded must be two numbers from 0 to {counts[0]} successes and {counts[1]} uses, "
            f"got {faded!r}"
        )
    return pair


def _actions(actions):
    if isinstance(actions, (str, bytes)) or not isinstance(actions, Iterable):
        raise ValueError(f"action_sequence must be a sequence of actions, got {actions!r}")
    return tuple(_action(action) for action in actions)


def _action(action):
    if isinstance(action, IntEnum):
        return action
    try:
        return Action[action] if isinstance(action, str) else Action(action)
    except (KeyError, ValueError):
        known = ", ".join(member.name for member in Action)
        raise ValueError(f"action_sequence must hold actions ({known}), got {action!r}") from None


def _vector(values):
    try:
        vector = np.array(values)
    except ValueError:  # ragged
        vector = np.array(None)
    if vector.dtype.kind not in "fiu":
        raise ValueError(f"embedding must hold numbers only, got {reprlib.repr(values)}")
    if vector.ndim != 1 or vector.size == 0:
        raise ValueError(f"embedding must have shape (dim,), got {vector.shape}")
    vector = vector.astype(np.float64)
    if not math.isfinite(math.hypot(*vector.tolist())):
        raise ValueError(
            "embedding must be of finite length, got NaN, infinity or numbers too large"
        )
    vector.flags.writeable = False  # The library keeps an index over it.
    return vector
