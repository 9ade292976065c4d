"""Typical wrong answers to the exercises of lesson 00."""

WRONG_ANSWERS = {
    "00.1": [
        (
            """
def ratio(steps, optimum):
    return optimum / steps
""",
            "the other way round",
        ),
        (
            """
def ratio(steps, optimum):
    return steps - optimum
""",
            "how many steps were wasted",
        ),
        (
            """
def ratio(steps, optimum):
    return steps // optimum
""",
            "do not round",
        ),
        (
            """
def ratio(steps, optimum):
    return steps / optimum * 100
""",
            "that is in percent",
        ),
    ],
    "00.2": [
        (
            """
def nearest_recording(memory, state):
    ranked = memory.retrieve(memory.encoder(state), k=len(memory))
    return ranked[0][1]
""",
            "'open the door' does not apply here: the agent has no key",
        ),
        (
            """
def nearest_recording(memory, state):
    ranked = memory.retrieve(memory.encoder(state), k=len(memory))
    for pair in ranked:
        if pair[1].applicable(state):
            return pair
""",
            "the recording itself",
            "without the similarity",
        ),
        (
            """
def nearest_recording(memory, state):
    ranked = memory.retrieve(memory.encoder(state), k=len(memory))
    best = None
    for similarity, recording in ranked:
        if recording.applicable(state):
            best = recording
    return best
""",
            "applies too and is nearer",
        ),
        (
            """
def nearest_recording(memory, state):
    ranked = memory.retrieve(memory.encoder(state), k=len(memory))
    for similarity, recording in ranked:
        if recording.applicable(state):
            return recording.name
""",
            "its name is not the recording",
        ),
        (
            """
def nearest_recording(memory, state):
    ranked = memory.retrieve(memory.encoder(state), k=len(memory))
    for similarity, recording in ranked:
        if recording.applicable(state):
            return recording
        else:
            return None
""",
            "do not give up after the first pair",
        ),
        (
            """
def nearest_recording(memory, state):
    ranked = memory.retrieve(memory.encoder(state), k=len(memory))
    for similarity, recording in ranked:
        if recording.applicable(state):
            return recording
    return recording
""",
            "does not apply here: the agent has the key already",
        ),
    ],
}
