"""What an episode leaves behind: its steps and, for each step, the decision behind it."""

from dataclasses import dataclass

from procmem.gridworld import Action, Layout, State


@dataclass(frozen=True)
class Candidate:
    """One memory that was looked at, and in words why it was taken or not."""

    name: str
    similarity: float
    preconditions_hold: bool
    success_estimate: float
    verdict: str
    eligible: bool


@dataclass(frozen=True)
class Decision:
    """What memory offered and what was chosen; ``skill`` is a name, or ``None`` for exploring."""

    candidates: tuple[Candidate, ...]
    skill: str | None
    reason: str

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
    action: Action
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
    """All steps from a reset to the end, and the layout they happened in."""

    steps: tuple[Step, ...]
    layout: Layout | None = None

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
