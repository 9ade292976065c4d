"""Typical wrong answers to the exercises of lesson 04."""

WRONG_ANSWERS = {
    "04.1": [
        """
def failures_until_distrusted(worked, used, min_success=0.2):
    failures = 0
    while (worked + 1) / (failures + 2) >= min_success:
        failures = failures + 1
    return failures
""",
        """
def failures_until_distrusted(worked, used, min_success=0.2):
    failures = 0
    while (worked + 1) / (used + failures + 2) > min_success:
        failures = failures + 1
    return failures
""",
        """
def failures_until_distrusted(worked, used, min_success=0.2):
    failures = 0
    while worked / (used + failures) >= min_success:
        failures = failures + 1
    return failures
""",
    ],
    "04.2": [
        """
def straighten(places):
    return list(dict.fromkeys(places))
""",
        """
def straighten(places):
    last_exit = {}
    for here, there in zip(places, places[1:]):
        last_exit[here] = there
    way = [places[0]]
    while way[-1] in last_exit:
        way.append(last_exit.pop(way[-1]))
    return way[:-1]
""",
        """
def straighten(places):
    return [place for place, following in zip(places, places[1:]) if place < following]
""",
    ],
    "04.3": [
        """
def predict_choice(candidates, tried=()):
    return max(candidates, key=lambda row: row[1])[0] if candidates else None
""",
        """
def predict_choice(candidates, tried=()):
    for name, similarity, fits, estimate, length in candidates:
        if fits and similarity >= 0.8 and estimate >= 0.2 and name not in tried:
            return name
""",
        """
def predict_choice(candidates, tried=()):
    good = [c for c in candidates if c[2] and c[1] > 0.8 and c[3] > 0.2 and c[0] not in tried]
    return min(good, key=lambda c: (-c[1], c[4], -c[3]))[0] if good else None
""",
    ],
    "04.4": [
        """
def best_threshold(tries, thresholds, price):
    def cost(threshold):
        return sum((similarity >= threshold) != works for similarity, works in tries)
    return min(sorted(thresholds), key=cost)
""",
        """
def best_threshold(tries, thresholds, price):
    def cost(threshold):
        vain = sum(similarity > threshold and not works for similarity, works in tries)
        missed = sum(similarity <= threshold and works for similarity, works in tries)
        return price * vain + missed
    return min(sorted(thresholds), key=cost)
""",
        """
def best_threshold(tries, thresholds, price):
    def vain(threshold):
        return sum(similarity >= threshold and not works for similarity, works in tries)
    return min(sorted(thresholds), key=vain)
""",
    ],
}
