"""Networks at work: what they would do in every cell of a room, and for every offset."""

from functools import partial
from html import escape
from operator import itemgetter

import numpy as np

from procmem.arguments import each
from procmem.gridworld import MOVES, transition
from procmem.neural import NeuralSkill
from procmem.rehearsal import would_work
from procmem.search import breadth_first
from procmem.show.picture import Picture, box, card, group, path, tiled, words
from procmem.show.player import Stepper
from procmem.show.record import slot
from procmem.show.room import THINGS, UNIT, in_words, room, situation
from procmem.show.style import BLUE, FLOOR, GREY, GRID, INK, ORANGE
from procmem.show.touch import Control, touchable

WIDTH = 280  # pixels of a room


class PolicyMap(Stepper):
    """What skills would do in every cell of a room, stage by stage of their training.

    ``stages`` is a dict from labels to the skills as they were then; each is drawn over the room as
    it is when its preconditions hold. A long arrow is sure, and a square is no move.
    """

    def __init__(self, layout, stages):
        if not isinstance(stages, dict) or not stages or not all(stages.values()):
            raise ValueError(f"stages must name at least one list of skills, got {stages}")
        self.room, self.stages = layout, {label: list(few) for label, few in stages.items()}
        first = next(iter(self.stages.values()))
        cards = "".join(
            card(WIDTH, WIDTH + 24, f"Policy of {skill.name}", self._map(skill, part=str(i)))
            for i, skill in enumerate(first)
        )
        frames = [self._frame(label) for label in self.stages]
        said = slot("say", [frame["say"] for frame in frames])
        html = f'<div role="status">{said}</div><div class="row">{cards}</div>'
        super().__init__(html, frames, label="Stage")
        self.add_class("procmem-policy")

    def arriving(self, label):
        """Return for each skill of a stage from how many of the cells it arrives: (cells, all)."""
        return [_arriving(self.room, skill) for skill in self.stages[label]]

    def _frame(self, label):
        frame = {"say": f"<b>{escape(str(label))}</b>: {escape(self._told(label))}."}
        for i, skill in enumerate(self.stages[label]):
            frame[f"{i}moves"], frame[f"{i}deeds"] = arrows(choices(self.room, skill))
        return frame

    def _told(self, label):
        named = zip(self.stages[label], self.arriving(label), strict=True)
        return "; ".join(f"{skill.name} arrives from {a} of {b} cells" for skill, (a, b) in named)

    def _map(self, skill, title=None, part=""):
        over = _drawn(*arrows(choices(self.room, skill)), part)
        state = {**self.room.state(), **skill.preconditions}
        drawn = room(self.room, state, WIDTH, over=over, agent=False)
        return words(WIDTH / 2, 17, title or skill.name, 13, INK) + group(drawn, (0, 22, 1))

    def picture(self):
        """Return the maps of the first and the last stage as a ``Picture``."""
        ends = dict.fromkeys((next(iter(self.stages)), list(self.stages)[-1]))
        maps = [
            self._map(skill, f"{label}: {skill.name}")
            for label in ends
            for skill in self.stages[label]
        ]
        wide, high, body = tiled(maps, WIDTH, WIDTH + 24, len(maps) // len(ends))
        told = " ".join(f"{label}: {self._told(label)}." for label in ends)
        told = f"What the networks would do in every cell. {told}"
        return Picture(card(wide, high, told, body), told)


def choices(layout, skill):
    """Yield what the skill would do first in every free cell: (cell, action, how sure it is)."""
    for cell in np.ndindex(layout.size, layout.size):
        state = situation(layout, skill.preconditions, cell)
        action = skill.act(state, 0) if state and cell != layout.goal else None
        if action is not None:
            yield cell, action, skill.fit(0.0, state)


def arrows(chosen):
    """Return actions (cell, action, how sure) as two paths: arrows, and squares for other deeds."""
    moves = deeds = ""
    for (row, col), action, sure in chosen:
        x, y = UNIT * (col + 0.5), UNIT * (row + 0.5)
        if action in MOVES:
            moves += _arrow(x, y, *MOVES[action], 2 + 6 * sure)
        else:
            deeds += f"M{x - 3:g} {y - 3:g}h6v6h-6z"
    return moves, deeds


def _arrow(x, y, down, right, half):
    tip_x, tip_y = x + right * half, y + down * half
    wings = "".join(
        f"L{tip_x - 3 * right + side * down:.4g} {tip_y - 3 * down + side * right:.4g}"
        f"M{tip_x:.4g} {tip_y:.4g}"
        for side in (2, -2)
    )
    return f"M{x - right * half:.4g} {y - down * half:.4g}L{tip_x:.4g} {tip_y:.4g}{wings}"


def _drawn(moves, deeds, part=""):
    named = [f' data-part="{part}{name}"' if part else "" for name in ("moves", "deeds")]
    return (
        f'<path{named[0]} d="{moves}" stroke="{BLUE}" stroke-width="1.3"/>'
        f'<path{named[1]} d="{deeds}" fill="{ORANGE}" stroke="{INK}" stroke-width=".6"/>'
    )


def _arriving(layout, skill):
    """Return from how many cells the skill brings about its effects, of those it can be in."""

    def follow(state, move):
        return state if state["at_goal"] else transition(layout, state, move)

    start = situation(layout, skill.preconditions, layout.agent)
    reached = breadth_first(start, MOVES, follow, itemgetter("agent"))
    states = [state for state, _ in reached if not state["at_goal"]]
    rules = partial(transition, layout)
    return sum(would_work(skill, state, rules) for state in states), len(states)


REACH = 4  # cells from the agent to the edge of a plane of offsets
SIDE = 2 * REACH + 1


class OffsetPlane(Control):
    """What networks would do for every offset of the place that they look for; click one.

    Each plane has the agent in its middle. Below it stand the probabilities of all actions for the
    ``offset`` that was clicked, in (rows, columns).
    """

    size = 240, 330

    def __init__(self, networks):
        self.networks, self.offset = each("networks", networks, NeuralSkill), (0, 2)
        if not self.networks:
            raise ValueError("networks must hold at least one, got none")
        super().__init__([], "offsets")
        self.show("Click where the key, the door or the goal lies, seen from the agent.")

    def at(self, skill, offset):
        """Return the probability of each action where the place lies ``offset`` from the agent."""
        places = dict.fromkeys(skill.names, tuple(offset))
        state = {**skill.preconditions, "agent": (0, 0), **places}
        shares = map(float, skill.probabilities(state))
        return dict(zip(skill.action_sequence, shares, strict=True))

    def touched(self, thing, cells):
        """Choose the offset of the last of the cells; return what to say."""
        self.offset = tuple(n - REACH for n in cells[-1])
        return self.told()

    def told(self):
        """Return in words what each network would do for the offset."""
        told = []
        for skill in self.networks:
            action, share = _likeliest(self.at(skill, self.offset))
            told.append(f"{skill.name}: {in_words(action)} ({share:.2f})")
        return f"At {self.offset[0]} rows, {self.offset[1]} columns: {'; '.join(told)}."

    def panels(self, live):
        """Return for each network its plane, and its probabilities for the offset."""
        over = touchable(SIDE, click=True) if live else ""
        return [
            (f"Plane of {skill.name}", self._plane(skill, over) + self._bars(skill))
            for skill in self.networks
        ]

    def picture(self):
        """Return all planes and bars as a ``Picture``."""
        return super().picture(columns=len(self.networks))

    def _plane(self, skill, over):
        cells = list(np.ndindex(SIDE, SIDE))
        best = [_likeliest(self.at(skill, (row - REACH, col - REACH))) for row, col in cells]
        chosen = [(cell, *one) for cell, one in zip(cells, best, strict=True)]
        row, col = (UNIT * (REACH + n) for n in self.offset)
        lines = "".join(
            f"M{UNIT * n} 0v{UNIT * SIDE}M0 {UNIT * n}h{UNIT * SIDE}" for n in range(SIDE)
        )
        plane = (
            box(0, 0, UNIT * SIDE, UNIT * SIDE, FLOOR, GREY, 0.8)
            + path(lines, pen=GRID, width=0.5)
            + group(THINGS["agent"], (UNIT * REACH + 4, UNIT * REACH + 4, 0.6))
            + _drawn(*arrows(chosen))
            + box(col, row, UNIT, UNIT, "none", INK, 2)
            + over
        )
        short = skill.name.removeprefix("network: ")
        title = words(120, 18, f"{short}: offset of the {' and '.join(skill.names)}", 12, INK)
        return title + group(plane, (10, 26, 220 / SIDE / UNIT))

    def _bars(self, skill):
        return "".join(
            words(70, 268 + 11 * n, in_words(action), 10, INK, "end")
            + box(76, 260 + 11 * n, 120 * share, 8, BLUE)
            + words(202, 268 + 11 * n, f"{share:.2f}", 10, INK, "start")
            for n, (action, share) in enumerate(self.at(skill, self.offset).items())
        )


def _likeliest(chances):
    return max(chances.items(), key=itemgetter(1))
