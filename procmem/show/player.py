"""Step through an episode: the room, what was known, what memory offered, what was done and why.

The picture holds its whole record, and its controls are linked to it in the browser: no step needs
the kernel, unless the episode happens only now. Where no kernel runs, a page of its own steps.
"""

import inspect
import json
import threading
from collections.abc import Iterator
from html import escape
from importlib.resources import files

import anywidget
import ipywidgets
import traitlets

from procmem.arguments import each
from procmem.episode import Episode
from procmem.show.record import film, pack, strips_svg

STYLE, SCRIPT, PAGE = (
    files("procmem.show").joinpath(name).read_text(encoding="utf-8")
    for name in ("stage.css", "stage.js", "page.js")
)
SPEEDS = ("0.5×", "1×", "2×", "4×")
STORED = 150_000
"""Characters from which on the page for readers without a kernel leaves the candidates out."""


class Stage(anywidget.AnyWidget):
    """A picture that holds its record, and shows step ``step`` of it; see ``record``."""

    _esm = SCRIPT
    _css = STYLE
    html = traitlets.Unicode().tag(sync=True)
    frames = traitlets.Dict().tag(sync=True)
    over = traitlets.Bool(True).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    wanted = traitlets.Int(0).tag(sync=True)
    press = traitlets.Int(None, allow_none=True).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    speed = traitlets.Int(1).tag(sync=True)
    pace = traitlets.Float(600.0).tag(sync=True)


class Stepper(ipywidgets.VBox):
    """Base of the players: controls that are linked, in the browser, to a ``stage``.

    Its parts are public: the buttons ``moves`` (First, Back, Next, Last) and ``play``, the
    ``slider``, the ``number`` box, the ``speed`` and the ``stage``.
    """

    def __init__(self, html, frames, over=True, *, label="Step", step=0):
        # Long episodes run faster.
        pace = max(80, min(600, 20_000 // max(1, len(frames) - 1)))
        self.stage = Stage(html=html, frames=pack(frames), over=over, pace=pace, step=step)
        buttons = {"button_width": "auto"}
        self.moves = ipywidgets.ToggleButtons(
            options=["First", "Back", "Next", "Last"], value=None, style=buttons
        )
        self.play = ipywidgets.ToggleButton(description="Play", layout={"width": "auto"})
        self.number = ipywidgets.BoundedIntText(description=label, layout={"width": "auto"})
        self.number.style.description_width = "initial"
        self.slider = ipywidgets.IntSlider(readout=False)
        self.slider.layout = {"width": "auto", "max_width": "470px", "margin": "2px 4px 0 2px"}
        self.speed = ipywidgets.Dropdown(options=SPEEDS, index=1, description="Speed")
        self.speed.layout, self.speed.style = {"width": "120px"}, {"description_width": "48px"}
        self._stretch()
        self.number.value = self.slider.value = step
        parts = ((self.moves, "index", "press"), (self.play, "value", "playing"))
        parts += ((self.number, "value", "step"), (self.slider, "value", "step"))
        parts += ((self.speed, "index", "speed"),)
        self._links = [
            ipywidgets.jslink((part, of), (self.stage, name)) for part, of, name in parts
        ]
        row = [self.moves, self.play, self.number, self.speed]
        controls = ipywidgets.HBox(row, layout={"flex_flow": "row wrap"})
        super().__init__([controls, self.slider, self.stage])
        self.add_class("procmem").add_class("procmem-player")

    def _stretch(self):
        """Let the controls reach as far as is known."""
        # The browser cannot draw a slider without a length.
        last = self.stage.frames["last"]
        self.number.max, self.slider.max = last, max(1, last)
        self.slider.disabled = last == 0

    def picture(self):
        """Return what is shown where nothing moves, as a ``Picture``."""
        raise NotImplementedError

    def record(self):
        """Return what is stored for pages without a kernel: HTML and frames."""
        return self.stage.html, self.stage.frames

    def __repr__(self):
        return self.picture().words

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        page = whole(self.picture(), *self.record(), self.stage.pace, self.stage.step)
        return {**bundle, "text/plain": repr(self), "text/html": page}


def whole(picture, html, frames, pace=600, step=0):
    """Return HTML that is a player where scripts may run, and the picture where they may not.

    Untrusted pages drop the style and the frame, and with them what hides the picture.
    """
    shown = {"html": html, "frames": frames, "over": True, "step": step, "wanted": 0, "press": None}
    record = json.dumps(
        {**shown, "playing": False, "speed": 1, "pace": pace}, separators=(",", ":")
    )
    last = frames["last"]
    buttons = "".join(f"<button>{name}</button>" for name in ("First", "Back"))
    buttons += (
        '<button aria-pressed="false">Play</button><button>Next</button><button>Last</button>'
    )
    speeds = "".join(f"<option{' selected' * (name == '1×')}>{name}</option>" for name in SPEEDS)
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Player</title><style>{STYLE}'
        "html {overflow: hidden} body {font: 14px sans-serif; color: #1f2430; background: #fff; "
        'margin: 4px}</style><main class="procmem"><div class="controls">'
        f'{buttons}<select aria-label="Speed">{speeds}</select>'
        f'<input type="range" value="{step}" max="{last}" aria-label="Step"></div>'
        f'<div id="stage">{html}</div></main>'
        f'<script type="module">const record = {record.replace("</", "<" + chr(92) + "/")};\n'
        f"{SCRIPT.replace('export default { render };', '')}{PAGE}</script></html>"
    )
    quoted = page.replace("&", "&amp;").replace("'", "&#39;")
    return (
        f'<style>.procmem-strip {{display: none}}</style><div class="procmem-strip">{picture}</div>'
        f'<iframe title="{escape(picture.words[:120])}" style="width: 100%; height: 560px; '
        f"border: 0\" srcdoc='{quoted}'></iframe>"
    )


class EpisodePlayer(Stepper):
    """A player for an ``Episode``, or for one that happens now; step ``n`` is after ``n`` actions.

    Given a generator of steps such as ``agent.play()`` it plays *live*: every step is taken when
    it is asked for, one ahead of the picture, so that the picture can tell what comes next. ``env``
    is the world in which that happens; an agent's own need not be named. Afterwards ``episode``
    holds what has happened so far.
    """

    def __init__(self, source, env=None):
        self._source, self._trouble, self._lock = None, "", threading.RLock()
        if isinstance(source, Iterator):
            self._source, env = source, _world(source) if env is None else env
            self.episode = Episode((), None)
            self._pull()
            layout = env.get_wrapper_attr("layout") if env.has_wrapper_attr("layout") else None
            self.episode = Episode(self.episode.steps, layout)
        elif isinstance(source, Episode):
            self.episode = source
        else:
            raise ValueError(
                f"source must be an Episode or a generator of steps, got {type(source).__name__}"
            )
        html, frames = self._film()
        super().__init__(html, frames, self.over)
        self.stage.observe(lambda change: self.reach(change["new"]), "wanted")

    @property
    def over(self):
        """Whether the end is known."""
        return self._source is None

    def reach(self, n):
        """Play on until step ``n`` can be shown, if there is such a step."""
        with self._lock:
            if self.over or n < len(self.episode):
                return
            while not self.over and len(self.episode) <= n:
                self._pull()
            with self.stage.hold_sync():
                html, frames = self._film()
                self.stage.html, self.stage.frames = html, pack(frames)
                self.stage.over = self.over
            self._stretch()

    def _film(self):
        html, frames = film(self.episode, over=self.over)
        trouble = f'<p role="alert">It broke off: <b>{escape(self._trouble)}</b>.</p>'
        # What the last known action led to is shown when it is known what comes then.
        return (trouble if self._trouble else "") + html, frames if self.over else frames[:-1]

    def _pull(self):
        try:
            step = next(self._source)
            self.episode = Episode((*self.episode.steps, step), self.episode.layout)
            if step.terminated or step.truncated:
                next(self._source, None)  # the agent learns when it is asked for one step more
                self._source = None
        except StopIteration:
            self._source = None
        except Exception as error:  # whatever went wrong, what has happened can still be seen
            self._source, self._trouble = None, f"{type(error).__name__}: {error}"

    def record(self):
        """Return what is stored for pages without a kernel: HTML and frames."""
        if len(json.dumps(self.stage.frames)) < STORED:
            return self.stage.html, self.stage.frames
        html, frames = film(self.episode, over=self.over, brief=True)
        return html, pack(frames)

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


def _world(source):
    """Return the environment of the agent whose ``play`` this generator is."""
    agent = inspect.getgeneratorlocals(source).get("self") if inspect.isgenerator(source) else None
    if not hasattr(agent, "env"):
        raise ValueError(f"env must be given where the steps are not an agent's own, got {source}")
    return agent.env
