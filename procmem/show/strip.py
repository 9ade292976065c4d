"""Film strips: what a notebook shows of episodes where nothing moves."""

from collections import Counter
from textwrap import wrap

from procmem.show.picture import Picture, card, group, words
from procmem.show.record import states_of
from procmem.show.ribbon import LONG, legend, ribbon
from procmem.show.room import LINE, in_words, side_by_side, trail_of
from procmem.show.style import INK


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
