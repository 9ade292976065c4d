"""Typical wrong answers to the exercises of lesson 00."""

WRONG_ANSWERS = {
    "00.1": [
        """
def ratios(steps, optimum):
    return [b / a for a, b in zip(steps, optimum)]
""",
        """
def ratios(steps, optimum):
    return sum(steps) / sum(optimum)
""",
        """
def ratios(steps, optimum):
    return [a // b for a, b in zip(steps, optimum)]
""",
    ],
    "00.2": [
        """
def verdict(solved):
    half = len(solved) // 2
    return "learning" if sum(solved[half:]) > sum(solved[:half]) else "unlearning"
""",
        """
def verdict(solved):
    return "learning" if solved and solved[-1] else "unlearning"
""",
    ],
}
