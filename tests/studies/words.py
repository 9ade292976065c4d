"""Skills in words: what each part is good for, and what a growing library does.

`python tests/studies/words.py`. Agents practise 200 requests each and are frozen; then each is
given the same requests, about papers and in sentences that it never practised. The second table
gives agents that practised requests to print something the skills of others, learned from
requests to mail and to archive: right in their place, and useless here.
"""

from copy import copy
from functools import partial

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


ROWS = {  # world, encoder, whether skills are used, the split of the examination
    "words that tell what comes next": (by_roles, WordEncoder, True, None),
    "... words that were never practised": (by_roles, WordEncoder, True, "foreign"),
    "inverse document frequencies": (by_roles, IDF, True, None),
    "no words: facts only": (by_roles, None, True, None),
    "not lifted": (by_slots, WordEncoder, True, None),
    "sham skills: as many, random": (by_roles, WordEncoder, "sham", None),
    "no memory": (by_roles, WordEncoder, False, None),
    "no memory, nothing learned from exploring": (by_roles, WordEncoder, "new", None),
}


def train(world, encoder, seed, seeds=None):
    """Return an agent after practice, on requests of its own or on those of the seeds."""
    agent = ProceduralMemoryAgent(world(), rng=seed, encoder=encoder and encoder())
    agent.train(PRACTICE if seeds is None else len(seeds), seeds=seeds)
    return agent


def printer(encoder, seed, count=60, wanted=True):
    """Return an agent that practised requests to print only, or all others only."""
    seeds = printing(by_roles(), 20 * count, wanted)
    return train(by_roles, encoder, seed, np.random.default_rng(seed).choice(seeds, count, False))


def row(name, seeds, split, seed):
    """Return the ratios of one agent of a row."""
    world, encoder, use, other = ROWS[name]
    if use == "new":
        agent = ProceduralMemoryAgent(world(), rng=seed, encoder=encoder())
    else:
        agent = train(world, encoder, seed)
    if use == "sham":
        agent.library = sham_library(agent.library, agent.actions, rng=seed)
    return examine_requests(agent, world(other or split), seeds, use in (True, "sham"))


# ---------------------------------------------------------------- a growing library

GROWTH = (0, 20, 50, 200)
CAUSES = ("right", "not in the library", "not retrieved", "not chosen")
ENCODERS = {"inverse document frequencies": IDF, "words that tell what comes next": WordEncoder}


def growth(name, seeds, split, seed):
    """Return for each size and each cause the share of moments, shape (sizes, causes, requests)."""
    agent = printer(ENCODERS[name], seed)
    other = printer(ENCODERS[name], seed, 150, False).library
    shares = []
    for count in GROWTH:
        found = causes(grow(agent, other, count), by_roles(split), seeds)
        shares.append([[one.count(which) / len(one) for one in found] for which in CAUSES])
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
    seeds, ours = range(options.requests), None
    yield "| agent | at the optimum | steps / optimum, middle | mean | mean, less the first row |"
    yield "|---|---|---|---|---|"
    for name in ROWS:
        ratios = np.array(list(executor.map(partial(row, name, seeds, split), agents)))
        ours = ratios if ours is None else ours
        cells = f"{(ratios == 1).mean():.0%} | {around(ratios, interquartile_mean)}"
        yield f"| {name} | {cells} | {around(ratios)} | {less(ratios, ours)} |"
    seeds = printing(by_roles(split), options.requests // 2)
    yield ""
    yield f"| likeness by | skills added | {' | '.join(CAUSES)} | right, less none added |"
    yield "|---|---|---|---|---|---|---|"
    for name in ENCODERS:
        shares = np.array(list(executor.map(partial(growth, name, seeds, split), agents)))
        for size, count in enumerate(GROWTH):
            cells = " | ".join(f"{share:.1%}" for share in shares[:, size].mean(axis=(0, 2)))
            change = less(shares[:, size, 0], shares[:, 0, 0], "{:+.1%}")
            yield f"| {name} | {count} | {cells} | {change} |"
    yield ""
    yield "| library | skills | steps / optimum | less ungated |"
    yield "|---|---|---|---|"
    probes = printing(by_roles(), 30)
    made = list(executor.map(partial(gated, seeds, probes, split), agents))
    ratios, sizes = np.array([one for one, _ in made]), np.array([size for _, size in made])
    for i, name in enumerate(GATED):
        cells = f"{sizes[:, i].mean():.0f} | {around(ratios[:, i])}"
        yield f"| {name} | {cells} | {less(ratios[:, i], ratios[:, 1])} |"
    yield ""
    yield f"{options.agents} agents, {PRACTICE} requests of practice, {options.requests} requests."


def around(values, statistic=np.mean):
    """Return a figure with its interval."""
    low, high = bootstrap_interval(values, statistic)
    return f"{statistic(values):.2f} [{low:.2f}, {high:.2f}]"


def less(values, others, form="{:+.2f}"):
    """Return the interval of the difference, a dash for none."""
    if values.shape == others.shape and (values == others).all():
        return "-"
    return f"[{', '.join(form.format(end) for end in paired_interval(values, others, np.mean))}]"


if __name__ == "__main__":
    run(__file__, report, agents=8, requests=50)
