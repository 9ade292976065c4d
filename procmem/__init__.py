"""procmem: procedural memory for agents, small enough to read in an afternoon."""

from procmem.agent import ProceduralMemoryAgent
from procmem.embedding import cosine_similarity
from procmem.episode import Decision, Episode, Step
from procmem.gridworld import Action, GridWorld, shortest_path
from procmem.lazy import exports
from procmem.library import SkillLibrary
from procmem.segmentation import erase_loops, segment
from procmem.skill import Skill

__getattr__, __dir__, _later = exports(
    __name__,
    {
        "doorkey": "DoorKeyFacts",
        "embedding": "Encoder fourier_features offsets places relevant_places unit",
        "episode": "Candidate facts holds state_key true_facts",
        "exploration": "CuriousExplorer",
        "gridworld": "MOVES Layout draw_layout fixed_layout text_view transition",
        "neural": "MLP NeuralSkill clipped_offsets clone consolidate train_network",
        "office": "Office",
        "rehearsal": "Gate Rehearsal net_gain reachable would_work",
        "retention": """Retention at_random failing least_recently_used
            least_used least_useful""",
        "segmentation": "achieved known_paths undone",
        "skill": "Life Recording action_name describe",
    },
)
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
    *_later,
]
