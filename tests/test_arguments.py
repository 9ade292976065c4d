"""Arguments at the edge: what counts as a number, and what the refusal says."""

from enum import IntEnum

import numpy as np
import pytest
from gymnasium.spaces import Discrete

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


def test_a_count_without_an_upper_end_has_one_all_the_same():
    assert arguments.whole("n", 10**9) == 10**9
    with pytest.raises(ValueError, match="n must be at most 1000000000, got 1000000001"):
        arguments.whole("n", 10**9 + 1)
    with pytest.raises(ValueError, match=r"n must be a whole number from 2 up, got 1"):
        arguments.whole("n", 1, 2)


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


@pytest.mark.parametrize("value", [float("nan"), 10**400, "1"])
def test_a_number_without_a_range_is_finite(value):
    assert arguments.real("x", -1e300) == -1e300
    with pytest.raises(ValueError, match="x must be a number, finite, got"):
        arguments.real("x", value)


def test_a_function_is_handed_on_and_none_only_where_it_is_optional():
    assert arguments.function("f", len) is len
    assert arguments.function("f", None, optional=True) is None
    with pytest.raises(ValueError, match="f must be a function, got None"):
        arguments.function("f", None)


@pytest.mark.parametrize("value", [list, 3, None])
def test_what_lacks_an_attribute_or_is_a_class_is_refused(value):
    assert arguments.having("a", [], "append", "pop") == []
    with pytest.raises(ValueError, match="a must have the attribute append, got"):
        arguments.having("a", value, "append")


@pytest.mark.parametrize("values", ["ab", b"ab", {"a": 1}, 3, np.array(3), np.eye(2)])
def test_several_are_no_text_no_dict_and_no_table(values):
    assert list(arguments.several("v", (one for one in (1, 2)))) == [1, 2]
    with pytest.raises(ValueError, match="v must be a sequence, got"):
        arguments.several("v", values)


@pytest.mark.parametrize(
    ("count", "known"), [(3, "one of 0 A0, 1 A1, 2 A2"), (9, "one of 0 A0, .*"), (10, r"in 0\.\.9")]
)
def test_an_action_is_a_member_or_the_number_of_one(count, known):
    members = IntEnum("Members", [f"A{n}" for n in range(count)], start=0)
    space = Discrete(count)
    for value in (2, members.A2, np.uint8(2), np.array(2)):
        assert arguments.action(value, members, space) is members.A2
    for value in (-1, count, 10**400, 2.0, "2", None):
        with pytest.raises(ValueError, match=f"action must be {known}, got"):
            arguments.action(value, members, space)


def test_a_generator_is_one_or_is_made_from_a_seed():
    rng = np.random.default_rng(0)
    assert arguments.generator("rng", rng) is rng
    assert arguments.generator("rng", 3).random() == np.random.default_rng(3).random()
    with pytest.raises(ValueError, match="rng must be a whole number from 0 up, got 'x'"):
        arguments.generator("rng", "x")


def test_a_vector_becomes_floats():
    assert arguments.vector("v", [1, 2], 2).tolist() == [1.0, 2.0]
    assert arguments.vector("v", (0.5,)).dtype == np.float64


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, 2, 3], r"v must have shape \(2,\), got \(3,\)"),
        ([], r"v must have shape \(2,\), got \(0,\)"),
        (np.eye(2), r"v must have shape \(2,\), got \(2, 2\)"),
        ([[1], [1, 2]], "v must hold numbers only, got"),
        (["1", "2"], "v must hold numbers only, got"),
        ([1, float("nan")], "v must be of finite length, got NaN"),
        ([1.5e308, 1.5e308], "v must be of finite length, got"),
    ],
)
def test_a_vector_that_is_none_is_refused_by_name(values, message):
    with pytest.raises(ValueError, match=message):
        arguments.vector("v", values, 2)
