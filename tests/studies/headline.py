"""Rebuild the README's table and picture from nothing: `python tests/headline.py [--picture]`.

The table is printed as Markdown, with two sentences below it; `--check` looks for all of it in the
README, `--picture` draws notebooks/pictures/practice.png, too, and `--ablations` prints the full
agent beside its ablations.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from procmem import Action, GridWorld, ProceduralMemoryAgent
from procmem.lab.ablations import ABLATIONS
from procmem.lab.baselines import (
    EpisodeReplayAgent,
    LeastTriedExplorer,
    NaiveMemoryAgent,
    OracleAgent,
    OracleRetrievalAgent,
    RandomExplorer,
    sham_library,
)
from procmem.lab.experiment import evaluate, practise, train_many
from procmem.lab.statistics import (
    bootstrap_interval,
    interquartile_mean,
    negative_transfer,
    paired_interval,
    time_to_threshold,
)
from procmem.lab.tabular import QLearner, SkillValueAgent, absolute, egocentric
from procmem.show.plots import plot_learning_curve

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "notebooks" / "pictures" / "practice.png"
OPTIMUM, OURS, PLAIN = (
    "optimum (breadth-first search)",
    "**with procedural memory**",
    "the same without memory",
)


def q_agent(env, rng=None, **options):
    return LeastTriedExplorer(env, rng=rng, explorer=QLearner(rng=rng, **options))


# Each the best of about ten variants (step size, epsilon, discount, trace, planning, first values)
# on the validation layouts; our own agent keeps its defaults.
TABULAR = {
    "Q-learning, absolute": partial(q_agent, view=absolute, epsilon=0.5),
    "Q-learning, egocentric": partial(q_agent, view=egocentric, epsilon=0.5),
    "Q(λ), absolute": partial(q_agent, view=absolute, trace=0.95, epsilon=0.3),
    "Q(λ), egocentric": partial(q_agent, view=egocentric, trace=0.9, epsilon=0.3),
    "Dyna-Q, absolute": partial(q_agent, view=absolute, planning=20, epsilon=0.3),
    "Dyna-Q, egocentric": partial(q_agent, view=egocentric, planning=20, step_size=1.0),
}
BUDGETED = {
    "naive memory": NaiveMemoryAgent,
    "nearest whole episode": EpisodeReplayAgent,
    **TABULAR,
    "Q-learning over skills": partial(SkillValueAgent, step_size=1.0),
}


def give_sham(number, agent):
    """Return an agent whose skills are as many and as long as those of `agent`, but random."""
    library = sham_library(agent.library, Action, rng=number)
    return ProceduralMemoryAgent(GridWorld(5, shuffle=True), rng=number, library=library)


def with_oracle(agent):
    """Return an agent with the same skills that always knows which of them would work."""
    encoder = agent.encoder
    return OracleRetrievalAgent(agent.env, rng=0, library=agent.library, encoder=encoder)


def fresh(make, count):
    return [make(GridWorld(5, shuffle=True), rng=number) for number in range(count)]


def measure(agents, episodes, executor):
    """Return practice and held-out results by name, and the steps that everybody may train."""
    ours, practice = train_many(
        ProceduralMemoryAgent, range(agents), episodes, executor=executor, progress=progress
    )
    budget = int(practice.steps.sum(axis=1).mean())
    test = partial(evaluate, executor=executor, progress=progress)
    held_out = {
        OPTIMUM: test(fresh(OracleAgent, 1)),
        "oracle retrieval of our skills": test([with_oracle(agent) for agent in ours]),
        OURS: test(ours),
        PLAIN: test(ours, use_skills=False),
        "sham skills: as many, as long, random": test(
            [give_sham(number, agent) for number, agent in enumerate(ours)]
        ),
        "random actions": test(fresh(RandomExplorer, agents)),
    }
    for name, make in BUDGETED.items():
        trained, _ = practise(make, range(agents), budget, executor=executor, progress=progress)
        held_out[name] = test(trained)
    return practice, held_out, budget


def progress(done, total):
    print(f"{done} of {total} agents", end="\n" if done == total else "\r", file=sys.stderr)


def row(name, results, ours):
    middle = interquartile_mean(results.ratio)
    low, high = bootstrap_interval(results.ratio)
    thinking = results.decisions.sum() / results.steps.sum()
    more = "-"
    if results is not ours and len(results.ratio) > 1:
        more = "[{:.2f}, {:.2f}]".format(*paired_interval(results.ratio, ours.ratio))
    return (
        f"| {name} | {results.solved.mean():.1%} | {middle:.2f} [{low:.2f}, {high:.2f}] "
        f"| {results.ratio.mean():.2f} | {np.quantile(results.ratio, 0.95):.2f} | {more} "
        f"| {thinking:.2f} |"
    )


def table(held_out, ours):
    lines = [
        "| agent | solved | steps / optimum | mean | 19 of 20 | above ours | decisions a step |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(row(name, results, ours) for name, results in held_out.items())])


def curves(agents, episodes, executor, practice):
    """Return results of practice by name, in the order in which they are drawn."""
    train = partial(train_many, executor=executor, progress=progress)
    _, naive = train(NaiveMemoryAgent, range(agents), episodes)
    _, explorers = train(LeastTriedExplorer, range(agents), episodes)
    return {"naive memory": naive, "no memory": explorers, "with skills": practice}


def draw(results):
    """Draw practice in one picture: `results` holds results by name."""
    figure = Figure(figsize=(8, 4), layout="constrained")
    plot_learning_curve(results, figure.add_subplot())
    PICTURE.parent.mkdir(exist_ok=True)
    figure.savefig(PICTURE, dpi=110, metadata={"Software": None})


def ablate(agents, episodes, executor):
    """Return held-out results of the full agent and of each ablation, by name."""
    found = {}
    for name, make in ABLATIONS.items():
        trained, _ = train_many(make, range(agents), episodes, executor=executor, progress=progress)
        found[name] = evaluate(trained, executor=executor, progress=progress)
    return found


def main(options):
    with ProcessPoolExecutor() as executor:
        if options.ablations:
            found = ablate(options.agents, options.episodes, executor)
            print(table(found, found["the full agent"]))
            return 0
        practice, held_out, budget = measure(options.agents, options.episodes, executor)
        if options.picture:
            draw(curves(20, options.episodes, executor, practice))
    share = negative_transfer(held_out[OURS].steps, held_out[PLAIN].steps)
    good = np.median(time_to_threshold(practice.ratio, 1.5))
    claims = [
        table(held_out, held_out[OURS]),
        f"Memory made it worse on {share:.0%} of the rooms, on average (negative transfer).",
        f"From episode {good:.0f} of practice on (median), five in a row are within 1.5 times the "
        "optimum, on average.",
    ]
    print(*claims, f"{options.agents} agents, {budget} training steps each.", sep="\n\n")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    wrong = [claim for claim in claims if claim not in readme] if options.check else []
    for claim in wrong:
        print(f"README.md says something else than:\n{claim}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--episodes", type=int, default=100)
    for flag in ("--picture", "--check", "--ablations"):
        parser.add_argument(flag, action="store_true")
    sys.exit(main(parser.parse_args()))
