"""Networks at work: what they would do in every cell of a room, and for every offset."""

from functools import partial
from html import escape

import numpy as np

from procmem.arguments import each
from procmem.gridworld import MOVES, transition
from procmem.neural import NeuralSkill
from procmem.rehearsal import would_work
from procmem.show.picture import Picture, box, card, group, path, words
from procmem.show.player import Stepper
from procmem.show.record import slot
from procmem.show.room import THINGS, UNIT, in_words, room
from procmem.show.style import BLUE, FLOOR, GREY, GRID, INK, ORANGE
from procmem.show.touch import Control, touchable

WIDTH = 280  # pixels of a room


class PolicyMap(Stepper):
    """What skills would do in every cell of a room, stage by stage of their training.

    ``stages`` is a dict from a label, one a stage, to the skills as they were then, each for its
    own facts; each is drawn over the room as it is when its preconditions hold. A long arrow is
    sure, a short one is in doubt, and a square is no move.
    """

    def __init__(self, layout, stages):
        if not isinstance(stages, dict) or not stages or not all(stages.values()):
            raise ValueError(f"stages must name at least one list of skills, got {stages}")
        self.room, self.stages = layout, {label: list(few) for label, few in stages.items()}
        first = next(iter(self.stages.values()))
        cards = "".join(
            card(WIDTH, WIDTH + 24, f"Policy of {skill.name}", self._body(skill, part=str(i)))
            for i, skill in enumerate(first)
        )
        frames = [self._frame(label) for label in self.stages]
        said = slot("say", [frame["say"] for frame in frames])
        html = f'<div role="status">{said}</div><div class="row">{cards}</div>'
        super().__init__(html, frames, label="Stage")
        self.add_class("procmem-policy")

    @property
    def arriving(self):
        """From how many of the cells each skill of the last stage arrives: pairs (cells, all)."""
        return self._arriving(list(self.stages)[-1])

    def _arriving(self, label):
        return [_arriving(self.room, skill) for skill in self.stages[label]]

    def _frame(self, label):
        frame = {"say": f"<b>{escape(str(label))}</b>: {escape(self._in_words(label))}."}
        for i, skill in enumerate(self.stages[label]):
            frame[f"{i}moves"], frame[f"{i}deeds"] = arrows(self.room, skill)
        return frame

    def _in_words(self, label):
        named = zip(self.stages[label], self._arriving(label), strict=True)
        return "; ".join(f"{skill.name} arrives from {a} of {b} cells" for skill, (a, b) in named)

    def _body(self, skill, title=None, part=""):
        moves, deeds = arrows(self.room, skill)
        over = _drawn(moves, deeds, part)
        seen, hidden = {**self.room.state(), **skill.preconditions}, ("agent", "held key")
        drawn = room(self.room, seen, WIDTH, over=over, hide=hidden)
        return words(WIDTH / 2, 17, title or skill.name, 13, INK) + group(drawn, (0, 22, 1))

    def picture(self):
        """Return the maps of the first and the last stage as a ``Picture``."""
        labels = list(self.stages)
        ends = {label: self.stages[label] for label in (labels[0], labels[-1])}
        body = ""
        for i, (label, skills) in enumerate(ends.items()):
            for n, skill in enumerate(skills):
                place = (WIDTH * n, (WIDTH + 24) * i, 1)
                body += group(self._body(skill, f"{label}: {skill.name}"), place)
        most = max(map(len, ends.values()))
        told = " ".join(f"{label}: {self._in_words(label)}." for label in ends)
        label = f"What the networks would do in every cell. {told}"
        return Picture(card(WIDTH * most, (WIDTH + 24) * len(ends), label, body), label)


def arrows(layout, skill):
    """Return what the skill would do first in every free cell, as paths: moves and other deeds."""
    moves, deeds = "", ""
    for row, col in np.ndindex(layout.size, layout.size):
        state = situation(layout, skill.preconditions, (row, col))
        action = state and skill.act(state, 0)
        if action is not None:
            centre = UNIT * (col + 0.5), UNIT * (row + 0.5)
            more = arrow(action, *centre, skill.fit(0.0, state))
            moves, deeds = moves + more[0], deeds + more[1]
    return moves, deeds


def _short(skill):
    return skill.name.removeprefix("network: ")


def arrow(action, x, y, sure):
    """Return an action as the paths of an arrow and of a square, of which one is empty."""
    if action not in MOVES:
        return "", f"M{x - 3:g} {y - 3:g}h6v6h-6z"
    (down, right), half = MOVES[action], 2 + 6 * sure
    tail, tip = (
        f"M{x - right * half:.4g} {y - down * half:.4g}",
        (x + right * half, y + down * half),
    )
    wings = "".join(
        f"L{tip[0] - 3 * right + 2 * s * down:.4g} {tip[1] - 3 * down + 2 * s * right:.4g}"
        f"M{tip[0]:.4g} {tip[1]:.4g}"
        for s in (1, -1)
    )
    return f"{tail}L{tip[0]:.4g} {tip[1]:.4g}{wings}", ""


def _drawn(moves, deeds, part=""):
    named = [f' data-part="{part}{name}"' if part else "" for name in ("moves", "deeds")]
    return (
        f'<path{named[0]} d="{moves}" stroke="{BLUE}" stroke-width="1.3"/>'
        f'<path{named[1]} d="{deeds}" fill="{ORANGE}" stroke="{INK}" stroke-width=".6"/>'
    )


def situation(layout, known, cell):
    """Return the state with the agent in ``cell`` where the facts of ``known`` hold.

    ``None`` where no agent can be then: in a wall, in a closed door, or at the goal.
    """
    state = {**layout.state(), **known, "agent": cell, "at_goal": cell == layout.goal}
    if state["has_key"]:
        state["key"] = cell
    in_door = cell == layout.door and not state["door_open"]
    return None if cell in layout.walls or in_door or state["at_goal"] else state


def _arriving(layout, skill):
    """Return from how many cells the skill brings about its effects, of those it can be in."""
    follow = partial(transition, layout)
    start = situation(layout, skill.preconditions, layout.agent)
    found, frontier = {start["agent"]: start}, [start]
    while frontier:
        state = frontier.pop()
        for following in (follow(state, move) for move in MOVES):
            if following["agent"] not in found and not following["at_goal"]:
                found[following["agent"]] = following
                frontier.append(following)
    return sum(would_work(skill, state, follow) for state in found.values()), len(found)


REACH = 4  # cells from the agent to the edge of a plane of offsets
_TITLES = 26  # pixels above a plane


class OffsetPlane(Control):
    """What networks would do for every offset of the place that they look for; click one.

    Each plane has the agent in its middle. Below it stand the probabilities of all actions for the
    ``offset`` that was clicked, in (rows, columns). ``at(skill, offset)`` returns them.
    """

    def __init__(self, networks, offset=(0, 2)):
        self.networks, self.offset = each("networks", networks, NeuralSkill), tuple(offset)
        if not self.networks:
            raise ValueError("networks must hold at least one, got none")
        super().__init__([], "offsets")
        self.show("Click where the key, the door or the goal lies, seen from the agent.")

    def at(self, skill, offset):
        """Return the probability of each action where the place lies ``offset`` from the agent."""
        places = dict.fromkeys(skill.names, tuple(offset))
        state = {**skill.preconditions, "agent": (0, 0), **places}
        names = map(in_words, skill.action_sequence)
        return dict(zip(names, map(float, skill.probabilities(state)), strict=True))

    def touched(self, thing, cells):
        """Choose the offset of the last of the cells; return what is to be said."""
        row, col = cells[-1]
        self.offset = row - REACH, col - REACH
        return self._told()

    def _told(self):
        told = []
        for skill in self.networks:
            action, share = max(self.at(skill, self.offset).items(), key=lambda pair: pair[1])
            told.append(f"{skill.name}: {action} ({share:.2f})")
        return f"At {self.offset[0]} rows, {self.offset[1]} columns: {'; '.join(told)}."

    def draw(self):
        """Return the planes and the bars, as HTML."""
        cards = (
            card(240, 330, f"Plane of {skill.name}", self._body(skill, touched=True), "group")
            for skill in self.networks
        )
        return f'<div class="row">{"".join(cards)}</div>'

    def _body(self, skill, touched=False):
        side, scale = 2 * REACH + 1, 220 / (2 * REACH + 1) / UNIT
        moves, deeds = "", ""
        for row, col in np.ndindex(side, side):
            chances = self.at(skill, (row - REACH, col - REACH))
            best = max(range(len(chances)), key=list(chances.values()).__getitem__)
            action, share = skill.action_sequence[best], list(chances.values())[best]
            more = arrow(action, UNIT * (col + 0.5), UNIT * (row + 0.5), share)
            moves, deeds = moves + more[0], deeds + more[1]
        lines = "".join(
            f"M{UNIT * n} 0v{UNIT * side}M0 {UNIT * n}h{UNIT * side}" for n in range(side)
        )
        row, col = (UNIT * (REACH + n) for n in self.offset)
        plane = (
            box(0, 0, UNIT * side, UNIT * side, FLOOR, GREY, 0.8)
            + path(lines, pen=GRID, width=0.5)
            + group(THINGS["agent"], (UNIT * REACH + 4, UNIT * REACH + 4, 0.6))
            + _drawn(moves, deeds)
            + box(col, row, UNIT, UNIT, "none", INK, 2)
            + (touchable(side, click=True) if touched else "")
        )
        title = f"{_short(skill)}: offset of the {' and '.join(skill.names)}"
        bars = "".join(
            words(70, 268 + 11 * n, name, 10, INK, "end")
            + box(76, 260 + 11 * n, 120 * share, 8, BLUE)
            + words(202, 268 + 11 * n, f"{share:.2f}", 10, INK, "start")
            for n, (name, share) in enumerate(self.at(skill, self.offset).items())
        )
        return words(120, 18, title, 12, INK) + group(plane, (10, _TITLES, scale)) + bars

    def picture(self):
        """Return the planes and the bars as a ``Picture``."""
        body = "".join(
            group(self._body(skill), (240 * n, 0, 1)) for n, skill in enumerate(self.networks)
        )
        return Picture(card(240 * len(self.networks), 330, self._told(), body), self._told())
