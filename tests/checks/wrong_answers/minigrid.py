"""Typical wrong answers to the exercises of lesson 09."""

WRONG_ANSWERS = {
    "09.1": [
        """
def doorkey_return(frames, size, solved):
    return 1 - 0.9 * frames / (10 * size**2)
""",
        """
def doorkey_return(frames, size, solved):
    limit = 10 * size**2
    return 1 - 0.9 * limit / frames if solved else 0
""",
        """
def doorkey_return(frames, size, solved):
    return 1 - 0.9 * frames / size**2 if solved else 0
""",
    ],
    "09.2": [
        """
def ahead(offset, facing):
    rows, cols = offset
    for _ in range((facing + 1) % 4):
        rows, cols = cols, -rows
    return rows, cols
""",
        """
def ahead(offset, facing):
    rows, cols = offset
    for _ in range(facing):
        rows, cols = -cols, rows
    return rows, cols
""",
        """
def ahead(offset, facing):
    rows, cols = offset
    return -cols, rows
""",
    ],
    "09.3": [
        """
def frames_until(lengths, returns, good):
    spent = 0
    for length, mean in zip(lengths, returns):
        if mean >= good:
            return spent
        spent += length
    return None
""",
        """
def frames_until(lengths, returns, good):
    spent = 0
    for length, mean in zip(lengths, returns):
        spent += length
        if mean > good:
            return spent
    return None
""",
        """
def frames_until(lengths, returns, good):
    for n, mean in enumerate(returns, start=1):
        if mean >= good:
            return n
    return None
""",
    ],
    "09.4": [
        """
def fair_pairs(given):
    names = sorted(given)
    return [
        (one, other)
        for i, one in enumerate(names)
        for other in names[i + 1 :]
        if given[one] == given[other]
    ]
""",
        """
def fair_pairs(given):
    return [
        (one, other)
        for one in sorted(given)
        for other in sorted(given)
        if set(given[one]) == set(given[other])
    ]
""",
        """
def fair_pairs(given):
    names = sorted(given)
    return [
        (one, other)
        for i, one in enumerate(names)
        for other in names[i + 1 :]
        if set(given[one]) & set(given[other])
    ]
""",
    ],
}
