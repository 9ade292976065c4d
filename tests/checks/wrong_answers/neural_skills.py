"""Typical wrong answers to the exercises of lesson 07."""

WRONG_ANSWERS = {
    "07.1": [
        """
def softmax(scores):
    return [score / sum(scores) for score in scores]
""",
        """
def softmax(scores):
    top = max(scores)
    return [np.exp(score - top) for score in scores]
""",
        """
def softmax(scores):
    odds = [score - min(scores) + 1 for score in scores]
    return [one / sum(odds) for one in odds]
""",
    ],
    "07.2": [
        """
def slope(f, at, i, tiny=1e-4):
    up, down = list(at), list(at)
    up[i] = up[i] + tiny
    down[i] = down[i] - tiny
    return (f(up) - f(down)) / tiny
""",
        """
def slope(f, at, i, tiny=1e-4):
    up, down = [x + tiny for x in at], [x - tiny for x in at]
    return (f(up) - f(down)) / (2 * tiny)
""",
        """
def slope(f, at, i, tiny=1e-4):
    up, down = list(at), list(at)
    up[i] = up[i] + tiny
    down[i] = down[i] - tiny
    return (f(down) - f(up)) / (2 * tiny)
""",
    ],
    "07.3": [
        """
def seen(offset, near):
    return tuple(min(near, x) for x in offset)
""",
        """
def seen(offset, near):
    return tuple(x % near for x in offset)
""",
        """
def seen(offset, near):
    return tuple((x > 0) - (x < 0) for x in offset)
""",
    ],
    "07.4": [
        """
def dissociated(table, healthy):
    return all(healthy[i] - row[i] >= 50 for i, row in enumerate(table))
""",
        """
def dissociated(table, healthy):
    for i, row in enumerate(table):
        for j, success in enumerate(row):
            cost = 100 - success
            if (i == j and cost < 50) or (i != j and cost > 2):
                return False
    return True
""",
        """
def dissociated(table, healthy):
    for i, row in enumerate(table):
        for j, success in enumerate(row):
            cost = healthy[j] - success
            if (i == j and cost <= 50) or (i != j and cost > 2):
                return False
    return True
""",
    ],
    "07.5": [
        """
def alike(experiences):
    lefts = [(end[0] - here[0], end[1] - here[1]) for _, here, end in experiences]
    n = len(lefts)
    return [(i, j) for i in range(n) for j in range(i + 1, n) if lefts[i] == lefts[j]]
""",
        """
def alike(experiences):
    n = len(experiences)
    return [(i, j) for i in range(n) for j in range(i + 1, n) if experiences[i] == experiences[j]]
""",
        """
def alike(experiences):
    points = []
    for begin, here, end in experiences:
        points.append((here[0] - begin[0], here[1] - begin[1], end[0] - here[0], end[1] - here[1]))
    n = len(points)
    return [(i, j) for i in range(n) for j in range(n) if points[i] == points[j]]
""",
    ],
}
