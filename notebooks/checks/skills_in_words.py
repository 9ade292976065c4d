"""The exercises of lesson 10, Skills in words."""

import math

from procmem_checks.exercise import Exercise

from procmem.lab.texts import bind, cause, inverse_document_frequencies, lift, roles
from procmem.office import Office


def _states(count):
    return [Office().reset(seed=seed)[0] for seed in range(count)]


def _why_lift(args, given, expected):
    if not isinstance(given, dict):
        return "the answer is a state, a dict"
    if left := sorted(name for name in given if name.startswith("slot_")):
        return f"{left[0]} is still there, and says what lies where on this one desk"
    if "request" not in given:
        return "the request is missing"
    for role, slot in roles(args[0]).items():
        thing = args[0][f"slot_{slot}"]
        if thing in given["request"]:
            return f"the request still names {thing!r}, whose role is ${role}"
    missing = sorted(expected.keys() - given.keys())
    return f"the fact {missing[0]} is missing" if missing else None


def _why_bind(args, given, expected):
    name, state = args
    role = name.split("_")[1]
    return f"{role} is {state['slot_' + str(roles(state)[role])]!r}, in slot {roles(state)[role]}"


def _idf(texts):
    return inverse_document_frequencies(texts)


def _close(given, expected):
    same = isinstance(given, dict) and given.keys() == expected.keys()
    return same and all(math.isclose(given[w], expected[w], abs_tol=1e-6) for w in expected)


def _why_idf(args, given, expected):
    (texts,) = args
    if not isinstance(given, dict):
        return "the answer is a dict from words to weights"
    if expected.keys() != given.keys():
        return f"it has the words {sorted(given)}, and the texts have {sorted(expected)}"
    word = next(w for w in expected if not math.isclose(given[w], expected[w], abs_tol=1e-6))
    have = sum(word in text.lower().split() for text in texts)
    return f"{word!r} is in {have} of {len(texts)} texts: log({len(texts)} / {have})"


def _why_cause(args, given, expected):
    needed, _, offered, _ = args
    if expected == "right":
        return "what was chosen is what was needed"
    if expected == "not in the library":
        return "no stored skill begins with what was needed"
    return f"what was needed is stored, and {'' if needed in offered else 'not '}among the offered"


def _description(skill):
    does = ", then ".join(action.name for action in skill.action_sequence)
    holding = ", ".join(name for name, value in skill.preconditions.items() if value is True)
    when = f"when {holding}" if holding else "when nothing is done yet"
    return f"Brings about {', '.join(skill.effects)} by {does}. Use {when}."


def _lacks(skill, text):
    """Return in words what a description lacks, None if nothing."""
    if not isinstance(text, str):
        return "a description is a text"
    if len(text) > 1024:
        return f"it has {len(text)} characters, and 1,024 are allowed"
    holding = [name for name, value in skill.preconditions.items() if value is True]
    for name in [*skill.effects, *holding]:
        if name not in text:
            kind = "effect" if name in skill.effects else "precondition"
            return f"the {kind} {name} is not in it"
    return None


def _skills():
    from procmem import Action, Skill  # made when they are needed

    state = {"has_key": True, "door_open": False}
    vector, move = [1.0, 0.0], (Action.DOWN, Action.OPEN)
    both = {"has_key": True, "door_open": True, "at_goal": False}
    return (
        (Skill("open", state, move, vector, effects={"door_open": True}),),
        (Skill("leave", both, (Action.DOWN,), vector, effects={"at_goal": True}),),
        (Skill("fetch", {"has_key": False}, (Action.PICK_UP,), vector, effects={"has_key": True}),),
    )


EXERCISES = {
    "10.1": Exercise(
        lift,
        lambda: tuple((state,) for state in _states(6)),
        explain=_why_lift,
        plug_in=True,
    ),
    "10.2": Exercise(
        bind,
        lambda: tuple(
            (name, state)
            for state in _states(4)
            for name in ("SIGN_file", "SEND_person", "OPEN_file")
        ),
        explain=_why_bind,
        plug_in=True,
    ),
    "10.3": Exercise(
        _idf,
        (
            (["sign it", "print it", "print it now"],),
            (["send the $file", "send the $file to $person", "archive the $file"],),
            (["sign and sign again", "stamp"],),
            (["sign"],),
        ),
        same=_close,
        explain=_why_idf,
        plug_in=True,
    ),
    "10.4": Exercise(
        cause,
        (
            ("SIGN", {"SIGN", "PRINT"}, {"SIGN", "PRINT"}, "SIGN"),
            ("SIGN", {"SIGN", "PRINT"}, {"SIGN", "PRINT"}, "PRINT"),
            ("SIGN", {"SIGN", "PRINT"}, {"PRINT"}, "PRINT"),
            ("SIGN", {"PRINT"}, {"PRINT"}, "PRINT"),
            ("SIGN", set(), set(), None),
            ("SIGN", {"SIGN"}, {"SIGN"}, None),
        ),
        explain=_why_cause,
        plug_in=True,
    ),
    "10.5": Exercise(
        _description,
        _skills,
        accepts=lambda args, given: _lacks(args[0], given) is None,
        explain=lambda args, given, expected: _lacks(args[0], given),
        plug_in=True,
    ),
}
