"""Typical wrong answers to the exercises of lesson 10, each with words of the message."""

WRONG_ANSWERS = {
    "10.1": [
        (
            """
def lift(state):
    return {name: value for name, value in state.items() if not name.startswith("slot_")}
""",
            "the request still names",
            "whose role is",
        ),
        (
            """
def lift(state):
    lifted = dict(state)
    for role, slot in roles(state).items():
        lifted["request"] = lifted["request"].replace(state[f"slot_{slot}"], f"${role}")
    return lifted
""",
            "is still there",
            "this one desk",
        ),
        (
            """
def lift(state):
    lifted = {}
    for role, slot in roles(state).items():
        lifted["request"] = state["request"].replace(state[f"slot_{slot}"], f"${role}")
    return lifted
""",
            "the request still names",
        ),
        (
            """
def lift(state):
    request = state["request"]
    for role, slot in roles(state).items():
        request = request.replace(state[f"slot_{slot}"], f"${role}")
    return {"request": request}
""",
            "the fact",
            "is missing",
        ),
        (
            """
def lift(state):
    request = state["request"]
    for role, slot in roles(state).items():
        request = request.replace(state[f"slot_{slot}"], f"${role}")
    return request
""",
            "a state, a dict",
        ),
    ],
    "10.2": [
        (
            """
def bind(name, state):
    tool, role = name.split("_")
    return f"{tool}_{role}"
""",
            "in slot",
        ),
        (
            """
def bind(name, state):
    return roles(state)[name.split("_")[1]]
""",
            "in slot",
        ),
        (
            """
def bind(name, state):
    tool, role = name.split("_")
    return f"{tool}_{roles(state)['file']}"
""",
            "person is",
        ),
    ],
    "10.3": [
        (
            """
def idf(texts):
    counts = {}
    for text in texts:
        for word in words(text):
            counts[word] = counts.get(word, 0) + 1
    return {word: float(np.log(len(texts) / count)) for word, count in counts.items()}
""",
            "'sign' is in 1 of 2 texts",
        ),
        (
            """
def idf(texts):
    counts = {}
    for text in texts:
        for word in set(words(text)):
            counts[word] = counts.get(word, 0) + 1
    return {word: len(texts) / count for word, count in counts.items()}
""",
            "log(3 / ",
        ),
        (
            """
def idf(texts):
    counts = {}
    for text in texts:
        for word in set(words(text)):
            counts[word] = counts.get(word, 0) + 1
    return {word: count / len(texts) for word, count in counts.items()}
""",
            "log(3 / ",
        ),
        (
            """
def idf(texts):
    return {word: 1.0 for word in texts}
""",
            "it has the words",
        ),
    ],
    "10.4": [
        (
            """
def cause(needed, stored, offered, chosen):
    if needed not in stored:
        return "not in the library"
    if needed in offered:
        return "not chosen"
    return "not retrieved"
""",
            "what was chosen is what was needed",
        ),
        (
            """
def cause(needed, stored, offered, chosen):
    if chosen == needed:
        return "right"
    if needed not in offered:
        return "not retrieved"
    return "not chosen"
""",
            "no stored skill begins with what was needed",
        ),
        (
            """
def cause(needed, stored, offered, chosen):
    if chosen == needed:
        return "right"
    if needed not in stored:
        return "not in the library"
    return "not chosen"
""",
            "not among the offered",
        ),
    ],
    "10.5": [
        (
            """
def description(skill):
    return " ".join(name for name, value in skill.preconditions.items() if value)
""",
            "the effect",
            "is not in it",
        ),
        (
            """
def description(skill):
    return "Brings about " + " and ".join(skill.effects)
""",
            "the precondition",
            "is not in it",
        ),
        (
            """
def description(skill):
    return str(skill) * 20
""",
            "1,024 are allowed",
        ),
        (
            """
def description(skill):
    return skill.effects
""",
            "a description is a text",
        ),
    ],
}
