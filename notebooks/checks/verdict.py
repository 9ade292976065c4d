"""Was that exercise right, and if not, why? The answer is a sentence and never an error."""

import copy
import re
import reprlib
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from procmem_checks.catalogue import EXERCISES
from procmem_checks.exercise import equal, plain

PATIENCE = 1_000_000
"""A function may run this many of its own lines, then it counts as endless."""
SYMBOLS = {"not tried yet": "○", "wrong": "✘", "right": "✔"}


@dataclass(frozen=True)
class Verdict:
    """How an exercise was done: ``status`` is "not tried yet", "wrong" or "right"."""

    status: str
    message: str
    function: Callable | None = field(default=None, compare=False)

    def __repr__(self):
        sentence = f"{SYMBOLS[self.status]} {self.status}: {self.message}"
        return textwrap.fill(sentence, 88, subsequent_indent="  ")


UNTRIED = Verdict("not tried yet", "put your code where the ... is, then run this cell again.")


def check(exercise_id, function):
    """Return the ``Verdict`` on a learner's function, and raise nothing, whatever it is given.

    Its ``function`` is the learner's if it is right, and the exercise's own until then.
    """
    exercise = EXERCISES.get(exercise_id) if isinstance(exercise_id, str) else None
    if exercise is None:
        return Verdict("not tried yet", f"there is no exercise {_short(exercise_id)}.")
    try:
        verdict = _judge(exercise, function)
    except Exception as error:
        verdict = Verdict("wrong", f"nobody can tell what came back: {_error(error)}.")
    right = verdict.status == "right"
    used, whose = (function, "your") if right else (exercise.reference, "the package's")
    clause = f" The cells below run {whose} function." if exercise.plug_in else ""
    return Verdict(verdict.status, verdict.message + clause, used)


def _judge(exercise, function):
    if function is None or function is ...:
        return UNTRIED
    if not callable(function):
        advice = "hand in the function itself, without brackets behind its name"
        return Verdict("wrong", f"{_short(function)} is not a function: {advice}.")
    cases = exercise.cases() if callable(exercise.cases) else exercise.cases
    for args in cases:
        given, expected = _answer(function, args), _answer(exercise.reference, args)
        if not _agree(exercise, args, given, expected):
            silent = all(_answer(function, case) == (None, None) for case in cases)
            if silent or "ellipsis" in f"{given[0]!r} {given[1]}".lower():
                return UNTRIED
            return Verdict("wrong", _complaint(exercise, function, args, given, expected))
    praise = f"your function does what it should in all {len(cases)} cases."
    return Verdict("right", f"{praise} {exercise.note}".strip())


def _answer(function, args):
    """Return what a function gives for copies of its arguments, as a pair (value, error)."""
    args, before = copy.deepcopy(args), sys.gettrace()
    try:
        if before is None:  # else a debugger or a coverage run is at work
            sys.settrace(_watch(getattr(function, "__globals__", None)))
        value = function(*args)
        return (plain(value) if hasattr(value, "__next__") else value), None
    except KeyboardInterrupt:  # the learner's own: it is no answer
        raise
    except BaseException as error:
        return None, error
    finally:
        sys.settrace(before)


class EndlessLoop(BaseException):
    """Raised in a function that has used up its lines; no ``except Exception`` stops it."""


def _watch(names):
    """Return a tracer that counts the lines run by functions whose global names are ``names``."""
    left = PATIENCE

    def watch(frame, event, _):
        nonlocal left
        if frame.f_globals is not names:
            return None
        frame.f_trace_opcodes = True  # a loop on one line never begins another line
        left -= 0.1 if event == "opcode" else 1
        if left < 0:
            raise EndlessLoop(f"it ran {PATIENCE:,} lines and came to no end")
        return watch

    return watch


def _agree(exercise, args, given, expected):
    if given[1] or expected[1]:
        return isinstance(given[1], type(expected[1]))
    try:
        if exercise.accepts:
            return bool(exercise.accepts(copy.deepcopy(args), given[0]))
        return bool(exercise.same(given[0], expected[0]))
    except Exception:  # made for answers of the right kind, and this is none
        return False


def _complaint(exercise, function, args, given, expected):
    call = f"{getattr(function, '__name__', 'your function')}({', '.join(map(_short, args))})"
    right = f"raising {type(expected[1]).__name__}" if expected[1] else _short(expected[0])
    if given[1]:
        return f"for {call} your function raised {_error(given[1])}. Right is {right}."
    why = "" if expected[1] else _why(exercise, args, given[0], expected[0])
    reason = f", because {why}" if why else ""
    return f"for {call} you gave {_short(given[0])}, but {right} is right{reason}."


def _why(exercise, args, given, expected):
    """Return why an answer is wrong, "" where that cannot be told."""
    if given is None:
        return "nothing came back: some way through your function ends without a return"
    if isinstance(given, float) and given != given:
        return "nan is no number: look for 0 / 0"
    if isinstance(expected, bool) and not isinstance(given, bool | np.bool):
        return "the answer must be True or False"
    try:
        why = exercise.explain and exercise.explain(args, given, expected)
    except Exception:  # as above
        why = None
    usual = exercise.same is equal and not exercise.accepts
    return why or (_first_difference(plain(given), plain(expected)) if usual else "")


def _first_difference(given, expected):
    if not (isinstance(given, list) and isinstance(expected, list)):
        return ""
    if len(given) != len(expected):
        return f"there must be {len(expected)} entries, not {len(given)}"
    i = next(i for i in range(len(given)) if not equal(given[i], expected[i]))
    return f"entry {i} (counted from 0) is {_short(given[i])}, not {_short(expected[i])}"


class _Short(reprlib.Repr):
    """Writes values so that a sentence can hold them."""

    def repr1(self, x, level):
        """Return one value: floats with seven digits, actions by name, arrays as lists."""
        if isinstance(x, np.generic | np.ndarray):
            x = x.tolist()
        if isinstance(x, Enum):
            return f"{type(x).__name__}.{x.name}"
        return super().repr1(float(f"{x:.7g}") if isinstance(x, float) else x, level)


_WRITER = _Short()
_WRITER.maxlist = _WRITER.maxtuple = _WRITER.maxset = _WRITER.maxdict = 8
_WRITER.maxstring = _WRITER.maxother = 80


def _short(value):
    return _clean(_WRITER.repr(value))


def _error(error):
    try:
        text = _clean(f"{type(error).__name__}: {error}").removesuffix(": ").rstrip(".")
    except Exception:  # a learner's own error class may fail to say what it is
        return type(error).__name__
    return text if len(text) < 160 else f"{text[:160]}..."


def _clean(text):
    """Return text on one line, without addresses and without signs that steer a terminal."""
    text = " ".join(re.sub(r" at 0x[0-9a-fA-F]+", "", text).split())
    return "".join(sign for sign in text if sign.isprintable())
