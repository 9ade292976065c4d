"""What a library should let in, merge and keep: `python tests/studies/lasting.py`.

Agents practise ten episodes in shuffled 5x5 rooms and are sent a stranger's file: the skills of an
older agent and as many useless ones again, in any order. It is taken in, or not, in several ways;
then room is made in several ways; then a file with twelve poisoned skills arrives. Rooms were
never practised. How long a decision took is told on standard error: it depends on the machine.
"""

import sys
from copy import deepcopy
from dataclasses import replace
from functools import partial
from time import perf_counter

import numpy as np
from study import run

from procmem import Action, GridWorld, ProceduralMemoryAgent, SkillLibrary
from procmem.embedding import cosine_similarity
from procmem.lab.baselines import useless_skills
from procmem.lab.exam import bar
from procmem.lab.experiment import (
    evaluate,
    examination_seeds,
    practice_seeds,
    train_many,
    validation_seeds,
)
from procmem.lab.statistics import bootstrap_interval, paired_interval
from procmem.rehearsal import Gate, Rehearsal
from procmem.retention import Retention, at_random, least_recently_used, least_used
from procmem.skill import Life

USELESS, LATER, SMALL = 150, 90, 50
HEAD = "\n| {} | skills | compared an episode | steps / optimum, mean | less that of {} |"
RULE = "|---|---|---|---|---|"


# ---------------------------------------------------------------- files from strangers


def file_of(older, number):
    """Return a stranger's library: an older agent's skills and useless ones, shuffled."""
    skills = [*older.library, *useless_skills(older.create_embedding, USELESS, rng=number)]
    library = SkillLibrary(encoder=older.encoder)
    for i in np.random.default_rng(number).permutation(len(skills)):
        library.add(skills[i])
    return library


BACK = {Action.UP: Action.DOWN, Action.DOWN: Action.UP}
BACK |= {Action.LEFT: Action.RIGHT, Action.RIGHT: Action.LEFT}


def poisoned(agent, count=12):
    """Return a library of the agent's most used skills, each with three detours at its beginning.

    They claim one fact more than the skills that they imitate, and so are preferred to them.
    """
    used = [skill for skill in agent.library if skill.action_sequence[0] in BACK]
    used.sort(key=lambda skill: -skill.success_count)
    library = SkillLibrary(encoder=agent.encoder)
    for number, skill in enumerate(used[:count], start=1):
        there = Action(skill.action_sequence[0])
        claim = {"door_open": False} if "has_key" in skill.effects else {"has_key": True}
        library.add(
            replace(
                skill,
                name=f"poisoned #{number}",
                action_sequence=[there, BACK[there]] * 3 + [*skill.action_sequence],
                effects={**skill.effects, **claim},
                success_count=0,
                times_used=0,
                life=Life(),
            )
        )
    return library


# ---------------------------------------------------------------- taking in, merging, making room


def gated(number, rooms):
    """Return a gate with so many probe rooms, none of which the agent has practised."""
    return Gate(GridWorld(shuffle=True), practice_seeds(2000 + number, rooms))


def rehearsed(number):
    return Rehearsal(GridWorld(shuffle=True), number)


TAKE_IN = {
    "all of it": None,
    "what works in other rooms": rehearsed,
    "what passes a gate of 12 rooms": partial(gated, rooms=12),
    "what passes a gate of 3 rooms": partial(gated, rooms=3),
    "what passes a gate of 40 rooms": partial(gated, rooms=40),
}


def taken_in(number, agent, library, way):
    """Return a copy of an agent that has taken in a library, in one of these ways."""
    agent = deepcopy(agent)
    agent.library.merge(library, status="candidate" if way else None)
    if way:
        Retention(admit=way(number)).tidy(agent)
    return agent


def same(one, other, alike=0.9):
    """Whether two skills do the same, in situations that are alike."""
    claims = one.preconditions == other.preconditions and one.effects == other.effects
    does = one.action_sequence == other.action_sequence
    return claims and does and cosine_similarity(one.embedding, other.embedding) >= alike


def learned(skill):
    """Return the episode in which a skill was learned; a stranger's file came after the tenth."""
    return skill.life.source[0] if skill.life.source else 10


def utility(skill, library):
    """Return how often a skill worked, per episode since it was learned."""
    return skill.success_count / (1 + library.age - learned(skill))


def utility_by_length(skill, library):
    return utility(skill, library) * len(skill)


def age(skill, library):
    return learned(skill)


ROOM = {
    "at random": ((at_random,), {}),
    "the oldest": ((), {"utility": age}),
    "the least recently used": ((least_recently_used,), {}),
    "the least used": ((least_used,), {}),
    "of least utility": ((), {"utility": utility}),
    "of least utility times length": ((), {"utility": utility_by_length}),
}
"""Which skills go first."""


def tidied(number, agent, policies=(), **options):
    """Return a copy of an agent whose library was tidied once."""
    agent = deepcopy(agent)
    Retention(*policies, rng=number, **options).tidy(agent)
    return agent


def older(agent):
    """Return a copy of an agent after the episodes that follow."""
    agent = deepcopy(agent)
    agent.train(LATER)
    return agent


# ---------------------------------------------------------------- tables


def timed(agents, test):
    """Return the results, and tell how many milliseconds a decision took."""
    before = perf_counter()
    found = test(agents)
    spent = 1000 * (perf_counter() - before) / found.decisions.sum()
    skills = np.mean([len(agent.library) for agent in agents])
    told = f"{skills:6.0f} skills: {spent:.2f} ms a decision, the world's steps included"
    print(told, file=sys.stderr)
    return found


def row(name, agents, found, control):
    """Return one line of a table."""
    low, high = bootstrap_interval(found.ratio, np.mean)
    more = "-"
    if found is not control:
        more = "[{:+.2f}, {:+.2f}]".format(*paired_interval(found.ratio, control.ratio, np.mean))
    sizes = np.array([len(agent.library) for agent in agents])
    compared = (sizes * found.decisions.mean(axis=1)).mean()
    mean = f"{found.ratio.mean():.2f} [{low:.2f}, {high:.2f}]"
    return f"| {name} | {sizes.mean():.0f} | {compared:,.0f} | {mean} | {more} |"


def compared(title, groups, control, test):
    """Yield a table of groups of agents, each less the group called ``control``."""
    yield HEAD.format(title, control.removeprefix("of "))
    yield RULE
    found = {name: test(agents) for name, agents in groups.items()}
    for name, agents in groups.items():
        yield row(name, agents, found[name], found[control])


def tidied_all(agents, limits, rule):
    """Return copies of agents whose libraries were cut to limits by a rule of ``ROOM``."""
    policies, how = ROOM[rule]
    pairs = zip(agents, limits, strict=True)
    return [tidied(i, one, policies, limit=limit, **how) for i, (one, limit) in enumerate(pairs)]


def sent(agents, libraries, executor, ways):
    """Return, by name, the agents after they have taken in libraries in several ways."""
    numbers = range(len(agents))
    return {
        name: list(executor.map(partial(taken_in, way=TAKE_IN[name]), numbers, agents, libraries))
        for name in ways
    }


def poisoned_in(agents):
    """Return how many poisoned skills are in use, on average."""
    used = [skill for agent in agents for skill in agent.library if skill.life.status == "active"]
    return sum(skill.name.startswith("poisoned") for skill in used) / len(agents)


def report(options, executor):
    seeds = (validation_seeds if options.validation else examination_seeds)(60)
    test = partial(timed, test=partial(evaluate, seeds=seeds))
    train = partial(train_many, ProceduralMemoryAgent, executor=executor, progress=bar)
    young, _ = train(range(options.agents), 10)
    strangers, _ = train(range(500, 500 + options.agents), 60)
    files = [file_of(stranger, number) for number, stranger in enumerate(strangers)]
    yield f"{options.agents} agents after 10 episodes, and files from strangers."
    took = {"nothing": young, **sent(young, files, executor, TAKE_IN)}
    yield from compared("taken in", took, "all of it", test)

    yield "\nAfter 90 episodes more; with as much room as the gate's library takes:"
    gate = list(executor.map(older, took["what passes a gate of 12 rooms"]))
    full = list(executor.map(older, took["all of it"]))
    limits = [len(agent.library) for agent in gate]
    shut = list(executor.map(older, young))
    groups = {"nothing: no file was taken in": shut, "nothing: all of the file": full}
    groups["nothing: the gate"] = gate
    groups |= {rule: tidied_all(full, limits, rule) for rule in ROOM}
    yield from compared("what goes", groups, "nothing: the gate", test)

    yield "\nThe gate's library, merged, cut and poisoned:"
    merged = [tidied(i, agent, same=same) for i, agent in enumerate(gate)]
    loose = [tidied(i, agent, same=partial(same, alike=-1)) for i, agent in enumerate(gate)]
    groups = {"as it was": gate, "twins merged": merged, "twins merged, alike or not": loose}
    yield from compared("merged", groups, "twins merged", test)
    groups = {rule: tidied_all(merged, [SMALL] * len(merged), rule) for rule in ROOM}
    yield from compared(f"room for {SMALL}: what goes", groups, "of least utility", test)
    ways = ("all of it", "what works in other rooms", "what passes a gate of 12 rooms")
    groups = sent(gate, [poisoned(agent) for agent in gate], executor, ways)
    groups = {f"{name}: {poisoned_in(few):.1f} in use": few for name, few in groups.items()}
    yield from compared("twelve poisoned skills", {"none": gate, **groups}, "none", test)


if __name__ == "__main__":
    run(__file__, report, agents=12)
