"""The full agent with one thing taken away: what is each part good for?"""

from functools import partial

from procmem.agent import ProceduralMemoryAgent
from procmem.lab import encoders
from procmem.lab.baselines import LeastTried, UninterruptedAgent
from procmem.segmentation import erase_loops


def whole_episode(steps):
    """Return a solved episode as one piece, uncut."""
    return [steps] if steps and steps[-1].terminated else []


def each_suffix(steps):
    """Return every suffix of the steps, loops and all."""
    return [steps[i:] for i in range(len(steps))]


def straightened(steps):
    """Return the whole path from the beginning, without its loops, and none of its suffixes."""
    return [path] if (path := erase_loops(steps)) else []


def seeing(encoder, env, embedding_dim=64, rng=None, **options):
    """Return an agent that sees through ``encoder(dim)``."""
    return ProceduralMemoryAgent(env, rng=rng, encoder=encoder(embedding_dim), **options)


def untaught(env, rng=None):
    """Return an agent that explores by the least tried action."""
    return ProceduralMemoryAgent(env, rng=rng, explorer=LeastTried())


ABLATIONS = {
    "the full agent": ProceduralMemoryAgent,
    "encoder: all places, Fourier": partial(seeing, encoders.fourier),
    "encoder: all places, raw offsets": partial(seeing, encoders.egocentric),
    "encoder: absolute places": partial(seeing, encoders.absolute),
    "no threshold": partial(ProceduralMemoryAgent, threshold=-1, frozen_threshold=-1),
    "strict threshold, 0.95": partial(ProceduralMemoryAgent, threshold=0.95, frozen_threshold=0.95),
    "no segments: whole episodes": partial(ProceduralMemoryAgent, segment=whole_episode),
    "no loop erasure": partial(ProceduralMemoryAgent, paths=each_suffix),
    "no suffixes": partial(ProceduralMemoryAgent, paths=straightened),
    "no success estimate": partial(ProceduralMemoryAgent, min_success=0),
    "no interruption": UninterruptedAgent,
    "explorer: least tried": untaught,
}
"""What builds each variant, by name: ``make(env, rng=seed)``."""
