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
from procmem.lab.baselines import sham_library
from procmem.lab.statistics import bootstrap_interval, interquartile_mean, paired_interval
from procmem.lab.words import (
    Roles,
    WordEncoder,
    causes,
    examine_requests,
    grow,
    inverse_document_frequencies,
    printing,
)
from procmem.library import SkillLibrary
from procmem.office import Office
from procmem.rehearsal import Gate

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


GATED = ("none", "made by itself, ungated", "... gated", "curated: learned from such requests")


def gated(seeds, probes, split, seed):
    """Return steps / optimum for each of ``GATED``, and how many skills each has."""
    agent = printer(IDF, seed)
    other = printer(IDF, seed, 150, False).library
    everything = grow(agent, other, 200)
    gate = copy(everything)
    gate.library = SkillLibrary(encoder=gate.encoder)
    verdicts = Gate(by_roles("practice"), probes)(list(everything.library), gate)
    for skill in everything.library:
        if verdicts[skill.name]:
            gate.library.add(skill)
    agents = [agent, everything, gate, agent]
    ratios = [examine_requests(one, by_roles(split), seeds, i > 0) for i, one in enumerate(agents)]
    return ratios, [0, *(len(one.library) for one in agents[1:])]


def report(options, executor):
    """Yield the lines of the tables."""
    split, agents = ("validation" if options.validation else "examination"), range(options.agents)
    seeds, ours = range(options.requests), None
    yield "| agent | solved at the optimum | steps / optimum, middle | mean | mean, less ours |"
    yield "|---|---|---|---|---|"
    for name in ROWS:
        ratios = np.array(list(executor.map(partial(row, name, seeds, split), agents)))
        low, high = bootstrap_interval(ratios, np.mean)
        ours = ratios if ours is None else ours
        more = (
            "-"
            if ours is ratios
            else "[{:.2f}, {:.2f}]".format(*paired_interval(ratios, ours, np.mean))
        )
        middle = bootstrap_interval(ratios, interquartile_mean)
        yield (
            f"| {name} | {(ratios == 1).mean():.0%} | {interquartile_mean(ratios):.2f} "
            f"[{middle[0]:.2f}, {middle[1]:.2f}] | {ratios.mean():.2f} [{low:.2f}, {high:.2f}] | "
            f"{more} |"
        )
    seeds, probes = printing(by_roles(split), options.requests // 2), printing(by_roles(), 30)
    yield ""
    yield f"| likeness by | skills added | {' | '.join(CAUSES)} | right, less with none added |"
    yield "|---|---|---|---|---|---|---|"
    for name in ENCODERS:
        shares = np.array(list(executor.map(partial(growth, name, seeds, split), agents)))
        for size, count in enumerate(GROWTH):
            right = shares[:, size, 0], shares[:, 0, 0]
            less = "[{:+.1%}, {:+.1%}]".format(*paired_interval(*right, np.mean)) if size else "-"
            cells = " | ".join(f"{share:.1%}" for share in shares[:, size].mean(axis=(0, 2)))
            yield f"| {name} | {count} | {cells} | {less} |"
    yield ""
    yield (
        "| library, likeness by inverse document frequencies | skills | steps / optimum | "
        "less ungated |"
    )
    yield "|---|---|---|---|"
    made = list(executor.map(partial(gated, seeds, probes, split), agents))
    ratios, sizes = np.array([one for one, _ in made]), np.array([size for _, size in made])
    for i, name in enumerate(GATED):
        low, high = bootstrap_interval(ratios[:, i], np.mean)
        less = (
            "-"
            if i == 1
            else "[{:+.2f}, {:+.2f}]".format(*paired_interval(ratios[:, i], ratios[:, 1], np.mean))
        )
        yield (
            f"| {name} | {sizes[:, i].mean():.0f} | {ratios[:, i].mean():.2f} "
            f"[{low:.2f}, {high:.2f}] | {less} |"
        )
    yield ""
    yield (
        f"{options.agents} agents, {PRACTICE} requests of practice each, "
        f"{options.requests} requests."
    )


if __name__ == "__main__":
    run(__file__, report, agents=10, requests=60)
