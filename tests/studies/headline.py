"""The README's table: `python tests/studies/headline.py` (`--picture 1`, `--ablations 1`).

Each row is the exam of one kind of agent in shuffled 5x5 rooms. `--picture 1` draws the README's
picture instead, `--ablations 1` shows the full agent beside its ablations.
"""

from functools import partial

from rivals import ABLATIONS, EpisodeReplayAgent, OracleRetrievalAgent, SkillValueAgent
from study import ROOT, run

from procmem import ProceduralMemoryAgent
from procmem.exploration import CuriousExplorer
from procmem.lab.baselines import (
    LeastTriedExplorer,
    NaiveMemoryAgent,
    NoMemoryAgent,
    OracleAgent,
    RandomExplorer,
    sham_library,
)
from procmem.lab.exam import OURS, Task, bar, examine, table
from procmem.lab.experiment import examination_seeds, train_many, validation_seeds
from procmem.lab.tabular import QLearner, absolute, egocentric
from procmem.show.plots import plot_learning_curve

PICTURE = ROOT / "notebooks" / "pictures" / "practice.png"


def q_agent(env, rng=None, **options):
    return LeastTriedExplorer(env, rng=rng, explorer=QLearner(rng=rng, **options))


class PerfectRetrieval(ProceduralMemoryAgent):
    """Our agent; in the exam it is told which of its skills work."""

    def prepare(self):
        self.__class__ = OracleRetrievalAgent


class ShamSkills(ProceduralMemoryAgent):
    """Our agent; in the exam its skills are as many and as long, but random."""

    def prepare(self):
        self.library = sham_library(self.library, self.actions, self.rng)


class MemoryOff(ProceduralMemoryAgent):
    """Our agent; in the exam it may only explore."""

    def prepare(self):
        self.__class__ = NoMemoryAgent


class Unschooled(MemoryOff):
    """... and it has forgotten what exploring taught."""

    def prepare(self):
        super().prepare()
        self.explorer = CuriousExplorer()


AGENTS = {
    "optimum (breadth-first search)": OracleAgent,
    "perfect retrieval of our skills": PerfectRetrieval,
    OURS: ProceduralMemoryAgent,
    "the same without memory": MemoryOff,
    "... and without what exploring taught": Unschooled,
    "sham skills: as many, as long, random": ShamSkills,
    "random actions": RandomExplorer,
    # Each the best of about ten variants (step size, epsilon, discount, trace, planning, first
    # values) on the validation rooms.
    "naive memory": NaiveMemoryAgent,
    "naive memory with a teacher": partial(NaiveMemoryAgent, teacher=True),
    "nearest whole episode": EpisodeReplayAgent,
    "Q-learning, absolute": partial(q_agent, features=absolute, epsilon=0.5),
    "Q-learning, egocentric": partial(q_agent, features=egocentric, epsilon=0.5),
    "Q(lambda), egocentric": partial(q_agent, features=egocentric, trace=0.9, epsilon=0.3),
    "Dyna-Q, egocentric": partial(q_agent, features=egocentric, planning=20, step_size=1.0),
    "Q-learning over skills": partial(SkillValueAgent, step_size=1.0),
}


def draw(options, executor):
    makers = {
        "naive memory": NaiveMemoryAgent,
        "no memory": NoMemoryAgent,
        "with skills": ProceduralMemoryAgent,
    }
    found = {}
    for name, make in makers.items():
        _, found[name] = train_many(make, range(20), 100, executor=executor, progress=bar)
    figure = plot_learning_curve(found).figure
    figure.set_size_inches(8, 4)
    figure.savefig(PICTURE, dpi=110, metadata={"Software": None})


def report(options, executor):
    if options.picture:
        draw(options, executor)
        return
    exam = partial(
        examine,
        tasks={"5x5": Task()},
        agents=options.agents,
        steps=options.steps,
        rooms=100,
        seeds=validation_seeds if options.validation else examination_seeds,
        executor=executor,
        progress=bar,
    )
    makers = {OURS: ProceduralMemoryAgent, **ABLATIONS} if options.ablations else AGENTS
    found = {name: exam(make) for name, make in makers.items()}
    yield from table(found)
    yield f"\n{options.agents} agents of each kind, {options.steps} steps of practice, 100 rooms."


if __name__ == "__main__":
    run(__file__, report, agents=50, steps=1400, picture=0, ablations=0)
