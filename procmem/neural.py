"""Skills as small networks, in NumPy only: what was recorded becomes what can be worked out.

A recording knows what to do where it was made. A ``NeuralSkill`` is trained to imitate all
recordings with the same effect (behaviour cloning), looks again before every action (closed loop),
and so has an answer in rooms larger than any that was recorded.
"""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from procmem.embedding import FourierEncoder, flags, landmarks, offsets
from procmem.gridworld import holds
from procmem.skill import Skill

NEAR = 2
"""What is nearer than this many cells is seen exactly, what is farther only by its direction."""

# ---------------------------------------------------------------- a network


class MLP:
    """A network with one hidden layer: ``tanh``, then a softmax over ``outputs``.

    Trained with Adam (Kingma & Ba) on the cross-entropy. ``rng`` is a seed or a Generator.
    """

    def __init__(self, inputs, hidden, outputs, rng=None):
        rng = np.random.default_rng(rng)
        self.weights = [
            rng.standard_normal((inputs, hidden)) / np.sqrt(inputs),
            np.zeros(hidden),
            rng.standard_normal((hidden, outputs)) / np.sqrt(hidden),
            np.zeros(outputs),
        ]

    def forward(self, x):
        """Return the probabilities, shape ``(n, outputs)``, of inputs of shape ``(n, inputs)``."""
        return self._layers(x)[1]

    def _layers(self, x):
        into, shift, out, bias = self.weights
        hidden = np.tanh(x @ into + shift)
        scores = hidden @ out + bias
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return hidden, odds / odds.sum(axis=1, keepdims=True)

    def loss(self, x, targets):
        """Return the mean cross-entropy; ``targets`` has shape ``(n, outputs)``."""
        return float(-(targets * np.log(self.forward(x) + 1e-12)).sum(axis=1).mean())

    def backward(self, x, targets):
        """Return the gradient of the loss for each of ``weights``."""
        hidden, odds = self._layers(x)
        scores = (odds - targets) / len(x)
        inner = scores @ self.weights[2].T * (1 - hidden**2)
        return [x.T @ inner, inner.sum(axis=0), hidden.T @ scores, scores.sum(axis=0)]

    def train(self, x, targets, *, steps=300, rate=0.02, decay=0.01):
        """Take ``steps`` steps of Adam over all examples; return the loss before each of them."""
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


# ---------------------------------------------------------------- a skill


def look(state, names):
    """Return what a network sees: for each landmark its row and column, one-hot, clipped.

    Shape ``(len(names) * 2 * (2 * NEAR + 1),)``.
    """
    clipped = np.clip(offsets(state, names), -NEAR, NEAR).astype(int).ravel() + NEAR
    return np.eye(2 * NEAR + 1)[clipped].ravel()


@dataclass(eq=False, repr=False)
class NeuralSkill(Skill):
    """A skill whose policy is a network over the ``names`` of the landmarks that matter to it.

    ``action_sequence`` lists the actions it chooses from. It may start wherever its preconditions
    hold; how sure the network is there takes the place of similarity. It ends when its effects
    hold; whoever runs it ends it when it comes back to a state in which it has been.
    """

    network: MLP = field(default=None, kw_only=True)
    names: tuple[str, ...] = field(default=(), kw_only=True)
    kind: ClassVar = "network"
    general: ClassVar = True

    def act(self, state, t):
        """Return the likeliest action, ``None`` at the end."""
        if holds(self.effects, state):
            return None
        return self.action_sequence[int(self.odds(state).argmax())]

    def odds(self, state):
        """Return the probability of each action, rounded beyond the processor's last bits."""
        return np.round(self.network.forward(look(state, self.names)[None])[0], 9)

    def extras(self):
        """Return the landmarks, and the weights as arrays."""
        return {"landmarks": list(self.names), "weights": list(self.network.weights)}

    @classmethod
    def revive(cls, data, actions):
        """Return network and landmarks from what ``extras`` gave; every shape must fit."""
        names, actions = tuple(data["landmarks"]), len(data["action_sequence"])
        weights = [np.array(weight, dtype=np.float64) for weight in data["weights"]]
        inputs, hidden = 2 * (2 * NEAR + 1) * len(names), len(weights[1])
        network = MLP(inputs, hidden, actions)
        shapes = [weight.shape for weight in network.weights]
        sound = all(isinstance(name, str) for name in names) and inputs and hidden
        sound = sound and [weight.shape for weight in weights] == shapes
        if not sound or not all(np.isfinite(weight).all() for weight in weights):
            found = [weight.shape for weight in weights]
            raise ValueError(f"weights must be finite numbers of shapes {shapes}, got {found}")
        network.weights = weights
        return {"network": network, "names": names}

    def likeness(self, similarity, state):
        """Return how sure the network is in ``state``, in ``[0, 1]``."""
        return round(float(self.odds(state).max()), 6)


def clone(skills, name, names, dim, *, hidden=24, rng=None, **training):
    """Return the ``NeuralSkill`` that imitates recorded skills with the same effect.

    Each recording is an example: in its situation, its first action. ``names`` are the landmarks to
    look at, ``dim`` the dimension of the library's embeddings.
    """
    actions = sorted({skill.action_sequence[0] for skill in skills})
    x = np.array([look(skill.situation, names) for skill in skills])
    targets = np.eye(len(actions))[[actions.index(skill.action_sequence[0]) for skill in skills]]
    network = MLP(x.shape[1], hidden, len(actions), rng)
    network.train(x, targets, **training)
    first = skills[0]
    return NeuralSkill(
        name,
        first.preconditions,
        actions,
        np.zeros(dim),
        effects=first.effects,
        fingerprint=name,
        network=network,
        names=tuple(names),
    )


def consolidate(library, relevance, *, rng=None, at_least=5, **training):
    """Return a ``NeuralSkill`` for each kind of skill with ``at_least`` so many recordings.

    Recordings are of one kind if they have the same preconditions and effects. ``relevance`` is
    the encoder's: a dict from facts to the landmarks that matter; where it is silent, all do.
    """
    rng, kinds = np.random.default_rng(rng), {}
    for skill in library:
        if skill.situation is not None and len(skill) and not skill.general:
            kind = tuple(sorted(skill.preconditions.items())), tuple(sorted(skill.effects.items()))
            kinds.setdefault(kind, []).append(skill)
    neural = []
    for skills in kinds.values():
        situation = skills[0].situation
        names = relevance.get(flags(situation)) or landmarks(situation)
        if len(skills) >= at_least:
            name = f"network: {' and '.join(skills[0].effects)} #{len(neural) + 1}"
            dim = len(skills[0].embedding)
            neural.append(clone(skills, name, sorted(names), dim, rng=rng, **training))
    return neural


# ---------------------------------------------------------------- an encoder


class LearnedEncoder(FourierEncoder):
    """A Fourier encoder that learns from pairs how much each landmark matters, in ``[0, 1]``.

    Two situations are alike if they are the same point of the same way: if the agent had come as
    many rows and columns from where the way began, and ended as many away. A weight for each
    landmark, under the same facts, is trained so that the cosine of such a pair goes to 1 and that
    of any other pair to 0 (contrastive learning). All landmarks matter until pairs tell otherwise.
    """

    name = "learned"
    STEPS, RATE = 80, 0.5

    def __init__(self, dim=64, length_scale=1.5):
        super().__init__(dim, length_scale=length_scale)
        self.weights, self._known = {}, 0

    def situation(self, state):
        """Return the Fourier features of the offsets, each times the weight of its landmark."""
        weights, (row, col) = self.weights.get(flags(state), {}), state["agent"]
        moved = {"agent": (0, 0)}
        for name in landmarks(state):
            weight = weights.get(name, 1.0)
            moved[name] = weight * (state[name][0] - row), weight * (state[name][1] - col)
        return super().situation({**state, **moved})

    def learn(self, experiences):
        """Learn anew whenever half as much again is known; return whether vectors change."""
        if len(experiences) < 1.5 * self._known + 1:
            return False
        self._known, groups = len(experiences), {}
        for experience in experiences:
            groups.setdefault(flags(experience[1]), []).append(experience)
        self.weights = {context: self.contrast(group) for context, group in groups.items()}
        return True

    def contrast(self, experiences):
        """Return the weight of each landmark, from triples (origin, situation, outcome)."""
        names = landmarks(experiences[0][1])
        seen = np.array([offsets(situation, names) for _, situation, _ in experiences])
        places = np.array([[state["agent"] for state in triple] for triple in experiences])
        points = (places[:, ::2] - places[:, 1:2]).reshape(len(places), 4)  # behind, and ahead
        alike = (points[:, None] == points[None]).all(axis=-1)
        apart = ((seen[:, None] - seen[None]) ** 2).sum(axis=-1) / self.length_scale**2
        if alike.all():
            return dict.fromkeys(names, 1.0)
        # Pairs of either kind count as much as the other, however many; nobody pairs with itself.
        pairs = max(alike.sum() - len(alike), 1)
        share = np.where(alike, 0.5 / pairs, 0.5 / (~alike).sum())
        weights = np.ones(len(names))
        for _ in range(self.STEPS):
            cosine = np.exp(-(apart @ weights**2) / 2)
            slope = -(share * (cosine - alike) * cosine)[..., None] * apart * weights
            weights = np.clip(weights - self.RATE * slope.sum(axis=(0, 1)), 0.0, 1.0)
        # Rounded: what is decided must not hang on the last bit of a sum.
        return dict(zip(names, np.round(weights, 6).tolist(), strict=True))
