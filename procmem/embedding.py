"""From a state to a vector, so that likeness becomes a number.

An encoder is a function of a state that returns a vector of shape ``(dim,)``. The package has one,
``Encoder``: offsets to the places that matter, as random Fourier features. What matters it learns.
"""

import math

import numpy as np

from procmem import arguments
from procmem.arguments import having, instance, real, vector, whole
from procmem.episode import partial_state, true_facts

FACT_SCALE = 4.0
"""How far apart two states lie that differ in one fact, in length scales."""
TOLERANCE = 0.02
"""A place is the same every time if at most this share of its usual variance is left."""


def cosine_similarity(a, b):
    """Return the cosine of the angle between two vectors, in ``[-1, 1]``; 0 where one is zero."""
    a, b = vector("a", a), vector("b", b)
    if a.shape != b.shape:
        raise ValueError(f"a and b must be vectors of one shape, got {a.shape} and {b.shape}")
    # Rounded, because the last bits depend on the processor; 0.0 is added to turn -0.0 into 0.0.
    return round(float(unit(a) @ unit(b)), 12) + 0.0


def unit(array):
    """Return a vector scaled to length 1; the zero vector has no direction and stays zero."""
    try:
        length = math.hypot(*array.tolist())  # does not overflow or vanish where squares would
    except (AttributeError, TypeError):
        raise ValueError(f"array must be a vector of numbers, got {array!r}") from None
    return array / length if length > 0.0 else np.zeros_like(array)


def places(state):
    """Return the names of the places in ``state`` other than the agent's own, sorted."""
    entries = instance("state", state, dict).items()
    return sorted([name for name, value in entries if isinstance(value, tuple) and name != "agent"])


def offsets(state):
    """Return ``{name: (rows, cols)}``: where each place lies as seen from the agent, in cells."""
    names = places(state)
    if "agent" not in state:
        return {}
    try:
        row, col = state["agent"]
        return {name: (state[name][0] - row, state[name][1] - col) for name in names}
    except (TypeError, ValueError, IndexError):
        raise ValueError(f"state must have (row, col) tuples as places, got {state!r}") from None


def fourier_features(inputs, dim):
    """Return cosines and sines of random projections of ``inputs``, shape ``(dim,)``.

    ``inputs`` is a dict from names to tuples of numbers. The cosine of two such vectors
    approximates ``exp(-d**2 / 2)``, where ``d`` is the distance of the inputs (random Fourier
    features, Rahimi & Recht 2007). An odd ``dim`` ends in a zero.
    """
    try:
        numbers = np.array([number for values in inputs.values() for number in values], np.float64)
        widths = tuple((str(name), len(values)) for name, values in inputs.items())
    except (AttributeError, TypeError, ValueError):
        kind = "a dict from names to tuples of numbers"
        raise ValueError(f"inputs must be {kind}, got {inputs!r}") from None
    phases = _frequencies(widths, whole("dim", dim, 2, 10**6) // 2) @ numbers
    return np.concatenate([np.cos(phases), np.sin(phases), np.zeros(dim % 2)])


_DRAWN = {}


def _frequencies(widths, pairs):
    """Return the frequencies of these inputs, shape ``(pairs, numbers)``; equal everywhere."""
    if (widths, pairs) not in _DRAWN:
        # Seeded by the name: a place keeps its frequencies, whatever else matters.
        blocks = [
            np.random.default_rng([7, *name.encode()]).standard_normal((pairs, width))
            for name, width in widths
        ]
        _DRAWN[widths, pairs] = np.hstack([np.zeros((pairs, 0)), *blocks])
    return _DRAWN[widths, pairs]


def relevant_places(recordings):
    """Return the names of the places that matter, as a frozenset; all while too little is known.

    ``recordings`` have the states ``begin``, ``situation`` and ``end``: where a piece of an episode
    began, some state on its way, where it ended. A place matters if its offset is the same every
    time a piece begins, or the same every time it ends: at most 2 % of its variance over the
    situations are left there. A place whose offset never varies says nothing.
    """
    recordings = _recordings(recordings)
    if not recordings:
        raise ValueError("recordings must hold at least one recording, got none")
    moments = [
        [instance(when, getattr(one, when), dict) for one in recordings]
        for when in ("begin", "situation", "end")
    ]
    states = [state for states in moments for state in states]
    names = [
        name for name in places(states[0]) if {type(one.get(name)) for one in states} == {tuple}
    ]
    numbers = [number for one in states for name in ("agent", *names) for number in one[name]]
    cells = np.array(numbers).reshape(3, len(recordings), -1, 2)
    # How much each place's offset varies at each moment, shape (3, names).
    begins, usual, ends = (cells[:, :, 1:] - cells[:, :, :1]).var(axis=1).sum(axis=2)
    # Rounded, so that nothing is decided by the last bit of a sum.
    same = np.round(np.minimum(begins, ends) - TOLERANCE * usual, 9) <= 0
    found = frozenset(
        name for name, kept, varies in zip(names, same, usual > 0, strict=True) if kept and varies
    )
    begin, _, end = (states[0] for states in moments)
    other = any(one.begin != begin or one.end != end for one in recordings)
    return found if found and other else frozenset(names)


def _recordings(recordings):
    found = list(arguments.several("recordings", recordings))
    return [having("each of recordings", one, "begin", "situation", "end") for one in found]


class Encoder:
    """Facts and the offsets of the places that matter, as features of shape ``(dim,)``.

    With the default ``features`` two states that differ by ``d`` cells have a similarity of about
    ``exp(-d**2 / (2 * length_scale**2))``. ``relevance`` says what matters: a dict from a frozenset
    of true facts to a frozenset of place names; where it is silent, every place matters. ``learn``
    sets it. Text is ignored.

    ``offsets(state)`` returns ``{name: (rows, cols)}``, ``features(inputs, dim)`` at most ``dim``
    numbers for a dict from names to tuples of numbers, and ``relevant(recordings)`` the names that
    matter; each is a function that may be replaced.
    """

    kind = "offsets"

    def __init__(
        self,
        dim=64,
        *,
        length_scale=4.0,
        offsets=offsets,
        features=fourier_features,
        relevant=relevant_places,
    ):
        self.dim = whole("dim", dim, 2, 10**6)
        self.length_scale = real("length_scale", length_scale, 1e-9)
        self.offsets = arguments.function("offsets", offsets)
        self.features = arguments.function("features", features)
        self.relevant = arguments.function("relevant", relevant)
        self.relevance = {}

    def __call__(self, state):
        """Return the vector of ``state``, of length 1, shape ``(dim,)``."""
        state = partial_state("state", state)
        matter = self.relevance.get(true_facts(state))
        inputs = {}
        for name, value in sorted(state.items()):
            if isinstance(value, bool):
                inputs[name] = (FACT_SCALE * value,)
        for name, offset in self.offsets(state).items():
            if matter is None or name in matter:
                inputs[name] = tuple(number / self.length_scale for number in offset)
        return padded(self.features(inputs, self.dim), self.dim)

    def learn(self, recordings):
        """Set ``relevance`` from recordings; return whether it changed.

        Only recordings whose facts are those of their beginning are used: what the agent did before
        a fact changed says nothing about what matters after it. A place that was once found not to
        matter stays so: it has varied, though twins from other rooms may have been merged since.
        """
        groups = {}
        for one in _recordings(recordings):
            known = true_facts(one.situation)
            states = one.begin, one.situation, one.end
            seen = all(state and "agent" in state for state in states)
            if seen and true_facts(one.begin) == known:
                groups.setdefault(known, []).append(one)
        before = dict(self.relevance)
        for known, group in groups.items():
            found = frozenset(self.relevant(group))
            self.relevance[known] = found & before.get(known, found) or found
        return self.relevance != before

    def describe(self):
        """Return what must agree for two encoders' vectors to be compared, as plain data."""
        return {"kind": self.kind, "dim": self.dim, "length_scale": self.length_scale}


class FunctionEncoder:
    """A plain function of a state in the place of an encoder; it learns nothing."""

    def __init__(self, function, dim):
        self.function, self.dim = arguments.function("function", function), whole("dim", dim, 1)
        self.kind = getattr(function, "__name__", type(function).__name__)

    def __call__(self, state):
        """Return the function's vector, zeros behind it, shape ``(dim,)``."""
        return padded(self.function(state), self.dim)

    def learn(self, recordings):
        """Return ``False``: no vector changes."""
        _recordings(recordings)
        return False

    def describe(self):
        """Return what must agree for two encoders' vectors to be compared, as plain data."""
        return {"kind": self.kind, "dim": self.dim}


def padded(numbers, dim):
    """Return numbers scaled to length 1, with zeros behind them, shape ``(dim,)``."""
    numbers, dim = vector("numbers", numbers), whole("dim", dim, 1, 10**6)
    if len(numbers) > dim:
        raise ValueError(f"dim must hold {len(numbers)} numbers, got {dim}")
    filled = np.zeros(dim)
    filled[: len(numbers)] = unit(numbers)
    return filled
