"""Step through an episode: the room, what was known, what memory offered, what was done and why.

The picture holds its whole record, and its controls are linked to it in the browser: no step needs
the kernel. Where none runs, a page of its own steps.
"""

import json
from html import escape
from string import Template

import anywidget
import ipywidgets
import traitlets

from procmem.arguments import each, instance
from procmem.episode import Episode
from procmem.show.record import film, pack
from procmem.show.strip import strips_svg
from procmem.show.widget import STYLE, Exhibit, row, source

SCRIPT, PAGE = source("stage.js"), Template(source("page.html"))
MANY = 250
"""Decisions from which on a player leaves out what memory offered: pages must stay small."""


class Stage(anywidget.AnyWidget):
    """A picture that holds its record, and shows step ``step`` of it; see ``record``."""

    _esm = SCRIPT
    _css = STYLE
    html = traitlets.Unicode().tag(sync=True)
    frames = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    press = traitlets.Int(None, allow_none=True).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    speed = traitlets.Int(1).tag(sync=True)
    pace = traitlets.Int(600).tag(sync=True)


class Stepper(Exhibit):
    """Base of the players: controls that are linked, in the browser, to a ``stage``.

    Its parts are public: the buttons ``moves`` (First, Back, Next, Last) and ``play``, the
    ``slider``, the ``number`` box, the ``speed`` and the ``stage``.
    """

    def __init__(self, html, frames, *, label="Step", step=0):
        last = len(frames) - 1
        pace = max(80, min(600, 20_000 // max(1, last)))  # long episodes run faster
        self.stage = Stage(html=html, frames=pack(frames), pace=pace, step=step)
        auto = {"width": "auto"}
        self.moves = ipywidgets.ToggleButtons(
            options=["First", "Back", "Next", "Last"], value=None, style={"button_width": "auto"}
        )
        self.play = ipywidgets.ToggleButton(description="Play", layout=auto)
        self.number = ipywidgets.BoundedIntText(
            step, max=last, description=label, layout=auto, style={"description_width": "initial"}
        )
        self.slider = ipywidgets.IntSlider(
            step,
            max=max(1, last),  # the browser cannot draw a slider without a length
            readout=False,
            disabled=last == 0,
            layout={**auto, "max_width": "470px", "margin": "2px 4px 0 2px"},
        )
        self.speed = ipywidgets.Dropdown(
            options=["0.5×", "1×", "2×", "4×"],
            index=1,
            description="Speed",
            layout={"width": "120px"},
            style={"description_width": "48px"},
        )
        linked = [(self.moves, "index", "press"), (self.play, "value", "playing")]
        linked += [(self.number, "value", "step"), (self.slider, "value", "step")]
        linked += [(self.speed, "index", "speed")]
        self.links = [ipywidgets.jslink((part, of), (self.stage, to)) for part, of, to in linked]
        controls = row(self.moves, self.play, self.number, self.speed)
        super().__init__([controls, self.slider, self.stage], "player")

    def stored(self):
        """Return HTML that is a player where scripts may run, and the picture where they may not.

        Untrusted pages drop the style and the frame, and with them what hides the picture.
        """
        picture, frames, step = self.picture(), self.stage.frames, self.stage.step
        record = {"frames": frames, "step": step, "press": None, "playing": False, "speed": 1}
        text = json.dumps({**record, "pace": self.stage.pace}, separators=(",", ":"))
        page = PAGE.substitute(
            style=STYLE,
            script=SCRIPT.replace("\nexport default { render };\n", ""),
            record=text.replace("</", r"<\/"),
            html=self.stage.html,
            step=step,
            last=frames["last"],
        )
        # No tag is left for a viewer that drops the frame. Double quotes may stay, and are many.
        quoted = escape(page, quote=False).replace("'", "&#39;")
        return (
            f'<style>.procmem-strip {{display: none}}</style><div class="procmem-strip">{picture}'
            f'</div><iframe title="{escape(picture.words[:120])}" style="width: 100%; '
            f"height: 560px; border: 0\" srcdoc='{quoted}'></iframe>"
        )


class EpisodePlayer(Stepper):
    """A player for an ``Episode``; step ``n`` is after ``n`` actions."""

    def __init__(self, episode):
        self.episode = instance("episode", episode, Episode)
        super().__init__(*film(episode, brief=len(episode.decisions) > MANY))

    def picture(self):
        """Return a film strip of the episode as a ``Picture``."""
        return strips_svg([("", self.episode)])


class Duel(Stepper):
    """Two episodes side by side on one clock; the shorter one waits at its end.

    ``labels`` says which is left and which is right.
    """

    def __init__(self, left, right, labels=("left", "right")):
        self.episodes = each("episodes", (left, right), Episode)
        self.labels = tuple(map(str, labels))
        if len(self.labels) != 2:
            raise ValueError(f"labels must be two, one for each side, got {labels!r}")
        longest = max(map(len, self.episodes))
        sides = [
            film(one, part=str(i), longest=longest, brief=True)
            for i, one in enumerate(self.episodes)
        ]
        html = "".join(
            f"<section><p><b>{escape(label)}</b></p>{side}</section>"
            for label, (side, _) in zip(self.labels, sides, strict=True)
        )
        films = [frames + [{}] * (longest + 1 - len(frames)) for _, frames in sides]
        frames = [{**a, **b} for a, b in zip(*films, strict=True)]
        super().__init__(f'<div class="sides">{html}</div>', frames)
        self.add_class("procmem-duel")

    def picture(self):
        """Return both film strips, one below the other, as a ``Picture``."""
        return strips_svg(list(zip(self.labels, self.episodes, strict=True)))
