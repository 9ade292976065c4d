"""The office: requests that can be done, and splits that share their words but no papers."""

import re
import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from procmem import ProceduralMemoryAgent
from procmem.office import SPLITS, TEMPLATES, WISHES, Action, Office, shortest_path


def first_states(split, count=300):
    env = Office(split)
    return [env.reset(seed=seed)[0] for seed in range(count)]


@pytest.mark.parametrize("split", SPLITS)
def test_every_request_can_be_done_in_as_many_steps_as_it_has_parts(split):
    env = Office(split)
    for seed in range(20):
        state, _ = env.reset(seed=seed)
        path = shortest_path(env)
        wishes = sum(way in state["request"] for ways in WISHES.values() for way in ways)
        by_mail = any(action.name.startswith("SEND") for action in path)
        assert len(path) == 3 + wishes + by_mail
        *_, (state, reward, terminated, truncated, _) = map(env.step, path)
        assert (reward, terminated, truncated) == (pytest.approx(0.99), True, False)
        assert shortest_path(env) == []


def test_nothing_but_the_next_part_changes_anything():
    env = Office()
    env.reset(seed=3)
    wanted = shortest_path(env)
    for i in range(len(wanted)):
        state = env.state
        changing = [action for action in Action if env.transition(state, action) != state]
        assert changing == [wanted[i]]
        env.step(wanted[i])


def test_the_order_on_the_desk_and_the_request_come_from_the_seed():
    assert Office().reset(seed=5) == Office().reset(seed=5)
    assert len({tuple(state.values()) for state in first_states("practice")}) == 300


def words(states):
    return {word for state in states for word in re.findall(r"\w+", state["request"].lower())}


def papers(states):
    known = r"(january|february|march|april|may|june|july|august|september|october) (\w+)"
    return {re.search(known, state["request"])[0] for state in states}


def test_splits_share_their_words_but_neither_papers_nor_ways_of_asking():
    practice, validation, examination, foreign = map(first_states, SPLITS)
    assert not papers(practice) & papers(examination)
    assert not papers(practice) & papers(validation)
    assert not papers(validation) & papers(examination)
    assert len(papers(practice)) > 50
    shared = words(practice)
    glue = words([{"request": " ".join(texts)} for texts in TEMPLATES.values()])
    assert words(examination) - shared <= glue  # every content word occurs in practice
    strange = words([{"request": " ".join(ways[2] for ways in WISHES.values())}])
    assert words(foreign) & strange - words(examination)
    assert papers(foreign) <= papers(examination) | papers(first_states("examination", 2000))


def test_in_any_order_the_same_words_ask_for_different_procedures():
    env, seen = Office(any_order=True), {}
    for seed in range(400):
        state, _ = env.reset(seed=seed)
        bag = frozenset(re.findall(r"\w+", state["request"]))
        tools = tuple(re.sub(r"_\d", "", action.name) for action in shortest_path(env))
        seen.setdefault(len(tools), set()).add((bag, tools))
    orders = {tuple(t for t in tools if t in WISHES) for some in seen.values() for _, tools in some}
    assert ("CONVERT", "SIGN") in orders
    assert ("SIGN", "CONVERT") in orders


def test_gymnasium_finds_nothing_to_object_to():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(gymnasium.make("procmem/Office-v0").unwrapped, skip_render_check=True)


def test_an_episode_ends_at_the_limit_of_steps():
    env = Office()
    env.reset(seed=0)
    useless = next(action for action in Action if action.name.startswith("CALL"))
    ended = [env.step(useless)[3] for _ in range(1000)]
    assert ended == [False] * 999 + [True]


def test_the_default_agent_learns_in_a_world_without_any_place():
    agent = ProceduralMemoryAgent(Office(), rng=0)
    agent.train(5)
    assert {name for skill in agent.library for name in skill.effects} >= {"found", "file_open"}


@pytest.mark.parametrize("split", [None, "test", 3])
def test_a_split_that_is_none_is_refused(split):
    with pytest.raises(ValueError, match="split must be"):
        Office(split)


@pytest.mark.parametrize("action", [-1, 72, 1.0, "FIND_0", None])
def test_what_is_no_action_is_refused(action):
    env = Office()
    env.reset(seed=np.int64(1))
    with pytest.raises(ValueError, match=r"action must be in 0\.\.71, got"):
        env.step(action)
