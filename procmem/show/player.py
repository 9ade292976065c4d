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
from procmem.show import svg


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
        self.clock = ipywidgets.Play(0, 0, last, interval=pace, layout={"display": "none"})
        self.first = _button("First", lambda: self._go(0))
        self.back = _button("Back", lambda: self._go(self._shown - 1))
        self.play = _button("Play", self._play_or_pause)
        self.next = _button("Next", lambda: self._go(self._shown + 1))
        self.last = _button("Last", lambda: self._go(last))
        super().__init__([self._controls(), self.slider, self.frame])
        self.add_class("procmem-player")
        for part in (self.slider, self.number, self.clock):
            part.observe(lambda change: self.show(change["new"]), "value")
        names = {True: "Pause", False: "Play"}
        ipywidgets.dlink((self.clock, "playing"), (self.play, "description"), names.get)

    def _controls(self):
        self.number.layout, self.number.style = {"width": "120px"}, {"description_width": "40px"}
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

    def __repr__(self):
        return in_a_sentence(self.episode)

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/plain": repr(self), "image/png": film_strip(self.episode)}


def _button(label, act):
    room = {"width": "auto", "flex": "1 1 46px", "max_width": "66px", "padding": "0"}
    button = ipywidgets.Button(description=label, layout=room)
    button.on_click(lambda _: act())
    return button


# ---------------------------------------------------------------- a frame, as text

_STYLE = """<style>
.procmem-player .widget-html-content {min-width: 0}
.procmem-frame {display: flex; flex-wrap: wrap; gap: 8px 16px; line-height: 1.4;
  white-space: normal; padding-bottom: 4px}
.procmem-frame > * {flex: 0 1 280px; min-width: 0}
.procmem-frame > .procmem-words {flex: 1 1 310px; overflow-x: auto}
.procmem-frame p {margin: 0 0 8px}
.procmem-frame table {border-collapse: collapse; font-size: 0.92em}
.procmem-frame tr {background: none}
.procmem-frame th, .procmem-frame td {padding: 3px 8px 3px 4px; text-align: left;
  vertical-align: top; border-top: 1px solid; font-weight: normal}
.procmem-frame td, .procmem-frame .fact {white-space: nowrap}
.procmem-frame .chosen {background: rgba(0, 114, 178, 0.2)}
.procmem-frame .fact {border: 1px solid; border-radius: 9px; padding: 0 7px}
.procmem-frame .bar {display: inline-block; width: 44px; height: 9px; border: 1px solid}
.procmem-frame .bar > * {display: block; height: 100%; background: #0072b2}
</style>"""


def frame_html(episode, n):
    """Return everything there is to see at step ``n``, from 0 to ``len(episode)``, as HTML."""
    states, last = svg.states_of(episode), len(episode)
    if not 0 <= n <= last:
        raise ValueError(f"n must be a step from 0 to {last}, got {n}")
    trail = [state["agent"] for state in states[: n + 1]]
    picture = svg.room_svg(episode.layout, states[n], width=280, trail=trail)
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
        done = f"Done: <b>{svg.in_words(steps[n - 1].action)}</b>{vain}."
    if n < len(steps):
        return f"{done} Next: <b>{svg.in_words(steps[n].action)}</b>."
    if not steps:
        return "The episode has no steps."
    out = "Time is up." if steps[-1].truncated else "Here the record ends."
    return f"{done} {'The goal is reached.' if episode.solved else out}"


def _facts(state):
    named = [(escape(name), "yes" if value else "no") for name, value in facts(state).items()]
    return "Facts: " + " ".join(f'<span class="fact">{a}: <b>{b}</b></span>' for a, b in named)


def _reason(episode, n, decision):
    # One decision stands behind several steps: say when it was taken.
    taken = n
    while taken and episode.steps[taken - 1].decision is decision:
        taken -= 1
    when = "Decision" if taken == n else f"Decision, taken at step {taken}"
    return f"{when}: <b>{escape(decision.reason)}</b>."


def _table(decision):
    heads = ("Memory", "Similarity", "Precon\u00additions", "Success estimate")
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    rows = "".join(_row(one, one.name == decision.skill) for one in decision.candidates)
    return f"<table><tr>{head}</tr>{rows}</table>"


def _row(one, chosen):
    name, verdict = ("► " if chosen else "") + one.name, "chosen" if chosen else one.verdict
    tone = ' class="chosen"' if chosen else ""
    filled = f'<span style="width:{max(0, min(1, one.similarity)):.0%}"></span>'
    return (
        f'<tr{tone}><th scope="row"><b>{escape(name)}</b><br/><small>{escape(verdict)}</small></th>'
        f'<td><span class="bar">{filled}</span> {one.similarity:.2f}</td>'
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
_SIDE, _WIDE, _HIGH = 1.8, 2.1, 2.4  # inches: a room; a room with the space around and below it


def film_strip(episode, frames=6):
    """Return the film strip as the bytes of a PNG."""
    rooms = svg.strip_rooms(episode, frames)
    across, down = min(3, len(rooms)), -(-len(rooms) // 3)
    with _DRAWING, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # A name may hold signs that the font has not.
        figure = Figure(figsize=(_WIDE * across, _HIGH * down), dpi=100, facecolor=svg.CARD)
        for i, room in enumerate(rooms):
            _draw_room(figure, _WIDE * (i % 3) + 0.15, _HIGH * (down - i // 3) - 0.15, *room)
        picture = io.BytesIO()
        figure.savefig(picture, format="png", dpi=100, metadata={"Software": None})
    return picture.getvalue()


def _draw_room(figure, left, top, layout, state, caption, trail):
    below = {"ha": "center", "va": "top", "fontsize": 8, "color": svg.INK, "parse_math": False}
    inches, unit = figure.dpi_scale_trans, _SIDE / (svg.UNIT * layout.size)
    middle = left + _SIDE / 2
    figure.text(middle, top - _SIDE - 0.06, fill(caption, 28), transform=inches, **below)
    for strokes, x, y, scale in svg.room_things(layout, state, trail):
        place = Affine2D().scale(scale).translate(x, y).scale(unit, -unit).translate(left, top)
        for stroke in strokes:
            if stroke.path:
                figure.add_artist(_patch(stroke, place + inches, 72 * unit * scale))


def _patch(stroke, transform, points):
    dotted = (0, (0.01, 2.5)) if stroke.dotted else "-"
    pen = {"edgecolor": stroke.pen, "linewidth": stroke.width * points, "linestyle": dotted}
    ends = {"capstyle": "round", "joinstyle": "round", "snap": False}
    path = _path(stroke.path)
    return PathPatch(path, facecolor=stroke.fill, transform=transform, **pen, **ends)


_CODES = {"M": [Path.MOVETO], "L": [Path.LINETO], "Q": [Path.CURVE3] * 2, "Z": [Path.CLOSEPOLY]}


def _path(text):
    codes, points = [], []
    for letter, numbers in re.findall(r"([MLQZ])([^MLQZ]*)", text):
        values = [float(number) for number in numbers.split()] or [0.0, 0.0]
        codes += _CODES[letter]
        points += zip(values[::2], values[1::2], strict=True)
    return Path(points, codes)
