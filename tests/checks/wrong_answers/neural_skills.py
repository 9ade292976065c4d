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
}
