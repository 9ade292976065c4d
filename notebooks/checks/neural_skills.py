"""The exercises of lesson 07, Neural skills."""

import numpy as np
from procmem_checks.exercise import Exercise, equal

from procmem import MLP, clipped_offsets, offsets

# ---------------------------------------------------------------- 07.1: what a network sees

_HERE = {"agent": (4, 2), "key": (13, 1), "door": (4, 4), "goal": (2, 7), "has_key": False}
_QUESTIONS = np.arange(-2, 2)


def _coded(numbers):
    return np.where(np.asarray(numbers)[:, None] > _QUESTIONS, 1.0, -1.0).ravel()


def _why_features(args, given, expected):
    state, names = args
    numbers = np.ravel([offsets(state)[name] for name in names])
    given = np.asarray(given, dtype=float)
    if len(given) == len(numbers):
        return f"each of the {len(numbers)} numbers has four answers, not one"
    if equal(given, 1.0 * (expected > 0)):
        return "yes is 1.0 and no is -1.0, not 1 and 0"
    if equal(given, -expected):
        return "yes and no are exchanged: a number that is greater gets 1.0"
    if equal(given, np.where(numbers[:, None] >= _QUESTIONS, 1.0, -1.0).ravel()):
        return "the question is greater than, not at least: 1 is not greater than 1"
    if equal(given, _coded(numbers.reshape(-1, 2)[:, ::-1].ravel())):
        return "the rows come before the columns"
    if equal(given, _coded(np.ravel([state[name] for name in names]))):
        return "offsets are counted from the agent: subtract its row and column"
    if len(given) != len(expected):
        many = len(offsets(state)) * 8
        if len(given) == many:
            return f"only the places in names are looked at, here {' and '.join(names)}"
        return f"two numbers a place and four answers a number make {len(expected)} answers"
    at = int(np.flatnonzero(given != expected)[0])
    number, asked = numbers[at // 4], _QUESTIONS[at % 4]
    return f"answer {at} (counted from 0) asks whether {number} is greater than {asked}"


# ---------------------------------------------------------------- 07.2: forward


def _forward(x, weights):
    into, shift, out, bias = weights
    hidden = np.tanh(x @ into + shift)
    scores = hidden @ out + bias
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return hidden, powers / powers.sum(axis=1, keepdims=True)


def _weights(inputs, hidden, outputs, seed, scale=1.0):
    rng = np.random.default_rng(seed)
    shapes = (inputs, hidden), (hidden,), (hidden, outputs), (outputs,)
    return [scale * rng.standard_normal(shape).round(1) for shape in shapes]


def _examples(count, inputs, outputs, seed):
    rng = np.random.default_rng(seed)
    targets = np.eye(outputs)[rng.integers(outputs, size=count)]
    return rng.standard_normal((count, inputs)).round(1), targets


def _forward_cases():
    x, _ = _examples(2, 3, 2, 1)
    far = _weights(3, 4, 3, 3)
    far[2] = 100_000 * far[2]
    return (x, _weights(3, 4, 2, 2)), (x[:1], _weights(3, 2, 3, 4)), (x, far)


def _why_forward(args, given, expected):
    if not isinstance(given, tuple | list) or len(given) != 2:
        return "two things come back: the hidden layer and the probabilities"
    x, (into, shift, out, bias) = args
    hidden, shares = (np.asarray(one, dtype=float) for one in given)
    inside = x @ into + shift
    if hidden.shape != expected[0].shape:
        return f"the hidden layer has the shape {expected[0].shape}, not {hidden.shape}"
    if equal(hidden, inside):
        return "the hidden layer is not squeezed: tanh is missing"
    if equal(hidden, np.tanh(x @ into)):
        return "the shift is missing: tanh is taken of x @ into + shift"
    if not equal(hidden, expected[0]):
        return "the hidden layer is the tanh of x @ into + shift"
    if not np.isfinite(shares).all():
        return "large scores overflow: subtract the largest of each row first"
    if equal(shares, expected[0] @ out + bias):
        return "these are the scores: the softmax is missing"
    if not equal(shares.sum(axis=1), np.ones(len(x))):
        return "the probabilities of each row add up to 1: divide by the sum along axis 1"
    if equal(shares, _forward(x, [into, shift, out, 0 * bias])[1]):
        return "the bias is missing: the scores are hidden @ out + bias"
    return "the scores are hidden @ out + bias, and the probabilities their softmax"


def _words(args):
    return f"forward(x, weights) with x of shape {args[0].shape}"


# ---------------------------------------------------------------- 07.3: the gradient


def _backward(x, targets, weights):
    hidden, probabilities = _forward(x, weights)
    scores = (probabilities - targets) / len(x)
    inner = scores @ weights[2].T * (1 - hidden**2)
    return [x.T @ inner, inner.sum(axis=0), hidden.T @ scores, scores.sum(axis=0)]


def _gradient_cases():
    first = (*_examples(3, 1, 2, 5), _weights(1, 2, 2, 6))
    return first, (*_examples(4, 3, 3, 7), _weights(3, 2, 3, 8))


def _rounded(function, *args):
    """Return the slopes with four decimals: enough to judge them, and short to read."""
    slopes = function(*args)
    if not isinstance(slopes, tuple | list):
        return slopes
    return [np.round(np.asarray(array, dtype=float), 4) for array in slopes]


_NAMES = ("into", "shift", "out", "bias")


def _why_gradient(args, given, expected):
    if not isinstance(given, tuple | list) or len(given) != 4:
        return "four arrays come back, one for each of into, shift, out and bias"
    for name, one, right in zip(_NAMES, given, expected, strict=True):
        if np.shape(one) != right.shape:
            return f"the slopes of {name} have its shape, {right.shape}, not {np.shape(one)}"
    if equal(given[3], -expected[3]):
        return "the slopes of out and bias have the wrong sign: by trial the judge finds the other"
    if equal(given[3], np.round(len(args[0]) * _backward(*args)[3], 4)):
        return f"the loss is averaged over {len(args[0])} examples, and so are its slopes"
    wrong = [n for n, a, b in zip(_NAMES, given, expected, strict=True) if not equal(a, b)]
    if wrong == ["into", "shift"] or wrong == ["into"]:
        _, probabilities = _forward(args[0], args[2])
        flat = (probabilities - args[1]) / len(args[0]) @ args[2][2].T
        if equal(given[1], np.round(flat.sum(axis=0), 4)):
            return "the slopes of into and shift leave out the slope of tanh, 1 - hidden**2"
        return "the slopes of into and shift differ from the judge's; those of out and bias agree"
    return f"the slopes of {' and '.join(wrong)} differ from the judge's"


def _described(args):
    return f"gradient(x, targets, weights) with {len(args[0])} examples"


# ---------------------------------------------------------------- 07.4: training


def _train(x, targets, rng, steps=200, rate=0.5):
    network = MLP(x.shape[1], 24, targets.shape[1], rng)
    for _ in range(steps):
        slopes = network.backward(x, targets)
        network.weights = [w - rate * s for w, s in zip(network.weights, slopes, strict=True)]
    return network


def _train_cases():
    x = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    targets = np.eye(2)[[0, 1, 1, 0]]
    return tuple((x, targets, np.random.default_rng(1), steps, 0.5) for steps in (200, 1))


def _losses(args, given):
    """Return the loss of an answer, of an untrained network and of the reference."""
    x, targets, rng, steps, rate = args
    start, losses = rng.bit_generator.state, []
    for many in (None, 0, steps):
        rng.bit_generator.state = start
        network = given if many is None else _train(x, targets, rng, many, rate)
        probabilities = np.asarray(network.forward(x))
        losses.append(-np.log(probabilities[targets == 1] + 1e-12).mean())
    return losses


def _trained(args, given):
    loss, before, _ = _losses(args, given)
    return 0.2 < loss < before if args[3] == 1 else loss < 0.2


def _why_train(args, given, expected):
    if not hasattr(given, "forward"):
        return "an agent asks for `forward`: return Network(weights)"
    loss, before, right = _losses(args, given)
    if args[3] == 1:
        return (
            f"steps=1 asks for a single step, from loss {before:.2f} to {right:.2f}, not {loss:.2f}"
        )
    if loss > before + 1e-9:
        return (
            f"the loss rose from {before:.2f} to {loss:.2f}: step against the slope, not along it"
        )
    if abs(loss - before) < 1e-9:
        return f"the loss is still {before:.2f}, as before training: the weights did not change"
    return (
        f"after {args[3]} steps at rate {args[4]} the loss is {loss:.2f}, and {right:.2f} can be "
        "reached: take all the steps, and let each begin where the last one ended"
    )


def _call(args):
    return f"train(x, targets, rng, steps={args[3]}, rate={args[4]})"


# ---------------------------------------------------------------- 07.5: the end


def _ended(effects, state, visited):
    return effects.items() <= state.items() or state in visited


def _why_ended(args, given, expected):
    effects, state, visited = args
    done = [name for name, value in effects.items() if state[name] == value]
    if expected and state in visited:
        return "the network was in this state before: it would go round in circles"
    if expected:
        return "all its effects hold"
    if done:
        return f"only {' and '.join(done)} of {len(effects)} effects holds, and all must"
    return "its effects do not hold yet, and it was never here before"


_GO, _KEY, _BOTH = (
    {"has_key": key, "door_open": door, "agent": (0, 1)}
    for key, door in ((False, False), (True, False), (True, True))
)

EXERCISES = {
    "07.1": Exercise(
        clipped_offsets,
        (
            (_HERE, ["key"]),
            (_HERE, ["door", "goal"]),
            ({**_HERE, "agent": (3, 5), "door": (4, 4)}, ["door"]),
        ),
        explain=_why_features,
        plug_in=True,
    ),
    "07.2": Exercise(_forward, _forward_cases, explain=_why_forward, describe=_words, plug_in=True),
    "07.3": Exercise(
        _backward,
        _gradient_cases,
        explain=_why_gradient,
        call=_rounded,
        describe=_described,
        plug_in=True,
        repair=True,
    ),
    "07.4": Exercise(
        _train,
        _train_cases,
        accepts=_trained,
        explain=_why_train,
        describe=_call,
        plug_in=True,
    ),
    "07.5": Exercise(
        _ended,
        (
            ({"has_key": True}, _KEY, [_GO]),
            ({"has_key": True}, _GO, []),
            ({"has_key": True, "door_open": True}, _KEY, [_GO]),
            ({"has_key": True, "door_open": True}, _BOTH, [_GO, _KEY]),
            ({"door_open": True}, _GO, [_KEY, _GO]),
        ),
        explain=_why_ended,
    ),
}
