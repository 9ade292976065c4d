"""Arguments at the edge: what counts as a number, and what the refusal says."""

import numpy as np
import pytest

from procmem import arguments


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3)])
def test_whole_numbers_of_any_kind_become_ints(value):
    assert (arguments.whole("n", value), type(arguments.whole("n", value))) == (3, int)


@pytest.mark.parametrize("value", [True, np.True_, 3.0, "3", None, float("nan"), [3], -1])
def test_what_is_no_whole_number_from_0_up_is_refused_by_name(value):
    with pytest.raises(ValueError, match=r"n must be a whole number from 0 up, got "):
        arguments.whole("n", value)


@pytest.mark.parametrize("value", [0, 6])
def test_a_range_has_two_ends_and_both_belong_to_it(value):
    with pytest.raises(ValueError, match=rf"n must be a whole number in 1\.\.5, got {value}"):
        arguments.whole("n", value, 1, 5)
    assert [arguments.whole("n", end, 1, 5) for end in (1, 5)] == [1, 5]


@pytest.mark.parametrize("value", [0.5, np.float32(0.5), 1, np.int64(1), 0])
def test_numbers_of_any_kind_become_floats(value):
    assert type(arguments.real("x", value, 0, 1)) is float
    assert arguments.real("x", value, 0, 1) == value


@pytest.mark.parametrize("value", [True, "0.5", None, float("nan"), float("inf"), -0.1, 1.1, 1j])
def test_what_is_no_number_in_the_range_is_refused_by_name(value):
    with pytest.raises(ValueError, match=r"x must be a number in 0\.\.1, got "):
        arguments.real("x", value, 0, 1)


def test_a_seed_is_none_or_a_whole_number():
    assert (arguments.seed("seed", None), arguments.seed("seed", np.int64(4))) == (None, 4)
    with pytest.raises(ValueError, match="seed must be a whole number from 0 up, got '4'"):
        arguments.seed("seed", "4")


def test_an_instance_is_handed_on():
    assert arguments.instance("d", {}, dict) == {}
    with pytest.raises(ValueError, match=r"d must be a dict, got \[\]"):
        arguments.instance("d", [], dict)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, 2, 3], r"v must have shape \(2,\), got \(3,\)"),
        ([[1], [1, 2]], "v must hold numbers only, got"),
        (["1", "2"], "v must hold numbers only, got"),
        ([1, float("nan")], "v must be of finite length, got NaN"),
        ([1.5e308, 1.5e308], "v must be of finite length, got"),
    ],
)
def test_a_vector_that_is_none_is_refused_by_name(values, message):
    with pytest.raises(ValueError, match=message):
        arguments.vector("v", values, 2)
