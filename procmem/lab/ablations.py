"""The full agent with one thing taken away: what is each part good for?"""

from dataclasses import replace
from functools import partial

from procmem.agent import ProceduralMemoryAgent
from procmem.embedding import AbsoluteEncoder, EgocentricEncoder, FourierEncoder
from procmem.lab.baselines import UninterruptedAgent
from procmem.segmentation import erase_loops


class WithoutSegments(ProceduralMemoryAgent):
    """Learns from whole solved episodes only."""

    def learn(self, steps):
        """Turn a solved episode, uncut, into skills."""
        if steps and steps[-1].terminated:
            for way in self.ways(steps):
                self.library.add(self.make_skill(way, {"at_goal": True}, steps[0].state))
            self._attend()


class WithoutMerging(ProceduralMemoryAgent):
    """Keeps every skill, twins as well."""

    def make_skill(self, way, effects, origin):
        """Return a skill that is nobody's twin."""
        skill = super().make_skill(way, effects, origin)
        return replace(skill, fingerprint=skill.name)

    def _again(self, skill):
        return replace(super()._again(skill), fingerprint=skill.name)


def _encoded(encoder, env, embedding_dim=64, rng=None, **options):
    encoder = encoder(embedding_dim)
    return ProceduralMemoryAgent(env, embedding_dim, rng, encoder=encoder, **options)


def as_walked(steps):
    """Return the steps as they were, loops and all."""
    return [list(steps)]


def each_suffix(steps):
    """Return every suffix of the steps, loops and all."""
    return [steps[i:] for i in range(len(steps))]


def straightened(steps):
    """Return the whole way, without its loops."""
    return [way] if (way := erase_loops(steps)) else []


ABLATIONS = {
    "the full agent": ProceduralMemoryAgent,
    "encoder: all landmarks, Fourier": partial(_encoded, FourierEncoder),
    "encoder: all landmarks, raw offsets": partial(_encoded, EgocentricEncoder),
    "encoder: absolute places": partial(_encoded, AbsoluteEncoder),
    "no threshold": partial(ProceduralMemoryAgent, threshold=-1),
    "strict threshold, 0.95": partial(ProceduralMemoryAgent, threshold=0.95),
    "no segments: whole episodes": WithoutSegments,
    "no loop erasure": partial(ProceduralMemoryAgent, ways=each_suffix),
    "no suffixes": partial(ProceduralMemoryAgent, ways=straightened),
    "no merging of twins": WithoutMerging,
    "no success estimate": partial(ProceduralMemoryAgent, min_success=0),
    "no interruption": UninterruptedAgent,
}
"""What builds each variant, by name: ``make(env, rng=seed)``."""
