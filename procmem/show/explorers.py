"""Look into memory: how alike places look, where to set the threshold, what the library holds."""

import threading
from functools import partial
from html import escape
from itertools import pairwise

import ipywidgets
import numpy as np

from procmem.embedding import cosine_similarity
from procmem.gridworld import transition
from procmem.rehearsal import would_work
from procmem.show import svg
from procmem.show.controls import STYLE, Control, button, html_table, row, said
from procmem.show.drawing import Drawing, box, png
from procmem.skill import describe

# ---------------------------------------------------------------- how alike every cell looks

CELL = 36  # pixels of a cell of a map
_FACTS = {
    "without the key": (False, False),
    "without the key, door open": (False, True),
    "with the key": (True, False),
    "with the key, door open": (True, True),
}


class SimilarityMap(Control):
    """For every cell of a room, how alike it looks to a chosen situation, encoder by encoder.

    ``encoders`` is a dict from names to encoders, or an agent: then its own encoder and its skills
    are taken, and the room of its environment unless ``layout`` is given. ``state`` says where
    things are (as an episode begins, if none is given); ``skills`` may be chosen as well. Alike
    means: the cosine of the two vectors. Its parts are public: the dropdowns ``reference`` and
    ``facts`` and the ``frame``; ``similarities`` holds the numbers.
    """

    def __init__(self, encoders, layout=None, state=None, *, skills=()):
        if not isinstance(encoders, dict):
            agent, layout = encoders, layout or encoders.env.get_wrapper_attr("layout")
            encoders = {"the agent's encoder": lambda state: agent.create_embedding(state, ())}
            skills = skills or agent.library
        if layout is None or not encoders:
            raise ValueError(f"a map needs a layout and an encoder, got {layout} and {encoders}")
        self.encoders, self.room = dict(encoders), layout
        self.start = layout.state() if state is None else dict(state)
        if layout.upright(self.start) is not self.start:
            raise ValueError("a map needs a world that shows its rooms as they are drawn")
        self._lock = threading.RLock()
        self._skills = {f"skill {s.name}": s for s in skills if s.situation is not None}
        held = (self.start["has_key"], self.start["door_open"])
        named = next(name for name, pair in _FACTS.items() if pair == held)
        choices = [*_places(self.start), *self._skills]
        self.reference = ipywidgets.Dropdown(options=choices, description="Compare with")
        self.facts = ipywidgets.Dropdown(options=list(_FACTS), value=named, description="The agent")
        self.frame = ipywidgets.HTML()
        super().__init__([row(_tidy(self.reference), _tidy(self.facts)), self.frame], "map")
        self.reference.observe(self._pick, "value")
        self.facts.observe(lambda _: self._show(), "value")
        self._show()

    def _pick(self, change):
        with self._lock:
            skill = self._skills.get(change["new"])
            if skill is not None:
                # Where other facts hold, nothing looks like the situation of this skill.
                held = (skill.situation["has_key"], skill.situation["door_open"])
                self.facts.value = next(n for n, pair in _FACTS.items() if pair == held)
            self._show()

    @property
    def similarities(self):
        """The numbers shown: an array ``(size, size)`` an encoder, NaN where nobody stands."""
        maps = {}
        for name, encoder in self.encoders.items():
            there = encoder(self._target())
            grid = np.full((self.room.size,) * 2, np.nan)
            for cell in self._free():
                grid[cell] = cosine_similarity(encoder(self._with_agent_at(cell)), there)
            maps[name] = grid
        return maps

    def _target(self):
        skill = self._skills.get(self.reference.value)
        if skill is not None:
            return skill.situation
        return self._with_agent_at(_places(self.start)[self.reference.value])

    def _with_agent_at(self, cell):
        has_key, door_open = _FACTS[self.facts.value]
        key = cell if has_key else self.start["key"]
        if not has_key and self.start["has_key"]:
            key = self.room.key
        changed = {"agent": cell, "key": key, "has_key": has_key, "door_open": door_open}
        return {**self.start, **changed}

    def _free(self):
        size, door_open = self.room.size, _FACTS[self.facts.value][1]
        cells = [(r, c) for r in range(size) for c in range(size) if (r, c) not in self.room.walls]
        return [cell for cell in cells if door_open or cell != self.start["door"]]

    def _show(self):
        with self._lock:
            maps = self.similarities
            told = "".join(f"<br/>{escape(_highest(*pair))}" for pair in maps.items())
            spoken = said(f"Compared with <b>{escape(self.reference.value)}</b>:{told}")
            cards = "".join(f"<div>{card.svg()}</div>" for card in self._cards(maps))
            self.frame.value = f'{STYLE}{spoken}<div class="row">{cards}</div>'

    def _cards(self, maps):
        target = self._target()["agent"] if self.reference.value not in self._skills else None
        return [self._card(name, grid, target) for name, grid in maps.items()]

    def _card(self, name, grid, target):
        side = CELL * self.room.size
        label = f"Map of likeness, {_highest(name, grid)}"
        card = Drawing(side + 20, side + 76, label)
        card.write(side / 2 + 10, 20, _short(name, side // 8), 14)
        for cell in np.ndindex(grid.shape):
            self._draw_cell(card, cell, grid[cell])
        if target:
            x, y = 10 + CELL * target[1], 30 + CELL * target[0]
            card.draw(box(x + 2, y + 2, CELL - 4, CELL - 4, pen=svg.INK, line=3))
        _draw_scale(card, side)
        return card

    def _draw_cell(self, card, cell, likeness):
        x, y = 10 + CELL * cell[1], 30 + CELL * cell[0]
        fill, ink = _tone(likeness)
        card.draw(box(x, y, CELL, CELL, fill, svg.JOINT, 0.6))
        if np.isnan(likeness):
            lines = f"M{x} {y + 36}L{x + 36} {y}M{x} {y + 18}L{x + 18} {y}M{x + 18} {y + 36}"
            card.draw(svg.Stroke(f"{lines}L{x + 36} {y + 18}", pen=svg.JOINT, width=0.8))
        else:
            card.write(x + 18, y + 29, _number(likeness), 12, ink)
        here = [name for name in ("key", "door", "goal") if self._place(name) == cell]
        card.write(x + 18, y + 12, " ".join(here), 9, ink)

    def _place(self, name):
        if name == "key" and _FACTS[self.facts.value][0]:
            return None
        return self._with_agent_at(self.start["agent"])[name]

    def __repr__(self):
        told = " ".join(_highest(*pair) for pair in self.similarities.items())
        return f"How alike every cell looks to: {self.reference.value}. {told}"

    def picture(self):
        """Return the maps as the bytes of a PNG."""
        return png(self._cards(self.similarities), columns=3)


def _places(state):
    places = {"where the agent is": "agent", "on the key": "key", "in the door": "door"}
    return {words: state[name] for words, name in {**places, "at the goal": "goal"}.items()}


def _tidy(part):
    part.style.description_width = "initial"
    part.layout.width, part.layout.max_width = "300px", "100%"
    return part


def _highest(name, grid):
    best = np.unravel_index(np.nanargmax(np.round(grid, 6)), grid.shape)
    alike, cells = int((grid >= 0.9).sum()), int((~np.isnan(grid)).sum())
    cell = tuple(int(number) for number in best)
    return (
        f"{name}: most alike at {cell} with {_number(grid[best])}; "
        f"{alike} of {cells} cells at 0.90 or above."
    )


def _number(value):
    return f"{value + 0.0:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _short(text, most):
    return text if len(text) <= most else f"{text[: max(1, most - 1)]}…"


_UNLIKE, _NEUTRAL, _ALIKE = (213, 94, 0), (255, 255, 255), (0, 114, 178)


def _tone(likeness):
    """Return the colour of a likeness from -1 to 1 and of ink that can be read on it."""
    if np.isnan(likeness):
        return svg.WALL, "#fff"
    end, share = (_ALIKE if likeness >= 0 else _UNLIKE), min(1, abs(likeness))
    mixed = [round(a + (b - a) * share) for a, b in zip(_NEUTRAL, end, strict=True)]
    dark = likeness > 0.85
    return "#{:02x}{:02x}{:02x}".format(*mixed), "#fff" if dark else svg.INK


def _draw_scale(card, side):
    top, step = 38 + side, side / 8
    for n in range(9):
        value = n / 4 - 1
        card.draw(box(10 + n * side / 9, top, side / 9, 12, _tone(value)[0], svg.JOINT, 0.6))
    for at, words, anchor in ((10, "−1 opposite", "start"), (10 + side, "1 alike", "end")):
        card.write(at, top + 26, words, 11, anchor=anchor)
    card.write(10 + 4 * step, top + 26, "0", 11)


# ---------------------------------------------------------------- where to set the threshold


def reuse_queries(agent, situations, k=5):
    """Return what ``ThresholdExplorer`` asks for, one pair for each situation and skill.

    ``situations`` are pairs (layout, state). Of the ``k`` most similar skills those count whose
    preconditions hold there.
    """
    return [
        (similarity, would_work(skill, state, partial(transition, layout)))
        for layout, state in situations
        for similarity, skill in agent.library.retrieve(agent.create_embedding(state, ()), k)
        if skill.applicable(state)
    ]


_FATES = {
    "Hits": ("used, and it works", "#009e73", False),
    "False reuse": ("used, but it fails", "#d55e00", False),
    "Misses": ("not used, but it would work", "#0072b2", True),
    "Left alone": ("not used, and it would fail", "#4b5364", True),
}


class ThresholdExplorer(Control):
    """What a threshold of similarity does to reuse; ``queries`` are pairs (similarity, works).

    Its parts are public: the ``slider``, the ``number`` box, the ``frame``; ``counts(threshold)``
    says how many queries met which fate.
    """

    def __init__(self, queries, threshold=0.8):
        self.queries = [(float(similarity), bool(works)) for similarity, works in queries]
        if not 0 <= threshold <= 1:
            raise ValueError(f"threshold must lie in 0..1, got {threshold}")
        self._lock = threading.RLock()
        self.slider = ipywidgets.FloatSlider(threshold, min=0, max=1, step=0.01, readout=False)
        self.number = ipywidgets.BoundedFloatText(
            threshold, min=0, max=1, step=0.01, description="Threshold"
        )
        self.number.layout, self.number.style = {"width": "150px"}, {"description_width": "70px"}
        self.slider.layout = {"width": "auto", "max_width": "470px", "margin": "2px 12px"}
        self.frame = ipywidgets.HTML()
        super().__init__([self.number, self.slider, self.frame], "threshold")
        for part in (self.slider, self.number):
            part.observe(lambda change: self.show(change["new"]), "value")
        self.show(threshold)

    def counts(self, threshold):
        """Return how many queries are hits, false reuse, misses and left alone, by name."""
        fates = dict.fromkeys(_FATES, 0)
        for similarity, works in self.queries:
            used = similarity >= threshold
            fates[("Hits" if works else "False reuse") if used else _unused(works)] += 1
        return fates

    def show(self, threshold):
        """Show what becomes of the queries at this threshold."""
        with self._lock:
            self.slider.value = self.number.value = round(threshold, 6)
            table = self._table()
            self.frame.value = (
                f'{STYLE}{said(escape(self._told()))}<div class="row"><div>{self._card().svg()}'
                f'</div><div class="words">{table}</div></div>'
            )

    def _told(self):
        n, counts = len(self.queries), self.counts(self.slider.value)
        listed = "; ".join(f"{name.lower()} {counts[name]} ({_FATES[name][0]})" for name in _FATES)
        return f"At threshold {self.slider.value:.2f}, of {n} queries: {listed}."

    def _table(self):
        """Return the counts at eleven thresholds as a table, the one nearest to now marked."""
        marks = [n / 10 for n in range(11)]
        rows = [[f"{mark:.1f}", *map(str, self.counts(mark).values())] for mark in marks]
        now = round(self.slider.value * 10)
        return html_table("What each threshold does", ["Threshold", *_FATES], rows, now)

    def _card(self):
        card = Drawing(_CHART + 130, 240, self._told())
        most = max(1, len(self.queries))
        lines = {name: [self.counts(n / 50)[name] for n in range(51)] for name in _FATES}
        card.draw(box(20, 20, _CHART, 180, pen=svg.GRID, line=1))
        heights = _spread([200 - 180 * counts[-1] / most for counts in lines.values()])
        for (name, counts), height in zip(lines.items(), heights, strict=True):
            points = [
                f"{20 + _CHART * n / 50:.4g} {200 - 180 * c / most:.4g}"
                for n, c in enumerate(counts)
            ]
            _, colour, dotted = _FATES[name]
            card.draw(svg.Stroke("M" + "L".join(points), pen=colour, width=3, dotted=dotted))
            now = self.counts(self.slider.value)[name]
            card.write(_CHART + 26, height + 4, f"{name.lower()}: {now}", anchor="start")
        at = 20 + _CHART * self.slider.value
        card.draw(svg.Stroke(f"M{at:g} 14L{at:g} 206", pen=svg.INK, width=2))
        for value in (0, 0.5, 1):
            card.write(20 + _CHART * value, 220, f"{value:g}", 11)
        card.write(20 + _CHART / 2, 234, "threshold of similarity", 11)
        return card

    def __repr__(self):
        return f"Threshold explorer. {self._told()}"

    def picture(self):
        """Return the curves as the bytes of a PNG."""
        return png([self._card()], columns=1)


_CHART = 280  # pixels from threshold 0 to 1


def _unused(works):
    return "Misses" if works else "Left alone"


def _spread(heights, gap=16):
    """Return heights moved apart so that words fit there, in the same order."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    moved = list(heights)
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + gap)
    lowest = max(moved)
    return [height - max(0, lowest - 204) for height in moved]


# ---------------------------------------------------------------- what the library holds


class LibraryBrowser(Control):
    """The skills of a library or of an agent as a table that can be sorted, and forgotten from.

    What is forgotten goes to the library's archive, and comes back from there.

    Its parts are public: the dropdowns ``sort`` and ``choice``, the checkbox ``descending``, the
    number box ``page``, the buttons ``forget`` and ``undo`` and the ``frame``.
    """

    def __init__(self, source, per_page=8):
        if per_page < 1:
            raise ValueError(f"per_page must be a whole number from 1 up, got {per_page}")
        self.source, self.per_page = source, per_page
        self._lock, self._words = threading.RLock(), ""
        self.sort = ipywidgets.Dropdown(options=list(_ORDERS), description="Sort by")
        self.descending = ipywidgets.Checkbox(False, description="largest first", indent=False)
        self.page = ipywidgets.BoundedIntText(1, 1, 1, description="Page")
        self.choice = ipywidgets.Dropdown(description="Skill")
        self.forget = button("Forget this skill", self.forget_chosen)
        self.undo = button("Undo forgetting", self.take_back)
        self.frame = ipywidgets.HTML()
        self.page.layout.width, self.descending.layout.width = "130px", "130px"
        self.page.style.description_width = "40px"
        order = row(_tidy(self.sort), self.descending, self.page)
        deeds = row(_tidy(self.choice), self.forget, self.undo)
        super().__init__([order, deeds, self.frame], "library")
        for part in (self.sort, self.descending, self.page, self.choice):
            part.observe(lambda _: self._show(), "value")
        self._show()

    @property
    def library(self):
        """The library that is shown: what the agent has now, if an agent was given."""
        return getattr(self.source, "library", self.source)

    def skills(self):
        """Return all skills in the order that was asked for; among equals the older comes first."""
        order = _ORDERS[self.sort.value]
        return sorted(self.library, key=order, reverse=self.descending.value)

    def forget_chosen(self):
        """Move the chosen skill to the archive: the agent cannot use it any more."""
        with self._lock:
            name = self.choice.value
            if name not in self.library:
                self._say("There is nothing to forget.")
                return
            self.library.retire(name)
            self._say(f"Forgotten: <b>{escape(name)}</b>. Undo brings it back.")

    def take_back(self):
        """Take the skill that was archived last back into the library."""
        with self._lock:
            if not self.library.archive:
                self._say("Nothing was forgotten.")
                return
            name = list(self.library.archive)[-1]
            kept = self.library.restore(name).name
            if kept == name:
                self._say(f"Back again: <b>{escape(name)}</b>.")
            else:
                self._say(f"Its twin {escape(kept)} is as good: <b>{escape(name)}</b> stays away.")

    def _say(self, words):
        self._words = words
        self._show()

    def _show(self):
        with self._lock:
            skills = self.skills()
            self._offer([skill.name for skill in skills])
            first = (self.page.value - 1) * self.per_page
            shown = skills[first : first + self.per_page]
            names = [skill.name for skill in shown]
            chosen = names.index(self.choice.value) if self.choice.value in names else None
            table = html_table("Skills", _HEADS, list(map(_cells, shown)), chosen)
            count = f"{len(skills)} skills, {len(shown)} of them below."
            self.frame.value = f"{STYLE}{said(f'{self._words} {count}')}{table}"

    def _offer(self, names):
        """Let the parts offer what there is now, without being called again for each."""
        self.page.max = max(1, -(-len(names) // self.per_page))
        if list(self.choice.options) != names:
            kept = self.choice.value
            self.choice.options = names
            self.choice.value = kept if kept in names else next(iter(names), None)

    def __repr__(self):
        used = sorted(self.library, key=lambda skill: -skill.times_used)[:3]
        told = [f"{s.name} (worked {s.success_count} of {s.times_used} times)" for s in used]
        return f"A library of {len(self.library)} skills. Most used: {', '.join(told) or 'none'}."

    def picture(self):
        """Return the first skills and their ways as the bytes of a PNG."""
        cards = [_portrait(skill) for skill in self.skills()[:6]]
        return png(cards or [_empty()], columns=3)


_ORDERS = {
    "age": lambda skill: 0,
    "name": lambda skill: skill.name,
    "length": len,
    "uses": lambda skill: skill.times_used,
    "successes": lambda skill: skill.success_count,
    "success estimate": lambda skill: skill.success_estimate,
}
_HEADS = ["Skill", "Way", "In words", "Used", "Worked", "Estimate"]


def _cells(skill):
    when, then = describe(skill.preconditions), describe(skill.effects)
    words = f"when {escape(when)}: <b>{escape(_in_words(skill))}</b>, then {escape(then)}"
    words += f"<br/>{_life(skill)}"
    counts = [str(skill.times_used), str(skill.success_count), f"{skill.success_estimate:.2f}"]
    return [f"<b>{escape(skill.name)}</b>", _way(skill).svg(), words, *counts]


def _life(skill):
    """Return in words where the skill is in its life, and where it comes from."""
    if skill.life.source is None:
        return skill.life.status
    episode, first, last = skill.life.source
    return f"{skill.life.status}, from episode {episode}, steps {first} to {last}"


def _in_words(skill):
    return " ".join(svg.in_words(action) for action in skill.action_sequence)


def _way(skill, side=64):
    """Return the way that a skill walks as a small drawing, the start as a ring."""
    card = Drawing(side, side, f"The way of {skill.name}: {_in_words(skill) or 'none'}")
    strokes, corner, reach = svg.way_strokes(skill.action_sequence)
    scale = (side - 12) / reach
    card.draw(*strokes, x=6 - scale * corner[1], y=6 - scale * corner[0], scale=round(scale, 4))
    return card


def _portrait(skill):
    card = _way(skill, 150)
    card.width, card.height = 190, 200
    worked = f"worked {skill.success_count} of {skill.times_used} times"
    card.write(95, 176, _short(skill.name, 26), 12)
    card.write(95, 192, worked, 11)
    return card


def _empty():
    card = Drawing(260, 60, "No skills")
    card.write(130, 34, "no skills", 13)
    return card
