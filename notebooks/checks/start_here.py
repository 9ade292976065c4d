"""The exercises of lesson 00, Start here."""

from procmem_checks.exercise import Exercise, equal

from procmem.embedding import FunctionEncoder
from procmem.gridworld import Action
from procmem.lab.baselines import nearest_recording
from procmem.library import SkillLibrary
from procmem.skill import Skill


def _ratio(steps, optimum):
    return steps / optimum


def _why_this_ratio(args, given, expected):
    steps, optimum = args
    if equal(given, optimum / steps):
        return "you divided the other way round: the optimum by the steps"
    if equal(given, steps - optimum):
        return "that is how many steps were wasted, not how many times as many were taken"
    if equal(given, steps // optimum) or equal(given, round(steps / optimum)):
        return "the part behind the decimal point is lost: divide with /, and do not round"
    if equal(given, 100 * steps / optimum):
        return "that is in percent: 2 is wanted for twice as many, not 200"
    return f"{steps} steps where {optimum} would do are {steps} / {optimum}"


def _where(state):
    """Return two numbers that are the more alike, the closer two agents stand."""
    row, col = state["agent"]
    return [1.0 + row, 1.0 + col]


def _memory():
    """Return three recordings that begin in different cells: for the key, and twice the door."""
    memory = SkillLibrary(encoder=FunctionEncoder(_where, 2))
    no_key, key = {"has_key": False}, {"has_key": True}
    for name, needs, cell in (
        ("open the door", key, (0, 4)),
        ("take the key", no_key, (4, 0)),
        ("open it from afar", key, (3, 1)),
    ):
        memory.add(Skill(name, needs, [Action.DOWN], _where({"agent": cell}), effects=key))
    return memory


def _situations():
    places = ((4, 0), False), ((0, 4), True), ((0, 4), False), ((4, 0), True)
    cases = [(_memory(), {"agent": cell, "has_key": has_key}) for cell, has_key in places]
    only_the_key = _memory()
    for name in ("open the door", "open it from afar"):
        only_the_key.forget(name)
    return (*cases, (only_the_key, {"agent": (2, 2), "has_key": True}))


def _same_recording(given, expected):
    if given is None or expected is None:
        return given is expected
    return isinstance(given, Skill) and given.name == expected.name


def _why_this_recording(args, given, expected):
    memory, state = args
    if given is None:
        return f"{expected.name!r} applies: do not give up after the first pair"
    if isinstance(given, tuple | list):
        return "the recording itself is asked for, without the similarity or a list around it"
    if isinstance(given, str):
        return "its name is not the recording: return the recording itself"
    if not isinstance(given, Skill):
        return "a recording is asked for, or None where none applies"
    if not given.applicable(state):
        has_key = "has the key already" if state["has_key"] else "has no key"
        return f"{given.name!r} does not apply here: the agent {has_key}"
    ranked = {one.name: likeness for likeness, one in memory.retrieve(_where(state), len(memory))}
    ours, yours = ranked[expected.name], ranked[given.name]
    return f"{expected.name!r} applies too and is nearer: similarity {ours:.2f} against {yours:.2f}"


EXERCISES = {
    "00.1": Exercise(
        reference=_ratio,
        cases=((14, 7), (9, 9), (39, 12), (7, 5)),
        explain=_why_this_ratio,
        plug_in=True,
    ),
    "00.2": Exercise(
        reference=nearest_recording,
        cases=_situations,
        same=_same_recording,
        explain=_why_this_recording,
        plug_in=True,
    ),
}
