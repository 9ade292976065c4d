"""The exercises of lesson 01, Skill representation."""

from procmem_checks.exercise import Exercise, equal

from procmem.gridworld import MOVES, Action
from procmem.lab.worlds import KeyRoom
from procmem.skill import Skill

# 01.1 applicable


def _applicable(preconditions, state):
    return all(name in state and state[name] == value for name, value in preconditions.items())


def _why_applicable(args, given, expected):
    preconditions, state = args
    if not preconditions:
        return "where nothing is asked for, nothing is missing: {} holds everywhere"
    wrong = [name for name, value in preconditions.items() if state.get(name) != value]
    if expected:
        more = "what else is in the state does not matter"
        return f"every entry of the preconditions is so in the state: {more}"
    if wrong[0] not in state:
        return f"the state has no entry {wrong[0]!r}"
    return f"{wrong[0]!r} is {state[wrong[0]]} in the state, not {preconditions[wrong[0]]}"


_HERE = {"agent": (0, 0), "has_key": False, "door_open": False, "key_lies": "2 down, 2 right"}


# 01.2 effects


def _effects(before, after):
    return {name: True for name in after if after[name] is True and before[name] is not True}


def _why_these_effects(args, given, expected):
    before, after = args
    if not isinstance(given, dict):
        return "a dict is asked for, from the names of facts to True"
    more = [name for name in given if name not in expected]
    if more and before[more[0]] is after[more[0]] is True:
        return f"{more[0]!r} was true before: the moves did not bring it about"
    if more and not isinstance(after[more[0]], bool):
        return f"{more[0]!r} is not a fact: it differs, but it is neither true nor false"
    if more:
        return f"{more[0]!r} did not become true"
    missing = [name for name in expected if name not in given]
    if missing:
        return f"{missing[0]!r} became true and is missing"
    return "the effects are not right"


_BEFORE = {"agent": (0, 0), "has_key": False, "door_open": False}
_MOVED = {**_BEFORE, "agent": (1, 0)}
_FETCHED = {**_BEFORE, "agent": (2, 2), "has_key": True}
_OPENED = {**_FETCHED, "agent": (2, 3), "door_open": True}


# 01.3 success estimate


def _success_estimate(worked, used):
    return (worked + 1) / (used + 2)


def _why_this_estimate(args, given, expected):
    worked, used = args
    sums = f"({worked} + 1) / ({used} + 2)"
    if used and equal(given, worked / used):
        return f"that is plain division: pretend one success and one failure more, {sums}"
    if equal(given, (worked + 1) / (used + 1)):
        return f"the pretended success and the pretended failure are two uses: {sums}"
    if equal(given, worked / (used + 2)):
        return f"one of the two pretended uses was a success: {sums}"
    if equal(given, (used + 1) / (worked + 2)):
        return f"worked and used are exchanged: {sums}"
    if equal(given, (worked + 1) // (used + 2)):
        return f"// cuts off what stands behind the point: {sums}"
    if any(equal(given, round(expected, places)) for places in range(4)):
        return f"it is not rounded: {sums}"
    return f"with one success and one failure more it is {sums}"


# 01.4 a class


def _skill(answer):
    needs, key = {"has_key": False, "key_lies": "2 right"}, {"has_key": True}
    moves = [Action.RIGHT, Action.RIGHT, Action.PICK_UP]
    return answer("fetch", needs, moves, [1.0, 0.0], effects=key)


def _try_out(answer, method, argument):
    """Return what a method gives; for a list of outcomes, the counts or the estimate afterwards."""
    if not isinstance(answer, type):  # a class is wanted
        return answer(method, argument)
    skill = _skill(answer)
    if method == "applicable":
        return skill.applicable(argument)
    if method == "act":
        return skill.act({"has_key": False}, argument)
    for episode, succeeded in enumerate(argument):
        skill.record(succeeded, episode)  # as the agent calls it
    if method == "record":
        return [skill.success_count, skill.times_used]
    return skill.success_estimate


def _how_tried(args):
    method, argument = args
    if method == "applicable":
        return f"skill.applicable({argument})"
    if method == "act":
        return f"skill.act(state, {argument}) of a skill with 3 moves"
    if method == "record":
        return f"[skill.success_count, skill.times_used] after recording {argument}"
    return f"skill.success_estimate after recording {argument}"


def _why_this_skill(args, given, expected):
    method, argument = args
    if method == "applicable":
        return "it needs has_key to be False and key_lies to be '2 right', and nothing else"
    if method == "act":
        return "moves are counted from 0, and after the last one comes None"
    if method == "record":
        return f"{len(argument)} uses were recorded, {sum(argument)} of them successes"
    if callable(given):
        return "it is read without brackets: keep the line @property above it"
    return "it is success_estimate(successes, uses), in this order"


_RIGHT = {"has_key": False, "key_lies": "2 right"}
_TWO_OF_THREE = [True, False, True]
_USES = (
    ("applicable", {**_RIGHT, "agent": (0, 0)}),
    ("applicable", {**_RIGHT, "key_lies": "1 right"}),
    ("applicable", {**_RIGHT, "has_key": True}),
    *(("act", t) for t in range(4)),
    *((method, uses) for method in ("record", "estimate") for uses in ([], _TWO_OF_THREE)),
)


# 01.5 a policy, open


def _next_move(state):
    (row, col), (key_row, key_col) = state["agent"], state["key"]
    if row != key_row:
        return Action.DOWN if row < key_row else Action.UP
    if col != key_col:
        return Action.RIGHT if col < key_col else Action.LEFT
    return Action.PICK_UP


def _nearer(args, given):
    (state,) = args
    if not isinstance(given, Action) or (given in MOVES) == (state["agent"] == state["key"]):
        return False
    (row, col), (key_row, key_col) = state["agent"], state["key"]
    down, right = MOVES.get(given, (0, 0))
    before = abs(key_row - row) + abs(key_col - col)
    after = abs(key_row - row - down) + abs(key_col - col - right)
    return after < before or given == Action.PICK_UP


def _why_not_this_move(args, given, expected):
    (state,) = args
    if not isinstance(given, Action):
        return "one action is wanted, such as Action.DOWN"
    if state["agent"] == state["key"]:
        return "the agent stands on the key: there is nothing left but to pick it up"
    if given == Action.PICK_UP:
        return f"the key lies {state['key_lies']}, not here"
    return f"the key lies {state['key_lies']}, and this does not lead nearer to it"


def _on_the_way():
    seen = ("agent", "key", "key_lies", "has_key")
    return tuple(({name: state[name] for name in seen},) for state in KeyRoom().starts())


EXERCISES = {
    "01.1": Exercise(
        reference=_applicable,
        cases=(
            ({"has_key": False}, _HERE),
            ({"has_key": True}, _HERE),
            ({"has_key": False, "key_lies": "2 right"}, _HERE),
            ({"has_key": False, "key_lies": "2 down, 2 right"}, _HERE),
            ({"door_open": False}, _HERE),
            ({}, _HERE),
            (_HERE, _HERE),
        ),
        explain=_why_applicable,
        plug_in=True,
    ),
    "01.2": Exercise(
        reference=_effects,
        cases=(
            (_BEFORE, _FETCHED),
            (_BEFORE, _MOVED),
            (_FETCHED, _OPENED),
            (_BEFORE, _OPENED),
            (_OPENED, _FETCHED),
        ),
        explain=_why_these_effects,
        plug_in=True,
    ),
    "01.3": Exercise(
        reference=_success_estimate,
        cases=((9, 10), (0, 0), (1, 1), (0, 4)),
        explain=_why_this_estimate,
        plug_in=True,
    ),
    "01.4": Exercise(
        reference=Skill,
        cases=_USES,
        call=_try_out,
        describe=_how_tried,
        explain=_why_this_skill,
        plug_in=True,
    ),
    "01.5": Exercise(
        reference=_next_move,
        cases=_on_the_way,
        accepts=_nearer,
        explain=_why_not_this_move,
        plug_in=True,
    ),
}
