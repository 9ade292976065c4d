"""Composites: joined from what followed each other, used where every part fits, and saved."""

import json
from copy import deepcopy
from dataclasses import replace

import pytest

from procmem import Action, GridWorld, ProceduralMemoryAgent, Skill, SkillLibrary
from procmem.composition import CompositeSkill, compose, foresee, join, successions
from procmem.episode import facts, holds
from procmem.rehearsal import would_work
from procmem.skill import Recording
from procmem.storage import skill_from_data, skill_to_data

START = GridWorld().state  # agent (0, 0), key (2, 2), door (3, 3), goal (4, 4)
HELD = {**START, "agent": (2, 2), "has_key": True}
OPEN = {**HELD, "agent": (2, 3), "key": (2, 3), "door_open": True}
DONE = {**OPEN, "agent": (4, 4), "key": (4, 4), "at_goal": True}
RELEVANCE = {
    frozenset(): {"key"},
    frozenset({"has_key"}): {"door"},
    frozenset({"has_key", "door_open"}): {"door", "goal"},
}
WALKS = {
    "has_key": (START, HELD, "RIGHT RIGHT DOWN DOWN PICK_UP"),
    "door_open": (HELD, OPEN, "RIGHT OPEN"),
    "at_goal": (OPEN, DONE, "DOWN DOWN RIGHT"),
}


def recorded(fact):
    before, after, walk = WALKS[fact]
    options = {"effects": {fact: True}, "recording": Recording(before, before, after)}
    return Skill(fact, facts(before), [Action[name] for name in walk.split()], [1, 0], **options)


class Walker(Skill):
    """A stand-in for a network."""

    closed_loop = self_assessing = True

    def act(self, state, t):
        return None if holds(self.effects, state) else Action.RIGHT

    def fit(self, similarity, state):
        return 0.9


FETCH, UNLOCK, LEAVE = map(recorded, WALKS)
WALKER = Walker("walker", UNLOCK.preconditions, [3], [0, 0], effects=UNLOCK.effects)


@pytest.fixture
def whole():
    return join([FETCH, UNLOCK, LEAVE], "all", RELEVANCE)


@pytest.fixture(scope="module")
def veteran():
    """Return an agent that knows the fixed room, and its episodes; tests leave them as they are."""
    agent = ProceduralMemoryAgent(GridWorld(), rng=0)
    return agent, agent.train(40)


def test_it_is_one_skill_from_the_first_precondition_to_all_effects(whole):
    assert whole.preconditions == FETCH.preconditions
    assert whole.effects == {"has_key": True, "door_open": True, "at_goal": True}
    assert whole.relevant == (("key",), ("door",), ("door", "goal"))
    assert join([FETCH, UNLOCK], "both").relevant == (("door", "goal", "key"),) * 2
    assert whole.self_assessing
    assert not whole.closed_loop
    assert would_work(whole, START, GridWorld().transition)
    assert whole.act(START, 4) == Action.PICK_UP
    assert whole.act({**START, "agent": (2, 2)}, 5) is None  # the agent does not have the key


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [FETCH],
        [UNLOCK, FETCH],
        [FETCH, LEAVE],
        [FETCH, replace(UNLOCK, recording=Recording(None, HELD, None))],
        [WALKER, LEAVE],
        [join([FETCH, UNLOCK], "both"), LEAVE],
    ],
)
def test_what_cannot_follow_each_other_is_not_joined(parts):
    with pytest.raises(ValueError, match=r"parts must be skills that may follow each other, got"):
        join(parts, "no")


def test_a_network_may_follow_a_recording_and_is_run_to_its_effect():
    both = join([FETCH, WALKER], "both", RELEVANCE)
    assert both.closed_loop
    assert both.act(HELD, 5) == both.act(HELD, 50) == Action.RIGHT
    assert both.act(OPEN, 6) is None
    assert both.fit(0.0, START) == 0.9
    assert both.fit(0.0, {**START, "key": (1, 1)}) == 0.0


@pytest.mark.parametrize(
    ("change", "fit"),
    [
        ({}, 1.0),
        ({n: (v[0] + 3, v[1] + 1) for n, v in START.items() if isinstance(v, tuple)}, 1.0),
        ({"key": (2, 1)}, 0.0),
        ({"door": (3, 2)}, 0.0),
        ({"goal": (4, 3)}, 0.0),
        ({"agent": (0, 1)}, 0.0),
        ({"door_open": True}, 0.0),
    ],
)
def test_it_fits_where_what_matters_to_each_part_lies_as_it_did(whole, change, fit):
    assert whole.fit(0.5, {**START, **change}) == fit
    assert join([FETCH, UNLOCK], "both", RELEVANCE).fit(0.0, {**START, "goal": (9, 9)}) == 1.0


def test_what_is_foreseen_is_what_happens():
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
    layouts = [episode.layout for episode in agent.train(20)]
    world = GridWorld()
    assert len(agent.library) > 50
    for skill in agent.library:
        state = skill.situation
        world.reset(options={"layout": layouts[skill.life.source[0] - 1]})
        for action in skill.action_sequence:
            state = world.transition(state, action)
        assert foresee(skill, skill.situation) == state


def test_without_places_only_facts_are_foreseen():
    before, after = {"lit": False, "room": "hall"}, {"lit": True, "room": "hall"}
    light = Skill("light", {}, [0], [1.0], recording=Recording(before, before, after))
    assert foresee(light, {"lit": False, "room": "attic"}) == {"lit": True, "room": "attic"}


def test_frequent_successions_become_one_and_others_do_not(veteran):
    agent, episodes = veteran
    found = compose(agent.library, episodes, agent.encoder.relevance)
    lengths = [len(skill.parts) for skill in found]
    assert lengths == sorted(lengths, reverse=True)
    assert set(lengths) == {2, 3}
    names = [part.name for part in found[0].parts]
    assert sum(names in successions(episode, agent.library) for episode in episodes) >= 3
    assert compose(agent.library, episodes, at_least=41) == compose(agent.library, []) == []
    assert {len(s.parts) for s in compose(agent.library, episodes, longest=2)} == {2}


def test_only_what_worked_counts_as_a_succession(veteran):
    agent, (*_, last) = veteran
    assert successions(last, agent.library) == [last.skills]
    spoilt = replace(last, steps=tuple(replace(s, next_state=s.state) for s in last.steps))
    assert successions(spoilt, agent.library) == []


def test_one_decision_instead_of_three_saved_and_loaded_too(veteran, tmp_path):
    agent, episodes = deepcopy(veteran)
    plain = agent.run_episode(learn=False)
    for skill in compose(agent.library, episodes, agent.encoder.relevance):
        agent.library.add(skill)
    agent.library.save(tmp_path / "library.json")
    loaded = SkillLibrary.load(tmp_path / "library.json")
    for library in (agent.library, loaded):
        agent.library = library
        episode = agent.run_episode(learn=False)
        assert (len(plain.decisions), len(episode.decisions)) == (3, 1)
        assert len(episode) == len(plain)
    assert isinstance(loaded[episode.skills[0]], CompositeSkill)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["parts"].reverse(),
        lambda data: data["parts"][0].update(kind="composite"),
        lambda data: data["parts"][0].update(recording=None),
        lambda data: data["relevant"].pop(),
        lambda data: data["relevant"].__setitem__(0, [3]),
    ],
)
def test_a_damaged_composite_is_refused(whole, change):
    data = json.loads(json.dumps(skill_to_data(whole)))
    assert skill_from_data(data).relevant == whole.relevant
    change(data)
    with pytest.raises(ValueError, match=r"must|expected"):
        skill_from_data(data)
