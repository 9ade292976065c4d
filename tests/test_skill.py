"""A skill: when it may be used, what it does, and how well it went."""

import copy
import pickle
from enum import IntEnum

import numpy as np
import pytest

from procmem.gridworld import Action, fixed_layout
from procmem.skill import KINDS, Life, PlainAction, Recording, Skill, action_name, describe

STATE = fixed_layout(5).state()


def skill(**changed):
    fields = {
        "name": "fetch",
        "preconditions": {},
        "action_sequence": (Action.UP,),
        "embedding": [1, 0],
    }
    return Skill(**{**fields, **changed})


def test_a_new_skill_was_never_used_and_one_that_worked_was():
    assert (skill().times_used, skill().success_count) == (0, 0)
    assert skill(success_count=3).times_used == 3


class Turn(IntEnum):
    LEFT = 0


@pytest.mark.parametrize(
    ("actions", "kept"),
    [
        ([1, np.int64(4)], [int, int]),
        ([Action.DOWN, Action.PICK_UP], [Action, Action]),
        ([Turn.LEFT, 1], [Turn, int]),
    ],
)
def test_actions_are_members_of_any_world_or_numbers(actions, kept):
    sequence = skill(action_sequence=actions).action_sequence
    assert sequence == tuple(actions)
    assert [type(action) for action in sequence] == kept


def test_acting_goes_through_the_actions_and_ends_in_none():
    fetch = skill(action_sequence=[1, 4])
    assert [fetch.act(STATE, t) for t in range(4)] == [Action.DOWN, Action.PICK_UP, None, None]


@pytest.mark.parametrize(
    ("preconditions", "expected"),
    [({}, True), ({"has_key": False}, True), ({"has_key": True}, False)],
)
def test_a_skill_is_applicable_where_its_preconditions_hold(preconditions, expected):
    assert skill(preconditions=preconditions).applicable(STATE) is expected


def test_a_skill_with_nothing_to_do_is_never_applicable():
    assert not skill(action_sequence=()).applicable(STATE)


def test_record_counts_uses_and_successes():
    fetch = skill()
    fetch.life.status = "stale"
    seen = []
    for succeeded, now in ((False, 4), (True, 9), (True, 2)):
        fetch.record(succeeded, now)
        seen.append((fetch.life.status, fetch.life.last_used))
    assert (fetch.success_count, fetch.times_used) == (2, 3)
    assert seen == [("stale", 4), ("active", 9), ("active", 9)]  # success brings it back


@pytest.mark.parametrize(
    ("successes", "uses", "estimate"), [(0, 0, 1 / 2), (1, 1, 2 / 3), (0, 3, 1 / 5), (8, 8, 9 / 10)]
)
def test_success_estimate_is_laplaces_rule(successes, uses, estimate):
    used = skill(success_count=successes, times_used=uses)
    assert used.success_estimate == pytest.approx(estimate)


def test_discounted_evidence_counts_no_longer():
    old = skill(success_count=8, times_used=8)
    old.discount(0.5)
    old.record(False)
    assert (old.evidence, old.success_count, old.times_used) == ((4, 5), 8, 9)
    assert old.success_estimate == pytest.approx(5 / 7)


def test_a_function_may_say_how_much_evidence_counts():
    old, other = skill(success_count=3, times_used=4), skill(success_count=3, times_used=4)
    for _ in range(3):
        old.discount(lambda worked, used: (0.8 * worked, 0.8 * used))
        other.discount(0.8)
    assert old.evidence == other.evidence
    with pytest.raises(ValueError, match=r"keep must be a number in .*, got 9"):
        old.discount(lambda worked, used: (worked, 9))
    assert old.evidence == other.evidence


def test_with_time_a_failed_skill_is_tried_again():
    failed = skill(times_used=20)
    before = failed.success_estimate
    for _ in range(200):
        failed.discount(0.8)
    assert before < 0.05
    assert failed.success_estimate == pytest.approx(0.5)
    assert 0 <= failed.evidence[0] <= failed.evidence[1]


def test_embedding_is_a_copy_and_cannot_be_written():
    given = np.array([1.0, 2.0])
    stored = skill(embedding=given).embedding
    given[0] = 9.0
    assert stored.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        stored[0] = 9.0


def test_states_from_numpy_become_plain():
    fetch = skill(preconditions={"has_key": np.True_, "agent": (np.int64(1), np.int64(2))})
    kinds = [type(fetch.preconditions["has_key"]), *map(type, fetch.preconditions["agent"])]
    assert kinds == [bool, int, int]


def test_repr_says_when_what_and_how_well():
    fetch = skill(preconditions={"has_key": False}, effects={"has_key": True}, success_count=2)
    for words in ("fetch", "when not has_key", "do UP", "then has_key", "worked 2 of 2 times"):
        assert words in repr(fetch)


@pytest.mark.parametrize(
    ("partial", "words"),
    [
        ({}, "anything"),
        ({"has_key": True, "door_open": False}, "not door_open and has_key"),
        ({"agent": (1, 2)}, "agent at (1, 2)"),
        ({"sign": "low water"}, "sign is 'low water'"),
    ],
)
def test_a_partial_state_in_words(partial, words):
    assert describe(partial) == words


# What `test_bad_calls.py` does not try: values inside of values, and one that contradicts another.
BAD = [
    ("name", 7, "7"),
    ("preconditions", {"has_key": 1}, "1"),
    ("preconditions", {"agent": (1, 2, 3)}, r"\(1, 2, 3\)"),
    ("preconditions", {"agent": ([1], 2)}, r"\(\[1\], 2\)"),
    ("effects", {"has_key": 2.5}, "2.5"),
    ("action_sequence", [-6], "-6"),
    ("action_sequence", ["JUMP"], "'JUMP'"),
    ("embedding", [[1.0], [1.0, 2.0]], ""),
    ("embedding", ["1"], ""),
    ("embedding", [1j], ""),
    ("embedding", [10**400], ""),
    ("embedding", [1.0, float("nan")], "NaN"),
    ("embedding", [1.0, float("inf")], "infinity"),
    ("embedding", [1.7e308, 1.7e308], "too large"),
    ("success_count", True, "True"),
    ("times_used", 1.5, "1.5"),
]
BAD_LIVES = [
    ("status", "asleep", "'asleep'"),
    ("source", (0, 1, 1), "0"),
    ("source", 5, "5"),
    ("last_used", -1, "-1"),
    ("walked", 0, "0"),
    ("discounted", (0.0, float("nan")), "nan"),
    ("discounted", (0.0,), r"\(0.0,\)"),
    ("discounted", ("0", "0"), "'0'"),
]


@pytest.mark.parametrize(
    ("make", "argument", "value", "got"),
    [*((skill, *one) for one in BAD), *((Life, *one) for one in BAD_LIVES)],
)
def test_bad_input_is_refused_by_name_with_the_value(make, argument, value, got):
    with pytest.raises(ValueError, match=rf"(?s){argument}.* must .*got .*{got}"):
        make(**{argument: value})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"success_count": 4, "times_used": 3},
            "success_count must not exceed times_used, got 4 of 3",
        ),
        (
            {"times_used": 1, "life": Life(discounted=(0.5, 0.5))},
            "discounted must not exceed 0 successes of 1 uses",
        ),
    ],
)
def test_counts_that_contradict_each_other_are_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        skill(**fields)


def test_a_subclass_without_a_kind_of_its_own_is_saved_as_its_parent(monkeypatch):
    monkeypatch.setattr("procmem.skill.KINDS", kinds := dict(KINDS))

    class Silent(Skill):
        pass

    class Loud(Skill):
        kind = "loud"

    assert (Silent.kind, kinds["recorded"], kinds["loud"]) == ("recorded", Skill, Loud)


def test_an_action_from_a_file_is_a_number_with_a_name_and_so_is_its_copy():
    action = PlainAction(4, "EAST")
    assert (action, repr(action)) == (4, "<EAST: 4>")
    assert pickle.loads(pickle.dumps(action)).name == copy.deepcopy(action).name == "EAST"
    assert [action_name(one) for one in (action, Action.UP, 7)] == ["EAST", "UP", "7"]


def test_a_recording_is_copied_and_checked():
    here = {"agent": (0, 0), "note": "a text"}
    recording = Recording(None, here, None)
    here["agent"] = (5, 5)
    assert recording.situation == {"agent": (0, 0), "note": "a text"}
    with pytest.raises(ValueError, match=r"situation must be a dict"):
        Recording(None, None, None)


def test_what_the_contract_does_not_name_is_given_by_keyword_only():
    with pytest.raises(TypeError):
        Skill("fetch", {}, [0], [1.0], 0, 5)
