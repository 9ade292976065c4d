"""procmem: procedural memory for agents, small enough to read in an afternoon."""

from procmem.agent import ProceduralMemoryAgent
from procmem.embedding import cosine_similarity
from procmem.episode import Decision, Episode, Step
from procmem.gridworld import Action, GridWorld, shortest_path
from procmem.library import SkillLibrary
from procmem.segmentation import erase_loops, segment
from procmem.skill import Skill

__all__ = [
    "Action",
    "Decision",
    "Episode",
    "GridWorld",
    "ProceduralMemoryAgent",
    "Skill",
    "SkillLibrary",
    "Step",
    "cosine_similarity",
    "erase_loops",
    "segment",
    "shortest_path",
]
