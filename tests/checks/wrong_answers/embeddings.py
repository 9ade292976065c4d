"""Typical wrong answers to the exercises of lesson 03, each with words of the message."""

_OFFSETS = """
def offsets(state):
    row, col = state["agent"]
    seen = {{}}
    for name, value in state.items():
        if isinstance(value, tuple){and_}:
            seen[name] = {offset}
    return seen
"""


def _offsets(offset, and_=' and name != "agent"'):
    return _OFFSETS.format(offset=offset, and_=and_)


_RELEVANT = """
def relevant_places(recordings):
    found = set()
    for name in offsets(recordings[0].situation):
        situations = {{offsets(one.situation)[name] for one in recordings}}
        begins = {{offsets(one.begin)[name] for one in recordings}}
        ends = {{offsets(one.end)[name] for one in recordings}}
        if {condition}:
            found.add(name)
    return {result}
"""


def _relevant(condition, result="found or set(offsets(recordings[0].situation))"):
    return _RELEVANT.format(condition=condition, result=result)


_FEATURES = """
def fourier_features(inputs, dim):
    speeds = []
    for name, values in inputs.items():
        rng = np.random.default_rng([7, *name.encode()])
        speeds.append(rng.standard_normal((dim // 2, len(values))))
    speeds, numbers = np.hstack(speeds), np.concatenate(list(inputs.values()))
    angles = {angles}
    return {result}
"""


def _features(result, angles="speeds @ numbers"):
    return _FEATURES.format(angles=angles, result=result)


WRONG_ANSWERS = {
    "03.1": [
        (_offsets("(row - value[0], col - value[1])"), "the other way round"),
        (_offsets("(value[1] - col, value[0] - row)"), "rows come first"),
        (_offsets("(abs(value[0] - row), abs(value[1] - col))"), "without its sign"),
        (_offsets("value"), "counted from the corner of the room"),
        (_offsets("(value[0] - row, value[1] - col)", and_=""), "the agent is always (0, 0)"),
        (_offsets("[value[0] - row, value[1] - col]"), "must be a tuple"),
        (_offsets("(value[0] + row, value[1] + col)"), "subtracted, not added"),
        (
            """
def offsets(state):
    row, col = state["agent"]
    names = ("key", "door", "goal")
    return {name: (state[name][0] - row, state[name][1] - col) for name in names}
""",
            "lamp is a place, and it is missing",
        ),
        (
            """
def offsets(state):
    row, col = state["agent"]
    names = ("key", "door", "goal")
    return [(state[name][0] - row, state[name][1] - col) for name in names]
""",
            "a dict from names to offsets is wanted",
        ),
    ],
    "03.2": [
        (_relevant("len(situations) > 1"), "the door lies at (1, 0) at one end"),
        (_relevant("len(ends) == 1"), "the key lies at (0, 0) in every situation"),
        (_relevant("len(ends) > 1"), "the door lies at (1, 0) at one end"),
        (_relevant("len(situations) > 1 and len(ends) == 1", "found"), "too little is known"),
        (_relevant("len(situations) > 1 and len(ends) == 1", "len(found)"), "a set of names"),
        (
            """
def relevant_places(recordings):
    names = offsets(recordings[0].situation)
    def nearest(name):
        return sum(sum(map(abs, offsets(one.end)[name])) for one in recordings)
    return {min(names, key=nearest)}
""",
            "the door is missing: it lies at (1, 0) at every end",
        ),
    ],
    "03.3": [
        (_features("np.cos(angles)"), "these are the 32 cosines only"),
        (_features("np.concatenate([np.sin(angles), np.cos(angles)])"), "the cosines come first"),
        (
            _features("np.column_stack([np.cos(angles), np.sin(angles)]).ravel()"),
            "yours take turns",
        ),
        (_features("[np.cos(angles), np.sin(angles)]"), "a flat array is wanted"),
        (
            _features(
                "np.concatenate([np.cos(angles), np.sin(angles)])",
                "np.radians(speeds @ numbers)",
            ),
            "speeds @ numbers",
        ),
        (
            _features("np.concatenate([np.cos(angles), np.sin(angles)])", "speeds * numbers"),
            "a flat array is wanted",
        ),
        (_features("np.concatenate([np.cos(angles), np.cos(angles)])"), "the sines are not"),
    ],
    "03.4": [
        (_relevant("len(situations) > 1 and len(ends) == 1"), "at every begin"),
        (
            _relevant("len(situations) > 1 and len(begins) == 1"),
            "the door lies at (1, 0) at one end",
        ),
        (
            _relevant("len(begins) == 1 or len(ends) == 1"),
            "in every situation, so it says nothing",
        ),
        (
            _relevant("len(situations) > 1 and (len(begins) == 1 or len(ends) == 1)", "found"),
            "too little is known",
        ),
    ],
    "03.5": [
        (
            """
def my_features(offset):
    return offset
""",
            "their similarity must be at least 0.5",
        ),
        (
            """
def my_features(offset):
    return [offset[0] + 7, offset[1] + 7]
""",
            "their similarity must be at most 0.5",
        ),
        (
            """
def my_features(offset):
    return [offset[0], offset[1], 1]
""",
            "their similarity must be",
        ),
        (
            """
def my_features(offset):
    code = np.zeros((9, 9))
    code[tuple(offset)] = 1
    return code.ravel()
""",
            "(0, 0) and (1, 0) are 1 cell apart: their similarity must be at least 0.5",
        ),
        (
            """
def my_features(offset):
    return [1] * (1 + abs(offset[0]))
""",
            "the lists must be equally long",
        ),
    ],
}
