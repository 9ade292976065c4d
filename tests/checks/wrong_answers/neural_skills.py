"""Typical wrong answers to the exercises of lesson 07, each with words of its message."""

WRONG_ANSWERS = {
    "07.1": [
        (
            """
def features(state, names):
    numbers = np.ravel([offsets(state)[name] for name in names])
    return np.clip(numbers, -2, 2)
""",
            "has four answers, not one",
        ),
        (
            """
def features(state, names):
    numbers = np.ravel([offsets(state)[name] for name in names])
    return (numbers[:, None] > np.arange(-2, 2)).astype(float).ravel()
""",
            "yes is 1.0 and no is -1.0",
        ),
        (
            """
def features(state, names):
    numbers = np.ravel([offsets(state)[name] for name in names])
    return np.where(numbers[:, None] >= np.arange(-2, 2), 1.0, -1.0).ravel()
""",
            "greater than, not at least",
        ),
        (
            """
def features(state, names):
    numbers = np.ravel([state[name] for name in names])
    return np.where(numbers[:, None] > np.arange(-2, 2), 1.0, -1.0).ravel()
""",
            "offsets are counted from the agent",
        ),
        (
            """
def features(state, names):
    numbers = np.ravel(list(offsets(state).values()))
    return np.where(numbers[:, None] > np.arange(-2, 2), 1.0, -1.0).ravel()
""",
            "only the places in names are looked at, here key",
        ),
        (
            """
def features(state, names):
    numbers = np.ravel([offsets(state)[name] for name in names])
    return np.where(numbers[:, None] > np.arange(-2, 3), 1.0, -1.0).ravel()
""",
            "four answers a number make 8 answers",
        ),
    ],
    "07.2": [
        (
            """
def forward(x, weights):
    into, shift, out, bias = weights
    hidden = x @ into + shift
    scores = hidden @ out + bias
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return hidden, powers / powers.sum(axis=1, keepdims=True)
""",
            "tanh is missing",
        ),
        (
            """
def forward(x, weights):
    into, shift, out, bias = weights
    hidden = np.tanh(x @ into + shift)
    scores = hidden @ out + bias
    powers = np.exp(scores - scores.max())
    return hidden, powers / powers.sum()
""",
            "divide by the sum along axis 1",
        ),
        (
            """
def forward(x, weights):
    into, shift, out, bias = weights
    hidden = np.tanh(x @ into + shift)
    with np.errstate(all="ignore"):
        powers = np.exp(hidden @ out + bias)
        return hidden, powers / powers.sum(axis=1, keepdims=True)
""",
            "subtract the largest of each row first",
        ),
        (
            """
def forward(x, weights):
    into, shift, out, bias = weights
    hidden = np.tanh(x @ into + shift)
    return hidden, hidden @ out + bias
""",
            "the softmax is missing",
        ),
        (
            """
def forward(x, weights):
    into, shift, out, bias = weights
    hidden = np.tanh(x @ into + shift)
    scores = hidden @ out
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return hidden, powers / powers.sum(axis=1, keepdims=True)
""",
            "the bias is missing",
        ),
        (
            """
def forward(x, weights):
    into, shift, out, bias = weights
    hidden = np.tanh(x @ into + shift)
    scores = hidden @ out + bias
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
""",
            "two things come back",
        ),
    ],
    "07.3": [
        (
            """
def gradient(x, targets, weights):
    hidden, probabilities = forward(x, weights)
    scores = (targets - probabilities) / len(x)
    inner = scores @ weights[2].T * (1 - hidden**2)
    return [x.T @ inner, inner.sum(axis=0), hidden.T @ scores, scores.sum(axis=0)]
""",
            "have the wrong sign",
        ),
        (
            """
def gradient(x, targets, weights):
    hidden, probabilities = forward(x, weights)
    scores = (probabilities - targets) / len(x)
    inner = scores @ weights[2].T
    return [x.T @ inner, inner.sum(axis=0), hidden.T @ scores, scores.sum(axis=0)]
""",
            "leave out the slope of tanh, 1 - hidden**2",
        ),
        (
            """
def gradient(x, targets, weights):
    hidden, probabilities = forward(x, weights)
    scores = probabilities - targets
    inner = scores @ weights[2].T * (1 - hidden**2)
    return [x.T @ inner, inner.sum(axis=0), hidden.T @ scores, scores.sum(axis=0)]
""",
            "the loss is averaged over 3 examples",
        ),
        (
            """
def gradient(x, targets, weights):
    hidden, probabilities = forward(x, weights)
    scores = (probabilities - targets) / len(x)
    inner = scores @ weights[2].T * (1 - np.tanh(hidden) ** 2)
    return [x.T @ inner, inner.sum(axis=0), hidden.T @ scores, scores.sum(axis=0)]
""",
            "those of out and bias agree",
        ),
        (
            """
def gradient(x, targets, weights):
    hidden, probabilities = forward(x, weights)
    scores = (probabilities - targets) / len(x)
    inner = scores @ weights[2].T * (1 - hidden**2)
    return [inner.T @ x, inner.sum(axis=0), hidden.T @ scores, scores.sum(axis=0)]
""",
            "the slopes of into have its shape",
        ),
    ],
    "07.4": [
        (
            """
def train(x, targets, rng, steps=200, rate=0.5):
    weights = first_weights(x.shape[1], targets.shape[1], rng)
    for _ in range(steps):
        slopes = gradient(x, targets, weights)
        weights = [array + rate * slope for array, slope in zip(weights, slopes)]
    return Network(weights)
""",
            "step against the slope",
        ),
        (
            """
def train(x, targets, rng, steps=200, rate=0.5):
    weights = first_weights(x.shape[1], targets.shape[1], rng)
    for _ in range(steps):
        slopes = gradient(x, targets, weights)
        new = [array - rate * slope for array, slope in zip(weights, slopes)]
    return Network(weights)
""",
            "the weights did not change",
        ),
        (
            """
def train(x, targets, rng, steps=200, rate=0.5):
    weights = first_weights(x.shape[1], targets.shape[1], rng)
    for _ in range(steps):
        slopes = gradient(x, targets, weights)
        weights = [array - rate * slope for array, slope in zip(weights, slopes)]
        return Network(weights)
""",
            "take all the steps",
        ),
        (
            """
def train(x, targets, rng, steps=200, rate=0.5):
    weights = first_weights(x.shape[1], targets.shape[1], rng)
    for _ in range(steps):
        slopes = gradient(x, targets, weights)
        weights = [array - rate * slope for array, slope in zip(weights, slopes)]
    return weights
""",
            "return Network(weights)",
        ),
        (
            """
def train(x, targets, rng, steps=200, rate=0.5):
    weights = first_weights(x.shape[1], targets.shape[1], rng)
    for _ in range(200):
        slopes = gradient(x, targets, weights)
        weights = [array - rate * slope for array, slope in zip(weights, slopes)]
    return Network(weights)
""",
            "steps=1 asks for a single step",
        ),
    ],
    "07.5": [
        (
            """
def ended(effects, state, visited):
    return all(state[name] == value for name, value in effects.items())
""",
            "it would go round in circles",
        ),
        (
            """
def ended(effects, state, visited):
    done = any(state[name] == value for name, value in effects.items())
    return done or state in visited
""",
            "only has_key of 2 effects holds, and all must",
        ),
        (
            """
def ended(effects, state, visited):
    done = all(state[name] == value for name, value in effects.items())
    return done and state in visited
""",
            "all its effects hold",
        ),
        (
            """
def ended(effects, state, visited):
    return state in visited
""",
            "all its effects hold",
        ),
    ],
}
