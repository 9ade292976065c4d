"""The exercises of lesson 06, Transfer."""

from collections import deque

import numpy as np
from procmem_checks.exercise import Exercise, equal

from procmem.episode import state_key
from procmem.gridworld import Action, draw_layout, transition
from procmem.lab.statistics import bootstrap_interval

# ---------------------------------------------------------------- 06.1


def _paired_difference(scores, control):
    differences = np.subtract(scores, control)
    return differences.mean(), *bootstrap_interval(differences, np.mean)


def _tables():
    """Return pairs of tables: in the first, agents differ most, in the others a few walks do."""
    rng, cases = np.random.default_rng(6), []
    for agents, rooms, spread, tail in ((6, 8, 1.5, 0.1), (8, 5, 0.3, 1.0), (4, 6, 0.5, 0.5)):
        ease = 2.0 + 3.0 * rng.random(rooms) + rng.random((agents, 1))
        gain = spread * rng.standard_normal((agents, 1)) - 1.0
        gain = gain + tail * rng.exponential(size=(agents, rooms)) ** 2
        cases.append((np.round(ease + gain, 2), np.round(ease, 2)))
    return tuple(cases)


def _same_difference(given, expected):
    """Whether the difference is equal and the ends are, but for what other draws would change."""
    slack = 0.15 * (expected[2] - expected[1])
    near = all(
        abs(one - other) <= slack for one, other in zip(given[1:], expected[1:], strict=True)
    )
    return len(given) == 3 and equal(given[0], expected[0]) and near


def _why_this_difference(args, given, expected):
    scores, control = args
    if not hasattr(given, "__len__") or len(given) != 3:
        return "three numbers are wanted: the mean difference, and both ends of its interval"
    if equal(given[0], -expected[0]):
        return "you subtracted the wrong way round: a gain in steps is a negative difference"
    if not equal(given[0], expected[0]):
        return f"the first number should be the mean of all differences, {expected[0]:.3f}"
    ours, theirs = (bootstrap_interval(one, np.mean) for one in (scores, control))
    if equal(given[1:], np.subtract(ours, theirs)) or equal(
        given[1:], (ours[0] - theirs[1], ours[1] - theirs[0])
    ):
        return (
            "you subtracted the ends of two intervals, and each holds how hard the rooms are for "
            "both sides: subtract the tables first, then make one interval"
        )
    if equal(given[1:], bootstrap_interval(np.subtract(scores, control))):
        return "that is the interval of the middle half: ask for that of the mean, np.mean"
    if given[2] - given[1] < 0.85 * (expected[2] - expected[1]):
        return (
            "your interval is too narrow: whole agents and whole rooms have to be drawn, so give "
            "bootstrap_interval the table itself, shape (agents, rooms)"
        )
    return "the interval is to be that of the mean of scores - control, by the crossed bootstrap"


# ---------------------------------------------------------------- 06.2


def _made_worse(steps, control):
    return float(np.mean(np.mean(steps, axis=0) > np.mean(control, axis=0)))


def _why_this_share(args, given, expected):
    steps, control = map(np.asarray, args)
    if equal(given, np.mean(steps > control)):
        return "you counted single walks: take the mean over the agents first, room by room"
    if equal(given, np.mean(steps.mean(axis=1) > control.mean(axis=1))):
        return "you counted agents, not rooms: axis=0 averages over the agents, axis=1 over rooms"
    ours, theirs = steps.mean(axis=0), control.mean(axis=0)
    if equal(given, np.sum(ours > theirs)):
        return "that is a number of rooms: a share is wanted, between 0 and 1"
    if equal(given, np.mean(ours < theirs)):
        return "you counted the rooms in which memory takes fewer steps: those are the better ones"
    if equal(given, np.mean(ours >= theirs)):
        return "equal is not worse: > is wanted, not >="
    return f"memory takes more steps in {round(expected * len(ours))} of {len(ours)} rooms"


# ---------------------------------------------------------------- 06.3


def _discounted(worked, used):
    return 0.8 * worked, 0.8 * used


def _why_this_evidence(args, given, expected):
    worked, used = args
    if not hasattr(given, "__len__") or len(given) != 2:
        return "two numbers are wanted: successes and uses that still count"
    if equal(given, (0.8 * worked, used)):
        return (
            "the uses must fade as well: else a skill that never failed would look worse from day "
            "to day"
        )
    if equal(given, (worked, 0.8 * used)):
        return "the successes must fade as well: else there are soon more of them than uses"
    if equal(given, (0.2 * worked, 0.2 * used)):
        return "you kept what was to go: 80 % still counts, 20 % is lost"
    if equal(given, (int(0.8 * worked), int(0.8 * used))) or equal(
        given, (round(0.8 * worked), round(0.8 * used))
    ):
        return "do not round: evidence may be a fraction, and a single failure would never fade"
    if equal(given, expected[::-1]):
        return "the order is successes first, then uses"
    return f"80 % of {worked} and 80 % of {used} are wanted"


# ---------------------------------------------------------------- 06.4

MOST = 3000  # states of a room; the usual rules lead to some fifty


class World(str):
    """What became of a room under a learner's rules, in words that a message shows as they are."""

    __repr__ = str.__str__


def _my_rules(layout, state, action):
    swapped = {Action.LEFT: Action.RIGHT, Action.RIGHT: Action.LEFT}
    return transition(layout, state, swapped.get(action, action))


def _try_out(rules, layout):
    """Return what a world with these rules is like; every state that they lead to is tried."""
    start = layout.state()
    frontier, seen, other, solved = deque([start]), {state_key(start)}, False, False
    while frontier:
        state = frontier.popleft()
        if state["at_goal"]:
            solved = True
            continue
        for action in Action:
            handed = dict(state)
            after = rules(layout, handed, action)
            if after is None:
                return None
            if handed != state:
                return World("a world that changes the very state it is handed")
            if not isinstance(after, dict) or after.keys() != state.keys():
                return World("a world whose next state lacks entries, or is none")
            if not layout.contains(after["agent"]):
                return World("a world in which the agent can leave the room")
            other = other or after != transition(layout, state, action)
            if state_key(after) not in seen and len(seen) < MOST:
                seen.add(state_key(after))
                frontier.append(after)
    if not solved:
        return World("a world in which the goal cannot be reached")
    return World("a world of your own" if other else "the usual world")


def _why_this_world(args, given, expected):
    reasons = {
        "very state": "the state belongs to the caller: return a new one, {**state, ...}",
        "lacks": "all entries of a state are wanted, changed or not: {**state, ...}",
        "leave": "its cell must be in the room: let transition() decide about walls",
        "cannot": "an agent must have a chance: every room needs a way to the key, door and goal",
        "usual": "not one action leads to another state than before: change at least one rule",
    }
    return next((reason for word, reason in reasons.items() if word in str(given)), None)


def _layouts():
    rng = np.random.default_rng(64)
    return tuple((draw_layout(5, rng),) for _ in range(3))


EXERCISES = {
    "06.1": Exercise(
        reference=_paired_difference,
        cases=_tables,
        same=_same_difference,
        explain=_why_this_difference,
        plug_in=True,
    ),
    "06.2": Exercise(
        reference=_made_worse,
        cases=(
            ([[10, 12, 9], [30, 30, 8]], [[25, 20, 9], [10, 10, 8]]),
            ([[5, 7]], [[5, 6]]),
            ([[1, 100, 40, 9], [50, 50, 40, 9]], [[40, 40, 41, 10], [49, 49, 39, 10]]),
            ([[10, 10], [20, 20], [60, 10]], [[20, 20], [20, 20], [40, 20]]),
            ([[8, 9, 7], [8, 9, 7]], [[9, 8, 6], [9, 8, 6]]),
        ),
        explain=_why_this_share,
        plug_in=True,
    ),
    "06.3": Exercise(
        reference=_discounted,
        cases=((40, 40), (10, 20), (0, 7), (2.5, 5.5)),
        explain=_why_this_evidence,
        plug_in=True,
    ),
    "06.4": Exercise(
        reference=_my_rules,
        cases=_layouts,
        call=_try_out,
        describe=lambda args: "a room of five by five cells",
        accepts=lambda args, given: given == "a world of your own",
        explain=_why_this_world,
        note="Whether memory helps in it, the exam will tell.",
        plug_in=True,
    ),
}
