"""Checks of arguments: each returns the value, or says which argument broke which rule."""

import math
import reprlib
from numbers import Integral, Real

import numpy as np


def whole(name, value, low=0, high=math.inf):
    """Return ``value`` as an ``int``; NumPy's integers count, bools do not."""
    if isinstance(value, bool | np.bool) or not isinstance(value, Integral):
        raise ValueError(
            f"{name} must be {_span('a whole number', low, high)}, got {_short(value)}"
        )
    if not low <= value <= high:
        raise ValueError(
            f"{name} must be {_span('a whole number', low, high)}, got {_short(value)}"
        )
    return int(value)


def real(name, value, low=-math.inf, high=math.inf):
    """Return ``value`` as a finite ``float`` in ``[low, high]``; bools and text do not count."""
    fine = isinstance(value, Real) and not isinstance(value, bool | np.bool)
    if not fine or not math.isfinite(value) or not low <= value <= high:
        raise ValueError(f"{name} must be {_span('a number', low, high)}, got {_short(value)}")
    return float(value)


def seed(name, value):
    """Return ``value`` as a seed: ``None`` or an ``int`` from 0 up."""
    return None if value is None else whole(name, value)


def instance(name, value, kind):
    """Return ``value``, which must be an instance of the class ``kind``."""
    if not isinstance(value, kind):
        raise ValueError(f"{name} must be a {kind.__name__}, got {_short(value)}")
    return value


def vector(name, values, dim=None):
    """Return ``values`` as an array of finite floats, shape ``(dim,)``, of finite length."""
    try:
        array = np.array(values)
    except ValueError:  # ragged
        array = np.array(None)
    if array.dtype.kind not in "fiu":
        raise ValueError(f"{name} must hold numbers only, got {_short(values)}")
    if array.ndim != 1 or array.size == 0 or dim not in (None, array.size):
        raise ValueError(f"{name} must have shape ({dim or 'dim'},), got {array.shape}")
    array = array.astype(np.float64)
    if not math.isfinite(math.hypot(*array.tolist())):
        raise ValueError(f"{name} must be of finite length, got NaN, infinity or numbers too large")
    return array


def _span(kind, low, high):
    if math.isinf(low) and math.isinf(high):
        return f"{kind}, finite" if kind == "a number" else kind
    return f"{kind} from {low:g} up" if math.isinf(high) else f"{kind} in {low:g}..{high:g}"


def _short(value):
    return reprlib.repr(value)
