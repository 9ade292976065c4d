"""From a situation to a vector: cosines, encoders, and what matters."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmem.agent import ProceduralMemoryAgent
from procmem.embedding import (
    AbsoluteEncoder,
    EgocentricEncoder,
    FourierEncoder,
    HashedEncoder,
    InvariantEncoder,
    RelevanceEncoder,
    cosine_similarity,
    fingerprint,
    flags,
    landmarks,
    offsets,
    relevant_landmarks,
    unit,
)
from procmem.gridworld import Action, GridWorld, fixed_layout
from procmem.library import SkillLibrary
from procmem.skill import Skill

ENCODERS = [HashedEncoder, AbsoluteEncoder, EgocentricEncoder, FourierEncoder, RelevanceEncoder]
STATE = fixed_layout(5).state()
# Subnormal numbers have too few digits to have a direction.
NUMBERS = st.floats(-1e100, 1e100, allow_nan=False).map(lambda x: x if abs(x) > 1e-100 else 0.0)
PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=6).map(
    lambda rows: tuple(map(list, zip(*rows, strict=True)))
)


def moved(state, rows, cols, names=("agent", "key", "door", "goal")):
    """Return `state` with the named places moved."""
    places = {name: (state[name][0] + rows, state[name][1] + cols) for name in names}
    return {**state, **places}


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


@given(PAIRS)
def test_cosine_lies_between_minus_one_and_one(pair):
    assert -1.0 <= cosine_similarity(*pair) <= 1.0


@given(PAIRS)
def test_cosine_is_symmetric(pair):
    assert cosine_similarity(*pair) == cosine_similarity(*pair[::-1])


@given(PAIRS, st.floats(1e-50, 1e50))
def test_cosine_does_not_depend_on_length(pair, scale):
    a, b = map(np.array, pair)
    assert cosine_similarity(a * scale, b) == pytest.approx(cosine_similarity(a, b), abs=1e-9)


@given(st.lists(NUMBERS, min_size=1, max_size=6))
def test_cosine_of_a_vector_with_itself_is_one_or_zero_for_zero(vector):
    assert cosine_similarity(vector, vector) == pytest.approx(1.0 if any(vector) else 0.0)


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ([1], [1, 2], r"one shape, got \(1,\) and \(2,\)"),
        (1, 2, r"one shape, got \(\) and \(\)"),
        ([[1]], [[1]], r"one shape, got \(1, 1\) and \(1, 1\)"),
        ([float("nan")], [1], "finite numbers only, got NaN"),
        ([1], [float("inf")], "finite numbers only, got NaN or infinity|NaN, infinity"),
    ],
)
def test_cosine_of_unlike_or_infinite_vectors_is_refused(a, b, message):
    with pytest.raises(ValueError, match=message):
        cosine_similarity(a, b)


@given(st.lists(NUMBERS, min_size=1, max_size=6))
def test_unit_has_length_one_unless_zero(vector):
    length = np.linalg.norm(unit(np.array(vector, dtype=np.float64)))
    assert length == pytest.approx(1.0 if any(vector) else 0.0)


# ---------------------------------------------------------------- fingerprints


def test_fingerprints_agree_to_four_decimals():
    vector = np.array([0.12341, 0.5])
    assert fingerprint(vector) == fingerprint(vector + 1e-6)
    assert fingerprint(vector) != fingerprint(vector + 1e-3)


def test_minus_zero_has_the_fingerprint_of_zero():
    assert fingerprint(np.array([0.0, -1e-9])) == fingerprint(np.array([-0.0, 0.0]))


def test_fingerprint_is_the_same_in_every_process():
    assert fingerprint(np.array([1.0, -0.5])) == "2eeb9514007bec5f16f1da11"


# ---------------------------------------------------------------- what is seen


def test_landmarks_are_the_places_other_than_the_agents_own():
    assert landmarks(STATE) == ["door", "goal", "key"]


def test_offsets_are_counted_from_the_agent():
    assert offsets(moved(STATE, 1, 2, ["agent"]), ["key", "door"]).tolist() == [[1, 0], [2, 1]]


def test_flags_are_the_names_of_what_is_true():
    assert flags({**STATE, "has_key": True}) == {"has_key"}


# ---------------------------------------------------------------- all encoders


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("dim", [24, 64, 101])
def test_a_vector_has_the_encoders_dimension(encoder, dim):
    vector = encoder(dim)(STATE, (Action.UP, Action.OPEN))
    assert (vector.shape, np.isfinite(vector).all()) == ((dim,), True)


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("dim", [0, -1, True, 64.0, "64", None])
def test_a_dimension_too_small_or_no_whole_number_is_refused(encoder, dim):
    with pytest.raises(ValueError, match=rf"dim must be a whole number from \d up, got {dim!r}"):
        encoder(dim)


@pytest.mark.parametrize("encoder", [AbsoluteEncoder, EgocentricEncoder])
def test_a_situation_that_does_not_fit_is_refused(encoder):
    with pytest.raises(ValueError, match=r"dim must be at least \d+ to hold this situation, got 6"):
        encoder(6)(STATE)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_two_encoders_of_a_kind_agree(encoder):
    assert np.array_equal(encoder()(STATE, (Action.UP,)), encoder()(STATE, (Action.UP,)))


@pytest.mark.parametrize("encoder", ENCODERS)
def test_encoding_leaves_the_state_alone(encoder):
    state = dict(STATE)
    encoder()(state, (Action.UP,))
    assert state == STATE


def test_encoder_names_differ():
    assert len({encoder.name for encoder in ENCODERS}) == len(ENCODERS)


@pytest.mark.parametrize("encoder", ENCODERS[1:])
def test_actions_whisper_so_that_a_query_finds_its_situation(encoder):
    encode = encoder()
    similarity = cosine_similarity(encode(STATE), encode(STATE, (Action.UP, Action.OPEN)))
    assert similarity == pytest.approx(1 / math.sqrt(1.01))


@pytest.mark.parametrize("encoder", ENCODERS)
def test_actions_tell_two_skills_apart(encoder):
    encode = encoder()
    assert cosine_similarity(encode(STATE, (Action.UP,)), encode(STATE, (Action.LEFT,))) < 0.9999


@pytest.mark.parametrize("encoder", ENCODERS)
def test_a_fact_changes_the_vector(encoder):
    encode = encoder()
    assert cosine_similarity(encode(STATE), encode({**STATE, "has_key": True})) < 0.999


# ---------------------------------------------------------------- one by one


def test_hashed_vectors_change_with_the_salt():
    assert not np.array_equal(HashedEncoder(salt=1)(STATE), HashedEncoder(salt=2)(STATE))


def test_hashed_queries_live_in_another_space_than_their_skills():
    encode = HashedEncoder()
    assert cosine_similarity(encode(STATE), encode(STATE, (Action.UP,) * 9)) < 0.5


def test_absolute_vectors_do_not_survive_a_move():
    encode = AbsoluteEncoder()
    assert cosine_similarity(encode(STATE), encode(moved(STATE, 3, 0))) < 0.95


@pytest.mark.parametrize("encoder", [EgocentricEncoder, FourierEncoder, RelevanceEncoder])
def test_egocentric_vectors_survive_a_move(encoder):
    assert encoder()(STATE) == pytest.approx(encoder()(moved(STATE, 3, 7)))


def test_raw_offsets_that_point_the_same_way_look_alike_but_fourier_tells_them_apart():
    near, far = ({"agent": (0, 0), "key": (n, n)} for n in (1, 2))
    for encode, alike in ((EgocentricEncoder(), True), (FourierEncoder(), False)):
        assert (cosine_similarity(encode(near), encode(far)) > 0.999) is alike


def test_fourier_cosine_approximates_the_gaussian_of_the_distance():
    encode = FourierEncoder(1024, length_scale=2.0)
    here = {"agent": (0, 0), "key": (3, 3)}
    for rows, cols in itertools.product(range(4), repeat=2):
        expected = math.exp(-(rows**2 + cols**2) / (2 * 2.0**2))
        there = moved(here, rows, cols, ["key"])
        assert cosine_similarity(encode(here), encode(there)) == pytest.approx(expected, abs=0.15)


@pytest.mark.parametrize("length_scale", [0, -1.0, float("nan")])
def test_a_length_scale_that_is_not_positive_is_refused(length_scale):
    with pytest.raises(ValueError, match=f"length_scale must be .*positive.* got {length_scale}"):
        FourierEncoder(length_scale=length_scale)


def test_only_relevant_landmarks_change_the_vector():
    encode = FourierEncoder(relevance={frozenset(): {"key"}})
    assert np.array_equal(encode(STATE), encode(moved(STATE, 1, 1, ["door", "goal"])))
    assert not np.array_equal(encode(STATE), encode(moved(STATE, 1, 1, ["key"])))


def test_relevance_depends_on_the_facts():
    encode = FourierEncoder(relevance={frozenset(): {"key"}})
    later = {**STATE, "has_key": True}
    assert not np.array_equal(encode(later), encode(moved(later, 1, 1, ["door"])))


# ---------------------------------------------------------------- what matters


def fetch_the_key(rng):
    """Return origin, situation and outcome of a piece that went to the key, somewhere."""
    agent, key, door, goal = (tuple(cell) for cell in rng.integers(10, size=(4, 2)).tolist())
    origin = {"agent": agent, "key": key, "door": door, "goal": goal, "has_key": False}
    return origin, origin, {**origin, "agent": key, "has_key": True}


PIECES = [fetch_the_key(np.random.default_rng(seed)) for seed in range(6)]


def test_what_is_always_at_the_same_offset_when_it_works_matters():
    assert relevant_landmarks(PIECES) == {"key"}


def test_while_too_little_is_known_everything_matters():
    assert relevant_landmarks(PIECES[:1]) == {"key", "door", "goal"}


def test_repeating_one_experience_teaches_nothing_new():
    assert relevant_landmarks(PIECES[:1] * 20) == {"key", "door", "goal"}


def test_relevance_does_not_depend_on_the_order_of_experiences():
    orders = itertools.islice(itertools.permutations(PIECES), 0, 720, 29)
    assert {relevant_landmarks(order) for order in orders} == {frozenset({"key"})}


def nearly(origin, situation, outcome):
    """Return the piece with a goal that follows the agent about, two rows below, give or take."""
    row, col = outcome["agent"]
    shifted = {**outcome, "goal": (row + 2, col + 3 * (origin["door"][1] % 2))}
    return origin, situation, shifted


def test_the_strict_encoder_wants_the_same_offset_to_the_cell():
    pieces = [nearly(*piece) for piece in PIECES]
    assert relevant_landmarks(pieces) == {"key", "goal"}
    assert InvariantEncoder().judge(pieces) == {"key"}


def test_the_strict_encoder_wants_two_different_pieces():
    assert InvariantEncoder().judge(PIECES[:1] * 9) == {"key", "door", "goal"}
    assert InvariantEncoder().judge(PIECES[:2]) == {"key"}


def test_the_strict_encoder_leaves_out_pieces_that_lost_a_fact_on_the_way():
    encode = InvariantEncoder()
    lost = [
        ({**o, "has_key": True}, s, {**e, "agent": (n, 0)}) for n, (o, s, e) in enumerate(PIECES)
    ]
    encode.learn(PIECES + lost)
    assert encode.relevance == {frozenset(): {"key"}}


def test_learning_reports_whether_vectors_changed():
    encode = RelevanceEncoder()
    before = encode(STATE)
    assert encode.learn(PIECES)
    assert not np.array_equal(before, encode(STATE))
    assert not encode.learn(PIECES)


def test_learning_nothing_changes_nothing():
    assert not RelevanceEncoder().learn([])


# ---------------------------------------------------------------- as a memory's key


def seen(state):
    """Return a situation as it looks from the agent: a shifted room is the same situation."""
    return offsets(state).tobytes(), flags(state)


def distinct_situations(count):
    """Return states on the way of a random walk through many shuffled rooms, no two alike."""
    env, rng, found = GridWorld(shuffle=True), np.random.default_rng(4), {}
    while len(found) < count:
        state, _ = env.reset(seed=int(rng.integers(2**31)))
        found.setdefault(seen(state), state)
        for action in rng.integers(6, size=4):
            state, _, over, _, _ = env.step(action)
            if over:
                break
            found.setdefault(seen(state), state)
    return list(found.values())[:count]


def test_each_of_400_situations_finds_its_own_skill_first():
    agent, rng = ProceduralMemoryAgent(GridWorld()), np.random.default_rng(5)
    library = SkillLibrary()
    situations = distinct_situations(400)
    for number, state in enumerate(situations):
        actions = rng.integers(6, size=rng.integers(1, 12))
        library.add(Skill(f"{number}", {}, actions, agent.create_embedding(state, actions)))
    first = [library.retrieve(agent.create_embedding(s, ()), 1)[0][1].name for s in situations]
    assert first == [f"{number}" for number in range(400)]


def mean_similarities(encode, context):
    """Return the mean similarity to a situation of those 0 to 5 cells away in any direction."""
    here = {"agent": (9, 9), "key": (11, 10), "door": (13, 8), "goal": (15, 12), **context}
    by_distance = {}
    for rows, cols in itertools.product(range(-5, 6), repeat=2):
        similarity = cosine_similarity(encode(here), encode(moved(here, rows, cols, ["agent"])))
        by_distance.setdefault(abs(rows) + abs(cols), []).append(similarity)
    return [float(np.mean(by_distance[distance])) for distance in range(6)]


def test_similarity_falls_as_the_situation_moves_away():
    encode = FourierEncoder(relevance={frozenset(): {"key"}})
    means = mean_similarities(encode, {"has_key": False, "door_open": False})
    assert means[0] == pytest.approx(1.0)
    assert means == sorted(means, reverse=True)
    assert means[5] < 0.2


def test_similarity_falls_quickly_while_every_landmark_counts():
    means = mean_similarities(RelevanceEncoder(), {"has_key": False, "door_open": False})
    assert means[0] > means[1] > means[2]
    assert max(means[2:]) < 0.2
