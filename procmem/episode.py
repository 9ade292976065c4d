"""What a state is, and what an episode leaves behind: its steps, each with the decision behind it.

A **state** is a flat ``dict``. Its bools are *facts*, and all facts are in it (``at_goal``, too).
Everything else is *context*: places as ``(row, col)`` tuples, the agent's own among them under the
name ``"agent"``, and text. A **partial state** has some of these entries; preconditions and effects
are partial states.
"""

import zlib
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from procmem.arguments import MOST, instance

Cell = tuple[int, int]
State = dict[str, bool | Cell | str]


def partial_state(name, state):
    """Return a copy of a state, checked: a dict from names to bools, ``(row, col)`` and text.

    ``name`` is what an error calls the state.
    """
    if not isinstance(state, dict) or any(type(key) is not str for key in state):
        raise ValueError(f"{name} must be a dict from names to values, got {state!r}")
    return {
        key: value if type(value) in (bool, str) else _value(name, key, value)
        for key, value in state.items()
    }


def _value(name, key, value):
    if isinstance(value, np.bool):
        return bool(value)
    if isinstance(value, tuple) and len(value) == 2:
        row, col = value
        if type(row) is type(col) is int and max(abs(row), abs(col)) <= MOST:
            return value
        whole = [isinstance(n, int | np.integer) and type(n) is not bool for n in value]
        if all(whole) and max(map(abs, value)) <= MOST:
            return int(value[0]), int(value[1])
    raise ValueError(f"{name}[{key!r}] must be a bool, a (row, col) tuple or text, got {value!r}")


def facts(state):
    """Return the entries of ``state`` that are true or false."""
    entries = instance("state", state, dict).items()
    return {name: value for name, value in entries if isinstance(value, bool)}


def true_facts(state):
    """Return the names of the facts that are true, as a frozenset."""
    entries = instance("state", state, dict).items()
    return frozenset([name for name, value in entries if value is True])


def holds(partial, state):
    """Whether every entry of the partial state ``partial`` is so in ``state``."""
    return instance("partial", partial, dict).items() <= instance("state", state, dict).items()


def state_key(state):
    """Return ``state`` as a frozenset of its items, to look it up by."""
    return frozenset(instance("state", state, dict).items())


SPLITS = ("practice", "validation", "examination")


def split(state):
    """Return the split of the room that begins with ``state``: who may see it, and for what.

    "practice" (eight rooms in ten), "validation" for choosing between variants, "examination" for
    reporting. A checksum of the first state (layout, the agent's cell and heading) decides, so that
    the splits have no room in common, in any world.
    """
    room = zlib.crc32(repr(sorted(partial_state("state", state).items())).encode()) % 10
    return {0: "validation", 1: "examination"}.get(room, "practice")


@dataclass(frozen=True)
class Candidate:
    """One skill that was considered, and in words why it was taken or not.

    ``similarity`` is that of its situation to the present one; a closed-loop skill gives the
    probability of its action instead. ``just_failed`` says that it failed from this very state.
    """

    name: str
    similarity: float
    preconditions_hold: bool
    success_estimate: float
    just_failed: bool = False
    closed_loop: bool = False
    n_effects: int = 1
    n_steps: int = 1
    verdict: str = ""
    eligible: bool = False


@dataclass(frozen=True)
class Decision:
    """What memory offered and what was chosen; ``skill`` is a name, or ``None`` for exploring.

    With ``single_step`` only the next action of the skill is taken before the next decision.
    """

    candidates: tuple[Candidate, ...]
    skill: str | None
    reason: str
    single_step: bool = False

    def __str__(self):
        lines = [
            f"{candidate.name:<16} similarity {candidate.similarity:5.2f}  "
            f"preconditions {'hold' if candidate.preconditions_hold else 'fail'}  "
            f"success estimate {candidate.success_estimate:.2f}  {candidate.verdict}"
            for candidate in self.candidates
        ]
        return "\n".join([*lines, f"-> {self.reason}"])


@dataclass(frozen=True)
class Step:
    """One action, what it led to, and the decision it belongs to (shared by a skill's steps)."""

    state: State
    action: IntEnum
    reward: float
    next_state: State
    terminated: bool
    truncated: bool
    decision: Decision | None = None

    @property
    def changed(self):
        """Whether the action had any effect."""
        return self.state != self.next_state


@dataclass(frozen=True)
class Episode:
    """All steps from a reset to the end, and the layout of the world, if it has one."""

    steps: tuple[Step, ...]
    layout: Any = None

    def __len__(self):
        return len(self.steps)

    @property
    def solved(self):
        """Whether the last step reached the goal."""
        return bool(self.steps) and self.steps[-1].terminated

    @property
    def total_reward(self):
        """Sum of the rewards."""
        return sum(step.reward for step in self.steps)

    @property
    def states(self):
        """All states in order, the first and the last included."""
        return [step.state for step in self.steps[:1]] + [step.next_state for step in self.steps]

    @property
    def decisions(self):
        """The decisions in order, each once, however many steps followed from it."""
        # Compared by identity: two decisions with the same content are still two decisions.
        unique = {id(step.decision): step.decision for step in self.steps if step.decision}
        return list(unique.values())

    @property
    def skills(self):
        """The names of the skills that were chosen, in order."""
        return [decision.skill for decision in self.decisions if decision.skill]
