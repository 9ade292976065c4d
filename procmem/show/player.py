"""Step through an episode: the room, what was known, what memory offered, what was done and why.

A pure function makes each frame as text and the callbacks only set values: they may run on a thread
of their own. Where no kernel runs, a film strip and a sentence stand in for the player.
"""

import io
import re
import threading
import warnings
from collections import Counter
from html import escape
from textwrap import fill

import ipywidgets
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from procmem.gridworld import facts
from procmem.show.svg import (
    CARD,
    INK,
    UNIT,
    in_words,
    room_svg,
    room_things,
    states_of,
    strip_rooms,
)


class EpisodePlayer(ipywidgets.VBox):
    """A player for one ``Episode``; step ``n`` shows the situation after ``n`` actions.

    Its parts are public: the buttons ``first``, ``back``, ``play``, ``next`` and ``last``, the
    ``slider``, the ``number`` box, the ``clock`` behind *Play* and the ``frame``.
    """

    def __init__(self, episode):
        self.episode = episode
        self._shown = 0
        self._lock = threading.RLock()
        last = len(episode)
        self.frame = ipywidgets.HTML(frame_html(episode, 0))
        self.number = ipywidgets.BoundedIntText(0, 0, last, description="Step")
        # The browser cannot draw a slider without a length.
        self.slider = ipywidgets.IntSlider(0, 0, max(1, last), readout=False, disabled=last == 0)
        # The browser's own timer moves the clock: no thread here. Long episodes run faster.
        pace = max(80, min(600, 20_000 // max(1, last)))
        self.clock = ipywidgets.Play(0, 0, last, interval=pace)
        self.first = _button("First", lambda: self._go(0))
        self.back = _button("Back", lambda: self._go(self._shown - 1))
        self.play = _button("Play", self._play_or_pause)
        self.next = _button("Next", lambda: self._go(self._shown + 1))
        self.last = _button("Last", lambda: self._go(last))
        super().__init__([self._controls(), self.slider, self.frame])
        self.add_class("procmem-player")
        for part in (self.slider, self.number, self.clock):
            part.observe(lambda change: self.show(change["new"]), "value")
        self.clock.observe(self._name_play, "playing")

    def _controls(self):
        self.clock.layout.display = "none"
        self.number.layout.width, self.number.style.description_width = "120px", "40px"
        self.slider.layout = {"width": "auto", "max_width": "470px", "margin": "2px 12px"}
        buttons = [self.first, self.back, self.play, self.next, self.last, self.number, self.clock]
        return ipywidgets.HBox(buttons, layout={"flex_flow": "row wrap"})

    def show(self, n):
        """Show step ``n``, or the nearest one that there is."""
        with self._lock:
            n = max(0, min(n, len(self.episode)))
            changed, self._shown = n != self._shown, n
            # Each of these calls `show` again with the number that is already shown.
            self.slider.value = self.number.value = self.clock.value = n
            if changed:
                self.frame.value = frame_html(self.episode, n)
            if n == len(self.episode):
                self.clock.playing = False

    def _go(self, n):
        with self._lock:
            self.clock.playing = False
            self.show(n)

    def _play_or_pause(self):
        self.clock.playing = not self.clock.playing

    def _name_play(self, change):
        self.play.description = "Pause" if change["new"] else "Play"

    def __repr__(self):
        return in_a_sentence(self.episode)

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/plain": repr(self), "image/png": film_strip(self.episode)}


def _button(label, act):
    button = ipywidgets.Button(description=label, layout={"width": "64px"})
    button.on_click(lambda _: act())
    return button


# ---------------------------------------------------------------- a frame, as text

_STYLE = """<style>
.procmem-frame {display: flex; flex-wrap: wrap; gap: 8px 20px; line-height: 1.45; white-space: normal}
.procmem-frame > * {flex: 0 1 300px; min-width: 0}
.procmem-frame > .procmem-words {flex: 1 1 300px; overflow-x: auto}
.procmem-frame p {margin: 0 0 8px}
.procmem-frame table {border-collapse: collapse}
.procmem-frame tr {background: none}
.procmem-frame th, .procmem-frame td {
  padding: 3px 12px 3px 4px; text-align: left; vertical-align: top; border-top: 1px solid}
.procmem-frame tr.chosen {background: rgba(0, 114, 178, 0.15)}
.procmem-frame .fact {border: 1px solid; border-radius: 9px; padding: 0 8px; white-space: nowrap}
.procmem-frame .bar {display: inline-block; width: 60px; height: 9px; border: 1px solid}
.procmem-frame .bar > * {display: block; height: 100%; background: #0072b2}
</style>"""


def frame_html(episode, n):
    """Return everything there is to see at step ``n``, from 0 to ``len(episode)``, as HTML."""
    states, last = states_of(episode), len(episode)
    if not 0 <= n <= last:
        raise ValueError(f"n must be a step from 0 to {last}, got {n}")
    trail = [state["agent"] for state in states[: n + 1]]
    picture = room_svg(episode.layout, states[n], width=300, trail=trail)
    words = [f"<b>Step {n} of {last}.</b> {_deeds(episode, n)}", _facts(states[n])]
    decision = episode.steps[n].decision if n < last else None
    words += [_reason(episode, n, decision)] if decision else []
    spoken = "".join(f"<p>{text}</p>" for text in words)
    table = _table(decision) if decision and decision.candidates else ""
    return (
        f'{_STYLE}<div class="procmem-frame"><div>{picture}</div><div class="procmem-words">'
        f'<div role="status" aria-live="polite">{spoken}</div>{table}</div></div>'
    )


def _deeds(episode, n):
    done, steps = "Nothing is done yet.", episode.steps
    if n:
        vain = "" if steps[n - 1].changed else " (it changed nothing)"
        done = f"Done: <b>{in_words(steps[n - 1].action)}</b>{vain}."
    if n < len(steps):
        return f"{done} Next: <b>{in_words(steps[n].action)}</b>."
    if not steps:
        return "The episode has no steps."
    out = "Time is up." if steps[-1].truncated else "Here the record ends."
    return f"{done} {'The goal is reached.' if episode.solved else out}"


def _facts(state):
    words = [
        f'<span class="fact">{escape(name)}: <b>{"yes" if value else "no"}</b></span>'
        for name, value in facts(state).items()
    ]
    return "Facts: " + " ".join(words)


def _reason(episode, n, decision):
    # One decision stands behind several steps: say when it was taken.
    taken = n
    while taken and episode.steps[taken - 1].decision is decision:
        taken -= 1
    when = "Decision" if taken == n else f"Decision, taken at step {taken}"
    return f"{when}: <b>{escape(decision.reason)}</b>."


def _table(decision):
    heads = ("What memory offered", "Similarity", "Preconditions", "Success estimate")
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    rows = "".join(_row(one, one.name == decision.skill) for one in decision.candidates)
    return f"<table><tr>{head}</tr>{rows}</table>"


def _row(one, chosen):
    name, verdict = ("► " if chosen else "") + one.name, "chosen" if chosen else one.verdict
    width = f"{max(0, min(1, one.similarity)):.0%}"
    return (
        f"<tr{' class=chosen' if chosen else ''}>"
        f'<th scope="row">{escape(name)}<br><small>{escape(verdict)}</small></th>'
        f'<td><span class="bar"><span style="width:{width}"></span></span> {one.similarity:.2f}</td>'
        f"<td>{'✓ hold' if one.preconditions_hold else '✗ fail'}</td>"
        f"<td>{one.success_estimate:.2f}</td></tr>"
    )


# ---------------------------------------------------------------- without a kernel


def in_a_sentence(episode):
    """Return how long the episode was, how it ended and which skills it used, in words."""
    length = f"{len(episode)} step{'' if len(episode) == 1 else 's'}"
    end = f"An episode of {length}: {'' if episode.solved else 'not '}solved."
    uses = Counter(episode.skills)
    named = [f"{name} ({n} times)" if n > 1 else name for name, n in uses.items()]
    listed = ", ".join(named[:8]) + (f" and {len(named) - 8} more" if len(named) > 8 else "")
    return f"{end} Skills used: {listed or 'none'}." if episode.decisions else end


_DRAWING = threading.Lock()


def film_strip(episode, frames=6):
    """Return the film strip as the bytes of a PNG."""
    rooms = strip_rooms(episode, frames)
    across, down = min(3, len(rooms)), -(-len(rooms) // 3)
    with _DRAWING, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # A name may hold signs that the font has not.
        figure = Figure(figsize=(2.1 * across, 2.4 * down), dpi=100)
        for i, room in enumerate(rooms):
            left, top = i % 3 + 0.15 / 2.1, down - i // 3 - 0.15 / 2.4
            box = (left / across, (top - 1.8 / 2.4) / down, 1.8 / 2.1 / across, 1.8 / 2.4 / down)
            _draw_room(figure.add_axes(box), 1.8 * 72, *room)
        picture = io.BytesIO()
        figure.savefig(picture, format="png", facecolor=CARD, metadata={"Software": None})
    return picture.getvalue()


def _draw_room(ax, points, layout, state, caption, trail):
    side = UNIT * layout.size
    ax.set(xlim=(0, side), ylim=(side, 0))
    ax.axis("off")
    below = {"ha": "center", "va": "top", "fontsize": 8, "color": INK, "parse_math": False}
    ax.text(side / 2, side * 1.03, fill(caption, 28), **below)
    for strokes, x, y, scale in room_things(layout, state, trail):
        moved = Affine2D().scale(scale).translate(x, y) + ax.transData
        for stroke in strokes:
            if stroke.path:
                ax.add_patch(_patch(stroke, moved, points / side * scale))


def _patch(stroke, transform, points):
    return PathPatch(
        _path(stroke.path),
        facecolor=stroke.fill,
        edgecolor=stroke.pen,
        linewidth=stroke.width * points,
        linestyle=(0, (0.01, 2.5)) if stroke.dotted else "-",
        capstyle="round",
        joinstyle="round",
        transform=transform,
        clip_on=False,
    )


_CODES = {"M": [Path.MOVETO], "L": [Path.LINETO], "Q": [Path.CURVE3] * 2, "Z": [Path.CLOSEPOLY]}


def _path(text):
    codes, points = [], []
    for letter, numbers in re.findall(r"([MLQZ])([^MLQZ]*)", text):
        values = [float(number) for number in numbers.split()] or [0.0, 0.0]
        codes += _CODES[letter]
        points += zip(values[::2], values[1::2], strict=True)
    return Path(points, codes)
