"""Controls for a lesson: drive by hand, and see how far a longer run has come."""

import threading
from copy import deepcopy
from html import escape

import ipywidgets
from IPython.display import display

from procmem.agent import ProceduralMemoryAgent
from procmem.episode import Episode, Step, facts
from procmem.gridworld import GOAL_REWARD, STEP_REWARD, Action, GridWorld
from procmem.lab.experiment import optimum
from procmem.segmentation import achieved, segment
from procmem.show import svg
from procmem.show.frame import film_strip


class ProgressBar(ipywidgets.HBox):
    """A labelled bar; calling it with ``done`` and ``total`` moves it.

    What a notebook stores of it is one sentence that is the same in every run.
    """

    def __init__(self, label=""):
        self.label = label
        self.bar = ipywidgets.IntProgress(0, 0, 1, description=label)
        self.bar.style.description_width = "initial"
        self.count = ipywidgets.Label("not begun")
        super().__init__([self.bar, self.count], layout={"flex_flow": "row wrap"})
        self.add_class("procmem-progress")

    def __call__(self, done, total):
        """Show that ``done`` of ``total`` pieces of work are finished."""
        self.bar.max, self.bar.value = max(1, total), done
        self.bar.bar_style = "success" if done == total else ""
        self.count.value = f"{done} of {total}"

    def __repr__(self):
        return f"{self.label or 'Progress'}: while this runs, a bar shows how far it has come."

    def _repr_mimebundle_(self, **kwargs):
        return {**super()._repr_mimebundle_(**kwargs), "text/plain": repr(self)}


def progress_bar(label=""):
    """Display a ``ProgressBar`` and return it, to be called as ``progress(done, total)``."""
    bar = ProgressBar(label)
    display(bar)
    return bar


# ---------------------------------------------------------------- parts of every control

STYLE = """<style>
.procmem-control .widget-html-content {min-width: 0; line-height: 1.4; white-space: normal}
.procmem-control .row {display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: flex-start}
.procmem-control .row > .words {flex: 1 1 260px; min-width: 0}
.procmem-control p {margin: 0 0 8px}
.procmem-control .scroll {overflow: auto; max-height: 420px}
.procmem-control table {border-collapse: collapse; font-size: 0.92em}
.procmem-control caption {text-align: left; font-weight: bold; padding-bottom: 4px}
.procmem-control tr {background: none}
.procmem-control th, .procmem-control td {padding: 3px 10px 3px 4px; text-align: left;
  vertical-align: top; border-top: 1px solid; font-weight: normal}
.procmem-control .noUi-handle {border: 2px solid #0072b2; background: #fff}
.procmem-control .number {text-align: right; white-space: nowrap}
.procmem-library td:nth-child(3) {min-width: 170px}
.procmem-control .now {background: rgba(0, 114, 178, 0.2)}
.procmem-control .fact {white-space: nowrap; border: 1px solid; border-radius: 9px;
  padding: 0 7px}
</style>"""


class Control(ipywidgets.VBox):
    """Base of the controls: parts below one another, a lock around them, a picture that stays."""

    def __init__(self, children, kind):
        super().__init__(children)
        self.add_class("procmem-control").add_class(f"procmem-{kind}")

    def picture(self):
        """Return what the control shows now as the bytes of a PNG."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/plain": repr(self), "image/png": self.picture()}


def button(label, act):
    """Return a button as wide as its label that calls ``act()``."""
    room = {"width": "auto", "padding": "0 10px"}
    made = ipywidgets.Button(description=label, layout=room)
    made.on_click(lambda _: act())
    return made


def row(*parts):
    """Return parts side by side, below one another where the page is narrow."""
    return ipywidgets.HBox(parts, layout={"flex_flow": "row wrap"})


def said(words):
    """Return words, as HTML, that a screen reader reads out when they change."""
    return f'<p role="status" aria-live="polite">{words}</p>'


def html_table(caption, heads, rows, now=None):
    """Return a table that scrolls where it is wide; its texts are HTML, row ``now`` is marked."""
    head = "".join(f'<th scope="col"{_class(text)}>{text}</th>' for text in heads)
    body = ""
    for n, texts in enumerate(rows):
        first, *others = zip(texts, heads, strict=True)
        cells = "".join(f"<td{_class(title)}>{text}</td>" for text, title in others)
        tone = ' class="now"' if n == now else ""
        body += f'<tr{tone}><th scope="row"{_class(first[1])}>{first[0]}</th>{cells}</tr>'
    # Whoever has no mouse must be able to scroll, too.
    label = f'tabindex="0" role="region" aria-label="{caption}"'
    table = f"<table><caption>{caption}</caption><tr>{head}</tr>{body}</table>"
    return f'<div class="scroll" {label}>{table}</div>'


def _class(title):
    return ' class="number"' if title in _NUMBERS else ""


_NUMBERS = {
    "Used",
    "Worked",
    "Estimate",
    "Threshold",
    "Hits",
    "False reuse",
    "Misses",
    "Left alone",
}


# ---------------------------------------------------------------- drive by hand

_PAD = [None, Action.UP, None, Action.LEFT, Action.DOWN, Action.RIGHT]


class DriveByHand(Control):
    """The learner is the agent, in the room that ``env`` holds now; ``env`` itself stays as it is.

    *Make this a skill* gives what was done to ``agent`` to learn from, a new one if none is given;
    what it remembers is in ``library``. Its parts are public: the buttons ``up``, ``down``,
    ``left``, ``right``, ``pick_up``, ``open_door``, ``undo``, ``again`` and ``make``, the
    ``frame`` and the table of ``skills``; ``steps`` and ``state`` say how things stand.
    """

    def __init__(self, env, agent=None):
        if not isinstance(env.unwrapped, GridWorld):
            raise ValueError(f"env must be a GridWorld, got {env}")
        self.room = env.unwrapped.layout
        self._world = deepcopy(env.unwrapped)  # it answers with whatever twist the learner's has
        self.agent = ProceduralMemoryAgent(env) if agent is None else agent
        self.steps = []
        self.optimum = optimum(self.room)
        self._lock = threading.RLock()
        pads = {action: button(_label(action), lambda a=action: self.do(a)) for action in Action}
        self.up, self.down, self.left, self.right, self.pick_up, self.open_door = pads.values()
        self.undo, self.again = button("Undo", self.take_back), button("Start again", self.restart)
        self.make = button("Make this a skill", self.learn)
        self.frame, self.skills = ipywidgets.HTML(), ipywidgets.HTML()
        super().__init__([self._pad(pads), self.frame, row(self.make), self.skills], "drive")
        self._show("Nothing is done yet.")

    def _pad(self, pads):
        cells = [pads[action] if action is not None else ipywidgets.Label() for action in _PAD]
        for action in _PAD:
            if action is not None:
                pads[action].layout.width = "auto"
        columns = {"grid_template_columns": "72px 72px 72px", "margin": "0 16px 0 0"}
        pad = ipywidgets.GridBox(cells, layout=columns)
        deeds = ipywidgets.VBox([row(self.pick_up, self.open_door), row(self.undo, self.again)])
        return row(pad, deeds)

    @property
    def library(self):
        """The agent's memory."""
        return self.agent.library

    @property
    def state(self):
        """Where things are now."""
        return self.steps[-1].next_state if self.steps else self.room.state()

    @property
    def episode(self):
        """What was done so far, as an ``Episode``."""
        return Episode(tuple(self.steps), self.room)

    def do(self, action):
        """Do one action and say what came of it; at the goal there is nothing left to do."""
        with self._lock:
            if self.episode.solved:
                self._show("The goal is reached already. Undo a step, or start again.")
                return
            state = self.state
            following = self._world.transition(state, action)
            there = following["at_goal"]
            reward = STEP_REWARD + GOAL_REWARD if there else STEP_REWARD
            self.steps.append(Step(state, action, reward, following, there, False))
            self._show(_outcome(self.steps[-1]))

    def take_back(self):
        """Undo the last step."""
        with self._lock:
            if not self.steps:
                self._show("There is no step to undo.")
                return
            step = self.steps.pop()
            self._show(f"Undone: <b>{svg.in_words(step.action)}</b>.")

    def restart(self):
        """Go back to where the episode began."""
        with self._lock:
            self.steps.clear()
            self._show("Back at the start.")

    def learn(self):
        """Let the agent learn from what was done so far, and list the skills that this made."""
        with self._lock:
            pieces = segment(self.steps)
            before = {skill.name for skill in self.library}
            if pieces:
                self.agent.learn(self.steps)
            fresh = [texts for texts in self.library.rows() if texts[0] not in before]
            self.skills.value = STYLE + said(_lesson(pieces, len(fresh))) + _skill_table(fresh)

    def _show(self, words):
        taken, best = len(self.steps), self.optimum
        trail = svg.trail_of(self.room, svg.states_of(self.episode))
        drawn = svg.room_svg(self.room, self.state, width=280, trail=trail)
        known = " ".join(
            f'<span class="fact">{escape(name)}: <b>{"yes" if value else "no"}</b></span>'
            for name, value in facts(self.state).items()
        )
        count = f"Steps: <b>{taken}</b>. The shortest way from the start: <b>{best}</b>."
        self.frame.value = (
            f'{STYLE}<div class="row"><div>{drawn}</div><div class="words">{said(words)}'
            f"<p>{count}{_verdict(self.episode, best)}</p><p>Facts: {known}</p></div></div>"
        )

    def __repr__(self):
        taken, best = len(self.steps), self.optimum
        return (
            f"Drive by hand: {taken} steps taken, {best} are enough. "
            f"{svg.describe_room(self.room, self.state)}"
        )

    def picture(self):
        """Return the film strip of what was done so far as the bytes of a PNG."""
        return film_strip(self.episode)


def _label(action):
    return svg.in_words(action).capitalize()


def _outcome(step):
    done = f"Done: <b>{svg.in_words(step.action)}</b>"
    if not step.changed:
        return f"{done}. It changed nothing, but it costs its step."
    fresh = [escape(name) for name in achieved([step])]
    return f"{done}. Now it is true: <b>{', '.join(fresh)}</b>." if fresh else f"{done}."


def _verdict(episode, best):
    if not episode.solved:
        return ""
    more = len(episode) - best
    end = "no way is shorter" if more == 0 else f"{more} more than needed"
    return f" The goal is reached: {end}."


def _lesson(pieces, made):
    if not pieces:
        return "Nothing to learn from yet: a piece ends when a fact becomes true."
    ends = [" and ".join(achieved(piece)) for piece in pieces]
    count = f"{len(pieces)} piece{'s' if len(pieces) > 1 else ''}"
    told = f"{count}, cut where a fact became true: <b>{escape(', '.join(ends))}</b>."
    if not made:
        return f"{told} Nothing new: memory holds ways as short already."
    return f"{told} {made} new skill{'s' if made > 1 else ''}, one for each state on the way."


def _skill_table(rows):
    texts = [[escape(text) for text in one[:4]] for one in rows]
    return html_table("What was learned", ["Skill", "When", "Do", "Then"], texts) if rows else ""
