"""Typical wrong answers to the exercises of lesson 05, with words of what they are told."""

CROSSED = """
def crossed_interval(scores, statistic=np.mean, repeats=2000, rng=0):
    rng = np.random.default_rng(rng)
    n_agents, n_rooms = scores.shape
    samples = []
    for _ in range(repeats):
        {}
        samples.append(statistic(drawn))
    return {}
"""
ENDS = "tuple(np.quantile(samples, [0.025, 0.975]))"
BOTH = "drawn = scores[rng.integers(n_agents, size=n_agents)][:, rng.integers(n_rooms, size={})]"

WRONG_ANSWERS = {
    "05.1": [
        (
            """
def moving_average(values, width):
    averages = []
    for i in range(len(values)):
        window = values[max(0, i - width // 2) : i + width // 2 + 1]
        averages.append(sum(window) / len(window))
    return averages
""",
            "5 values have 3 whole windows of 3, and you returned 5 averages",
        ),
        (
            """
def moving_average(values, width):
    return [sum(values[i : i + width]) / width for i in range(len(values) - width)]
""",
            "and you returned 3 averages",
        ),
        (
            """
def moving_average(values, width):
    return [sum(values[i : i + width]) for i in range(len(values) - width + 1)]
""",
            "the first window holds [4, 1, 1]",
        ),
        (
            """
def moving_average(values, width):
    return [sum(values[i : i + width]) / width for i in range(len(values))]
""",
            "whole windows",
        ),
    ],
    "05.2": [
        (
            """
def wilson(worked, used):
    share = worked / used
    reach = 1.96 * np.sqrt(share * (1 - share) / used)
    return share - reach, share + reach
""",
            "belongs to the rate p that is tried, not to the share seen",
        ),
        (
            """
def wilson(worked, used):
    if used == 0:
        return 0, 1
    p = np.linspace(0, 1, 1001)
    kept = p[np.abs(worked / used - p) <= np.sqrt(p * (1 - p) / used)]
    return kept[0], kept[-1]
""",
            "up to 1.96 typical distances are no surprise",
        ),
        (
            """
def wilson(worked, used):
    p = np.linspace(0, 1, 1001)
    if used == 0:
        return 0, 0
    kept = p[np.abs(worked / used - p) <= 1.96 * np.sqrt(p * (1 - p) / used)]
    return kept[0], kept[-1]
""",
            "without a single try, every rate is possible",
        ),
        (
            """
def wilson(worked, used):
    p = np.linspace(0, 1, 1001)
    return p[np.abs(worked / used - p) <= 1.96 * np.sqrt(p * (1 - p) / used)]
""",
            "two numbers are wanted, the lowest and the highest rate",
        ),
    ],
    "05.3": [
        (
            CROSSED.format("drawn = rng.choice(scores.ravel(), size=scores.size)", ENDS),
            "only the agents differ here, and whole rows must be drawn",
        ),
        (
            CROSSED.format(BOTH.format("n_rooms").partition("[:,")[0], ENDS),
            "only the rooms differ here, and whole columns must be drawn",
        ),
        (
            CROSSED.format("drawn = scores[:, rng.integers(n_rooms, size=n_rooms)]", ENDS),
            "only the agents differ here, and whole rows must be drawn",
        ),
        (
            CROSSED.format(BOTH.format("1"), ENDS),
            "yours is too wide",
        ),
        (
            CROSSED.format(BOTH.format("n_rooms"), "samples"),
            "two numbers are wanted",
        ),
        (
            CROSSED.replace("statistic(drawn)", "drawn.mean()").format(
                BOTH.format("n_rooms"), ENDS
            ),
            "each sample is `statistic` of what was drawn",
        ),
    ],
    "05.4": [
        (
            """
def middle(scores):
    return np.mean(scores)
""",
            "a single run has moved the mean",
        ),
        (
            """
def middle(scores):
    return np.median(scores, axis=0)
""",
            "one number is wanted, not an array",
        ),
        (
            """
def middle(scores):
    return np.min(scores)
""",
            "eight runs in ten lie between",
        ),
    ],
}
