"""From a situation to a vector, so that likeness becomes a number.

Every encoder is called as ``encoder(state, action_seq)`` and returns a vector of shape ``(dim,)``:
a block for the situation and a block for the actions. A query leaves the actions out.
"""

import hashlib
import math
import zlib

import numpy as np

ACTION_WEIGHT = 0.1
"""Length of the action block's vector beside the situation's, which is 1: a whisper."""


def cosine_similarity(a, b):
    """Return the cosine of the angle between two vectors, in ``[-1, 1]``; 0 where one is zero."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if a.ndim != 1 or a.shape != b.shape:
        raise ValueError(f"a and b must be vectors of one shape, got {a.shape} and {b.shape}")
    # The last bits are the processor's own: they go, lest 1 be passed or 0 be shown as -0.
    return round(float(unit(a, "a") @ unit(b, "b")), 12) + 0.0


def unit(vector, name="vector"):
    """Return ``vector`` scaled to length 1; the zero vector has no direction and stays zero.

    ``name`` is what the error calls it where its length is no finite number.
    """
    length = math.hypot(*vector.tolist())  # squares that overflow or vanish are no trouble for it
    if not math.isfinite(length):
        raise ValueError(
            f"{name} must hold finite numbers only, got NaN, infinity or a length beyond"
        )
    return vector / length if length > 0.0 else np.zeros_like(vector)


def fingerprint(vector):
    """Return a short text that is equal for vectors equal to four decimals, in every process."""
    # Adding 0.0 turns -0.0 into 0.0: the two are equal, but their bytes are not.
    return hashlib.blake2b((np.round(vector, 4) + 0.0).tobytes(), digest_size=12).hexdigest()


def landmarks(state):
    """Return the names of the places in ``state`` other than the agent's own, sorted."""
    return sorted(
        name for name, value in state.items() if isinstance(value, tuple) and name != "agent"
    )


def offsets(state, names=None):
    """Return where the landmarks lie as seen from the agent, in cells, shape ``(names, 2)``."""
    here = state["agent"]
    places = [state[name] for name in (landmarks(state) if names is None else names)]
    return np.array(
        [(place[0] - here[0], place[1] - here[1]) for place in places], dtype=np.float64
    )


def flags(state):
    """Return the names of the entries of ``state`` that are true, as a frozenset."""
    return frozenset(name for name, value in state.items() if value is True)


class Encoder:
    """Base of the encoders whose situation and action blocks are normalised separately."""

    name = "encoder"

    def __init__(self, dim=64):
        if isinstance(dim, bool) or not isinstance(dim, (int, np.integer)) or dim < 4:
            raise ValueError(f"dim must be a whole number from 4 up, got {dim!r}")
        self.dim = int(dim)
        self.action_dim = min(8, self.dim // 4)

    def __call__(self, state, action_seq=()):
        """Return the vector of ``state`` and ``action_seq``, shape ``(dim,)``."""
        situation = unit(self.situation(state))
        if len(situation) > self.dim - self.action_dim:
            needed = len(situation) + self.action_dim
            raise ValueError(
                f"dim must be at least {needed} to hold this situation, got {self.dim}"
            )
        vector = np.zeros(self.dim)
        vector[: len(situation)] = situation
        if len(action_seq):
            vector[-self.action_dim :] = ACTION_WEIGHT * unit(self.actions(action_seq))
        return vector

    def situation(self, state):
        """Return at most ``dim - action_dim`` numbers that describe ``state``."""
        raise NotImplementedError

    def learn(self, experiences):
        """Learn from triples (origin, situation, outcome); return whether vectors change."""
        return False

    def actions(self, action_seq):
        """Return the action block: how often each action, earlier ones counting more."""
        block = np.zeros(self.action_dim)
        for t, action in enumerate(action_seq):
            block[int(action) % self.action_dim] += 0.8**t
        return block


class HashedEncoder(Encoder):
    """The recipe that circulates: hashed position, flags and hashed actions under one norm.

    ``salt`` stands for the number that Python draws anew for each process when it hashes a string.
    """

    name = "hashed"

    def __init__(self, dim=64, salt=0):
        super().__init__(dim)
        self.salt = salt

    def __call__(self, state, action_seq=()):
        """Return the vector of ``state`` and ``action_seq``, shape ``(dim,)``."""
        words = [f"agent{state['agent']}", *sorted(flags(state)), *(a.name for a in action_seq)]
        vector = np.zeros(self.dim)
        for word in words:
            vector[zlib.crc32(f"{self.salt}{word}".encode()) % self.dim] += 1.0
        return unit(vector)


class AbsoluteEncoder(Encoder):
    """Row and column of everything, counted from the room's corner."""

    name = "absolute"

    def situation(self, state):
        """Return the coordinates and the facts as they are."""
        places = [state[name] for name in ("agent", *landmarks(state))]
        return np.concatenate([np.ravel(places), _facts(state)]).astype(np.float64)


class EgocentricEncoder(Encoder):
    """Offsets to the landmarks, as seen from the agent: they survive a move to another room."""

    name = "egocentric"

    def situation(self, state):
        """Return the offsets and the facts as they are."""
        return np.concatenate([offsets(state).ravel(), _facts(state)])


class FourierEncoder(Encoder):
    """Offsets to the landmarks that matter, as random Fourier features (Rahimi & Recht, 2007).

    The cosine of two such vectors approximates ``exp(-d**2 / (2 * length_scale**2))``, where ``d``
    is how far apart, in cells, the relevant offsets lie. ``relevance`` says which landmarks matter:
    a dict from a frozenset of true facts to a set of landmark names. Where it is silent, all
    matter.
    """

    name = "fourier"
    FACT_SCALE = 4.0

    def __init__(self, dim=64, relevance=None, length_scale=1.5):
        super().__init__(dim)
        if not length_scale > 0:
            raise ValueError(f"length_scale must be a positive number of cells, got {length_scale}")
        self.relevance = dict(relevance or {})
        self.length_scale = length_scale
        self._pairs = (self.dim - self.action_dim) // 2
        self._drawn = {}

    def situation(self, state):
        """Return cosines and sines of the relevant offsets and the facts, all equally long."""
        relevant = self.relevance.get(flags(state))
        row, col = state["agent"]
        columns, inputs = [], []
        for name, value in sorted(state.items()):
            if isinstance(value, bool):
                columns.append((name, 1))
                inputs.append(self.FACT_SCALE * value)
            elif name != "agent" and (relevant is None or name in relevant):
                columns.append((name, 2))
                inputs += [
                    (value[0] - row) / self.length_scale,
                    (value[1] - col) / self.length_scale,
                ]
        phases = self._frequencies(tuple(columns)) @ np.array(inputs)
        return np.concatenate([np.cos(phases), np.sin(phases)])

    def _frequencies(self, columns):
        """Return the frequencies of these inputs, shape ``(pairs, inputs)``, always the same."""
        if columns not in self._drawn:
            # Seeded by the name: a landmark keeps its frequencies whichever others matter.
            blocks = [
                np.random.default_rng([7, *name.encode()]).standard_normal((self._pairs, width))
                for name, width in columns
            ]
            self._drawn[columns] = np.hstack(blocks)
        return self._drawn[columns]


class RelevanceEncoder(FourierEncoder):
    """A Fourier encoder that finds out by itself which landmarks matter."""

    name = "relevance"

    def learn(self, experiences):
        """Set ``relevance`` from triples (origin, situation, outcome), return if it changed."""
        groups = {}
        for experience in experiences:
            groups.setdefault(flags(experience[1]), []).append(experience)
        before = self.relevance
        self.relevance = {context: self.judge(group) for context, group in groups.items()}
        return self.relevance != before

    def judge(self, experiences):
        """Return the landmarks that matter, as a frozenset of names."""
        return relevant_landmarks(experiences)


class InvariantEncoder(RelevanceEncoder):
    """Stricter: only the landmarks whose offset is the same, to the cell, every time it works.

    For worlds with few different situations, in which what does not matter varies little as well.
    Only pieces whose facts did not change on the way to a situation count there.
    """

    name = "invariant"
    TOLERANCE = 0.02  # of the usual variance

    def learn(self, experiences):
        """Set ``relevance`` from triples (origin, situation, outcome), return if it changed."""
        straight = [one for one in experiences if flags(one[0]) == flags(one[1])]
        return super().learn(straight)

    def judge(self, experiences):
        """Return the landmarks that matter: all, until two different pieces have worked."""
        names = landmarks(experiences[0][0])
        _, usual, ends = (_spread(states) for states in zip(*experiences, strict=True))
        same = (ends <= self.TOLERANCE * usual) & (usual > 0)
        ways = {tuple(frozenset(state.items()) for state in one[::2]) for one in experiences}
        relevant = [name for name, constant in zip(names, same, strict=True) if constant]
        return frozenset(relevant if relevant and len(ways) > 1 else names)


def relevant_landmarks(experiences, at_least=0.7):
    """Return the landmarks that matter, as a frozenset of names: all, while too little is known.

    ``experiences`` are triples of states: where a piece of an episode began (origin), some state on
    the way (situation), where it ended (outcome). A landmark matters if its offset is the same
    every time it begins, or the same every time it works: of its variance over the situations, the
    share ``at_least`` must be gone there. A landmark that never varies says nothing.
    """
    names = landmarks(experiences[0][0])
    begins, usual, ends = (_spread(states) for states in zip(*experiences, strict=True))
    different = len({frozenset(outcome.items()) for _, _, outcome in experiences})
    # One imagined piece that varies as usual keeps three real ones from jumping to conclusions.
    left = (different * np.minimum(begins, ends) + usual) / (different + 1)
    # Rounded, so that no landmark hangs on the last bit of a sum.
    gone = np.round(1 - np.divide(left, usual, out=np.ones_like(usual), where=usual > 0), 9)
    relevant = [name for name, share in zip(names, gone, strict=True) if share >= at_least]
    return frozenset(relevant or names)


def _spread(states):
    """Return the variance of each landmark's offset over the states, shape ``(landmarks,)``."""
    names = landmarks(states[0])
    places = np.array([[state[name] for name in names] for state in states])
    agents = np.array([[state["agent"]] for state in states])
    return (places - agents).var(axis=0).sum(axis=1)


def _fact_names(state):
    return sorted(name for name, value in state.items() if isinstance(value, bool))


def _facts(state):
    return np.array([state[name] for name in _fact_names(state)], dtype=np.float64)
