"""Who acted when: a ribbon with one block for each turn of a skill, or of exploring."""

from html import escape
from itertools import cycle, groupby
from string import ascii_uppercase

from procmem.show.picture import card, group, path, words
from procmem.show.style import BLUE, EXPLORING, FLOOR, INK, VERMILLION, looks

LONG = 458  # pixels that the longest episode takes


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
    """Return a letter for each skill of an episode, in order of appearance; after Z comes A."""
    return dict(zip(dict.fromkeys(episode.skills), cycle(ascii_uppercase), strict=False))


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
        if name and wide > 7:
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


def ribbon_html(episode, longest, part):
    """Return the ribbon of an episode with its legend, as HTML."""
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
