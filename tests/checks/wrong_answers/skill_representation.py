"""Typical wrong answers to the exercises of lesson 01."""

_CLASS = """
class MySkill:
    def __init__(self, name, preconditions, action_sequence, embedding, *, effects):
        self.name, self.preconditions, self.effects = name, preconditions, effects
        self.action_sequence, self.embedding = action_sequence, embedding
        self.success_count = self.times_used = 0

    def applicable(self, state):
        return applicable(self.preconditions, state)

    def act(self, state, t):
        return self.action_sequence[t] if t < len(self.action_sequence) else None

    def record(self, succeeded, now=0):
        self.times_used += 1
        self.success_count += bool(succeeded)

    @property
    def success_estimate(self):
        return success_estimate(self.success_count, self.times_used)
"""


def _with(right, wrong):
    """Return the class with one mistake in it."""
    assert _CLASS.count(right) == 1
    return _CLASS.replace(right, wrong)


WRONG_ANSWERS = {
    "01.1": [
        (
            """
def applicable(preconditions, state):
    return preconditions == state
""",
            "what else is in the state does not matter",
        ),
        (
            """
def applicable(preconditions, state):
    for name in preconditions:
        if name not in state:
            return False
    return True
""",
            "'has_key' is False in the state, not True",
        ),
        (
            """
def applicable(preconditions, state):
    for name, value in preconditions.items():
        if state[name] == value:
            return True
    return False
""",
            "'key_lies' is 2 down, 2 right in the state, not 2 right",
        ),
        (
            """
def applicable(preconditions, state):
    for name, value in preconditions.items():
        return state[name] == value
    return False
""",
            "'key_lies' is 2 down",
        ),
        (
            """
def applicable(preconditions, state):
    for name, value in state.items():
        if preconditions[name] != value:
            return False
    return True
""",
            "KeyError",
        ),
        (
            """
def applicable(preconditions, state):
    return len(preconditions) > 0 and preconditions.items() <= state.items()
""",
            "{} holds everywhere",
        ),
    ],
    "01.2": [
        (
            """
def effects(before, after):
    became = {}
    for name in after:
        if after[name] != before[name]:
            became[name] = True
    return became
""",
            "'agent' is not a fact",
        ),
        (
            """
def effects(before, after):
    became = {}
    for name in after:
        if after[name] is True:
            became[name] = True
    return became
""",
            "'has_key' was true before",
        ),
        (
            """
def effects(before, after):
    became = {}
    for name in after:
        if after[name] is True and before[name] is not True:
            became[name] = True
        return became
""",
            "'has_key' became true and is missing",
        ),
        (
            """
def effects(before, after):
    became = {}
    for name in after:
        if isinstance(after[name], bool) and after[name] != before[name]:
            became[name] = True
    return became
""",
            "'door_open' did not become true",
        ),
        (
            """
def effects(before, after):
    return [name for name in after if after[name] is True and before[name] is not True]
""",
            "a dict is asked for",
        ),
    ],
    "01.3": [
        (
            """
def success_estimate(worked, used):
    return worked / used if used else 0.5
""",
            "that is plain division",
        ),
        (
            """
def success_estimate(worked, used):
    return (worked + 1) / (used + 1)
""",
            "are two uses",
        ),
        (
            """
def success_estimate(worked, used):
    return worked / (used + 2)
""",
            "one of the two pretended uses was a success",
        ),
        (
            """
def success_estimate(worked, used):
    return worked + 1 / used + 2
""",
            "with one success and one failure more it is (9 + 1) / (10 + 2)",
        ),
        (
            """
def success_estimate(worked, used):
    return worked / used
""",
            "plain division",
        ),
    ],
    "01.4": [
        (
            _with("        self.times_used += 1\n", ""),
            "3 uses were recorded, 2 of them successes",
        ),
        (
            _with("self.success_count += bool(succeeded)", "self.success_count += 1"),
            "3 uses were recorded, 2 of them successes",
        ),
        (
            _with("t < len(self.action_sequence)", "t <= len(self.action_sequence)"),
            "skill.act(state, 3) of a skill with 3 moves",
            "IndexError",
        ),
        (
            _with("self.action_sequence[t] if", "self.action_sequence[t - 1] if"),
            "moves are counted from 0",
        ),
        (
            _with("succeeded, now=0", "succeeded"),
            "takes 2 positional arguments but 3 were given",
        ),
        (
            _with("    @property\n", ""),
            "keep the line @property",
        ),
        (
            _with("(self.success_count, self.times_used)", "(self.times_used, self.success_count)"),
            "in this order",
        ),
        (
            _with("return applicable(self.preconditions, state)", "return True"),
            "it needs has_key to be False and key_lies to be '2 right'",
        ),
    ],
    "01.5": [
        (
            """
def next_move(state):
    (row, col), (key_row, key_col) = state["agent"], state["key"]
    if row != key_row:
        return Action.UP if row < key_row else Action.DOWN
    if col != key_col:
        return Action.LEFT if col < key_col else Action.RIGHT
    return Action.PICK_UP
""",
            "does not lead nearer",
        ),
        (
            """
def next_move(state):
    if state["agent"][0] < state["key"][0]:
        return Action.DOWN
    if state["agent"][1] < state["key"][1]:
        return Action.RIGHT
    return Action.PICK_UP
""",
            "not here",
        ),
        (
            """
def next_move(state):
    return [Action.DOWN, Action.DOWN, Action.RIGHT, Action.RIGHT, Action.PICK_UP]
""",
            "one Action is wanted",
        ),
    ],
}
