"""Pictures of one agent: what it knows, what it used, and how well that went.

A plot takes data and, if you like, ``ax``; it returns the ``Axes`` and shows nothing by itself.
What it shows, in words and numbers, is ``caption(ax)`` of ``plots``.
"""

from collections import Counter

import numpy as np
from matplotlib.ticker import MaxNLocator

from procmem.lab.statistics import wilson_interval
from procmem.show.plots import dress, label_ends, new_axes, note, plain, set_caption, styled
from procmem.show.style import BLUE, INK, LOOKS, looks

_EDGE = {"edgecolors": INK, "linewidths": 0.4}  # light colours, too, can be seen on white
HATCHES = ("", "//", "..", "xx", "\\\\", "oo")


def effect(skill):
    """Return what a skill brings about, as a name: ``has_key``."""
    return " and ".join(sorted(skill.effects)) or "nothing"


def count_by_effect(library):
    """Return how many skills a library holds for each effect, as a dict in order of appearance."""
    return dict(Counter(map(effect, library)))


@styled
def plot_library_composition(history, ax=None):
    """Draw how many skills there were for each effect; ``history`` is a dict for each episode.

    ``count_by_effect(library)`` makes one; a layer belongs to each effect.
    """
    history = _some("history", history)
    names = list(dict.fromkeys(name for counts in history for name in counts))
    ax, episodes = new_axes(ax), np.arange(1, len(history) + 1)
    floor, ends = np.zeros(len(history)), {}
    for i, (name, look) in enumerate(looks(names).items()):
        top = floor + [counts.get(name, 0) for counts in history]
        hatch = HATCHES[i % len(HATCHES)]
        style = {"facecolor": look.colour, "edgecolor": "white", "hatch": hatch}
        ax.fill_between(episodes, floor, top, alpha=0.75, linewidth=0.5, **style)
        ends[f"{name} ({history[-1].get(name, 0)})"] = (len(history), (floor[-1] + top[-1]) / 2)
        floor = top
    dress(ax, "episode of practice", "skills in the library")
    _whole_numbers(ax)
    if ends:
        label_ends(ax, ends)
    last = ", ".join(f"{history[-1].get(name, 0)} for {name}" for name in names)
    total = f"{sum(history[-1].values())} skills after {len(history)} episodes"
    return set_caption(ax, f"{total}: {last or 'none'}.")


@styled
def plot_skill_timeline(episodes, ax=None, most=15):
    """Draw which skill acted in which episode: a row for each of the ``most`` used skills.

    A mark is the larger the more often the skill was used in that episode.
    """
    episodes = _some("episodes", episodes)
    uses = [Counter(episode.skills) for episode in episodes]
    totals = sum(uses, Counter())
    ranked = sorted(totals, key=lambda name: -totals[name])[:most]
    begun = {name: min(i for i, used in enumerate(uses) if used[name]) for name in ranked}
    rows = sorted(ranked, key=begun.get)
    ax = new_axes(ax, (6.4, 1.2 + 0.24 * max(4, len(rows))))
    look = looks(name.partition(" #")[0] for name in rows)
    for row, name in enumerate(rows):
        when = [n for n, used in enumerate(uses) if used[name]]
        sizes = [22 * uses[n][name] for n in when]
        kind = look[name.partition(" #")[0]]
        style = {"color": kind.colour, "marker": kind.marker, **_EDGE}
        ax.scatter(np.add(when, 1), [row] * len(when), s=sizes, **style)
    ax.set_yticks(range(len(rows)), [f"{plain(name)} ({totals[name]}x)" for name in rows])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(0, len(episodes) + 1)
    dress(ax, "episode of practice", "")
    _whole_numbers(ax)
    note(ax, f"the {len(rows)} most used of {len(totals)} skills")
    told = ", ".join(f"{name} {totals[name]} times" for name in ranked[:5])
    return set_caption(
        ax, f"{len(totals)} skills were used in {len(episodes)} episodes. Most: {told or 'none'}."
    )


@styled
def plot_skill_success(library, ax=None, most=12, *, interval=wilson_interval):
    """Draw how often the ``most`` used skills worked: share, 95 % interval, Laplace's estimate.

    ``most=None`` draws all skills, those never used too. ``interval(worked, used)`` returns
    ``(low, high)``.
    """
    skills = sorted(_some("library", library, "skill"), key=lambda s: (-s.times_used, s.name))
    shown = skills[:most]
    few = len(shown) <= 20
    ax = new_axes(ax, (6.4, 1.2 + 0.3 * max(4, len(shown)) if few else 5.0))
    for row, skill in enumerate(shown):
        low, high = interval(skill.success_count, skill.times_used)
        bar = "|-" if few else "-"
        ax.plot([low, high], [row, row], bar, color="black", linewidth=1, markersize=9)
        if skill.times_used:
            share, size = skill.success_count / skill.times_used, 7 if few else 3
            ax.plot([share], [row], marker="o", color=BLUE, markersize=size, linestyle="none")
        if few:
            ax.plot([skill.success_estimate], [row], "D", markerfacecolor="white", color="black")
    names = [f"{plain(skill.name)}  {skill.success_count} of {skill.times_used}" for skill in shown]
    ax.set_yticks(*((range(len(shown)), names) if few else ([], [])))
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ax.set_xlim(-0.03, 1.03)
    dress(ax, "share of uses that worked", "" if few else "one line a skill, the most used on top")
    note(ax, "filled: share and its 95 % interval" + ", hollow: success estimate" * few)
    unused = sum(skill.times_used == 0 for skill in skills)
    failing = sum(skill.times_used > 0 == skill.success_count for skill in skills)
    first = f"{skills[0].name} worked {skills[0].success_count} of {skills[0].times_used} times"
    return set_caption(
        ax,
        f"{len(shown)} of {len(skills)} skills; of all, {unused} were never used and {failing} "
        f"never worked. Most used: {first}.",
    )


@styled
def plot_embedding_map(library, ax=None):
    """Draw the embeddings of all skills in the two directions in which they differ most (PCA).

    Each effect has its colour and its marker. The sign of a direction is free: the coordinate that
    is largest there counts as positive.
    """
    skills = _some("library", list(library), "skill")
    points, share = principal_components(np.array([skill.embedding for skill in skills]))
    ax = new_axes(ax, (6.4, 4.4))
    kinds = list(dict.fromkeys(map(effect, skills)))
    for kind, look in looks(kinds).items():
        mine = points[[effect(skill) == kind for skill in skills]]
        style = {"color": look.colour, "marker": look.marker, "alpha": 0.7, **_EDGE}
        ax.scatter(mine[:, 0], mine[:, 1], s=28, label=f"{plain(kind)} ({len(mine)})", **style)
    dress(ax, f"first component ({share[0]:.0%})", f"second component ({share[1]:.0%})")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    told = ", ".join(f"{kind} {sum(effect(s) == kind for s in skills)}" for kind in kinds)
    return set_caption(
        ax,
        f"{len(skills)} embeddings ({told}) in two dimensions, which hold "
        f"{share[0] + share[1]:.0%} of how they differ.",
    )


def principal_components(vectors):
    """Return vectors in their two main directions, shape ``(n, 2)``, and the directions' shares."""
    centred = vectors - vectors.mean(axis=0)
    _, strengths, directions = np.linalg.svd(centred, full_matrices=False)
    directions = np.vstack([directions, np.zeros((2, vectors.shape[1]))])[:2]
    strengths = np.append(strengths, [0.0, 0.0])
    largest = np.abs(np.round(directions, 9)).argmax(axis=1)
    signs = np.sign(directions[np.arange(2), largest])
    whole = (strengths**2).sum()
    share = strengths[:2] ** 2 / whole if whole > 1e-12 else np.zeros(2)
    return centred @ (directions * signs[:, None]).T, share


@styled
def plot_decisions(episodes, ax=None):
    """Draw how often an agent decided in each episode: to use a skill, or to explore."""
    episodes = _some("episodes", episodes)
    used = np.array([len(episode.skills) for episode in episodes])
    explored = np.array([len(episode.decisions) for episode in episodes]) - used
    ax, x = new_axes(ax), np.arange(1, len(episodes) + 1)
    ax.bar(x, used, color=BLUE, label="used a skill")
    style = {"color": LOOKS["exploring"].colour, "hatch": "//", "edgecolor": "white"}
    ax.bar(x, explored, bottom=used, label="explored", **style)
    dress(ax, "episode of practice", "decisions in the episode")
    _whole_numbers(ax)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return set_caption(
        ax,
        f"{used.sum()} decisions for a skill and {explored.sum()} to explore in {len(episodes)} "
        f"episodes; in the last one {used[-1]} and {explored[-1]}.",
    )


def _some(name, things, of="entry"):
    things = list(things)
    if not things:
        raise ValueError(f"{name} must hold at least one {of}, got none")
    return things


def _whole_numbers(ax):
    ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
