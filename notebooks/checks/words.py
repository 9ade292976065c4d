"""Values, calls and errors, written so that a sentence can hold them."""

import re
import reprlib
from enum import Enum

import numpy as np


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


def short(value):
    """Return a value on one line, long ones cut."""
    return _clean(_WRITER.repr(value))


def argument(value):
    """Return an argument as one would type it."""
    return f"np.array({short(value)})" if isinstance(value, np.ndarray) else short(value)


def error_in_words(error):
    """Return the kind of an error and what it says."""
    try:
        text = _clean(f"{type(error).__name__}: {error}").removesuffix(": ").rstrip(".")
    except Exception:  # a learner's own error class may fail to say what it is
        return type(error).__name__
    return text if len(text) < 160 else f"{text[:160]}..."


def _clean(text):
    """Return text on one line, without addresses and without signs that steer a terminal."""
    text = " ".join(re.sub(r" at 0x[0-9a-fA-F]+", "", text).split())
    return "".join(sign for sign in text if sign.isprintable())
