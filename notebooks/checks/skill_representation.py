"""The exercises of lesson 01, Skill representation."""

import json
from collections.abc import Mapping

from procmem_checks.exercise import Exercise

from procmem.episode import holds
from procmem.gridworld import Action, fixed_layout, transition
from procmem.skill import Skill


def _read_partial(text):
    saved = json.loads(text)
    return {name: tuple(v) if isinstance(v, list) else v for name, v in saved.items()}


def _why_this_partial(args, given, expected):
    for name, value in expected.items():
        found = given.get(name) if isinstance(given, Mapping) else None
        if isinstance(value, tuple) and found == list(value):
            return f"{found} is not {value}: with a list in it the precondition holds nowhere"
        if isinstance(given, Mapping) and name not in given:
            return f"{name!r} is missing: what is no list stays as it is"
    return None


def _do_again(skill, room, state):
    if skill.applicable(state):
        for action in skill.action_sequence:
            state = transition(room, state, action)
        skill.record(holds(skill.effects, state))
    return skill.success_estimate


def _uses_of_skills():
    home = fixed_layout(5)
    start, key = {"agent": (0, 0), "has_key": False}, {"has_key": True}
    moves = [Action[name] for name in ("DOWN", "DOWN", "RIGHT", "RIGHT", "PICK_UP")]
    anywhere = Skill("get key", {}, moves, [1.0], 8, times_used=9, effects=key)
    only_there = Skill("get key", start, moves, [1.0], 1, effects=key)
    beside = home.state() | {"agent": (0, 1)}
    places = (anywhere, home.state()), (anywhere, beside), (only_there, home.state())
    return tuple((skill, home, state) for skill, state in (*places, (only_there, beside)))


def _why_this_estimate(args, given, expected):
    skill, room, state = args
    worked, used = skill.success_count, skill.times_used
    if not skill.applicable(state):
        return f"it may not begin here, so its record stays {worked} of {used}"
    for action in skill.action_sequence:
        state = transition(room, state, action)
    good = holds(skill.effects, state)
    so = "its effects hold at the end" if good else "its effects do not hold at the end"
    record = f"{worked + good} of {used + 1}, whatever the number of moves"
    return f"it may begin here and {so}: one use more makes {record}"


def _verdict(when, states, works):
    pairs = [(holds(when, state), bool(good)) for state, good in zip(states, works, strict=True)]
    weak, strong = (True, False) in pairs, (False, True) in pairs
    if weak and strong:
        return "both"
    return "too weak" if weak else "too strong" if strong else "right"


def _why_this_verdict(args, given, expected):
    when, states, works = args
    pairs = [(holds(when, state), good) for state, good in zip(states, works, strict=True)]
    false, missed = pairs.count((True, False)), pairs.count((False, True))
    return f"false starts: {false}, missed chances: {missed}"


_A, _B, _C = {"agent": (0, 0)}, {"agent": (0, 1)}, {"agent": (2, 0)}

EXERCISES = {
    "01.1": Exercise(
        reference=_read_partial,
        cases=(
            ('{"agent": [0, 0], "has_key": false}',),
            ('{"key": [2, 3], "door": [3, 3]}',),
            ('{"door_open": true}',),
            ("{}",),
        ),
        same=lambda given, expected: given == expected,
        explain=_why_this_partial,
    ),
    "01.2": Exercise(reference=_do_again, cases=_uses_of_skills, explain=_why_this_estimate),
    "01.3": Exercise(
        reference=_verdict,
        cases=(
            ({}, [_A, _B, _C], [True, False, False]),
            ({"agent": (0, 0)}, [_A, _B, _C], [True, False, True]),
            ({"agent": (0, 0)}, [_A, _B, _C], [True, False, False]),
            ({"agent": (0, 1)}, [_A, _B, _C], [True, False, True]),
            ({"agent": (4, 4)}, [_A, _B], [False, False]),
        ),
        explain=_why_this_verdict,
    ),
}
