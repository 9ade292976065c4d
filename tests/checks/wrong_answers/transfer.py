"""Typical wrong answers to the exercises of lesson 06, with words of the wanted message."""

WRONG_ANSWERS = {
    "06.1": [
        (
            """
def paired_difference(scores, control):
    differences = control - scores
    low, high = bootstrap_interval(differences, np.mean)
    return differences.mean(), low, high
""",
            "the wrong way round",
        ),
        (
            """
def paired_difference(scores, control):
    ours = bootstrap_interval(scores, np.mean)
    theirs = bootstrap_interval(control, np.mean)
    return scores.mean() - control.mean(), ours[0] - theirs[0], ours[1] - theirs[1]
""",
            "the ends of two intervals",
        ),
        (
            """
def paired_difference(scores, control):
    ours = bootstrap_interval(scores, np.mean)
    theirs = bootstrap_interval(control, np.mean)
    return scores.mean() - control.mean(), ours[0] - theirs[1], ours[1] - theirs[0]
""",
            "the ends of two intervals",
        ),
        (
            """
def paired_difference(scores, control):
    differences = scores - control
    return differences.mean(), *bootstrap_interval(differences)
""",
            "the middle half",
        ),
        (
            """
def paired_difference(scores, control):
    differences = scores - control
    low, high = bootstrap_interval([differences.mean(axis=0)], np.mean)
    return differences.mean(), low, high
""",
            "too narrow",
            "shape (agents, rooms)",
        ),
        (
            """
def paired_difference(scores, control):
    return bootstrap_interval(scores - control, np.mean)
""",
            "three numbers are wanted",
        ),
    ],
    "06.2": [
        (
            """
def made_worse(steps, control):
    return np.mean(np.array(steps) > np.array(control))
""",
            "single walks",
        ),
        (
            """
def made_worse(steps, control):
    ours = np.mean(steps, axis=1)
    theirs = np.mean(control, axis=1)
    worse = ours > theirs
    return np.mean(worse)
""",
            "agents, not rooms",
        ),
        (
            """
def made_worse(steps, control):
    return np.mean(np.mean(steps, axis=0) >= np.mean(control, axis=0))
""",
            "equal is not worse",
        ),
        (
            """
def made_worse(steps, control):
    return sum(np.mean(steps, axis=0) > np.mean(control, axis=0))
""",
            "a share is wanted",
        ),
        (
            """
def made_worse(steps, control):
    return np.mean(np.mean(steps, axis=0) < np.mean(control, axis=0))
""",
            "the better ones",
        ),
        (
            """
def made_worse(steps, control):
    return np.mean(steps, axis=0) > np.mean(control, axis=0)
""",
            "one number is wanted, not an array",
        ),
    ],
    "06.3": [
        (
            """
def discounted(worked, used):
    return 0.8 * worked, used
""",
            "the uses must fade as well",
        ),
        (
            """
def discounted(worked, used):
    return worked, 0.8 * used
""",
            "the successes must fade as well",
        ),
        (
            """
def discounted(worked, used):
    return 0.2 * worked, 0.2 * used
""",
            "you kept what was to go",
        ),
        (
            """
def discounted(worked, used):
    return int(0.8 * worked), int(0.8 * used)
""",
            "do not round",
        ),
        (
            """
def discounted(worked, used):
    return (0.8 * worked + 1) / (0.8 * used + 2)
""",
            "2 entries are wanted, not one number",
        ),
    ],
    "06.4": [
        (
            """
def my_rules(layout, state, action):
    return transition(layout, state, action)
""",
            "the usual world",
            "change at least one rule",
        ),
        (
            """
def my_rules(layout, state, action):
    if action == Action.OPEN:
        return state
    return transition(layout, state, action)
""",
            "the goal cannot be reached",
            "must have a chance",
        ),
        (
            """
def my_rules(layout, state, action):
    if action == Action.PICK_UP:
        state["has_key"] = True
    return state
""",
            "changes the very state",
            "return a new one",
        ),
        (
            """
def my_rules(layout, state, action):
    if action == Action.LEFT:
        return {**state, "agent": (state["agent"][0], state["agent"][1] - 2)}
    return transition(layout, state, action)
""",
            "leave the room",
        ),
        (
            """
def my_rules(layout, state, action):
    return {"agent": state["agent"]}
""",
            "lacks entries",
        ),
    ],
}
