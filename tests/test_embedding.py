"""From a state to a vector: cosines, features, and what matters."""

import itertools
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmem.agent import ProceduralMemoryAgent
from procmem.embedding import (
    Encoder,
    FunctionEncoder,
    cosine_similarity,
    fourier_features,
    offsets,
    padded,
    places,
    relevant_places,
    unit,
)
from procmem.episode import true_facts
from procmem.gridworld import GridWorld, fixed_layout
from procmem.lab.encoders import HashedEncoder, absolute, egocentric, fourier
from procmem.library import SkillLibrary
from procmem.skill import Recording, Skill

ENCODERS = [HashedEncoder, absolute, egocentric, fourier, Encoder]
STATE = fixed_layout(5).state()
# Subnormal numbers have too few digits to have a direction.
NUMBERS = st.floats(-1e100, 1e100, allow_nan=False).map(lambda x: x if abs(x) > 1e-100 else 0.0)
PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=6).map(
    lambda rows: tuple(map(list, zip(*rows, strict=True)))
)


def moved(state, rows, cols, names=("agent", "key", "door", "goal")):
    """Return `state` with the named places moved."""
    cells = {name: (state[name][0] + rows, state[name][1] + cols) for name in names}
    return {**state, **cells}


# ---------------------------------------------------------------- cosine


@pytest.mark.parametrize(
    ("a", "b", "cosine"),
    [
        ([1, 0], [1, 0], 1.0),
        ([1, 0], [0, 1], 0.0),
        ([1, 0], [-2, 0], -1.0),
        ([1, 1], [1, 0], math.sqrt(0.5)),
        ([3, 4], [4, 3], 24 / 25),
        ([1, 1], [2, 2], 1.0),
        ([0, 0], [1, 2], 0.0),
        ([0, 0], [0, 0], 0.0),
        ([1e200, 0], [1e-200, 1e-200], math.sqrt(0.5)),
    ],
)
def test_cosine_by_hand(a, b, cosine):
    assert cosine_similarity(a, b) == pytest.approx(cosine)


def test_cosine_is_rounded_to_twelve_decimals_and_zero_has_no_sign():
    assert cosine_similarity([1, 1], [1, 0]) == 0.707106781187
    assert str(cosine_similarity([1, 0], [-1e-15, 1])) == "0.0"


@given(PAIRS, st.floats(1e-50, 1e50))
def test_cosine_is_bounded_symmetric_and_does_not_depend_on_length(pair, scale):
    a, b = map(np.array, pair)
    cosine = cosine_similarity(a, b)
    assert -1.0 <= cosine <= 1.0
    assert cosine_similarity(b, a) == cosine
    assert cosine_similarity(a * scale, b) == pytest.approx(cosine, abs=1e-9)
    assert cosine_similarity(a, a) == pytest.approx(1.0 if any(a) else 0.0)


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ([1], [1, 2], r"one shape, got \(1,\) and \(2,\)"),
        ([[1]], [[1]], r"a must have shape \(dim,\), got \(1, 1\)"),
        ([float("nan")], [1], "a must be of finite length, got NaN"),
        ([1], [float("inf")], "b must be of finite length, got NaN"),
    ],
)
def test_cosine_of_unlike_or_infinite_vectors_is_refused(a, b, message):
    with pytest.raises(ValueError, match=message):
        cosine_similarity(a, b)


@given(st.lists(NUMBERS, min_size=1, max_size=6))
def test_unit_has_length_one_unless_zero(vector):
    length = np.linalg.norm(unit(np.array(vector, dtype=np.float64)))
    assert length == pytest.approx(1.0 if any(vector) else 0.0)


# ---------------------------------------------------------------- encoders


def test_places_are_those_other_than_the_agents_own():
    assert places({**STATE, "note": "text"}) == ["door", "goal", "key"]


def test_offsets_are_counted_from_the_agent():
    assert offsets({"agent": (1, 1), "key": (3, 0), "open": True}) == {"key": (2, -1)}
    assert offsets({"open": True, "note": "no place at all"}) == {}


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("dim", [24, 64, 101])
def test_a_vector_has_the_encoders_dimension_and_length_one(encoder, dim):
    vector = encoder(dim)(STATE)
    assert vector.shape == (dim,)
    assert np.linalg.norm(vector) == pytest.approx(1)


@pytest.mark.parametrize(
    "make", [Encoder, lambda dim: padded([1], dim), lambda dim: fourier_features({}, dim)]
)
def test_a_vector_has_at_most_a_million_numbers(make):
    with pytest.raises(ValueError, match=r"dim must be .* got 1000001"):
        make(10**6 + 1)


def test_what_must_agree_for_vectors_to_be_compared():
    assert Encoder().describe() == {"kind": "offsets", "dim": 64, "length_scale": 4.0}
    assert FunctionEncoder(len, 4).describe() == {"kind": "len", "dim": 4}


@pytest.mark.parametrize("encoder", [absolute, egocentric])
def test_features_that_do_not_fit_are_refused(encoder):
    with pytest.raises(ValueError, match=r"dim must hold \d+ numbers, got 4"):
        encoder(4)(STATE)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_two_encoders_of_a_kind_agree_and_a_fact_changes_the_vector(encoder):
    encode, state = encoder(64), dict(STATE)
    assert np.array_equal(encode(state), encoder(64)(STATE))
    assert state == STATE
    assert not np.array_equal(encode(STATE), encode({**STATE, "has_key": True}))


def test_text_is_ignored_and_a_world_without_places_has_a_vector():
    encode = Encoder()
    assert np.array_equal(encode(STATE), encode({**STATE, "note": "text"}))
    shut, opened = encode({"open": False, "note": "a"}), encode({"open": True, "note": "a"})
    assert cosine_similarity(shut, opened) < 0.5


def test_vectors_are_the_same_in_every_process():
    code = "from procmem.embedding import *; print(Encoder(8)({'agent': (0, 0), 'key': (1, 2)}))"
    done = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, env={"PYTHONHASHSEED": n}, check=True
        ).stdout
        for n in "12"
    ]
    assert done[0] == done[1]


def test_hashed_vectors_change_with_the_salt():
    assert cosine_similarity(HashedEncoder(64, 1)(STATE), HashedEncoder(64, 2)(STATE)) < 0.99


def test_absolute_vectors_do_not_survive_a_move_and_offsets_do():
    there = moved(STATE, 3, 4)
    assert cosine_similarity(absolute(64)(STATE), absolute(64)(there)) < 0.999
    for encoder in (egocentric, fourier, Encoder):
        assert cosine_similarity(encoder(64)(STATE), encoder(64)(there)) == 1.0


def test_raw_offsets_that_point_the_same_way_look_alike_but_fourier_tells_them_apart():
    near, far = ({"agent": (0, 0), "key": (n, n)} for n in (1, 2))
    for encode, alike in ((egocentric(), True), (fourier(), False)):
        assert (cosine_similarity(encode(near), encode(far)) > 0.999) is alike


def test_the_cosine_approximates_the_gaussian_of_the_distance():
    encode = Encoder(1024, length_scale=2.0)
    here = {"agent": (0, 0), "key": (3, 3)}
    for rows, cols in itertools.product(range(4), repeat=2):
        expected = math.exp(-(rows**2 + cols**2) / (2 * 2.0**2))
        there = moved(here, rows, cols, ["key"])
        assert cosine_similarity(encode(here), encode(there)) == pytest.approx(expected, abs=0.1)


def test_similarity_falls_as_the_agent_moves_away():
    encode = Encoder(length_scale=1.5)
    encode.relevance = {frozenset(): frozenset({"key"})}
    here, by_distance = {"agent": (9, 9), "key": (11, 10), "door": (13, 8)}, {}
    for rows, cols in itertools.product(range(-5, 6), repeat=2):
        similarity = cosine_similarity(encode(here), encode(moved(here, rows, cols, ["agent"])))
        by_distance.setdefault(abs(rows) + abs(cols), []).append(similarity)
    means = [float(np.mean(by_distance[distance])) for distance in range(6)]
    assert means[0] == pytest.approx(1.0)
    assert means == sorted(means, reverse=True)
    assert means[5] < 0.2


def test_only_relevant_places_change_the_vector_and_only_under_their_facts():
    encode = Encoder()
    encode.relevance = {frozenset(): frozenset({"key"})}
    assert np.array_equal(encode(STATE), encode(moved(STATE, 1, 1, ["door", "goal"])))
    assert not np.array_equal(encode(STATE), encode(moved(STATE, 1, 1, ["key"])))
    later = {**STATE, "has_key": True}
    assert not np.array_equal(encode(later), encode(moved(later, 1, 1, ["door"])))


def test_offsets_features_and_relevance_may_be_replaced():
    def north(state):
        return {"key": (state["key"][0] - state["agent"][0],)}

    def plain(inputs, dim):
        return [number for values in inputs.values() for number in values]

    encode = Encoder(8, length_scale=1, offsets=north, features=plain, relevant=lambda few: {"key"})
    vector = encode({"agent": (0, 0), "key": (3, 7), "open": True})
    assert vector[:2] == pytest.approx([4 / 5, 3 / 5])
    encode.learn([Recording(STATE, STATE, STATE)])
    assert encode.relevance == {frozenset(): {"key"}}


def test_a_plain_function_can_be_an_encoder():
    encode = FunctionEncoder(lambda state: [3, 4], 4)
    assert encode(STATE).tolist() == [0.6, 0.8, 0, 0]
    assert encode.learn([]) is False
    agent = ProceduralMemoryAgent(GridWorld(), 4, encoder=lambda state: [3, 4])
    assert agent.create_embedding(STATE, ()).tolist() == [0.6, 0.8, 0, 0]


# ---------------------------------------------------------------- what matters


def fetch_the_key(rng, **others):
    """Return the recording of a piece that went to the key, somewhere."""
    agent, key, door, goal = (tuple(cell) for cell in rng.integers(10, size=(4, 2)).tolist())
    begin = {"agent": agent, "key": key, "door": door, "goal": goal, "has_key": False, **others}
    on_the_way = {**begin, "agent": tuple(rng.integers(10, size=2).tolist())}
    return Recording(begin, on_the_way, {**begin, "agent": key, "has_key": True})


PIECES = [fetch_the_key(np.random.default_rng(n)) for n in range(12)]


def test_what_is_always_at_the_same_offset_when_it_ends_or_when_it_begins_matters():
    backwards = [Recording(one.end, one.situation, one.begin) for one in PIECES]
    for pieces in (PIECES, PIECES[::-1], backwards):
        assert relevant_places(pieces) == {"key"}


def test_nearly_the_same_offset_does_not_matter():
    rng, wobbly = np.random.default_rng(0), []
    for one in PIECES:
        row, col = one.end["agent"]
        end = {**one.end, "agent": (row + int(rng.integers(3)), col + int(rng.integers(3)))}
        wobbly.append(Recording(one.begin, one.situation, end))
    assert relevant_places(wobbly) == {"key", "door", "goal"}


def test_while_too_little_is_known_everything_matters():
    assert relevant_places(PIECES[:1]) == {"key", "door", "goal"}
    assert relevant_places(PIECES[:1] * 9) == {"key", "door", "goal"}


def test_an_encoder_learns_for_each_set_of_facts_and_says_if_something_changed():
    encode = Encoder()
    assert encode.learn([]) is False
    assert encode.learn(PIECES) is True
    assert encode.relevance == {frozenset(): {"key"}}
    assert encode.learn(PIECES) is False


def test_what_was_once_found_not_to_matter_stays_so_unless_nothing_would_be_left():
    answers = [{"key"}, {"key", "door"}, {"goal"}]
    encode = Encoder(relevant=lambda recordings: answers.pop(0))
    found = [encode.learn(PIECES) and encode.relevance[frozenset()] for _ in range(3)]
    assert found == [{"key"}, False, {"goal"}]


@pytest.mark.parametrize(
    "lost",
    [
        [Recording({**one.begin, "has_key": True}, one.situation, one.end) for one in PIECES],
        [Recording(None, one.situation, None) for one in PIECES],
    ],
    ids=["facts changed on the way", "ends are not known"],
)
def test_pieces_teach_nothing_if(lost):
    encode = Encoder()
    assert encode.learn(lost) is False
    assert encode.relevance == {}


# ---------------------------------------------------------------- does it find its own?


def distinct_situations(count):
    """Return states on the way of a random walk through many shuffled rooms, no two alike."""
    env, rng, found = GridWorld(shuffle=True), np.random.default_rng(4), {}
    while len(found) < count:
        state, _ = env.reset(seed=int(rng.integers(2**31)))
        for action in [None, *rng.integers(6, size=4)]:
            if action is not None:
                state, _, over, _, _ = env.step(action)
                if over:
                    break
            found.setdefault((true_facts(state), *offsets(state).values()), state)
    return list(found.values())[:count]


def test_each_of_400_situations_finds_its_own_skill_first():
    agent, rng = ProceduralMemoryAgent(GridWorld()), np.random.default_rng(5)
    library, situations = SkillLibrary(), distinct_situations(400)
    for number, state in enumerate(situations):
        actions = rng.integers(6, size=rng.integers(1, 12))
        library.add(Skill(f"{number}", {}, actions, agent.create_embedding(state, actions)))
    first = [library.retrieve(agent.create_embedding(s, ()), 1)[0][1].name for s in situations]
    assert first == [f"{number}" for number in range(400)]
