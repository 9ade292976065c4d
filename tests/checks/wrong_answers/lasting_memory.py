"""Typical wrong answers to the exercises of lesson 08."""

WRONG_ANSWERS = {
    "08.1": [
        """
def verdict(worked):
    if not worked:
        return "candidate"
    return "active" if sum(worked) >= len(worked) / 2 else "archived"
""",
        """
def verdict(worked):
    if not worked:
        return "candidate"
    return "active" if all(worked) else "archived"
""",
        """
def verdict(worked):
    return "active" if 2 * sum(worked) > len(worked) else "archived"
""",
    ],
    "08.2": [
        """
def worth_keeping(skills, decisions, cost):
    kept = []
    for name, (used, saved) in skills.items():
        worth = used * saved - cost
        if worth > 0:
            kept.append(name)
    return kept
""",
        """
def worth_keeping(skills, decisions, cost):
    kept = []
    for name, (used, saved) in skills.items():
        worth = used / decisions * saved - cost
        if worth > 0:
            kept.append(name)
        return kept
""",
        """
def worth_keeping(skills, decisions, cost):
    kept = []
    for name, (used, saved) in skills.items():
        worth = used / decisions * saved - cost
        if worth >= 0:
            kept.append(name)
    return kept
""",
    ],
    "08.3": [
        """
def spared(covers):
    return [name for name in covers if covers[name]]
""",
        """
def spared(covers):
    gone = []
    for name in covers:
        if any(other not in gone for other in covers[name]):
            gone.append(name)
    return gone
""",
        """
def spared(covers):
    return [name for name, others in covers.items() if not any(others)]
""",
    ],
    "08.4": [
        """
def difference(now, earlier):
    learned = sorted(place for place in now if place not in earlier)
    gone = sorted(place for place in earlier if place not in now)
    return learned, gone, sorted(p for p in now if p in earlier and now[p] <= earlier[p])
""",
        """
def difference(now, earlier):
    learned = sorted(place for place in earlier if place not in now)
    gone = sorted(place for place in now if place not in earlier)
    return learned, gone, sorted(p for p in now if p in earlier and now[p] < earlier[p])
""",
        """
def difference(now, earlier):
    learned = [place for place in now if place not in earlier]
    gone = [place for place in earlier if place not in now]
    return learned, gone, [p for p in now if p in earlier and now[p] < earlier[p]]
""",
    ],
}
