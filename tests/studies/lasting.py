"""What a library should keep: `python tests/studies/lasting.py`.

Agents practise a hundred episodes in shuffled 5x5 rooms under each rule of forgetting and are
frozen; then useless skills are added to agents that forgot nothing. Rooms were never practised.
"""

from copy import deepcopy
from functools import partial

import numpy as np
from study import run

from procmem import ProceduralMemoryAgent
from procmem.lab.baselines import useless_skills
from procmem.lab.exam import bar
from procmem.lab.experiment import evaluate, examination_seeds, train_many, validation_seeds
from procmem.lab.statistics import bootstrap_interval, paired_interval
from procmem.retention import (
    Retention,
    at_random,
    competence_preserving,
    least_recently_used,
    least_used,
)

POLICIES = {
    "at random": (at_random,),
    "least recently used": (least_recently_used,),
    "least used": (least_used,),
    "competence first, then least used": (competence_preserving, least_used),
}
HEAD = "\n| {} | skills | solved | mean steps / optimum | less that of {} |\n|---|---|---|---|---|"


def kept(policies, limit, env, rng):
    """Return an agent that forgets by these policies."""
    retention = Retention(*policies, limit=limit, rng=rng)
    return ProceduralMemoryAgent(env, rng=rng, retention=retention)


def with_useless(agent, count):
    """Return a copy that was given useless skills, trusted at once."""
    swamped = deepcopy(agent)
    for skill in useless_skills(agent.create_embedding, count, rng=count):
        swamped.library.add(skill)
    return swamped


def row(name, agents, found, control):
    low, high = bootstrap_interval(found.ratio, np.mean)
    more = "[{:+.2f}, {:+.2f}]".format(*paired_interval(found.ratio, control.ratio, np.mean))
    skills, solved = np.mean([len(agent.library) for agent in agents]), found.solved.mean()
    mean = f"{found.ratio.mean():.2f} [{low:.2f}, {high:.2f}]"
    return f"| {name} | {skills:.0f} | {solved:.1%} | {mean} | {more} |"


def report(options, executor):
    seeds = (validation_seeds if options.validation else examination_seeds)(100)
    train = partial(train_many, agent_seeds=range(options.agents), episodes=100, executor=executor)
    test = partial(evaluate, seeds=seeds, executor=executor)
    agents, _ = train(ProceduralMemoryAgent, progress=bar)
    everything = test(agents)
    for limit in (100, 50):
        yield HEAD.format(f"at most {limit} skills", "everything")
        yield row("everything", agents, everything, everything)
        for name, policies in POLICIES.items():
            few, _ = train(partial(kept, policies, limit), progress=bar)
            yield row(name, few, test(few), everything)
    yield HEAD.format("useless skills", "none")
    for count in (100, 1000, 5000):
        few = [with_useless(agent, count) for agent in agents]
        yield row(f"{count:,}", few, test(few), everything)


if __name__ == "__main__":
    run(__file__, report, agents=10)
