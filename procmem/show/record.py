"""A recorded episode as something to look at: one drawing, and frames that say what moves in it.

A record is HTML with named parts, and a list of frames, each a dict from parts to what they are:
``(x, y, scale)`` moves a part, ``None`` hides it, a text replaces what is in it, and a text that
begins with ``+`` is added. ``stage.js`` knows these four and nothing of rooms.
"""

from html import escape

from procmem.episode import facts
from procmem.show.picture import card
from procmem.show.ribbon import LONG, ribbon_html
from procmem.show.room import describe_room, in_words, pose, room, stretches, trail_of

WIDTH = 280  # pixels of a room


def states_of(episode):
    """Return all states of an episode; one without steps still shows where it would begin."""
    return episode.states or ([episode.layout.state()] if episode.layout else [{}])


def film(episode, *, part="0", longest=None, brief=False):
    """Return the record of an episode, HTML and frames; names of parts begin with ``part``.

    The ribbon has room for ``longest`` steps. ``brief`` leaves out facts and candidates.
    """
    states, longest = states_of(episode), max(1, longest or len(episode))
    texts = [_texts(episode, n, state, brief) for n, state in enumerate(states)]
    said = {name: slot(part + name, [one[name] for one in texts]) for name in texts[0]}
    count = f'<p><b data-count="{len(episode)}">Step 0</b></p>'
    spoken = f"{count}{said.pop('say')}{said.pop('why')}"
    seen = said.pop("context", "")  # what is there to be read stands in for a room
    if episode.layout:
        label = f"At first: {describe_room(episode.layout, states[0])}"
        seen = card(WIDTH, WIDTH, label, room(episode.layout, states[0], WIDTH, part=part))
    html = (
        f'{ribbon_html(episode, longest, part)}<div class="row"><div>{seen}</div><div '
        f'class="words"><div role="status" aria-live="polite">{spoken}</div>'
        f"{''.join(said.values())}</div></div>"
    )
    whole = [{**a, **b} for a, b in zip(_moves(episode, states, longest), texts, strict=True)]
    return html, [{part + name: value for name, value in one.items()} for one in whole]


def pack(frames):
    """Return frames as ``stage.js`` reads them: for each part a track, step and value by turns.

    What has not changed is left out, and texts, which repeat a lot, are numbered.
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


def _texts(episode, n, state, brief):
    decision = episode.steps[n].decision if n < len(episode) else None
    told = {"say": _deeds(episode, n), "why": _reason(episode, n, decision) if decision else ""}
    if episode.layout is None:
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
