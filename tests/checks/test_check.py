"""The check of the exercises: what is right, wrong or not tried, and that it never raises."""

import functools
import io
import itertools
import re
import sys
import time
from collections import namedtuple

import numpy as np
import pytest
from lessons import lesson_files, read_lesson
from procmem_checks import Verdict, check
from procmem_checks import catalogue as data
from procmem_checks import verdict as module
from procmem_checks.catalogue import EXERCISES
from procmem_checks.exercise import Exercise, equal

from procmem.gridworld import Action


@pytest.fixture
def exercise(monkeypatch):
    """Return a function that sets the exercise "t" and judges a function by it."""

    def judged(function, reference=lambda x: 2 * x, cases=((1,), (3,)), **more):
        monkeypatch.setitem(EXERCISES, "t", Exercise(reference, cases, **more))
        return check("t", function)

    return judged


@pytest.fixture
def untraced():
    """Take the tracer of a coverage run away for a while: it switches the guard off."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


# What counts as equal

Point = namedtuple("Point", "row col")
NAN = float("nan")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (1, 1.0),
        (0.1 + 0.2, 0.3),
        (1e-17, 0),
        (NAN, np.float64("nan")),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        ([1, 2], (1, 2)),
        ([[1, 2]], np.array([[1.0, 2.0]])),
        (range(3), [0, 1, 2]),
        ({"a": 1}.keys(), ["a"]),
        (Point(1, 2), (1, 2)),
        ({"agent": (0, 1)}, {"agent": [0, np.int64(1)]}),
        ({1, 2}, frozenset({2, 1})),
        (Action.UP, 0),
        ("up", "up"),
        (None, None),
    ],
)
def test_equal(a, b):
    assert equal(a, b)
    assert equal(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (1, 1.001),
        (1, True),
        (0, False),
        ([1], [1, 1]),
        ([1, 2], [2, 1]),
        ([1, 2], {1, 2}),
        ("12", ["1", "2"]),
        ("1", 1),
        (NAN, 0),
        (float("inf"), 1e308),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": 1, "b": 2}),
        (None, 0),
        (None, []),
        (np.zeros(2), 0),
    ],
)
def test_not_equal(a, b):
    assert not equal(a, b)
    assert not equal(b, a)


# Not tried yet


def half_done(x):
    return ... if x == 3 else 2 * x


@pytest.mark.parametrize(
    "stub",
    [
        None,
        ...,
        lambda x: None,
        lambda x: ...,
        lambda x: x * ...,
        lambda x: [0] * x + [...],
        lambda x: {"answer": ...},
        lambda x: np.dot(x, ...),
        lambda x: (...).name,
        lambda x: sum(...),
        half_done,
    ],
)
def test_a_stub_is_not_tried_yet(exercise, stub):
    assert exercise(stub).status == "not tried yet"


def test_an_unknown_exercise_is_named_and_printed(capsys):
    verdict = check("99.9", len)
    assert verdict.message.startswith("there is no exercise '99.9': ")
    assert verdict.status == "not tried yet"
    assert verdict.function is len
    assert capsys.readouterr().out == f"{verdict!r}\n"
    assert check().status == check("00.1").status == "not tried yet"


def test_nothing_may_be_the_right_answer(exercise):
    def first_even(numbers):
        return next((n for n in numbers if n % 2 == 0), None)

    cases = (([1],), ([1, 2],))
    assert exercise(first_even, first_even, cases).status == "right"
    assert exercise(lambda numbers: None, first_even, cases).status == "not tried yet"
    assert exercise(lambda numbers: numbers[0], first_even, cases).status == "wrong"


# Right


def test_right_names_the_cases_and_the_note(exercise):
    verdict = exercise(lambda x: x + x, note="That was doubling.")
    expected = "your function does what it should in all 2 cases. That was doubling."
    assert verdict == Verdict("right", expected)


def test_every_call_gets_arguments_of_its_own(exercise):
    def spoil(numbers):
        numbers.append(99)
        return numbers[:-1]

    assert exercise(spoil, lambda numbers: numbers, (([1],), ([2, 3],))).status == "right"
    assert exercise(spoil, lambda numbers: numbers, (([1],), ([2, 3],))).status == "right"


def test_generators_count_as_lists(exercise):
    assert exercise(lambda n: (i for i in range(n)), lambda n: list(range(n))).status == "right"


def test_cases_may_be_made_when_they_are_needed(exercise):
    assert exercise(lambda x: 2 * x, cases=lambda: ((5,),)).message.count("all 1 cases")


def test_accepts_decides_where_many_answers_are_right(exercise):
    def below(args, given):
        return given < args[0]

    assert exercise(lambda x: x - 7, lambda x: x - 1, accepts=below).status == "right"
    assert exercise(lambda x: x, lambda x: x - 1, accepts=below).status == "wrong"
    assert exercise(lambda x: "a", lambda x: x - 1, accepts=below).status == "wrong"


def test_an_expected_error_has_to_be_raised(exercise):
    def strict(x):
        if x > 2:
            raise ValueError(f"x must be at most 2, got {x}")
        return x

    assert exercise(strict, strict).status == "right"
    verdict = exercise(lambda x: x, strict)
    assert verdict == Verdict(
        "wrong", "for <lambda>(3) you gave 3, but raising ValueError is right."
    )


# Wrong


def test_wrong_names_the_first_case_that_differs(exercise):
    def double(x):
        return 2 if x == 1 else 7

    assert exercise(double).message == "for double(3) you gave 7, but 6 is right."


def test_the_exercise_explains(exercise):
    verdict = exercise(lambda x: x, explain=lambda args, given, expected: f"{args[0]} is too few")
    assert verdict.message.endswith("you gave 1, but 2 is right, because 1 is too few.")


def test_an_explanation_that_cannot_cope_is_left_out(exercise):
    verdict = exercise(lambda x: 1, explain=lambda args, given, expected: given[expected])
    assert verdict.message.endswith("you gave 1, but 2 is right.")


@pytest.mark.parametrize(
    ("given", "expected", "reason"),
    [
        ([1, 2], [1, 2, 3], "there must be 3 entries, not 2"),
        ([0] * 99, [0] * 98 + [1], "entry 98 (counted from 0) is 0, not 1"),
        (NAN, 1.0, "nan is no number"),
        (1, True, "the answer must be True or False"),
        (np.array([1.0]), np.array([2.0]), "entry 0 (counted from 0) is 1.0, not 2.0"),
    ],
)
def test_usual_reasons(exercise, given, expected, reason):
    assert f"because {reason}" in exercise(lambda x: given, lambda x: expected).message


def test_an_exercise_with_its_own_idea_of_sameness_gets_no_usual_reason(exercise):
    verdict = exercise(lambda x: [1, 3], lambda x: [1, 2], same=lambda given, expected: False)
    assert verdict.message.endswith("you gave [1, 3], but [1, 2] is right.")


def test_an_open_task_never_prints_one_solution_as_right(exercise):
    def hand_in(function, **more):
        return exercise(
            function, lambda x: [7, 7], accepts=lambda args, given: False, **more
        ).message

    assert hand_in(lambda x: [1, 3]) == "for <lambda>(1) you gave [1, 3], but this is not right."
    explained = hand_in(lambda x: [1, 3], explain=lambda args, given, expected: "it is short")
    assert explained.endswith("you gave [1, 3], but this is not right, because it is short.")
    assert hand_in(lambda x: 1 / 0).endswith("raised ZeroDivisionError: division by zero.")
    for answer in (None, ..., 3, [], "a", lambda x: None, lambda x: print(x), lambda x: 1):
        assert "7" not in hand_in(answer)


# Nothing, or not yet everything


def forgetful(x):
    if x < 2:
        return 2


def blank(x): ...


def docstring_alone(x):
    """Return twice x."""


def still_comments(x):
    # return 2 * x
    pass


def one_left(x):
    half = ...
    return 2 * half


def two_left(x):
    return 2 * ... if x else ...


def begun(x):
    double = 2 * x  # noqa: F841
    ...


def kept_the_dots(x):
    ...
    return 2 * x


def on_purpose(x):
    return None


def on_purpose_once(x):
    if x == 1:
        return 2
    return


def no_return(x):
    x += x


def printed(x):
    print(2 * x)


def printed_and_returned_none(x):
    print(2 * x)
    return None


def looked(x):
    print("x is", x)
    return 3 * x


@pytest.mark.parametrize("stub", [blank, docstring_alone, still_comments])
def test_an_untouched_stub_is_not_tried_yet(exercise, stub):
    assert exercise(stub) == module.UNTRIED


@pytest.mark.parametrize(
    ("function", "status", "said"),
    [
        (one_left, "not tried yet", "one ... is left in your code: put your code there"),
        (two_left, "not tried yet", "2 ... are left in your code: put your code there"),
        (begun, "not tried yet", "one ... is left in your code"),
        (kept_the_dots, "right", "your function does what it should"),
        (on_purpose, "wrong", "you returned None, and here there is something to return"),
        (on_purpose_once, "wrong", "on_purpose_once(3) you gave None, but 6 is right, because you"),
        (no_return, "wrong", "nothing came back: your function has no return"),
        (forgetful, "wrong", "nothing came back: some way through your function ends without a"),
        (printed, "wrong", "because you printed the answer instead of returning it"),
        (printed_and_returned_none, "wrong", "you printed the answer instead of returning it"),
        (looked, "wrong", "for looked(1) you gave 3, but 2 is right."),
    ],
)
def test_nothing_in_the_hand_has_its_own_words(exercise, function, status, said):
    verdict = exercise(function)
    assert verdict.status == status
    assert said in verdict.message


def test_none_on_purpose_has_its_words_where_a_truth_is_wanted(exercise):
    assert "because you returned None" in exercise(on_purpose, lambda x: True).message


def test_none_on_purpose_is_explained_by_the_exercise(exercise):
    verdict = exercise(on_purpose, explain=lambda args, given, expected: "one fits")
    assert verdict.message.endswith("2 is right, because one fits.")


def test_what_a_wrong_answer_printed_is_shown_for_the_call_that_is_told(exercise, capsys):
    exercise(looked)
    assert capsys.readouterr().out == "x is 1\n"
    exercise(lambda x: print("x" * 10_000))
    assert len(capsys.readouterr().out) == module.SHOWN
    exercise(lambda x: print("quiet") or 2 * x)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("given", "expected", "reason"),
    [
        (np.array([1.0, 2.0]), 2, "one number is wanted, not an array of shape (2,)"),
        (np.ones((2, 1)), 0.5, "one number is wanted, not an array of shape (2, 1)"),
        ([2], 2, "one number is wanted, not a sequence"),
        ("2", 2, "one number is wanted, not a text"),
        ([Action.UP], Action.UP, "one Action is wanted, not a sequence"),
        (1, [1, 2], "2 entries are wanted, not one number"),
        (
            np.array([True, True]),
            True,
            "the answer must be True or False, not an array of shape (2,)",
        ),
        (1, True, "the answer must be True or False"),
    ],
)
def test_another_kind_of_answer_is_told(exercise, given, expected, reason):
    assert exercise(lambda x: given, lambda x: expected).message.endswith(f"{reason}.")


def test_the_call_is_written_as_one_would_type_it(exercise):
    message = exercise(lambda x: 0, lambda x: 1, cases=((np.array([1.0, 2.0]),),)).message
    assert message.startswith("for <lambda>(np.array([1.0, 2.0])) you gave 0")


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda x: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda x, y: 1, "missing 1 required positional argument: 'y'"),
        (lambda x: [][1], "IndexError: list index out of range"),
        (lambda x: exit(), "SystemExit"),
    ],
)
def test_what_was_raised_is_told(exercise, function, said):
    verdict = exercise(function)
    assert verdict.status == "wrong"
    assert said in verdict.message
    assert verdict.message.endswith("Right is 2.")


def test_a_result_instead_of_a_function_is_told(exercise):
    verdict = exercise(3)
    assert verdict.status == "wrong"
    assert verdict.message.startswith("3 is not a function")


def test_values_are_written_short_and_clean(exercise):
    class Odd:
        def __repr__(self):
            return "first\nsecond \x1b[31m <object at 0x7f00>"

    answers = {
        "0.3333333,": np.float64(1) / 3,
        "Action.UP,": Action.UP,
        "first second [31m <object>,": Odd(),
        "<object object>,": object(),
        "7, ...],": list(range(1000)),
        "xxx...xxx": "x" * 1000,
    }
    for text, answer in answers.items():
        message = exercise(lambda x, answer=answer: answer, lambda x: "right").message
        assert text in message
        assert len(message) < 200
        assert message.isprintable()
        assert not re.search(r"0x|np\.|\d\.\d{8}", message)


# An answer that is a class


class Counter:
    def __init__(self, start):
        self.count = start

    def up(self):
        self.count += 1
        return self.count


class Stub:
    """Counts."""

    def __init__(self, start): ...

    def up(self):
        """Return one more than before."""
        ...


class OneLeft:
    def __init__(self, start):
        self.count = ...

    def up(self):
        return self.count


class Stuck:
    def __init__(self, start):
        self.count = start

    def up(self):
        while self.count:
            pass


def up_twice(counter, start):
    made = counter(start)
    return [made.up(), made.up()]


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (Counter, "right", "all 2 cases"),
        (Stub, "not tried yet", "put your code where the ... is"),
        (OneLeft, "not tried yet", "one ... is left"),
        (Stuck, "wrong", "came to no end"),
        (lambda start: start, "wrong", "for counting from 1 your function raised AttributeError"),
    ],
)
def test_a_class_is_tried_by_the_call_of_its_exercise(
    exercise, untraced, monkeypatch, answer, status, said
):
    monkeypatch.setattr(module, "PATIENCE", 1000)
    more = {"call": up_twice, "describe": lambda args: f"counting from {args[0]}"}
    verdict = exercise(answer, Counter, **more)
    assert verdict.status == status
    assert said in verdict.message


# Never endless, never an error


def test_an_endless_loop_ends(exercise, untraced, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 1000)

    def endless(x):
        while True:
            try:
                x += 1
            except Exception:
                x = 0

    verdict = exercise(endless)
    assert verdict.status == "wrong"
    expected = "for endless(1) your function never ended: it ran 1,000 lines and came to no end."
    assert verdict.message == expected
    assert sys.gettrace() is None


def endless(x):
    while True:
        pass


class Endless:
    def __call__(self, x):
        endless(x)


@pytest.mark.parametrize(
    "function",
    [Endless(), functools.partial(endless), functools.lru_cache(endless), Endless().__call__],
)
def test_an_endless_loop_ends_in_whatever_can_be_called(exercise, untraced, monkeypatch, function):
    monkeypatch.setattr(module, "PATIENCE", 1000)
    assert "came to no end" in exercise(function).message


def test_a_slow_loop_ends(exercise, untraced, monkeypatch):
    monkeypatch.setattr(module, "SECONDS", 0.05)

    def slow(x):
        while True:
            time.sleep(0.01)

    assert "it ran for 0.05 seconds and came to no end" in exercise(slow).message


def test_work_in_the_package_does_not_count_as_endless(exercise, untraced, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 50)
    assert exercise(lambda x: equal([0] * 1000, [0] * 1000) + 1, lambda x: 2).status == "right"
    assert sys.gettrace() is None


def test_an_endless_generator_is_cut(exercise):
    verdict = exercise(lambda x: itertools.count(), lambda x: [0, 1])
    assert "you gave [0, 1, 2, 3, 4, 5, 6, 7, ...]" in verdict.message


class Hostile:
    """Answers every question with an error."""

    def __eq__(self, other):
        raise RuntimeError("no comparing")

    __hash__ = None

    def __repr__(self):
        raise RuntimeError("no printing")

    def __bool__(self):
        raise RuntimeError("no yes and no no")

    def __call__(self, *args):
        return Hostile()


class Speechless(Exception):
    """Cannot say what it is about."""

    def __str__(self):
        raise Speechless


def raise_speechless(x):
    raise Speechless


def broken_generator(x):
    yield 1
    raise KeyError("broken")


NO_DOUBLES = [3, "cosine", [], {}, NAN, int, print, Hostile(), Hostile, broken_generator, dict.pop]
NO_DOUBLES += [lambda x: Hostile(), lambda *args: args, lambda: 1, type, sys.exit, lambda x: check]
NO_DOUBLES += [raise_speechless]


@pytest.mark.parametrize("function", NO_DOUBLES)
@pytest.mark.parametrize("id_", ["t", "", None, [], 3.2, Hostile()])
def test_check_never_raises(exercise, function, id_):
    exercise(None)
    verdict = check(id_, function)
    assert verdict.status in ("wrong", "not tried yet")
    assert repr(verdict)


def test_a_recursion_without_end_is_wrong(exercise):
    def deeper(x):
        return deeper(x + 1)

    assert "RecursionError" in exercise(deeper).message


# How a verdict looks


def test_a_verdict_shows_a_sign_and_words_in_short_lines(exercise):
    verdict = exercise(lambda x: "word " * 9 + "x" * 200)
    assert repr(verdict).startswith("✘ wrong: for <lambda>(1) you gave 'word word")
    assert max(map(len, repr(verdict).splitlines())) <= 88
    assert "\n  " in repr(verdict)
    assert repr(exercise(lambda x: 2 * x)).startswith("✔ right: ")
    assert repr(exercise(None)).startswith("○ not tried yet: ")


# The function that the cells below an exercise run


def reference(x):
    return 2 * x


def test_a_verdict_brings_the_learners_function_if_it_is_right(exercise, capsys):
    def double(x):
        return x + x

    verdict = exercise(double, reference, plug_in=True)
    assert capsys.readouterr().out == f"{verdict!r}\n"
    assert verdict.function is double
    assert verdict.message.endswith(" cases. The cells below run your function.")


def test_a_printed_verdict_is_not_shown_once_more(exercise):
    from IPython.core.formatters import DisplayFormatter

    formats = DisplayFormatter().format
    assert formats(exercise(reference, reference, plug_in=True)) == ({}, {})
    assert formats(exercise(reference, reference))[0]["text/plain"].startswith("✔ right")


def test_a_verdict_is_printed_on_a_console_that_knows_no_signs(exercise, monkeypatch):
    console = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", console)
    exercise(reference, reference, plug_in=True)
    console.flush()
    assert console.buffer.getvalue().startswith(b"right: your function does what it should")


@pytest.mark.parametrize("function", [None, 3, lambda x: None, lambda x: x, broken_generator])
def test_a_verdict_brings_the_reference_until_then(exercise, function):
    verdict = exercise(function, reference, plug_in=True)
    assert verdict.function is reference
    assert verdict.message.endswith(". The cells below run the package's function.")


def test_where_nothing_is_plugged_in_no_function_is_spoken_of(exercise, capsys):
    for function in (None, reference, lambda x: x):
        verdict = exercise(function, reference)
        assert verdict.function is reference
        assert "cells below" not in verdict.message
    assert capsys.readouterr().out == ""


# The exercises themselves


@pytest.mark.parametrize("id_", EXERCISES)
def test_an_exercise_is_well_formed(id_):
    exercise = EXERCISES[id_]
    cases = exercise.cases() if callable(exercise.cases) else exercise.cases
    assert re.fullmatch(r"\d\d\.\d+", id_)
    assert len(cases) >= 2 or cases == ((),)  # a function without arguments is called once
    assert all(isinstance(case, tuple) for case in cases)
    assert check(id_, exercise.reference).status == "right"
    assert check(id_, lambda *args: None).status == "not tried yet"
    for constant in (0, 1, True, False, "", (), {}):
        assert check(id_, lambda *args, answer=constant: answer).status == "wrong"


def test_each_exercise_stands_in_the_module_of_its_lesson():
    lessons = {
        f"{lesson.number:02d}": lesson.path.stem[3:] for lesson in map(read_lesson, lesson_files())
    }
    for lesson in data._LESSONS:
        numbers = {id_[:2] for id_ in lesson.EXERCISES}
        assert [lessons[number] for number in numbers] == [lesson.__name__.rpartition(".")[2]]
    assert sum(len(lesson.EXERCISES) for lesson in data._LESSONS) == len(EXERCISES)


def test_an_endless_loop_on_one_line_ends(exercise, untraced, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 1000)
    names = {}
    exec("def endless(x):\n    while True: pass", names)
    assert "came to no end" in exercise(names["endless"]).message


def test_the_learners_own_interrupt_is_no_answer(exercise):
    def interrupted(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        exercise(interrupted)
