"""A network at work: what it would do in every cell of a room, before and during training."""

import threading
from functools import partial
from html import escape

import ipywidgets
import numpy as np

from procmem.gridworld import MOVES, transition
from procmem.rehearsal import would_work
from procmem.show import svg
from procmem.show.controls import STYLE, Control, row, said
from procmem.show.drawing import Drawing, box, png

CELL = 40
"""Pixels of a cell in a map of a policy."""


class PolicyMap(Control):
    """What skills would do in every cell of a room, stage by stage of their training.

    ``stages`` is a dict from a label, one a stage, to the skills as they were then, each for its
    own facts; each is drawn over the room as it is when its preconditions hold. A long arrow is
    sure, a short one is in doubt, and a square is no move. Public are its slider ``stage``, the
    list ``listed`` beside it and its ``frame``; ``arriving`` says from how many cells each skill
    brings about its effects.
    """

    def __init__(self, layout, stages):
        if not stages or not all(stages.values()):
            raise ValueError(f"stages must name at least one list of skills, got {stages}")
        self.room, self.stages = layout, {label: list(few) for label, few in stages.items()}
        self._lock = threading.RLock()
        self.stage = ipywidgets.SelectionSlider(
            options=list(self.stages), description="Training", continuous_update=True
        )
        self.stage.style.description_width = "initial"
        self.stage.layout.width, self.stage.layout.max_width = "360px", "100%"
        # The handle of a slider has no name for a screen reader; the list beside it has one.
        self.listed = ipywidgets.Dropdown(options=list(self.stages), description="After")
        self.listed.layout.width = "220px"
        ipywidgets.link((self.stage, "value"), (self.listed, "value"))
        self.frame = ipywidgets.HTML()
        super().__init__([row(self.stage, self.listed), self.frame], "policy")
        self.stage.observe(lambda _: self._show(), "value")
        self._show()

    @property
    def arriving(self):
        """From how many of the cells each skill arrives now: pairs (cells, all cells)."""
        return [_arriving(self.room, skill) for skill in self.stages[self.stage.value]]

    def _show(self):
        with self._lock:
            now = self.stage.value
            drawn = (policy_drawing(self.room, skill).svg() for skill in self.stages[now])
            cards = "".join(f"<div>{card}</div>" for card in drawn)
            spoken = said(f"<b>{escape(str(now))}</b>: {escape(self._in_words(now))}")
            self.frame.value = f'{STYLE}{spoken}<div class="row">{cards}</div>'

    def _in_words(self, label):
        skills = self.stages[label]
        counted = ((one.name, *_arriving(self.room, one)) for one in skills)
        return "; ".join(f"{name} arrives from {a} of {b} cells" for name, a, b in counted)

    def __repr__(self):
        ends = dict.fromkeys([next(iter(self.stages)), list(self.stages)[-1]])
        told = " ".join(f"{label}: {self._in_words(label)}." for label in ends)
        return f"What the networks would do in every cell. {told}"

    def picture(self):
        """Return the maps of the first and the last stage as the bytes of a PNG."""
        ends = list(self.stages.items())
        shown = dict([ends[0], ends[-1]])
        pairs = zip(*shown.values(), strict=False)  # one network, first and last
        drawings = [
            policy_drawing(self.room, skill, f"{label}: {skill.name}")
            for pair in pairs
            for label, skill in zip(shown, pair, strict=True)
        ]
        return png(drawings, columns=len(shown) if len(shown) > 1 else 3)


def policy_drawing(layout, skill, title=None):
    """Return a ``Drawing`` of what the skill would do first in every free cell."""
    side, title = CELL * layout.size, title or skill.name
    arrives, cells = _arriving(layout, skill)
    label = f"Policy of {skill.name}: arrives from {arrives} of {cells} cells"
    card = Drawing(max(side + 20, 240), side + 44, label)
    card.write(card.width / 2, 20, title, 13)
    left = (card.width - side) / 2
    for cell in np.ndindex(layout.size, layout.size):
        _draw_cell(card, layout, skill, cell, left + CELL * cell[1], 30 + CELL * cell[0])
    return card


def _draw_cell(card, layout, skill, cell, x, y):
    wall = cell in layout.walls
    card.draw(box(x, y, CELL, CELL, svg.WALL if wall else svg.FLOOR, svg.JOINT, 0.6))
    state = situation(layout, skill.preconditions, cell)
    names = [name for name in ("key", "door", "goal") if getattr(layout, name) == cell]
    card.write(x + CELL / 2, y + 10, " ".join(names), 9)
    if wall or state is None:
        return
    action, sure = skill.act(state, 0), skill.fit(0.0, state)
    if action is None:
        return
    if action not in MOVES:
        card.draw(box(x + 14, y + 16, 12, 12, svg.ORANGE, svg.INK, 1))
        return
    down, right = MOVES[action]
    card.draw(_arrow(x + CELL / 2, y + CELL / 2 + 3, right, down, 4 + 10 * sure))


def _arrow(x, y, right, down, half):
    tail, tip = (x - right * half, y - down * half), (x + right * half, y + down * half)
    wings = [
        (tip[0] - 5 * right + 4 * s * down, tip[1] - 5 * down + 4 * s * right) for s in (1, -1)
    ]
    ends = "".join(f"M{a:g} {b:g}L{tip[0]:g} {tip[1]:g}" for a, b in wings)
    path = f"M{tail[0]:g} {tail[1]:g}L{tip[0]:g} {tip[1]:g}{ends}"
    return svg.Stroke(path, pen=svg.BLUE, width=2)


def situation(layout, known, cell):
    """Return the state with the agent in ``cell`` where the facts of ``known`` hold.

    ``None`` where nobody can stand then: in a wall, in a closed door, or at the goal.
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
