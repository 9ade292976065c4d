"""Typical wrong answers to the exercises of lesson 06."""

WRONG_ANSWERS = {
    "06.1": [
        """
def head_start(steps, control, episodes):
    def start(curves):
        early = [n for curve in curves for n in curve[:episodes]]
        return sum(early) / len(early)

    return start(steps) - start(control)
""",
        """
def head_start(steps, control, episodes):
    def start(curves):
        early = [n for curve in curves for n in curve]
        return sum(early) / len(early)

    return start(control) - start(steps)
""",
        """
def head_start(steps, control, episodes):
    return sum(sum(c[:episodes]) for c in control) - sum(sum(s[:episodes]) for s in steps)
""",
    ],
    "06.2": [
        """
def good_from(ratios, threshold, window):
    for start in range(len(ratios) - window + 1):
        part = ratios[start : start + window]
        if sum(part) / window <= threshold:
            return start
    return None
""",
        """
def good_from(ratios, threshold, window):
    for start in range(len(ratios) - window + 1):
        if sum(ratios[start : start + window]) / window < threshold:
            return start + 1
    return None
""",
        """
def good_from(ratios, threshold, window):
    for start in range(len(ratios)):
        if all(ratio <= threshold for ratio in ratios[start : start + window]):
            return start + 1
    return None
""",
    ],
    "06.3": [
        """
def made_worse(with_memory, without):
    worse = [sum(ours) > sum(theirs) for ours, theirs in zip(with_memory, without)]
    return sum(worse) / len(worse) if worse else 0
""",
        """
def made_worse(with_memory, without):
    def mean(values):
        return sum(values) / len(values)

    worse = [mean(ours) >= mean(theirs) for ours, theirs in zip(with_memory, without)]
    return sum(worse) / len(worse) if worse else 0
""",
        """
def made_worse(with_memory, without):
    def mean(values):
        return sum(values) / len(values)

    return sum(mean(a) > mean(b) for a, b in zip(with_memory, without))
""",
    ],
    "06.4": [
        """
def familiar(known, new):
    return [sum(o in known for o in new[: n + 1]) / (n + 1) for n in range(len(new))]
""",
        """
def familiar(known, new):
    seen, hits, shares = set(known), 0, []
    for n, offset in enumerate(new, start=1):
        seen.add(offset)
        hits += offset in seen
        shares.append(hits / n)
    return shares
""",
        """
def familiar(known, new):
    seen, hits = set(known), 0
    for offset in new:
        hits += offset in seen
        seen.add(offset)
    return hits / len(new) if new else []
""",
    ],
}
