"""Encoders to compare with the package's: each is worse in one way, on purpose."""

import zlib
from functools import partial

import numpy as np

from procmem.arguments import each, instance, several, whole
from procmem.embedding import Encoder, places, unit
from procmem.episode import true_facts
from procmem.skill import Recording


def absolute_places(state):
    """Return the places as they are, counted from the room's corner, the agent's own included."""
    return {name: state[name] for name in ("agent", *places(state)) if name in state}


def all_places(recordings):
    """Return the names of all places: nothing is left out."""
    recordings = each("recordings", recordings, Recording)
    if not recordings:
        raise ValueError("recordings must hold at least one recording, got none")
    return frozenset(places(recordings[0].situation))


def raw_features(inputs, dim):
    """Return the inputs as they are, one after the other, shape ``(numbers,)``."""
    inputs = instance("inputs", inputs, dict)
    return np.array([one for values in inputs.values() for one in several("inputs", values)])


absolute = partial(Encoder, offsets=absolute_places, features=raw_features, relevant=all_places)
"""Row and column of everything, as they are."""
egocentric = partial(Encoder, features=raw_features, relevant=all_places)
"""Offsets to all places, as they are."""
fourier = partial(Encoder, relevant=all_places)
"""Offsets to all places, as random Fourier features."""


class HashedEncoder:
    """The recipe that circulates: hashed position, flags and actions under one norm.

    ``salt`` stands for the number that Python draws anew for each process when it hashes a string.
    """

    kind = "hashed"

    def __init__(self, dim=64, salt=0):
        self.dim, self.salt = whole("dim", dim, 1), whole("salt", salt)

    def __call__(self, state, action_seq=()):
        """Return the vector of ``state`` and ``action_seq``, shape ``(dim,)``."""
        words = [f"agent{state['agent']}", *sorted(true_facts(state))]
        words += [action.name for action in action_seq]
        vector = np.zeros(self.dim)
        for word in words:
            vector[zlib.crc32(f"{self.salt}{word}".encode()) % self.dim] += 1.0
        return unit(vector)

    def learn(self, recordings):
        """Return ``False``: no vector changes."""
        each("recordings", recordings, Recording)
        return False

    def describe(self):
        """Return what must agree for two encoders' vectors to be compared, as plain data."""
        return {"kind": self.kind, "dim": self.dim, "salt": self.salt}
