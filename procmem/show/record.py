"""A recorded episode as something to look at: one drawing, and frames that say what moves in it.

A record is HTML with named parts, and a list of frames, each a dict from parts to what they are:
``(x, y, scale)`` moves a part, ``None`` hides it, a text replaces what is in it, and a text that
begins with ``+`` is added. ``stage.js`` knows these four and nothing of rooms,
so that all drawing is done here, once for pages with a kernel and for pages without.
"""

from collections import Counter
from html import escape
from itertools import groupby
from string import ascii_uppercase
from textwrap import wrap

from procmem.episode import facts
from procmem.show.picture import Picture, card, group, path, words
from procmem.show.room import (
    LINE,
    describe_room,
    in_words,
    pose,
    room,
    side_by_side,
    stretches,
)
from procmem.show.style import BLUE, EXPLORING, FLOOR, INK, VERMILLION, looks

WIDTH = 280  # pixels of a room
LONG = 458  # pixels that the longest episode takes


def states_of(episode):
    """Return all states of an episode; one without steps still shows where it would begin."""
    return episode.states or ([episode.layout.state()] if episode.layout else [{}])


def trail_of(layout, states):
    """Return the cells where the agent was, as the room is drawn."""
    return [layout.upright(state)["agent"] for state in states]


# ---------------------------------------------------------------- what moves


def film(episode, *, part="0", longest=None, brief=False):
    """Return the record of an episode, HTML and frames; names of parts begin with ``part``.

    The ribbon has room for ``longest`` steps, as many as there are if it is not given. ``brief``
    leaves out facts and candidates.
    """
    states, longest = states_of(episode), max(1, longest or len(episode))
    texts = [_texts(episode, n, brief) for n in range(len(states))]
    said = {name: slot(part + name, [one[name] for one in texts]) for name in texts[0]}
    count = f'<p><b data-count="{len(episode)}">Step 0</b></p>'
    spoken = f"{count}{said.pop('say')}{said.pop('why')}"
    seen = said.pop("context", "") or _first_room(episode, states[0], part)
    html = (
        f'{_ribbon_html(episode, longest, part)}<div class="row"><div>{seen}</div><div '
        f'class="words"><div role="status" aria-live="polite">{spoken}</div>'
        f"{''.join(said.values())}</div></div>"
    )
    whole = [{**a, **b} for a, b in zip(_moves(episode, states, longest), texts, strict=True)]
    return html, [{part + name: value for name, value in one.items()} for one in whole]


def _first_room(episode, state, part):
    label = f"At first: {describe_room(episode.layout, state)}"
    return card(WIDTH, WIDTH, label, room(episode.layout, state, WIDTH, part=part))


def pack(frames):
    """Return frames as ``stage.js`` reads them: for each part a track, step and value by turns.

    What has not changed since the frame before is left out. Texts repeat a lot: a track holds their
    numbers in the list of ``texts``.
    """
    texts, tracks, before = {}, {}, {}
    for n, frame in enumerate(frames):
        for name, value in frame.items():
            if value != "+" and (str(value)[:1] == "+" or before.get(name, "") != value):
                known = texts.setdefault(value, len(texts)) if isinstance(value, str) else value
                tracks.setdefault(name, []).extend((n, known))
        before = frame
    return {"last": len(frames) - 1, "texts": list(texts), "tracks": tracks}


def _moves(episode, states, longest):
    """Return for each state where all that can move is, the mark of the ribbon too."""
    moves = [{} for _ in states]
    if episode.layout:
        poses = [pose(episode.layout, state) for state in states]
        hidden = dict.fromkeys(name for one in poses for name in one)
        grown = stretches(trail_of(episode.layout, states))
        moves = [
            {**hidden, **one, "trail": f"+{more}"} for one, more in zip(poses, grown, strict=True)
        ]
    return [{**one, "here": (round(LONG * n / longest, 1), 0, 1)} for n, one in enumerate(moves)]


def slot(part, texts):
    """Return a part that shows one text at a time and is always as high as the highest."""
    tag = "table" if part.endswith("table") else "p"
    longest = sorted({*texts} - {texts[0]}, key=lambda text: (-len(text), text))[:3]
    ghosts = "".join(f'<{tag} aria-hidden="true">{text}</{tag}>' for text in longest)
    return f'<div class="slot"><{tag} data-part="{part}">{texts[0]}</{tag}>{ghosts}</div>'


# ---------------------------------------------------------------- what is said at each step


def _texts(episode, n, brief):
    state, decision = states_of(episode)[n], None
    if n < len(episode):
        decision = episode.steps[n].decision
    told = {"say": _deeds(episode, n), "why": _reason(episode, n, decision) if decision else ""}
    if episode.layout is None:  # what is there to be read stands in for a room
        texts = [f"{k}: <b>{escape(v)}</b>" for k, v in state.items() if isinstance(v, str)]
        told["context"] = "<br>".join(texts) or "This world has no places, and no room to draw."
    if not brief:
        told["facts"] = facts_html(state)
        told["table"] = _table(decision) if decision and decision.candidates else ""
    return told


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


def facts_html(state):
    """Return the facts of a state as a line of HTML."""
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
    return f"<tr>{head}</tr>{rows}"


def _row(one, chosen):
    name, verdict = ("► " if chosen else "") + one.name, "chosen" if chosen else one.verdict
    filled = f'<i class="bar" style="--full:{max(0, min(1, one.similarity)):.0%}"></i>'
    return (
        f'<tr{" class=chosen" if chosen else ""}><th scope="row">{escape(name)}'
        f"<small>{escape(verdict)}</small></th><td>{filled} {one.similarity:.2f}</td>"
        f"<td>{'✓ hold' if one.preconditions_hold else '✗ fail'}</td>"
        f"<td>{one.success_estimate:.2f}</td></tr>"
    )


# ---------------------------------------------------------------- who acted when


def turns(episode):
    """Yield who acted when: (skill, ``None`` for exploring, first step, step after the last).

    Steps without a decision belong to none and are left out.
    """

    def actor(numbered):
        decision = numbered[1].decision
        return decision and (decision.skill, decision.skill and id(decision))

    for key, run in groupby(enumerate(episode.steps), actor):
        numbers = [n for n, _ in run]
        if key:
            yield key[0], numbers[0], numbers[-1] + 1


def letters(episode):
    """Return a letter for each skill of an episode, in order of appearance."""
    signs = [*ascii_uppercase, *(a + b for a in ascii_uppercase for b in ascii_uppercase)]
    return {name: signs[i % len(signs)] for i, name in enumerate(dict.fromkeys(episode.skills))}


def ribbon(episode, longest, part=""):
    """Return the body of a ribbon, 34 pixels high: who acted in each step, by letter and colour.

    A colour stands for what a skill achieves. With ``part`` it has a mark that can be moved.
    """
    known, width, drawn, blocks = letters(episode), LONG / longest, [], {}
    effects = {name: name.removeprefix("network: ").partition(" #")[0] for name in known}
    tone = {None: EXPLORING} | {n: looks(effects.values())[e].colour for n, e in effects.items()}
    for name, first, end in turns(episode):
        x, wide = width * first, width * (end - first)
        inner = max(0.6, wide - (0.8 if wide > 3 else 0))
        blocks[tone[name]] = f"{blocks.get(tone[name], '')}M{x:.4g} 8h{inner:.3g}v18h-{inner:.3g}z"
        if name and wide > 7 * len(known[name]):
            ink = FLOOR if tone[name] == BLUE else INK
            drawn.append(words(x + wide / 2, 21, known[name], 11, ink))
    vain = [n for n, step in enumerate(episode.steps) if not step.changed]
    drawn = [path(d, colour) for colour, d in blocks.items()] + drawn
    marks = "".join(f"M{width * (n + 0.5):.4g} 27v4" for n in vain)
    drawn += [path(marks, pen=VERMILLION, width=2)] if vain else []
    if part:
        mark = path("M0 8l-5 -7h10zM-1 4h2v24h-2z", INK)
        drawn += [group(mark, part=f"{part}here")]
        drawn += [f'<rect data-steps="{longest}" width="{LONG}" height="34" fill="transparent"/>']
    return group("".join(drawn), (6, 0, 1))


def legend(episode):
    """Return what letters, colours and marks of a ribbon mean, each as a text."""
    told = [f"{sign}\u00a0{name}" for name, sign in letters(episode).items()]
    more = [f"and {len(told) - 8} more"] if len(told) > 8 else []
    grey = ["grey: exploring"] if any(name is None for name, _, _ in turns(episode)) else []
    red = [] if all(step.changed for step in episode.steps) else ["red mark: changed nothing"]
    return [*told[:8], *more, *grey, *red]


def _ribbon_html(episode, longest, part):
    if not episode.decisions:
        return ""
    drawn = card(LONG + 12, 34, _who(episode), ribbon(episode, longest, part))
    return f'<div class="ribbon">{drawn}<p>{escape("   ".join(legend(episode)))}</p></div>'


def _who(episode):
    """Return who acted when, in words."""
    told = [
        f"{name or 'exploring'} in step{f's {first + 1} to' if end > first + 1 else ''} {end}"
        for name, first, end in turns(episode)
    ]
    more = f", and {len(told) - 12} more turns" if len(told) > 12 else ""
    return f"Who acted: {', '.join(told[:12])}{more}."


# ---------------------------------------------------------------- where nothing moves


def in_a_sentence(episode):
    """Return how long the episode was, how it ended and which skills it used, in words."""
    length = f"{len(episode)} step{'' if len(episode) == 1 else 's'}"
    end = f"An episode of {length}: {'' if episode.solved else 'not '}solved."
    uses = Counter(episode.skills)
    named = [f"{name} ({n} times)" if n > 1 else name for name, n in uses.items()]
    listed = ", ".join(named[:8]) + (f" and {len(named) - 8} more" if len(named) > 8 else "")
    return f"{end} Skills used: {listed or 'none'}." if episode.decisions else end


def strips_svg(named):
    """Return the film strips of pairs (label, episode) below one another as a ``Picture``."""
    longest = max(1, *(len(episode) for _, episode in named))
    body, width, top = "", LONG + 12, 0
    for label, episode in named:
        wide, high, drawn = _strip(label, episode, longest)
        body += group(drawn, (0, top, 1))
        width, top = max(width, wide), top + high
    said = " ".join(f"{label}: {in_a_sentence(one)}".lstrip(": ") for label, one in named)
    return Picture(card(width, top, said, body), said)


def _strip(label, episode, longest):
    """Return the width, the height and the body of one film strip."""
    body, top, wide = "", 0, 0
    if label:
        body, top = words(12, 22, label, 14, INK, "start"), 28
    if episode.layout:
        wide, high, drawn = side_by_side(_moments(episode))
        body, top = body + group(drawn, (0, top, 1)), top + high
    told = in_a_sentence(episode)
    if episode.decisions:
        told = "   ".join(legend(episode))
        body, top = body + group(ribbon(episode, longest), (0, top, 1)), top + 34
    lines = wrap(told, 76)
    drawn = (words(12, top + 14 + LINE * n, line, 12, INK, "start") for n, line in enumerate(lines))
    return wide, top + 10 + LINE * len(lines), body + "".join(drawn)


def _moments(episode):
    """Return up to six rooms from the first to the last step, with captions and trails."""
    states = states_of(episode)
    cells = trail_of(episode.layout, states)
    shown = sorted({round(i * len(episode) / 5) for i in range(6)})
    return [(episode.layout, states[n], _caption(episode, n), cells[: n + 1]) for n in shown]


def _caption(episode, n):
    if n == 0:
        return "start"
    step = episode.steps[n - 1]
    name = (step.decision.skill or "exploring") if step.decision else ""
    # A name may be too long to stand below a small picture.
    short = name if len(name) <= 22 else f"{name[:21]}…"
    return f"step {n}: {in_words(step.action)}" + (f" ({short})" if short else "")
