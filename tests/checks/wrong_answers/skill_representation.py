"""Typical wrong answers to the exercises of lesson 01."""

WRONG_ANSWERS = {
    "01.1": [
        """
def read_partial(text):
    return json.loads(text)
""",
        """
def read_partial(text):
    return {name: tuple(value) for name, value in json.loads(text).items()}
""",
        """
def read_partial(text):
    return {name: tuple(v) for name, v in json.loads(text).items() if isinstance(v, list)}
""",
    ],
    "01.2": [
        """
def do_again(skill, room, state):
    for action in skill.action_sequence:
        if skill.applicable(state):
            state = transition(room, state, action)
    skill.record(holds(skill.effects, state))
    return skill.success_estimate
""",
        """
def do_again(skill, room, state):
    if skill.applicable(state):
        for action in skill.action_sequence:
            state = transition(room, state, action)
            skill.record(holds(skill.effects, state))
    return skill.success_estimate
""",
        """
def do_again(skill, room, state):
    if skill.applicable(state):
        for action in skill.action_sequence:
            state = transition(room, state, action)
    skill.record(holds(skill.effects, state))
    return skill.success_estimate
""",
        """
def do_again(skill, room, state):
    if skill.applicable(state):
        for action in skill.action_sequence:
            state = transition(room, state, action)
        skill.record(True)
    return skill.success_estimate
""",
    ],
    "01.3": [
        """
def verdict(when, states, works):
    starts = [holds(when, state) for state in states]
    if sum(starts) == sum(works):
        return "right"
    return "too weak" if sum(starts) > sum(works) else "too strong"
""",
        """
def verdict(when, states, works):
    for state, good in zip(states, works):
        if holds(when, state) and not good:
            return "too weak"
        if good and not holds(when, state):
            return "too strong"
    return "right"
""",
        """
def verdict(when, states, works):
    weak = any(not holds(when, state) and good for state, good in zip(states, works))
    strong = any(holds(when, state) and not good for state, good in zip(states, works))
    if weak and strong:
        return "both"
    return "too weak" if weak else "too strong" if strong else "right"
""",
    ],
}
