"""What an exercise is, and when two answers are the same."""

import math
from collections.abc import Callable, Iterator, Mapping, MappingView, Sequence
from dataclasses import dataclass
from itertools import islice
from numbers import Real

import numpy as np

LONGEST = 10_000
"""No more entries than this are taken from a sequence: a generator may never end."""


def equal(given, expected):
    """Whether two answers are the same but for rounding and for the kind of sequence.

    Numbers may differ by a millionth. Lists, tuples, arrays, ranges and generators of the same
    entries are equal, and so are two NaNs. True is not 1: a question wants True or False.
    """
    given, expected = plain(given), plain(expected)
    if isinstance(given, bool) or isinstance(expected, bool):
        return given is expected
    if isinstance(given, Real) and isinstance(expected, Real):
        close = math.isclose(given, expected, rel_tol=1e-6, abs_tol=1e-9)
        return close or (given != given and expected != expected)
    if isinstance(given, list) and isinstance(expected, list):
        return len(given) == len(expected) and all(map(equal, given, expected))
    if isinstance(given, Mapping) and isinstance(expected, Mapping):
        return given.keys() == expected.keys() and all(equal(given[k], expected[k]) for k in given)
    return bool(given == expected)


def plain(value):
    """Return arrays and sequences as lists, texts as they are, NumPy's numbers as Python's."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, Sequence | Iterator | MappingView) and not isinstance(value, str | bytes):
        return list(islice(value, LONGEST))
    return value


@dataclass(frozen=True)
class Exercise:
    """The right function, and the arguments on which an answer is compared with it.

    ``cases`` is a tuple of argument tuples, or a function that returns one, for what takes time to
    build. Results are compared by ``same(given, expected)``; where many are right,
    ``accepts(args, given)`` decides instead. ``explain(args, given, expected)`` may complete the
    sentence "… is right, because"; ``None`` leaves it to the usual reasons. ``note`` is told to
    those who are right. Where the reference raises an error, the answer has to raise its like.
    With ``plug_in`` the cells below the exercise run the learner's function once it is right.
    Where the answer is not simply called with the arguments, for example a class, ``call(answer,
    *args)`` tries it, and ``describe(args)`` says how in the sentence on a wrong one.
    With ``repair`` the learner is handed a broken function, which is wrong until it is mended.
    """

    reference: Callable
    cases: tuple | Callable
    same: Callable = equal
    explain: Callable | None = None
    accepts: Callable | None = None
    note: str = ""
    call: Callable | None = None
    describe: Callable | None = None
    plug_in: bool = False
    repair: bool = False
