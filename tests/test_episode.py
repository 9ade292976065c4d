"""What an episode leaves behind."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from procmem.episode import SPLITS, Candidate, Decision, Episode, Step, partial_state, split
from procmem.gridworld import Action, GridWorld, fixed_layout

EXPLORE = Decision((), None, "explore: no memory yet")


def episode(decisions, actions):
    """Return what happens in the fixed room, each step with its own decision."""
    env = GridWorld()
    state, steps = env.state, []
    for decision, action in zip(decisions, actions, strict=True):
        following, reward, terminated, truncated, _ = env.step(action)
        steps.append(Step(state, action, reward, following, terminated, truncated, decision))
        state = following
    return Episode(tuple(steps), env.layout)


def test_length_rewards_and_states_of_an_episode():
    played = episode([EXPLORE] * 3, [1, 3, 1])
    assert len(played) == 3
    assert played.total_reward == pytest.approx(-0.03)
    visited = [state["agent"] for state in played.states]
    assert visited == [(0, 0), (1, 0), (1, 1), (2, 1)]


@pytest.mark.parametrize(("terminated", "solved"), [(True, True), (False, False)])
def test_an_episode_is_solved_if_its_last_step_reached_the_goal(terminated, solved):
    state = fixed_layout(5).state()
    last = Step(state, Action.UP, 0.0, state, terminated, not terminated)
    assert Episode((last,)).solved is solved


def test_an_empty_episode_is_neither_solved_nor_an_error():
    empty = Episode(())
    assert (len(empty), empty.solved, empty.total_reward) == (0, False, 0)
    assert (empty.states, empty.decisions, empty.skills) == ([], [], [])


def test_steps_of_one_skill_share_one_decision():
    use = Decision((), "has_key #1", "use has_key #1")
    played = episode([EXPLORE, use, use], [1, 1, 3])
    assert played.decisions == [EXPLORE, use]
    assert played.skills == ["has_key #1"]


def test_two_decisions_with_the_same_content_are_two():
    first, second = (Decision((), "walk", "use walk") for _ in range(2))
    assert episode([first, second], [1, 1]).skills == ["walk", "walk"]


@pytest.mark.parametrize(("action", "changed"), [(Action.DOWN, True), (Action.UP, False)])
def test_a_step_tells_whether_anything_changed(action, changed):
    assert episode([EXPLORE], [action]).steps[0].changed is changed


CANDIDATE = Candidate("it", 1.0, True, 0.5)


def test_what_happened_cannot_be_altered():
    played = episode([EXPLORE], [1])
    records = ((played, "steps"), (played.steps[0], "reward"), (EXPLORE, "skill"))
    for record, name in (*records, (CANDIDATE, "similarity")):
        with pytest.raises(FrozenInstanceError):
            setattr(record, name, None)


def test_a_candidate_is_one_step_for_one_effect_unless_it_says_otherwise():
    assert (CANDIDATE.n_effects, CANDIDATE.n_steps) == (1, 1)
    assert not (CANDIDATE.just_failed or CANDIDATE.closed_loop or CANDIDATE.eligible)


@pytest.mark.parametrize("kind", [int, np.int64])
def test_a_place_is_two_whole_numbers_of_a_sane_size(kind):
    edge = (kind(10**9), kind(-(10**9)))
    plain = partial_state("state", {"agent": edge, "open": np.True_, "note": "text"})
    assert plain == {"agent": edge, "open": True, "note": "text"}
    assert {type(number) for number in plain["agent"]} == {int}
    for place in ((kind(10**9 + 1), 0), (0, kind(-(10**9) - 1)), (True, 0), (0, 0, 0), [0, 0]):
        with pytest.raises(ValueError, match=r"state\['agent'\] must be a bool, a \(row, col\)"):
            partial_state("state", {"agent": place})


def test_a_decision_in_words_names_candidates_and_outcome():
    candidate = Candidate("has_key #1", 0.954, True, 0.75, verdict="eligible", eligible=True)
    lines = str(Decision((candidate,), "has_key #1", "use has_key #1")).split("\n")
    for word in ("has_key #1", "0.95", "hold", "0.75", "eligible"):
        assert word in lines[0]
    assert lines[1] == "-> use has_key #1"


def test_the_splits_of_a_world_are_about_eight_one_and_one_in_ten():
    rooms = [split({"agent": (row, col)}) for row in range(40) for col in range(40)]
    shares = [rooms.count(name) / len(rooms) for name in SPLITS]
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.03)
