"""Skills as small networks, in NumPy only: what was recorded is generalised to larger rooms.

A recording knows what to do where it was made. A ``NeuralSkill`` is trained to imitate all
recordings with the same effect (behaviour cloning), looks again before every action (closed loop),
and so has an answer in rooms larger than any that was recorded.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from procmem.arguments import each, function, generator, instance, real, whole
from procmem.embedding import offsets, places
from procmem.episode import holds, true_facts
from procmem.library import SkillLibrary
from procmem.skill import Skill
from procmem.storage import array_from_data, array_to_data, checked

REACH = 2
"""A place nearer than this many cells is seen exactly, one farther off only by its direction."""
EXAMPLES = 1000
"""About how many examples a network is trained on at most; each recording gives at least one."""

# ---------------------------------------------------------------- a network


class MLP:
    """A network with one hidden layer: ``tanh``, then a softmax over ``outputs``.

    Trained with Adam (Kingma & Ba 2015) on the cross-entropy. ``rng`` is a seed or a Generator.
    """

    def __init__(self, inputs, hidden, outputs, rng=None):
        sizes = {"inputs": inputs, "hidden": hidden, "outputs": outputs}
        inputs, hidden, outputs = (whole(name, size, 1, 10**4) for name, size in sizes.items())
        rng = generator("rng", rng)
        self.weights = [
            rng.standard_normal((inputs, hidden)) / np.sqrt(inputs),
            np.zeros(hidden),
            rng.standard_normal((hidden, outputs)) / np.sqrt(hidden),
            np.zeros(outputs),
        ]

    def forward(self, x):
        """Return the probabilities, shape ``(n, outputs)``, of inputs of shape ``(n, inputs)``."""
        return self._layers(_matrix("x", x, len(self.weights[0])))[1]

    def _layers(self, x):
        into, shift, out, bias = self.weights
        hidden = np.tanh(x @ into + shift)
        scores = hidden @ out + bias
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return hidden, powers / powers.sum(axis=1, keepdims=True)

    def loss(self, x, targets):
        """Return the mean cross-entropy; ``targets`` has shape ``(n, outputs)``."""
        targets = _matrix("targets", targets, len(self.weights[3]))
        return float(-(targets * np.log(self.forward(x) + 1e-12)).sum(axis=1).mean())

    def backward(self, x, targets):
        """Return the gradient of the loss for each of ``weights``."""
        x = _matrix("x", x, len(self.weights[0]))
        targets = _matrix("targets", targets, len(self.weights[3]))
        hidden, probabilities = self._layers(x)
        scores = (probabilities - targets) / len(x)
        inner = scores @ self.weights[2].T * (1 - hidden**2)
        return [x.T @ inner, inner.sum(axis=0), hidden.T @ scores, scores.sum(axis=0)]

    def train(self, x, targets, *, steps=100, rate=0.02, decay=0.01):
        """Take ``steps`` steps of Adam over all examples; return the loss before each of them."""
        steps, rate, decay = whole("steps", steps), real("rate", rate, 0), real("decay", decay, 0)
        mean, square = ([np.zeros_like(w) for w in self.weights] for _ in range(2))
        losses = []
        for t in range(1, steps + 1):
            losses.append(self.loss(x, targets))
            for i, slope in enumerate(self.backward(x, targets)):
                slope = slope + decay * self.weights[i]
                mean[i] = 0.9 * mean[i] + 0.1 * slope
                square[i] = 0.999 * square[i] + 0.001 * slope**2
                step = mean[i] / (1 - 0.9**t) / (np.sqrt(square[i] / (1 - 0.999**t)) + 1e-8)
                self.weights[i] = self.weights[i] - rate * step
        return losses


def _matrix(name, values, columns=None):
    """Return ``values`` as an array of finite floats, shape ``(n, columns)``, ``n`` at least 1."""
    try:
        array = np.asarray(values, np.float64)
    except (TypeError, ValueError, OverflowError):
        array = np.zeros(0)
    fine = array.ndim == 2 and len(array) and columns in (None, array.shape[1])
    if not fine or not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite numbers of shape (n, {columns or 'm'})")
    return array


def clipped_offsets(state, names):
    """Return what a network sees: how each place lies, in rows and in columns, clipped.

    An offset is written as an ordinal code: for each step from ``-REACH`` to ``REACH``, 1 if the
    offset lies beyond it, else -1. Neighbouring offsets have similar codes, so that a network
    guesses well between those that it was trained on. Shape ``(len(names) * 2 * 2 * REACH,)``.
    """
    seen, names = offsets(state), each("names", names, str)
    if not seen.keys() >= set(names):
        raise ValueError(f"names must be places of the state, got {names}")
    numbers = np.array([seen[name] for name in names]).ravel()
    return np.where(numbers[:, None] > np.arange(-REACH, REACH), 1.0, -1.0).ravel()


def train_network(x, targets, rng=None, **training):
    """Return an ``MLP`` with 24 hidden units, trained on ``x`` and one-hot ``targets``.

    ``training`` are options of ``MLP.train``.
    """
    x, targets = _matrix("x", x), _matrix("targets", targets)
    if len(x) != len(targets):
        raise ValueError(f"targets must have as many rows as x, {len(x)}, got {len(targets)}")
    network = MLP(x.shape[1], 24, targets.shape[1], rng)
    network.train(x, targets, **training)
    return network


# ---------------------------------------------------------------- a skill


@dataclass(eq=False, repr=False)
class NeuralSkill(Skill):
    """A skill whose policy is a network over the ``names`` of the places that matter to it.

    ``action_sequence`` lists the actions it chooses from, ``features(state, names)`` is what the
    network sees. It may start wherever its preconditions hold, and ends where its effects do.
    """

    network: MLP = field(default=None, kw_only=True)
    names: tuple[str, ...] = field(default=(), kw_only=True)
    features: Callable = field(default=clipped_offsets, kw_only=True)
    kind: ClassVar = "network"
    closed_loop: ClassVar = True

    def applicable(self, state):
        """Whether the preconditions hold in ``state`` and all that the network sees is there."""
        return super().applicable(state) and state.keys() >= {"agent", *self.names}

    def act(self, state, t):
        """Return the likeliest action, ``None`` at the end."""
        if holds(self.effects, state):
            return None
        return self.action_sequence[int(self.probabilities(state).argmax())]

    def probabilities(self, state):
        """Return the probability of each action, rounded beyond the processor's last bits."""
        x = self.features(state, self.names)
        return np.round(self.network.forward(x[None])[0], 9)

    def fit(self, similarity, state):
        """Return the probability of the likeliest action in ``state``, in ``[0, 1]``."""
        if not self.applicable(state):
            return 0.0
        return round(float(self.probabilities(state).max()), 6)

    def to_data(self):
        """Return the places and the weights; ``ValueError`` if they are not the package's."""
        if self.features is not clipped_offsets or not hasattr(self.network, "weights"):
            raise ValueError(
                f"features and network of {self.name!r} must be the package's own to be saved"
            )
        return {
            "places": list(self.names),
            "weights": [array_to_data(weight) for weight in self.network.weights],
        }

    @classmethod
    def from_data(cls, data):
        """Return network and places from what ``to_data`` gave."""
        names = tuple(checked(name, str) for name in checked(data["places"], list))
        weights = [array_from_data(weight) for weight in checked(data["weights"], list)]
        inputs, outputs = 4 * REACH * len(names), len(data["action_sequence"])
        network = MLP(inputs, len(weights[1]), outputs)
        shapes = [weight.shape for weight in network.weights]
        if [weight.shape for weight in weights] != shapes:
            raise ValueError(f"weights must have the shapes {shapes}")
        network.weights = weights
        return {"network": network, "names": names}


def clone(skills, name, names, *, features=clipped_offsets, train=train_network, rng=None):
    """Return the ``NeuralSkill`` that imitates recorded skills with the same effect.

    Each recording is an example: in its situation, its first action. It is repeated as often as its
    way was walked, or what remains of a detour would weigh as much as a habit. ``names`` are the
    places to look at, ``features(state, names)`` makes the inputs, and ``train(x, targets, rng)``
    returns a network, which has ``forward(x)``; ``targets`` are one-hot.
    """
    skills, rng = each("skills", skills, Skill), generator("rng", rng)
    function("features", features)
    function("train", train)
    if not skills or not all(len(skill) and skill.situation is not None for skill in skills):
        raise ValueError("skills must be at least one recorded skill, each with an action")
    names = each("names", names, str)
    if not names:
        raise ValueError("names must hold at least one place, got none")
    actions = sorted({skill.action_sequence[0] for skill in skills})
    walked = np.array([skill.life.walked for skill in skills])
    repeats = np.ceil(walked * min(1.0, EXAMPLES / walked.sum())).astype(int)
    x = np.array([features(skill.situation, names) for skill in skills]).repeat(repeats, axis=0)
    targets = np.eye(len(actions))[[actions.index(skill.action_sequence[0]) for skill in skills]]
    return NeuralSkill(
        name,
        skills[0].preconditions,
        actions,
        np.zeros(len(skills[0].embedding)),
        effects=skills[0].effects,
        network=train(x, targets.repeat(repeats, axis=0), rng),
        names=tuple(names),
        features=features,
    )


def consolidate(library, relevance, *, rng=None, at_least=5, **options):
    """Return a ``NeuralSkill`` for each kind of skill with at least ``at_least`` recordings.

    Recordings are of one kind if they have the same preconditions and effects. ``relevance`` is
    the encoder's: a dict from facts to the places that matter; where it is silent, all do.
    ``options`` are those of ``clone``.
    """
    rng, kinds = generator("rng", rng), {}
    at_least = whole("at_least", at_least, 1)
    instance("relevance", relevance, dict)
    for skill in instance("library", library, SkillLibrary):
        if skill.situation is not None and len(skill) and not skill.closed_loop:
            kind = tuple(sorted(skill.preconditions.items())), tuple(sorted(skill.effects.items()))
            kinds.setdefault(kind, []).append(skill)
    networks = []
    for skills in kinds.values():
        situation = skills[0].situation
        names = sorted(relevance.get(true_facts(situation)) or places(situation))
        if len(skills) >= at_least and names:
            name = f"network: {' and '.join(skills[0].effects)} #{len(networks) + 1}"
            networks.append(clone(skills, name, names, rng=rng, **options))
    return networks
