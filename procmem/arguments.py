"""Checks of arguments: each returns the value, or says which argument broke which rule."""

import math
import reprlib
from collections.abc import Iterable, Mapping
from numbers import Integral, Real

import numpy as np

MOST = 10**9
"""No count is higher than this."""


def whole(name, value, low=0, high=MOST):
    """Return ``value`` as an ``int`` in ``low..high``; NumPy's integers count, bools do not."""
    # A plain type is looked at first: asking an abstract one takes ten times as long.
    fine = type(value) is int or (
        isinstance(value, Integral) and not isinstance(value, bool | np.bool)
    )
    if fine and value > high == MOST:
        raise ValueError(f"{name} must be at most {MOST}, got {_short(value)}")
    if not fine or not low <= value <= high:
        raise ValueError(
            f"{name} must be {_span('a whole number', low, high)}, got {_short(value)}"
        )
    return int(value)


def real(name, value, low=-math.inf, high=math.inf):
    """Return ``value`` as a finite ``float`` in ``[low, high]``; bools and text do not count."""
    fine = type(value) is float or (
        isinstance(value, Real) and not isinstance(value, bool | np.bool)
    )
    if not fine or not _is_finite(value) or not low <= value <= high:
        raise ValueError(f"{name} must be {_span('a number', low, high)}, got {_short(value)}")
    return float(value)


def flag(name, value):
    """Return ``value``, which must be true or false, as a ``bool``."""
    return bool(instance(name, value, bool | np.bool))


def seed(name, value):
    """Return ``value`` as a seed: ``None`` or an ``int`` from 0 up."""
    return None if value is None else whole(name, value, high=math.inf)


def generator(name, value):
    """Return ``value`` as a ``Generator``: one, a seed for one, or ``None`` for an unknown seed."""
    if isinstance(value, np.random.Generator):
        return value
    return np.random.default_rng(seed(name, value))


def instance(name, value, kind):
    """Return ``value``, which must be an instance of the class (or classes) ``kind``."""
    if not isinstance(value, kind):
        kinds = getattr(kind, "__name__", str(kind))
        raise ValueError(f"{name} must be a {kinds}, got {_short(value)}")
    return value


def each(name, values, kind):
    """Return ``values`` as a list, every one an instance of ``kind``."""
    return [instance(f"each of {name}", value, kind) for value in several(name, values)]


def several(name, values):
    """Return ``values``, which must be a sequence, a set or an iterator, no text and no dict."""
    if type(values) in (list, tuple):
        return values
    single = isinstance(values, str | bytes | Mapping) or getattr(values, "ndim", 1) != 1
    if single or not isinstance(values, Iterable):
        raise ValueError(f"{name} must be a sequence, got {_short(values)}")
    return values


def having(name, value, *attributes):
    """Return ``value``, which must have all these attributes."""
    for attribute in attributes:
        if not hasattr(value, attribute) or isinstance(value, type):
            raise ValueError(f"{name} must have the attribute {attribute}, got {_short(value)}")
    return value


def action(value, members, space):
    """Return the member of the ``IntEnum`` ``members`` that ``value`` is or numbers.

    ``value`` is whatever the action ``space`` contains.
    """
    # Older Gymnasiums stop with an error at whole numbers beyond 64 bits.
    plain = isinstance(value, int)
    if not (0 <= value < len(members) if plain else space.contains(value)):
        known = ", ".join(f"{one.value} {one.name}" for one in members)
        known = f"one of {known}" if len(members) < 10 else f"in 0..{len(members) - 1}"
        raise ValueError(f"action must be {known}, got {_short(value)}")
    return members(int(value))


def function(name, value, optional=False):
    """Return ``value``, which must be callable, or ``None`` where it is optional."""
    if not (callable(value) or (optional and value is None)):
        raise ValueError(f"{name} must be a function, got {_short(value)}")
    return value


def vector(name, values, dim=None):
    """Return ``values`` as an array of finite floats, shape ``(dim,)``, of finite length."""
    try:
        array = np.array(values)
    except (ValueError, TypeError):  # ragged, or no numbers
        array = np.array(None)
    if array.dtype.kind not in "fiu":
        raise ValueError(f"{name} must hold numbers only, got {_short(values)}")
    if array.ndim != 1 or array.size == 0 or dim not in (None, array.size):
        raise ValueError(f"{name} must have shape ({dim or 'dim'},), got {array.shape}")
    array = array.astype(np.float64, copy=False)
    if not math.isfinite(math.hypot(*array.tolist())):
        raise ValueError(f"{name} must be of finite length, got NaN, infinity or numbers too large")
    return array


def _is_finite(value):
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond all floats
        return False


def _span(kind, low, high):
    if math.isinf(low) and math.isinf(high):
        return f"{kind}, finite" if kind == "a number" else kind
    return f"{kind} from {low:g} up" if high >= MOST else f"{kind} in {low:g}..{high}"


def _short(value):
    return reprlib.repr(value)
