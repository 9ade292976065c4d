"""The course's rows of the exam: `python tests/studies/examination.py`.

The agent with its defaults and the naive memory, in every task of ``procmem.lab.exam``.
"""

from study import run

from procmem.lab.exam import COURSE, bar, examine, table
from procmem.lab.experiment import examination_seeds, validation_seeds


def report(options, executor):
    seeds = validation_seeds if options.validation else examination_seeds
    size = {"agents": options.agents, "rooms": options.rooms, "seeds": seeds}
    found = {
        name: examine(make, **size, executor=executor, progress=bar)
        for name, make in COURSE.items()
    }
    yield from table(found)
    yield f"\n{options.agents} agents of each kind, 1,500 steps of practice, {options.rooms} rooms."


if __name__ == "__main__":
    run(__file__, report, agents=20, rooms=40)
