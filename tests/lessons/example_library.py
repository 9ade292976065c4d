"""Make notebooks/libraries/example.json, the library that lesson 08 loads.

    python tests/example_library.py

An agent practises forty episodes in shuffled 5x5 rooms, consolidates, and puts aside what its
networks can do in the place of its recordings.
"""

from pathlib import Path

from procmem import GridWorld, ProceduralMemoryAgent
from procmem.retention import competence_preserving

PATH = Path(__file__).parents[2] / "notebooks" / "libraries" / "example.json"
SEED, EPISODES = 70, 40


def example_library():
    """Return the library that is shipped."""
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=SEED)
    agent.train(EPISODES)
    agent.consolidate()
    gone = competence_preserving(agent.library, len(agent.library), agent.rng)
    agent.library.retire(*(skill.name for skill in gone))
    return agent.library


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    example_library().save(PATH)
