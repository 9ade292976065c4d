"""Typical wrong answers to the exercises of lesson 05."""

WRONG_ANSWERS = {
    "05.1": [
        """
def moving_average(values, width):
    return [sum(values[i : i + width]) / width for i in range(len(values))]
""",
        """
def moving_average(values, width):
    return [sum(values[i : i + width]) / width for i in range(len(values) - width)]
""",
        """
def moving_average(values, width):
    return [sum(values[max(0, i - width + 1) : i + 1]) / width for i in range(len(values))]
""",
    ],
    "05.2": [
        """
def chance_to_win(x, y):
    return sum(one < other for one in x for other in y) / (len(x) * len(y))
""",
        """
def chance_to_win(x, y):
    return float(sum(x) / len(x) < sum(y) / len(y))
""",
        """
def chance_to_win(x, y):
    wins = sum((one > other) + 0.5 * (one == other) for one in x for other in y)
    return wins / (len(x) * len(y))
""",
    ],
    "05.3": [
        """
def exaggeration(a, b, start):
    return (b - start) / (a - start)
""",
        """
def exaggeration(a, b, start):
    return (a - start) / (b - start) / (a / b)
""",
    ],
    "05.4": [
        """
def most_reliable(skills):
    return max(skills, key=lambda s: s[1] / max(1, s[2]))[0] if skills else None
""",
        """
def most_reliable(skills):
    return max(skills, key=lambda s: wilson_interval(s[1], s[2])[1])[0] if skills else None
""",
        """
def most_reliable(skills):
    return max(skills, key=lambda s: wilson_interval(s[1], s[2])[0])[0]
""",
    ],
}
