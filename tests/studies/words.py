"""Skills in words: what each part is good for, and what a growing library does.

`python tests/studies/words.py`. Agents practise 200 requests each and are frozen; then each is
given the same requests, about papers and in sentences that it never practised. The first table
counts at how many moments of the shortest solutions memory's first choice is right. The second
gives agents that practised requests to print something the skills of others, learned from
requests to mail and to archive: right in their place, and useless here. In the third, skills were
written by an author who errs, and a gate decides on them. The last one counts steps.
"""

from copy import copy
from functools import cache, partial

import numpy as np
from study import run

from procmem.agent import ProceduralMemoryAgent
from procmem.episode import facts
from procmem.lab.baselines import sham_library
from procmem.lab.statistics import bootstrap_interval, interquartile_mean, paired_interval
from procmem.lab.texts import (
    Role,
    Roles,
    WordEncoder,
    causes,
    examine_requests,
    grow,
    inverse_document_frequencies,
    moments,
    printing,
)
from procmem.library import SkillLibrary
from procmem.office import FACTS, Office
from procmem.rehearsal import Gate
from procmem.skill import Recording, Skill

IDF = partial(WordEncoder, weigh=inverse_document_frequencies)
PRACTICE = 200


def by_slots(split="practice", **options):
    """Return an office as it is, with tools used on slots."""
    return Office(split, **options)


def by_roles(split="practice", **options):
    """Return an office seen by roles."""
    return Roles(Office(split, **options))


PRACTISED = {  # world and encoder of the agents that practise
    "informative": (by_roles, WordEncoder),
    "idf": (by_roles, IDF),
    "facts": (by_roles, None),
    "slots": (by_slots, WordEncoder),
}
ROWS = {  # which of them, whether skills are used, the split of the examination
    "words that tell what comes next": ("informative", True, None),
    "... words that were never practised": ("informative", True, "foreign"),
    "inverse document frequencies": ("idf", True, None),
    "no words: facts only": ("facts", True, None),
    "not lifted": ("slots", True, None),
    "sham skills: as many, random": ("informative", "sham", None),
    "no memory": ("informative", False, None),
    "no memory, nothing learned from exploring": ("informative", "new", None),
}
FIRST = {
    "facts": "no words: facts only",
    "idf": "inverse document frequencies",
    "informative": "words that tell what comes next",
}
"""Whose first choices are compared, each with the one above."""


def train(world, encoder, seed, seeds=None):
    """Return an agent after practice, on requests of its own or on those of the seeds."""
    agent = ProceduralMemoryAgent(world(), rng=seed, encoder=encoder and encoder())
    agent.train(PRACTICE if seeds is None else len(seeds), seeds=seeds)
    return agent


def printer(encoder, seed, count=60, wanted=True):
    """Return an agent that practised requests to print only, or all others only."""
    seeds = np.random.default_rng(seed).choice(pool(20 * count, wanted), count, False)
    return train(by_roles, encoder, seed, seeds)


@cache
def pool(count, wanted):
    """Return the seeds of requests to print, or of all others, that agents draw their own from."""
    return printing(by_roles(), count, wanted)


def rows(kind, seeds, split, seed):
    """Return what one agent does in all rows that are its own, and how often it is right at once.

    Both for each request: ``{row: steps / optimum}``, and the percentage of its moments.
    """
    world, encoder = PRACTISED[kind]
    agent = train(world, encoder, seed)
    ratios = {
        name: used(agent, use, seed)(world(other or split), seeds)
        for name, (whose, use, other) in ROWS.items()
        if whose == kind
    }
    found = causes(agent, by_roles(split), seeds) if kind in FIRST else []
    return ratios, percent("right", found)


def percent(which, found):
    """Return which share of each request's moments has that cause, in percent."""
    return [100 * one.count(which) / len(one) for one in found]


def used(agent, use, seed):
    """Return the examination of an agent with its skills, with sham ones, without, or quite new."""
    if use == "new":
        agent = ProceduralMemoryAgent(by_roles(), rng=seed, encoder=WordEncoder())
    if use == "sham":
        agent = copy(agent)
        agent.library = sham_library(agent.library, agent.actions, rng=seed)
    return partial(examine_requests, agent, use_skills=use in (True, "sham"))


# ---------------------------------------------------------------- a growing library

GROWTH = (0, 20, 50, 200)
CAUSES = ("right", "not in the library", "not retrieved", "not chosen")
ENCODERS = {FIRST["idf"]: IDF, FIRST["informative"]: WordEncoder}


def growth(name, seeds, split, seed):
    """Return for each size and each cause the share of moments, shape (sizes, causes, requests)."""
    agent = printer(ENCODERS[name], seed)
    other = printer(ENCODERS[name], seed, 150, False).library
    shares = []
    for count in GROWTH:
        found = causes(grow(agent, other, count), by_roles(split), seeds)
        shares.append([percent(which, found) for which in CAUSES])
    return shares


GATED = ("none", "written by an author, ungated", "... gated", "learned from such requests")


def authored(encoder, seeds, seed, count=200):
    """Return a library of skills that were written down and never tried.

    The author is right about the next tool in one of three cases, and otherwise names any.
    """
    rng, library = np.random.default_rng(seed), SkillLibrary(encoder=encoder)
    pages = [one for number in seeds for one in moments(by_roles(), number)]
    for state, needed in (pages[i] for i in rng.permutation(len(pages))[:count]):
        action = needed if rng.random() < 1 / 3 else Role(int(rng.integers(len(Role))))
        fact = FACTS[action.name.split("_")[0]]
        if fact and not state[fact]:
            recording = Recording(state, state, {**state, fact: True})
            stem = library.new_name(f"note: {fact}")
            library.add(
                Skill(
                    stem,
                    facts(state),
                    (action,),
                    encoder(state),
                    effects={fact: True},
                    recording=recording,
                )
            )
    return library


def gated(seeds, probes, split, seed):
    """Return steps / optimum for each of ``GATED``, and how many skills each has."""
    learned = printer(IDF, seed)
    others = [copy(learned) for _ in range(2)]
    pool = printing(by_roles(), 200)[-60:]
    for agent in others:
        agent.library = authored(agent.encoder, pool, seed)
    verdicts = Gate(by_roles(), probes)(list(others[1].library), emptied(others[1]))
    others[1].library.rebuild([one for one in others[1].library if verdicts[one.name]])
    agents = [emptied(learned), *others, learned]
    ratios = [examine_requests(agent, by_roles(split), seeds) for agent in agents]
    return ratios, [len(agent.library) for agent in agents]


def emptied(agent):
    """Return a copy of an agent with an empty library."""
    agent = copy(agent)
    agent.library = SkillLibrary(encoder=agent.encoder)
    return agent


def report(options, executor):
    """Yield the lines of the tables."""
    split, agents = ("validation" if options.validation else "examination"), range(options.agents)

    def practised(kind):
        return list(executor.map(partial(rows, kind, range(options.requests), split), agents))

    made = {kind: practised(kind) for kind in FIRST}
    yield from first_choices(made)
    yield from growing(options.requests, split, agents, executor)
    yield from gates(options.requests, split, agents, executor)
    yield from controls(made | {"slots": practised("slots")})
    yield ""
    yield f"{options.agents} agents, {PRACTICE} requests of practice, {options.requests} requests."


def first_choices(made):
    """Yield the table of how often memory's first choice is right."""
    yield "| likeness by | right at once, % | less the row above |"
    yield "|---|---|---|"
    above = None
    for kind, name in FIRST.items():
        shares = np.array([right for _, right in made[kind]])
        change = "-" if above is None else less(shares, above, "{:+.1f}")
        yield f"| {name} | {around(shares, form='{:.1f}')} | {change} |"
        above = shares


def controls(made):
    """Yield the table of steps / optimum, each row with one thing changed."""
    yield ""
    yield "| agent | at the optimum | steps / optimum, middle | mean | mean, less the first row |"
    yield "|---|---|---|---|---|"
    ours = None
    for name, (kind, *_) in ROWS.items():
        ratios = np.array([agent[name] for agent, _ in made[kind]])
        ours = ratios if ours is None else ours
        cells = f"{(ratios == 1).mean():.0%} | {around(ratios, interquartile_mean)}"
        yield f"| {name} | {cells} | {around(ratios)} | {less(ratios, ours)} |"


def growing(requests, split, agents, executor):
    """Yield the table of where the right skill is lost as the library grows."""
    seeds = printing(by_roles(split), requests)
    yield ""
    yield f"| likeness by | skills added | {', % | '.join(CAUSES)}, % | right, less none added |"
    yield "|---|---|---|---|---|---|---|"
    for name in ENCODERS:
        shares = np.array(list(executor.map(partial(growth, name, seeds, split), agents)))
        for size, count in enumerate(GROWTH):
            cells = [around(shares[:, size, which], form="{:.1f}") for which in range(len(CAUSES))]
            change = less(shares[:, size, 0], shares[:, 0, 0], "{:+.1f}")
            yield f"| {name} | {count} | {' | '.join(cells)} | {change} |"


def gates(requests, split, agents, executor):
    """Yield the table of libraries that were written, gated or not."""
    seeds, probes = printing(by_roles(split), requests), printing(by_roles(), 30)
    made = list(executor.map(partial(gated, seeds, probes, split), agents))
    ratios, sizes = np.array([one for one, _ in made]), np.array([size for _, size in made])
    yield ""
    yield "| library | skills | steps / optimum | less none | less ungated |"
    yield "|---|---|---|---|---|"
    for i, name in enumerate(GATED):
        changes = " | ".join(less(ratios[:, i], ratios[:, other]) for other in (0, 1))
        yield f"| {name} | {sizes[:, i].mean():.0f} | {around(ratios[:, i])} | {changes} |"


def around(values, statistic=np.mean, form="{:.2f}"):
    """Return a figure with its interval."""
    low, high = map(form.format, bootstrap_interval(values, statistic))
    return f"{form.format(statistic(values))} [{low}, {high}]"


def less(values, others, form="{:+.2f}"):
    """Return the interval of the difference, a dash for none."""
    if values.shape == others.shape and (values == others).all():
        return "-"
    return f"[{', '.join(form.format(end) for end in paired_interval(values, others, np.mean))}]"


if __name__ == "__main__":
    run(__file__, report, agents=50, requests=100)
