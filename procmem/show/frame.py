"""An episode as text and as a picture: each frame, who acted when, and a film strip.

Pure functions of an episode and a step: a widget may call them on any thread, and where no kernel
runs, the film strip and the sentence stand in for the player.
"""

import io
import warnings
from collections import Counter
from html import escape
from itertools import groupby
from string import ascii_uppercase
from textwrap import fill

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.transforms import Affine2D

from procmem.episode import facts
from procmem.show import svg
from procmem.show.drawing import LOCK, patch

# ---------------------------------------------------------------- a frame, as text

_STYLE = """<style>
.procmem-player .widget-html-content {min-width: 0}
.procmem-player .noUi-handle {border: 2px solid #0072b2; background: #fff}
.procmem-frame {display: flex; flex-wrap: wrap; gap: 8px 16px; line-height: 1.4;
  white-space: normal; padding-bottom: 4px}
.procmem-frame > * {flex: 0 1 280px; min-width: 0}
.procmem-frame > .procmem-words {flex: 1 1 310px; overflow-x: auto; min-height: 300px}
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
.procmem-sides > section {flex: 1 1 280px; max-width: 460px; min-height: 430px}
.procmem-ribbon {line-height: 1.4; margin: 0 0 6px; white-space: normal; max-width: 470px}
.procmem-ribbon svg {display: block; width: 100%}
.procmem-ribbon b {display: inline-block; min-width: 1.4em; text-align: center; color: #1f2430;
  border: 1px solid #1f2430; margin-right: 4px}
.procmem-ribbon span {margin-right: 12px; white-space: nowrap}
</style>"""


def frame_html(episode, n, *, over=True):
    """Return everything there is to see at step ``n``, from 0 to ``len(episode)``, as HTML.

    ``over=False`` says that the episode still goes on, so that nobody knows how long it will be.
    """
    states, last = svg.states_of(episode), len(episode)
    if not 0 <= n <= last:
        raise ValueError(f"n must be a step from 0 to {last}, got {n}")
    trail = svg.trail_of(episode.layout, states[: n + 1])
    picture = svg.room_svg(episode.layout, states[n], width=280, trail=trail)
    count = f"Step {n} of {last}." if over else f"Step {n}."
    words = [f"<b>{count}</b> {_deeds(episode, n)}", _facts(states[n])]
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


# ---------------------------------------------------------------- two at once


def duel_html(episodes, labels, n):
    """Return step ``n`` of several episodes side by side; one that is over stays at its end."""
    sides = "".join(_side(*pair, n) for pair in zip(episodes, labels, strict=True))
    return f'{_STYLE}<div class="procmem-frame procmem-sides">{sides}</div>'


def _side(episode, label, n):
    n = min(n, len(episode))
    states = svg.states_of(episode)
    trail = svg.trail_of(episode.layout, states[: n + 1])
    picture = svg.room_svg(episode.layout, states[n], width=280, trail=trail)
    decision = episode.steps[n].decision if n < len(episode) else None
    reason = f"<p>{_reason(episode, n, decision)}</p>" if decision else ""
    count = f"<b>Step {n} of {len(episode)}.</b> {_deeds(episode, n)}"
    return (
        f"<section><p><b>{escape(label)}</b></p>{picture}{ribbon_html(episode, n)}"
        f'<div role="status" aria-live="polite"><p>{count}</p>{reason}</div></section>'
    )


# ---------------------------------------------------------------- who acted when


def turns(episode):
    """Return who acted when: (skill or ``None`` for exploring, first step, step after the last).

    Steps without a decision are nobody's and left out.
    """

    def actor(numbered):
        decision = numbered[1].decision
        return decision and (decision.skill, decision.skill and id(decision))

    for key, group in groupby(enumerate(episode.steps), actor):
        numbers = [n for n, _ in group]
        if key:
            yield key[0], numbers[0], numbers[-1] + 1


def letters(episode):
    """Return a letter and a colour for each skill of an episode, in order of appearance."""
    signs = [*ascii_uppercase, *(a + b for a in ascii_uppercase for b in ascii_uppercase)]
    names = dict.fromkeys(episode.skills)
    return {
        name: (signs[i % len(signs)], _COLOURS[i % len(_COLOURS)]) for i, name in enumerate(names)
    }


def ribbon_html(episode, n):
    """Return who acted in each step as a ribbon with a legend; a mark stands after ``n`` steps."""
    if not _decided(episode):
        return ""
    legend = f"<div>{_legend(episode)}</div>"
    return f'{_STYLE}<div class="procmem-ribbon">{_ribbon(episode, n)}{legend}</div>'


def _decided(episode):
    return any(step.decision for step in episode.steps)


def _ink(colour):
    return svg.FLOOR if colour == svg.BLUE else svg.INK


def _ribbon(episode, n):
    known, width = letters(episode), _LONG / len(episode)
    blocks, signs = {}, ""
    for name, first, end in turns(episode):
        sign, colour = known.get(name, ("", _EXPLORING))
        x, wide = width * first, width * (end - first)
        inner = max(0.6, wide - (0.8 if wide > 3 else 0))
        blocks[colour] = blocks.get(colour, "") + f"M{x:.4g} 8h{inner:.4g}v18h-{inner:.4g}z"
        if wide > 7 * len(sign):
            at = f'x="{x + wide / 2:.4g}" y="21" fill="{_ink(colour)}"'
            signs += f'<text {at} font-size="11" font-weight="bold">{sign}</text>'
    vain = "".join(
        f"M{width * (i + 0.5):.4g} 27v4" for i, step in enumerate(episode.steps) if not step.changed
    )
    here = width * n
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(_who(episode))}"'
        f' viewBox="-6 0 {_LONG + 12} 34" font-family="sans-serif" text-anchor="middle">'
        f'<rect x="-6" width="{_LONG + 12}" height="34" rx="6" fill="{svg.CARD}"/>'
        + "".join(f'<path fill="{colour}" d="{path}"/>' for colour, path in blocks.items())
        + f'{signs}<path stroke="{svg.VERMILLION}" stroke-width="2" d="{vain}"/>'
        f'<path fill="{svg.INK}" d="M{here:.4g} 8l-5 -7h10zM{here - 1:.4g} 4h2v24h-2z"/></svg>'
    )


def _legend(episode):
    chips = [
        f'<span><b style="background:{colour};color:{_ink(colour)}">{sign}</b>{escape(name)}</span>'
        for name, (sign, colour) in list(letters(episode).items())[:_NAMED]
    ]
    more = len(letters(episode)) - _NAMED
    chips += [f"<span>and {more} more skills</span>"] if more > 0 else []
    if any(name is None for name, _, _ in turns(episode)):
        chips.append(f'<span><b style="background:{_EXPLORING}">&#160;</b>exploring</span>')
    if not all(step.changed for step in episode.steps):
        chips.append(f'<span><b style="color:{svg.VERMILLION}">|</b>changed nothing</span>')
    return "".join(chips)


def _who(episode):
    """Return who acted when, in words."""
    told = [
        f"{name or 'exploring'} in step{f's {first + 1} to' if end > first + 1 else ''} {end}"
        for name, first, end in turns(episode)
    ]
    more = f", and {len(told) - 12} more turns" if len(told) > 12 else ""
    return f"Who acted: {', '.join(told[:12])}{more}."


_LONG = 458  # pixels that a whole episode takes, as many as the slider's track
_NAMED = 8
_EXPLORING = "#c3cad6"
_COLOURS = (svg.BLUE, svg.ORANGE, svg.GREEN, "#cc79a7", "#56b4e9", "#f0e442", svg.VERMILLION)


# ---------------------------------------------------------------- without a kernel


def in_a_sentence(episode):
    """Return how long the episode was, how it ended and which skills it used, in words."""
    length = f"{len(episode)} step{'' if len(episode) == 1 else 's'}"
    end = f"An episode of {length}: {'' if episode.solved else 'not '}solved."
    uses = Counter(episode.skills)
    named = [f"{name} ({n} times)" if n > 1 else name for name, n in uses.items()]
    listed = ", ".join(named[:8]) + (f" and {len(named) - 8} more" if len(named) > 8 else "")
    return f"{end} Skills used: {listed or 'none'}." if episode.decisions else end


_SIDE, _WIDE, _HIGH = 1.8, 2.1, 2.4  # inches: a room; a room with the space around and below it


def film_strip(episode, frames=6):
    """Return the film strip of an episode, and who acted when, as the bytes of a PNG."""
    return _film([("", episode)], frames)


def duel_strip(episodes, labels, frames=6):
    """Return the film strips of several episodes below one another as the bytes of a PNG."""
    return _film(list(zip(labels, episodes, strict=True)), frames)


def _film(strips, frames):
    rooms = [svg.strip_rooms(episode, frames) for _, episode in strips]
    heights = [_height(*strip, shown) for strip, shown in zip(strips, rooms, strict=True)]
    size = _WIDE * min(3, max(map(len, rooms))), sum(heights)
    with LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # A name may hold signs that the font has not.
        figure = Figure(figsize=size, dpi=100, facecolor=svg.CARD)
        for i, (label, episode) in enumerate(strips):
            _draw_strip(figure, size[1] - sum(heights[:i]), label, episode, rooms[i])
        picture = io.BytesIO()
        figure.savefig(picture, format="png", dpi=100, metadata={"Software": None})
    return picture.getvalue()


def _height(label, episode, rooms):
    title, ribbon = 0.35 if label else 0.0, 0.9 if _decided(episode) else 0.0
    return title + _HIGH * -(-len(rooms) // 3) + ribbon


def _draw_strip(figure, top, label, episode, rooms):
    if label:
        style = {"fontsize": 11, "weight": "bold", "color": svg.INK, "parse_math": False}
        figure.text(0.15, top - 0.3, label, transform=figure.dpi_scale_trans, **style)
        top -= 0.35
    for i, room in enumerate(rooms):
        _draw_room(figure, _WIDE * (i % 3) + 0.15, top - _HIGH * (i // 3) - 0.15, *room)
    if _decided(episode):
        bottom = top - _HIGH * -(-len(rooms) // 3) - 0.8
        _draw_ribbon(figure, episode, bottom, figure.get_size_inches()[0] - 0.3)


def _draw_room(figure, left, top, layout, state, caption, trail):
    below = {"ha": "center", "va": "top", "fontsize": 8, "color": svg.INK, "parse_math": False}
    inches, unit = figure.dpi_scale_trans, _SIDE / (svg.UNIT * layout.size)
    middle = left + _SIDE / 2
    figure.text(middle, top - _SIDE - 0.06, fill(caption, 28), transform=inches, **below)
    for strokes, x, y, scale in svg.room_things(layout, state, trail):
        place = Affine2D().scale(scale).translate(x, y).scale(unit, -unit).translate(left, top)
        for stroke in strokes:
            if stroke.path:
                figure.add_artist(patch(stroke, place + inches, 72 * unit * scale))


def _draw_ribbon(figure, episode, bottom, width):
    """Draw who acted when, and below it what the letters mean; all in inches."""
    inches, known, step = figure.dpi_scale_trans, letters(episode), width / len(episode)
    style = {"transform": inches, "ha": "center", "va": "center", "fontsize": 8}
    for name, first, end in turns(episode):
        sign, colour = known.get(name, ("", _EXPLORING))
        x, wide = 0.15 + step * first, step * (end - first)
        block = (x, bottom + 0.52), max(0.006, wide - 0.01), 0.18
        figure.add_artist(Rectangle(*block, facecolor=colour, transform=inches))
        if wide > 0.09 * len(sign):
            figure.text(x + wide / 2, bottom + 0.61, sign, color=_ink(colour), **style)
    for i, one in enumerate(episode.steps):
        if not one.changed:
            mark = (0.15 + step * (i + 0.5) - 0.01, bottom + 0.46), 0.02, 0.05
            figure.add_artist(Rectangle(*mark, facecolor=svg.VERMILLION, transform=inches))
    words = fill("   ".join(_told(episode, known)), int(15 * width))
    style |= {"ha": "left", "va": "top", "color": svg.INK, "parse_math": False}
    figure.text(0.15, bottom + 0.42, words, **style)


def _told(episode, known):
    """Return what the letters and colours of a ribbon mean; a letter and its name stay together."""
    told = [f"{sign}\u00a0{name}" for name, (sign, _) in known.items()]
    more = [f"and {len(told) - _NAMED} more"] if len(told) > _NAMED else []
    grey = ["grey: exploring"] if any(name is None for name, _, _ in turns(episode)) else []
    red = [] if all(step.changed for step in episode.steps) else ["red mark: changed nothing"]
    return [*told[:_NAMED], *more, *grey, *red]
