"""Queries, ranks and steps: what lesson 03 measures an encoder by."""

import numpy as np
import pytest

from procmem import fourier_features, holds, offsets, transition
from procmem.lab import (
    DecoyWorld,
    ask,
    clearest,
    practice_seeds,
    ranks,
    recordings,
    room_of,
    steps_to_key,
    trail,
    works,
)
from procmem.lab.experiment import GridWorld


@pytest.fixture(scope="module")
def memories():
    return [recordings(seed, 12) for seed in (3, 4)]


@pytest.fixture(scope="module")
def asked(memories):
    return ask(memories, 15, count=20)


def by_key(state):
    return fourier_features({"key": np.divide(offsets(state)["key"], 2)}, 64)


def test_a_recording_leads_from_its_situation_to_the_key(memories):
    for skill in memories[0]:
        layout, state = room_of(skill.situation), skill.situation
        for action in skill.action_sequence:
            state = transition(layout, state, action)
        assert skill.effects == {"has_key": True}
        assert holds(skill.effects, state)
        assert state == skill.recording.end


def test_exactly_one_recording_of_a_query_works(asked):
    for query in asked[0]:
        assert [works(skill, query.layout) for skill in query.skills].count(True) == 1
        assert works(query.skill, query.layout)
        assert len({id(skill) for skill in query.skills}) == 20


def test_all_memories_are_asked_in_the_same_unseen_rooms(asked):
    assert [query.layout for query in asked[0]] == [query.layout for query in asked[1]]
    env, practised = GridWorld(5, shuffle=True), set()
    for agent in (3, 4):
        for seed in practice_seeds(agent, 12):
            env.reset(seed=seed)
            practised.add(env.layout)
    assert not practised & {query.layout for query in asked[0]}


def test_rooms_in_which_a_memory_has_nothing_are_passed_over(memories):
    assert ask([memories[0], memories[0][:25]], 4, count=20)[1]
    assert len(ask([memories[0]], 15, count=20)[0]) == 15


def test_ranks_count_equals_as_if_they_came_first(asked):
    assert set(ranks(lambda state: np.ones(3), asked[0])) == {20}
    assert ranks(by_key, asked[0]).mean() < 2
    mirror = ranks(by_key, asked[0], stored=lambda state: -by_key(state))
    assert mirror.mean() > 15


def test_steps_to_key_lie_between_the_optimum_and_the_limit(asked):
    fewest = np.array([1 + np.abs(offsets(one.state)["key"]).sum() for one in asked[0]])
    near, chance = steps_to_key(by_key, asked[0]), steps_to_key(None, asked[0], limit=50)
    assert (near >= fewest).all()
    assert (chance <= 50).all()
    assert near.mean() < chance.mean()
    assert (near == steps_to_key(by_key, asked[0])).all()


def test_the_clearest_query_falls_to_rank_one(asked):
    query = clearest(asked[0])
    assert ranks(by_key, [query]) == [1]


def test_a_trail_stops_at_walls():
    layout = room_of(next(iter(recordings(3, 2))).situation)
    state = layout.state()
    up = [GridWorld.actions.UP] * 9
    assert trail(layout, state, up)[-1] == (0, state["agent"][1])


def test_decoys_are_in_the_recordings():
    skills = recordings(3, 3, world=DecoyWorld)
    assert {"lamp", "plant"} <= skills[0].situation.keys()
