"""Typical wrong answers to the exercises of lesson 03."""

WRONG_ANSWERS = {
    "03.1": [
        """
def confused_pairs(vectors, bar):
    pairs = [(a, b) for i, a in enumerate(vectors) for b in vectors[:i]]
    return sum(int(np.dot(a, b) >= bar) for a, b in pairs)
""",
        """
def confused_pairs(vectors, bar):
    count = 0
    for i, a in enumerate(vectors):
        for b in vectors[:i]:
            cosine = np.dot(a, b) / (np.dot(a, a) * np.dot(b, b))
            count += int(cosine >= bar)
    return count
""",
        """
def confused_pairs(vectors, bar):
    return sum(int(cosine_similarity(a, b) >= bar) for a in vectors for b in vectors)
""",
    ],
    "03.2": [
        """
def steadiest(endings):
    spread = {}
    for name, places in endings.items():
        spread[name] = np.var(places)
    return min(spread, key=spread.get)
""",
        """
def steadiest(endings):
    return min(endings, key=lambda name: np.abs(endings[name]).sum())
""",
        """
def steadiest(endings):
    return max(endings, key=lambda name: np.var(endings[name], axis=0).sum())
""",
    ],
    "03.3": [
        """
def my_encoder(offsets):
    return offsets
""",
        """
def my_encoder(offsets):
    return [(row + 7, col + 7) for row, col in offsets]
""",
        """
def my_encoder(offsets):
    return [(row, col, 1) for row, col in offsets]
""",
        """
def my_encoder(offsets):
    cells = [(row, col) for row in range(-6, 7) for col in range(-6, 7)]
    return [[float(cell == tuple(offset)) for cell in cells] for offset in offsets]
""",
    ],
}
