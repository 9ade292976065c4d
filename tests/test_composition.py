"""Composites: joined from what followed each other, used where every part fits, and saved."""

import json
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from procmem import Action, GridWorld, ProceduralMemoryAgent, Skill, SkillLibrary, shortest_path
from procmem.composition import CompositeSkill, compose, foresee, join, successions
from procmem.gridworld import holds, successor
from procmem.lab.experiment import VALIDATION, evaluate, training_layouts
from procmem.lab.worlds import MovedKeyWorld
from procmem.retention import would_work

START = GridWorld().state  # agent (0, 0), key (2, 2), door (3, 3), goal (4, 4)
HELD = {**START, "agent": (2, 2), "has_key": True}
OPEN = {**HELD, "agent": (2, 3), "key": (2, 3), "door_open": True}
DONE = {**OPEN, "agent": (4, 4), "key": (4, 4)}
LOOKS = {
    frozenset(): {"key"},
    frozenset({"has_key"}): {"door"},
    frozenset({"has_key", "door_open"}): {"door", "goal"},
}


def recorded(name, before, after, actions, effect):
    facts = {fact: before[fact] for fact in ("has_key", "door_open")}
    options = {"effects": {effect: True}, "situation": before, "outcome": after}
    return Skill(name, facts, actions, [1.0, 0.0], **options)


def fetch():
    way = ["RIGHT", "RIGHT", "DOWN", "DOWN", "PICK_UP"]
    return recorded("fetch", START, HELD, way, "has_key")


def unlock():
    return recorded("unlock", HELD, OPEN, ["RIGHT", "OPEN"], "door_open")


def leave():
    return recorded("leave", OPEN, DONE, ["DOWN", "DOWN", "RIGHT"], "at_goal")


def network(parts):
    """Return a stand-in for a network: it walks as the parts do, wherever it is."""

    class Walker(Skill):
        general, names = True, ("key",)

        def act(self, state, t):
            return None if holds(self.effects, state) else Action.RIGHT

        def likeness(self, similarity, state):
            return 0.9

    first = parts[0]
    return Walker("walker", first.preconditions, [3], [0.0, 0.0], effects=first.effects)


@pytest.fixture
def whole():
    return join([fetch(), unlock(), leave()], "all", LOOKS)


# ---------------------------------------------------------------- one of several


def test_it_is_one_skill_from_the_first_precondition_to_all_effects(whole):
    assert whole.preconditions == fetch().preconditions
    assert whole.effects == {"has_key": True, "door_open": True, "at_goal": True}
    assert len(whole) == 10
    assert whole.looks == (("key",), ("door",), ("door", "goal"))


def test_it_does_all_parts_in_their_order(whole):
    env = GridWorld()
    assert would_work(whole, env.layout, env.state)
    agent = ProceduralMemoryAgent(env, rng=0, library=SkillLibrary(2), encoder=Flat())
    agent.library.add(whole)
    episode = agent.run_episode(learn=False)
    assert [step.action for step in episode.steps] == list(whole.action_sequence)
    assert len(episode) == len(shortest_path(GridWorld()))
    assert len(episode.decisions) == 1


class Flat:
    """An encoder to which everything looks the same, and nothing like a skill."""

    dim, name = 2, ""

    def __call__(self, state, action_seq=()):
        return np.array([0.0, 1.0])

    def learn(self, experiences):
        return False


def test_where_nothing_matters_to_an_encoder_that_says_nothing_all_landmarks_do():
    assert join([fetch(), unlock()], "both").looks == (("door", "goal", "key"),) * 2


def test_composites_are_taken_apart_and_not_nested(whole):
    again = join([join([fetch(), unlock()], "both", LOOKS), leave()], "all", LOOKS)
    assert [part.name for part in again.parts] == ["fetch", "unlock", "leave"]
    assert again.fingerprint == whole.fingerprint


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [fetch()],
        [unlock(), fetch()],
        [fetch(), leave()],
        [fetch(), replace(unlock(), situation=None)],
        [network([fetch()]), unlock()],
    ],
)
def test_what_cannot_follow_each_other_is_not_joined(parts):
    with pytest.raises(ValueError, match=r"parts must be two or more skills that may follow"):
        join(parts, "no")


def test_a_network_may_follow_a_recording_and_is_run_to_its_effect():
    both = join([fetch(), network([unlock()])], "both", LOOKS)
    assert both.act(HELD, 5) == Action.RIGHT
    assert both.act(HELD, 50) == Action.RIGHT
    assert both.act(OPEN, 6) is None
    assert both.likeness(0.0, START) == 0.9
    assert both.likeness(0.0, {**START, "key": (1, 1)}) == 0.0


def test_it_stops_where_a_part_has_failed(whole):
    assert whole.act(START, 4) == Action.PICK_UP
    assert whole.act({**START, "agent": (2, 2)}, 5) is None  # the key is not in the hand


# ---------------------------------------------------------------- where it fits


def test_it_fits_where_every_part_will(whole):
    assert whole.likeness(-1.0, START) == 1.0


@pytest.mark.parametrize(
    ("thing", "cell"), [("key", (2, 1)), ("door", (3, 2)), ("goal", (4, 3)), ("agent", (0, 1))]
)
def test_it_fits_nowhere_else(whole, thing, cell):
    assert whole.likeness(1.0, {**START, thing: cell}) == 0.0


def test_it_fits_wherever_things_lie_as_they_did(whole):
    moved = {n: (v[0] + 3, v[1] + 1) if isinstance(v, tuple) else v for n, v in START.items()}
    assert whole.likeness(0.0, moved) == 1.0


def test_what_does_not_matter_may_lie_anywhere():
    both = join([fetch(), unlock()], "both", LOOKS)
    assert both.likeness(0.0, {**START, "goal": (9, 9)}) == 1.0


def test_foreseen_is_what_happens():
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
    episodes = agent.train(20, seeds=training_layouts(0, 20))
    assert len(agent.library) > 50
    for skill in agent.library:
        layout, state = episodes[skill.source[0] - 1].layout, skill.situation
        for action in skill.action_sequence:
            state = successor(layout, state, action)
        assert foresee(skill, skill.situation) == state


# ---------------------------------------------------------------- what follows each other


@pytest.fixture(scope="module")
def veteran():
    """Return an agent that knows the fixed room, and its episodes."""
    agent = ProceduralMemoryAgent(GridWorld(), rng=0)
    return agent, agent.train(40)


def composed(veteran, **options):
    agent, episodes = deepcopy(veteran)
    for skill in compose(agent.library, episodes, agent.encoder.relevance, **options):
        agent.library.add(skill)
    return agent


def test_frequent_successions_become_one(veteran):
    agent, episodes = veteran
    found = compose(agent.library, episodes, agent.encoder.relevance)
    assert len(found) == 3
    assert [len(skill.parts) for skill in found] == [3, 2, 2]
    names = [part.name for part in found[0].parts]
    count = sum(names in runs for runs in (successions(e, agent.library) for e in episodes))
    assert count >= 3


def test_rare_and_long_successions_do_not(veteran):
    agent, episodes = veteran
    assert compose(agent.library, episodes, at_least=41) == []
    assert {len(s.parts) for s in compose(agent.library, episodes, longest=2)} == {2}
    assert compose(agent.library, []) == []


def test_only_what_worked_counts_as_a_succession(veteran):
    agent, episodes = veteran
    last = episodes[-1]
    assert successions(last, agent.library) == [last.skills]
    spoilt = replace(last, steps=tuple(replace(s, next_state=s.state) for s in last.steps))
    assert successions(spoilt, agent.library) == []


def test_one_decision_instead_of_three_and_not_a_step_more(veteran):
    agent, _ = deepcopy(veteran)
    plain = agent.run_episode(learn=False)
    episode = composed(veteran).run_episode(learn=False)
    assert (len(plain.decisions), len(episode.decisions)) == (3, 1)
    assert len(episode) == len(plain)


def test_in_another_room_it_abstains(veteran):
    options = {"world": MovedKeyWorld, "shuffle": False}
    plain = evaluate([veteran[0]], VALIDATION[:5], **options)
    assert (evaluate([composed(veteran)], VALIDATION[:5], **options).steps == plain.steps).all()


# ---------------------------------------------------------------- saved


def test_saved_and_loaded_it_does_the_same(veteran, tmp_path):
    library = composed(veteran).library
    library.save(tmp_path / "library.json")
    loaded = SkillLibrary.load(tmp_path / "library.json")
    ours, theirs = ([s for s in one if s.general] for one in (library, loaded))
    assert len(ours) == 3
    for mine, yours in zip(ours, theirs, strict=True):
        assert isinstance(yours, CompositeSkill)
        assert (yours.name, yours.looks) == (mine.name, mine.looks)
        assert [repr(part) for part in yours.parts] == [repr(part) for part in mine.parts]
        assert (
            yours.likeness(0.0, START) == mine.likeness(0.0, START) == 1.0 * ("has" in yours.name)
        )


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(parts=[]),
        lambda data: data.update(parts=data["parts"][:1]),
        lambda data: data["parts"].reverse(),
        lambda data: data["parts"][0].update(kind="composite"),
        lambda data: data["parts"][0].update(kind="magic"),
        lambda data: data["parts"][0].pop("name"),
        lambda data: data["parts"][0].update(situation=None),
        lambda data: data["looks"].pop(),
        lambda data: data["looks"].__setitem__(0, [3]),
        lambda data: data.update(looks="key"),
        lambda data: data.pop("looks"),
        lambda data: data.update(parts="fetch"),
    ],
)
def test_a_damaged_composite_is_refused(whole, tmp_path, change):
    library = SkillLibrary()
    library.add(whole)
    library.save(tmp_path / "library.json")
    document = json.loads((tmp_path / "library.json").read_text(encoding="utf-8"))
    change(document["skills"][0])
    (tmp_path / "library.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ValueError, match=r"skills in .* must be complete and sound"):
        SkillLibrary.load(tmp_path / "library.json", verify=False)
