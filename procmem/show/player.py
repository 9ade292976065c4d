"""Step through an episode: the room, what was known, what memory offered, what was done and why.

The callbacks only set values: they may run on a thread of their own. What is shown is made by the
pure functions of ``frame``; where no kernel runs, a film strip and a sentence stand in.
"""

import inspect
import threading
from collections.abc import Iterator
from html import escape

import ipywidgets

from procmem.episode import Episode
from procmem.show.frame import (
    duel_html,
    duel_strip,
    film_strip,
    frame_html,
    in_a_sentence,
    ribbon_html,
)

SPEEDS = {"0.5×": 0.5, "1×": 1.0, "2×": 2.0, "4×": 4.0}


class Stepper(ipywidgets.VBox):
    """Base of the players: buttons, slider, number and clock that all show the same step.

    Its parts are public: the buttons ``first``, ``back``, ``play``, ``next`` and ``last``, the
    ``slider``, the ``number`` box, the ``speed``, the ``clock`` behind *Play*, the ``ribbon`` and
    the ``frame``. A subclass says how far one can go (``reach``) and what is to be seen (``draw``).
    """

    def __init__(self, last):
        self._shown = -1
        self._lock = threading.RLock()
        self.frame, self.ribbon = ipywidgets.HTML(), ipywidgets.HTML()
        self.number = ipywidgets.BoundedIntText(0, 0, last, description="Step")
        # The browser cannot draw a slider without a length.
        self.slider = ipywidgets.IntSlider(0, 0, max(1, last), readout=False, disabled=last == 0)
        # The browser's own timer moves the clock: no thread here. Long episodes run faster.
        self._pace = max(80, min(600, 20_000 // max(1, last)))
        self.clock = ipywidgets.Play(0, 0, last, interval=self._pace, layout={"display": "none"})
        self.speed = ipywidgets.Dropdown(options=list(SPEEDS), value="1×", description="Speed")
        self.first = _button("First", lambda: self._go(0))
        self.back = _button("Back", lambda: self._move(-1))
        self.play = _button("Play", self._play_or_pause)
        self.next = _button("Next", lambda: self._move(1))
        self.last = _button("Last", lambda: self._go(_FAR))
        super().__init__([self._controls(), self.slider, self.ribbon, self.frame])
        self.add_class("procmem-player")
        for part in (self.slider, self.number, self.clock):
            part.observe(lambda change: self.show(change["new"]), "value")
        self.speed.observe(lambda change: self._hurry(change["new"]), "value")
        names = {True: "Pause", False: "Play"}
        ipywidgets.dlink((self.clock, "playing"), (self.play, "description"), names.get)
        self.show(0)

    def _controls(self):
        self.number.layout, self.number.style = {"width": "120px"}, {"description_width": "40px"}
        self.speed.layout, self.speed.style = {"width": "120px"}, {"description_width": "48px"}
        self.slider.layout = {"width": "auto", "max_width": "470px", "margin": "2px 4px 0 2px"}
        buttons = [self.first, self.back, self.play, self.next, self.last]
        parts = [*buttons, self.number, self.speed, self.clock]
        return ipywidgets.HBox(parts, layout={"flex_flow": "row wrap"})

    def show(self, n):
        """Show step ``n``, or the nearest one that there is."""
        with self._lock:
            n, end = max(0, min(n, self.reach(n))), self.reach(0)
            changed, self._shown = n != self._shown, n
            self._stretch(end)
            # Each of these calls `show` again with the number that is already shown.
            self.slider.value = self.number.value = self.clock.value = n
            if changed:
                self.ribbon.value, self.frame.value = self.draw(n)
            if n == end and self.over:
                self.clock.playing = False

    def _stretch(self, end):
        """Let every part reach as far as is known; the clock runs on while there may be more."""
        if self.number.max < end:
            self.number.max, self.slider.max, self.slider.disabled = end, end, False
        self.clock.max = end if self.over else _FAR

    def _hurry(self, speed):
        self.clock.interval = round(self._pace / SPEEDS[speed])

    def _go(self, n):
        with self._lock:
            self.clock.playing = False
            self.show(n)

    def _move(self, steps):
        with self._lock:  # what is shown now is part of the question
            self._go(self._shown + steps)

    def _play_or_pause(self):
        self.clock.playing = not self.clock.playing

    @property
    def over(self):
        """Whether the end is known."""
        return True

    def reach(self, n):
        """Return the last step that can be shown, having gone on to ``n`` if need be."""
        raise NotImplementedError

    def draw(self, n):
        """Return what is to be seen at step ``n`` as HTML: the ribbon and the frame."""
        raise NotImplementedError

    def film(self):
        """Return a film strip as the bytes of a PNG."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/plain": repr(self), "image/png": self.film()}


class EpisodePlayer(Stepper):
    """A player for an ``Episode``, or for one that happens now; step ``n`` is after ``n`` actions.

    Given a generator of steps such as ``agent.play()`` it plays *live*: every step is taken when
    it is asked for, one ahead of the picture, so that the picture can tell what comes next. ``env``
    is the world in which that happens; an agent's own need not be named. Afterwards ``episode``
    holds what has happened so far.
    """

    def __init__(self, source, env=None):
        self._source, self._trouble = None, ""
        if isinstance(source, Iterator):
            self._source, env = source, _world(source) if env is None else env
            self.episode = Episode((), None)
            self._pull()
            self.episode = Episode(self.episode.steps, env.get_wrapper_attr("layout"))
        elif isinstance(source, Episode):
            self.episode = source
        else:
            raise ValueError(
                f"source must be an Episode or a generator of steps, got {type(source).__name__}"
            )
        super().__init__(self.reach(0))

    @property
    def over(self):
        """Whether the end is known."""
        return self._source is None

    def reach(self, n):
        """Return the last step that can be shown, having played on to step ``n`` if need be."""
        while not self.over and len(self.episode) <= n:
            self._pull()
        return len(self.episode) if self.over else len(self.episode) - 1

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

    def draw(self, n):
        """Return what is to be seen at step ``n`` as HTML: the ribbon and the frame."""
        trouble = escape(self._trouble)
        alert = f'<p role="alert">It broke off: <b>{trouble}</b>.</p>' if trouble else ""
        frame = frame_html(self.episode, n, over=self.over)
        return ribbon_html(self.episode, n), alert + frame

    def film(self):
        """Return a film strip as the bytes of a PNG."""
        return film_strip(self.episode)

    def __repr__(self):
        return in_a_sentence(self.episode)


class Duel(Stepper):
    """Two episodes side by side on one clock; the shorter one waits at its end.

    ``labels`` says who is left and who is right.
    """

    def __init__(self, left, right, labels=("left", "right")):
        self.episodes, self.labels = (left, right), tuple(map(str, labels))
        if len(self.labels) != 2:
            raise ValueError(f"labels must be two, one for each side, got {labels!r}")
        super().__init__(self.reach(0))
        self.add_class("procmem-duel")

    def reach(self, n):
        """Return the length of the longer episode."""
        return max(map(len, self.episodes))

    def draw(self, n):
        """Return what is to be seen at step ``n`` as HTML: nothing on top, and both sides."""
        return "", duel_html(self.episodes, self.labels, n)

    def film(self):
        """Return both film strips, one below the other, as the bytes of a PNG."""
        return duel_strip(self.episodes, self.labels)

    def __repr__(self):
        sides = zip(self.labels, self.episodes, strict=True)
        return " ".join(f"{label}: {in_a_sentence(one)}" for label, one in sides)


_FAR = 1_000_000  # further than any episode goes


def _world(source):
    """Return the environment of the agent whose ``play`` this generator is."""
    agent = inspect.getgeneratorlocals(source).get("self") if inspect.isgenerator(source) else None
    if not hasattr(agent, "env"):
        raise ValueError(f"env must be given where the steps are not an agent's own, got {source}")
    return agent.env


def _button(label, act):
    room = {"width": "auto", "flex": "1 1 46px", "max_width": "66px", "padding": "0"}
    button = ipywidgets.Button(description=label, layout=room)
    button.on_click(lambda _: act())
    return button
