"""Was that exercise right, and if not, why? The answer is a sentence and never an error."""

import ast
import contextlib
import copy
import io
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from procmem_checks.catalogue import EXERCISES
from procmem_checks.exercise import equal, plain
from procmem_checks.source import blanks, ends_in_return, is_empty, returned, syntax
from procmem_checks.words import argument, error_in_words, short

PATIENCE, SECONDS = 1_000_000, 10
"""A function may run this many of its own lines for this long, then it counts as endless."""
SHOWN = 2_000
"""At most so many characters of what a wrong answer printed are shown."""
SYMBOLS = {"not tried yet": "○", "wrong": "✘", "right": "✔"}


@dataclass(frozen=True)
class Verdict:
    """How an exercise was done: ``status`` is "not tried yet", "wrong" or "right"."""

    status: str
    message: str
    function: Callable | None = field(default=None, compare=False)
    printed: bool = field(default=False, compare=False)

    def __repr__(self):
        sentence = f"{SYMBOLS[self.status]} {self.status}: {self.message}"
        return textwrap.fill(sentence, 88, subsequent_indent="  ")

    def _ipython_display_(self):
        if not self.printed:
            raise NotImplementedError  # then it is shown like any other value


UNTRIED = Verdict("not tried yet", "put your code where the ... is, then run this cell again.")


class Outcome(NamedTuple):
    """What came of one call: a value or an error, and what was printed."""

    value: Any
    error: BaseException | None = None
    printed: str = ""

    @property
    def is_nothing(self):
        """Whether there was no value, no error and no text."""
        return self.value is None and self.error is None and not self.printed


def check(exercise_id=None, function=None):
    """Return the ``Verdict`` on a learner's function, and raise nothing, whatever it is given.

    Its ``function`` is the learner's if it is right, and the exercise's own until then. Where the
    cells below go on with it (``f = check("04.2", f).function``), the verdict is printed as well.
    """
    exercise = EXERCISES.get(exercise_id) if isinstance(exercise_id, str) else None
    if exercise is None:
        advice = "its number stands above the task"
        unknown = f"there is no exercise {short(exercise_id)}: {advice}."
        return _told(Verdict("not tried yet", unknown, function, printed=True))
    try:
        verdict = _judge(exercise, function)
    except Exception as error:
        verdict = Verdict("wrong", f"your answer could not be compared: {error_in_words(error)}.")
    right = verdict.status == "right"
    used, whose = (function, "your") if right else (exercise.reference, "the package's")
    clause = f" The cells below run {whose} {_kind(used)}." if exercise.plug_in else ""
    verdict = Verdict(verdict.status, verdict.message + clause, used, exercise.plug_in)
    return _told(verdict) if exercise.plug_in else verdict


def _told(verdict):
    """Print a verdict, on a console that knows no signs without its sign, and return it."""
    try:
        print(verdict)
    except UnicodeEncodeError:
        print(repr(verdict).encode("ascii", "ignore").decode().strip())
    return verdict


def _kind(answer):
    return "class" if isinstance(answer, type) else "function"


def _judge(exercise, function):
    if function is None or function is ...:
        return UNTRIED
    if not callable(function):
        advice = "hand in the function itself, without brackets behind its name"
        return Verdict("wrong", f"{short(function)} is not a function: {advice}.")
    cases = exercise.cases() if callable(exercise.cases) else exercise.cases
    for args in cases:
        given, expected = (_answer(exercise, one, args) for one in (function, exercise.reference))
        if not _agree(exercise, args, given, expected):
            print(given.printed[:SHOWN], end="")
            tree = syntax(function)
            if unfinished := _unfinished(tree, given):
                return unfinished
            if tree is None and all(_answer(exercise, function, case).is_nothing for case in cases):
                return UNTRIED
            return Verdict("wrong", _complaint(exercise, function, tree, args, given, expected))
    praise = f"your {_kind(function)} does what it should in all {len(cases)} cases."
    return Verdict("right", f"{praise} {exercise.note}".strip())


def _unfinished(tree, given):
    """Return the verdict on an answer of which something is still to be written, else None."""
    left = blanks(tree) if tree else 0
    met = "ellipsis" in f"{given.value!r} {given.error}".lower()
    if (tree and is_empty(tree)) or (met and not left):
        return UNTRIED
    if left and (
        met or isinstance(tree, ast.ClassDef) or (given.is_nothing and not returned(tree))
    ):
        what = "one ... is" if left == 1 else f"{left} ... are"
        advice = "put your code there, then run this cell again"
        return Verdict("not tried yet", f"{what} left in your code: {advice}.")
    return None


def _answer(exercise, function, args):
    """Return the outcome of a function for copies of its arguments."""
    call = exercise.call or (lambda function, *args: function(*args))
    args, before, printed = copy.deepcopy(args), sys.gettrace(), io.StringIO()
    try:
        if before is None:  # else a debugger or a coverage run is at work
            sys.settrace(_watch(_names(function)))
        with contextlib.redirect_stdout(printed):
            value = call(function, *args)
            value = plain(value) if hasattr(value, "__next__") else value
        return Outcome(value, None, printed.getvalue())
    except KeyboardInterrupt:  # the learner's own: it is no answer
        raise
    except BaseException as error:
        return Outcome(None, error, printed.getvalue())
    finally:
        sys.settrace(before)


def _names(answer):
    """Return the global names of a function, of the first method of a class, of what is wrapped."""
    answer = getattr(answer, "__wrapped__", getattr(answer, "func", answer))
    if not hasattr(answer, "__globals__") and not isinstance(answer, type):
        answer = type(answer)  # an object that can be called
    methods = vars(answer).values() if isinstance(answer, type) else [answer]
    return next((m.__globals__ for m in methods if hasattr(m, "__globals__")), None)


class EndlessLoop(BaseException):
    """Raised in a function that has used up its lines; no ``except Exception`` stops it."""


def _watch(names):
    """Return a tracer that counts the lines run by functions whose global names are ``names``."""
    left, end = PATIENCE, time.monotonic() + SECONDS

    def watch(frame, event, _):
        nonlocal left
        if frame.f_globals is not names:
            return None
        frame.f_trace_opcodes = True  # a loop on one line never begins another line
        left -= 0.1 if event == "opcode" else 1
        if left < 0:
            raise EndlessLoop(f"it ran {PATIENCE:,} lines and came to no end")
        if time.monotonic() > end:
            raise EndlessLoop(f"it ran for {SECONDS} seconds and came to no end")
        return watch

    return watch


def _agree(exercise, args, given, expected):
    if given.error or expected.error:
        return isinstance(given.error, type(expected.error))
    try:
        if exercise.accepts:
            return bool(exercise.accepts(copy.deepcopy(args), given.value))
        return bool(exercise.same(given.value, expected.value))
    except Exception:  # made for answers of the right kind, and this is none
        return False


def _complaint(exercise, function, tree, args, given, expected):
    call = f"{getattr(function, '__name__', 'your function')}({', '.join(map(argument, args))})"
    call = exercise.describe(args) if exercise.describe else call
    right = f"raising {type(expected.error).__name__}" if expected.error else short(expected.value)
    if isinstance(given.error, EndlessLoop):
        return f"for {call} your function never ended: {given.error}."
    if given.error:
        end = "" if exercise.accepts else f" Right is {right}."
        return f"for {call} your {_kind(function)} raised {error_in_words(given.error)}.{end}"
    why = "" if expected.error else _why(exercise, tree, args, given, expected.value)
    reason = f", because {why}" if why else ""
    but = "this is not right" if exercise.accepts else f"{right} is right"
    return f"for {call} you gave {short(given.value)}, but {but}{reason}."


def _why(exercise, tree, args, given, expected):
    """Return why an answer is wrong, "" where that cannot be told."""
    ways = returned(tree) if tree else set()
    if given.value is None and given.printed and ways != {"a value"}:
        return "you printed the answer instead of returning it"
    if given.value is None and "None" not in ways and not (tree and ends_in_return(tree)):
        some = "some way through your function ends without a return"
        none = "your function has no return"
        return f"nothing came back: {none if tree and not ways else some}"
    unlike = "" if given.value is None else _other_kind(given.value, expected)
    if unlike:
        return unlike
    try:
        why = exercise.explain and exercise.explain(args, given.value, expected)
    except Exception:  # as above
        why = None
    if not why and given.value is None:
        return "you returned None, and here there is something to return"
    usual = exercise.same is equal and not exercise.accepts
    return why or (_first_difference(plain(given.value), plain(expected)) if usual else "")


def _other_kind(given, expected):
    """Return how an answer is of another kind than the right one, "" if it is of the same."""
    several, wanted = plain(given), plain(expected)
    if isinstance(given, float) and given != given:
        return "nan is no number: look for 0 / 0"
    if isinstance(several, list):
        shape = (
            f"an array of shape {given.shape}" if isinstance(given, np.ndarray) else "a sequence"
        )
        kind = f", not {shape}"
    else:
        kind = ", not a text" if isinstance(several, str) else ""
    if isinstance(wanted, bool):
        return "" if isinstance(several, bool) else f"the answer must be True or False{kind}"
    if isinstance(wanted, Real) and kind:
        name = type(expected).__name__ if isinstance(expected, Enum) else "number"
        return f"one {name} is wanted{kind}"
    if isinstance(wanted, list) and isinstance(several, Real):
        return f"{len(wanted)} entries are wanted, not one number"
    return ""


def _first_difference(given, expected):
    if not (isinstance(given, list) and isinstance(expected, list)):
        return ""
    if len(given) != len(expected):
        return f"there must be {len(expected)} entries, not {len(given)}"
    i = next(i for i in range(len(given)) if not equal(given[i], expected[i]))
    return f"entry {i} (counted from 0) is {short(given[i])}, not {short(expected[i])}"
