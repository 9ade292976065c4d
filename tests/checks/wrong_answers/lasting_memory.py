"""Typical wrong answers to the exercises of lesson 08, each with words of its message."""

WRONG_ANSWERS = {
    "08.1": [
        (
            """
def passes(before, after, budget=1):
    saved = np.array(after) - np.array(before)
    return bool(saved.sum() > 0 and (saved < 0).sum() <= budget)
""",
            "the rooms take 21 steps instead of 22",
        ),
        (
            """
def passes(before, after, budget=1):
    saved = np.array(before) - np.array(after)
    return bool(saved.sum() >= 0 and (saved < 0).sum() <= budget)
""",
            "a skill that changes nothing saves nothing",
        ),
        (
            """
def passes(before, after, budget=1):
    saved = np.array(before) - np.array(after)
    return bool(saved.sum() > 0)
""",
            "it costs steps in 2 rooms, and the budget is 1",
        ),
        (
            """
def passes(before, after, budget=1):
    saved = np.array(before) - np.array(after)
    return bool(saved.sum() > 0 and (saved < 0).sum() <= 1)
""",
            "costs steps in 2 of them, within the budget of 2",
        ),
        (
            """
def passes(before, after, budget=1):
    saved = np.array(before) - np.array(after)
    return bool((saved >= 0).all())
""",
            "costs steps in 1 of them, within the budget of 1",
        ),
    ],
    "08.2": [
        (
            """
def same(a, b):
    claims = a.preconditions == b.preconditions and a.effects == b.effects
    return claims and a.action_sequence == b.action_sequence
""",
            "the cosine similarity is 0.71, less than 0.9",
        ),
        (
            """
def same(a, b):
    claims = a.preconditions == b.preconditions and a.effects == b.effects
    alike = cosine_similarity(a.embedding, b.embedding) >= 0.9
    return claims and alike and sorted(a.action_sequence) == sorted(b.action_sequence)
""",
            "their action sequences differ",
        ),
        (
            """
def same(a, b):
    does = a.action_sequence == b.action_sequence
    return does and cosine_similarity(a.embedding, b.embedding) >= 0.9
""",
            "their effects differ",
        ),
        (
            """
def same(a, b):
    claims = a.preconditions == b.preconditions and a.effects == b.effects
    does = a.action_sequence == b.action_sequence
    return claims and does and bool(a.embedding @ b.embedding >= 0.9)
""",
            "a product of embeddings is not yet a cosine",
        ),
        (
            """
def same(a, b):
    return a.name == b.name
""",
            "all four conditions hold: the cosine similarity is 0.96",
        ),
    ],
    "08.3": [
        (
            """
def utility(skill, library):
    return skill.times_used / (1 + library.age - learned(skill))
""",
            "only uses that worked count: 6 of 9",
        ),
        (
            """
def utility(skill, library):
    return skill.success_count
""",
            "it is per episode, and there were 6 of them",
        ),
        (
            """
def utility(skill, library):
    return skill.success_count / max(1, library.age - learned(skill))
""",
            "6 episodes, not 5",
        ),
        (
            """
def utility(skill, library):
    return skill.success_count * len(skill) / (1 + library.age - learned(skill))
""",
            "the length has no part in it",
        ),
        (
            """
def utility(skill, library):
    return skill.success_count / (library.age - learned(skill))
""",
            "6 episodes, not 5",
        ),
    ],
    "08.4": [
        (
            """
def joined(first, second):
    return {
        "needs": {**first["needs"], **second["needs"]},
        "does": [*first["does"], *second["does"]],
        "makes": {**first["makes"], **second["makes"]},
    }
""",
            "only the first counts",
        ),
        (
            """
def joined(first, second):
    return {
        "needs": dict(first["needs"]),
        "does": [*second["does"], *first["does"]],
        "makes": {**first["makes"], **second["makes"]},
    }
""",
            "all actions of the first come before",
        ),
        (
            """
def joined(first, second):
    return {
        "needs": dict(first["needs"]),
        "does": [*first["does"], *second["does"]],
        "makes": {**second["makes"], **first["makes"]},
    }
""",
            "the second has the last word",
        ),
        (
            """
def joined(first, second):
    return {
        "needs": dict(first["needs"]),
        "does": [*first["does"], *second["does"]],
        "makes": dict(second["makes"]),
    }
""",
            "what both make true",
        ),
        (
            """
def joined(first, second):
    return first["needs"], [*first["does"], *second["does"]], second["makes"]
""",
            "a dict with the keys needs, does and makes",
        ),
    ],
}
