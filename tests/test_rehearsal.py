"""Whether a skill would work, said beforehand and held against what happens."""

from collections import Counter
from copy import deepcopy
from dataclasses import replace
from typing import ClassVar

import gymnasium
import pytest

from procmem import Action, Decision, GridWorld, ProceduralMemoryAgent, Skill
from procmem.episode import holds, split, state_key
from procmem.lab.baselines import useless_skills
from procmem.lab.experiment import practice_seeds
from procmem.lab.worlds import BrokenWorld
from procmem.neural import MLP
from procmem.rehearsal import Gate, Rehearsal, net_gain, reachable, would_work
from procmem.retention import Retention


@pytest.fixture(scope="module")
def trained():
    """Return an agent that has practised a hundred episodes; tests must leave it as it is."""
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
    agent.train(100)
    return agent


def test_would_work_is_what_the_agent_makes_of_it(trained):
    agent, seen = deepcopy(trained), set()
    agent.consolidate()
    skills, env = [*agent.library, *useless_skills(agent.create_embedding, 40, 0)], agent.env
    for seed in range(12):
        for skill in skills:
            state, _ = env.reset(seed=seed)
            agent.library.rebuild([skill])
            *_, last = agent.execute(Decision((), skill.name, ""), state)
            worked = last.changed and holds(skill.effects, last.next_state)
            env.reset(seed=seed)
            expected = would_work(skill, state, env.transition)
            assert (skill.applicable(state) and worked) == expected
            seen.add((expected, skill.closed_loop))
    assert len(seen) == 4


def test_what_does_nothing_or_may_not_begin_would_not_work():
    env = GridWorld()
    move = Skill("move", {}, [Action.DOWN], [1.0], effects={"has_key": False})
    assert would_work(move, env.state, env.transition)
    assert would_work(replace(move, effects={}), env.state, env.transition)
    unmet = {"has_key": True}
    changes = ({"action_sequence": []}, {"action_sequence": [Action.UP]})
    for change in (*changes, {"preconditions": unmet}, {"effects": unmet}):
        assert not would_work(replace(move, **change), env.state, env.transition)


def test_a_closed_loop_skill_that_goes_in_circles_would_not_work():
    class Circling(Skill):
        closed_loop = True

        def act(self, state, t):
            return (Action.DOWN, Action.UP)[t % 2]

    env = GridWorld()
    circling = Circling("circling", {}, [0], [1.0], effects={"has_key": True})
    assert not would_work(circling, env.state, env.transition)


def test_every_state_of_a_room_is_found_nearest_first():
    world = gymnasium.make("procmem/GridWorld-v0", size=4)
    start, _ = world.reset()
    states = reachable(world, start)
    assert states[0] == start
    assert len({state_key(state) for state in states}) == len(states)
    # Above the wall there are 8 cells, below it 4; the door is one more.
    found = Counter((state["has_key"], state["door_open"]) for state in states)
    assert found == {(False, False): 8, (True, False): 8, (True, True): 13}
    assert reachable(world, start, limit=5) == states[:5]


def test_a_world_without_rules_to_ask_is_refused():
    with pytest.raises(ValueError, match=r"world must have a transition\(state, action\), got"):
        Rehearsal(gymnasium.make("CartPole-v1"))


def test_what_was_learned_works_elsewhere_and_what_is_random_does_not(trained):
    useless = useless_skills(trained.create_embedding, 200, 0)
    rehearsal = Rehearsal(GridWorld(shuffle=True), 0, rooms=40)
    real, random = (rehearsal(skills, trained) for skills in (trained.library, useless))
    assert min(len(real), len(random)) > 60
    assert sum(real.values()) > 0.8 * len(real)
    assert sum(random.values()) < 0.1 * len(random)


def test_networks_are_rehearsed_where_they_are_surest(trained):
    agent = deepcopy(trained)
    agent.consolidate()
    networks = [skill for skill in agent.library if skill.closed_loop]
    untrained = replace(networks[0], name="untrained")
    untrained.network = MLP(untrained.network.weights[0].shape[0], 4, len(untrained), 0)
    found = Rehearsal(GridWorld(shuffle=True), 0)([*networks, untrained], agent)
    assert found == {**{skill.name: True for skill in networks}, "untrained": False}


def test_rooms_that_are_set_apart_and_the_state_it_comes_from_are_no_rehearsal(trained):
    class Rooms(GridWorld):
        seen: ClassVar = set()

        def transition(self, state, action):
            self.seen.add(self.layout)
            return super().transition(state, action)

    world = Rooms(shuffle=True)
    assert Rehearsal(world, 0)(trained.library, trained)
    assert len(world.seen) > 10
    assert {split(layout.state()) for layout in world.seen} == {"practice"}
    fixed = ProceduralMemoryAgent(GridWorld(), rng=0)  # every room is the same
    fixed.train(5)
    known = [skill for skill in fixed.library if skill.situation == fixed.env.reset()[0]]
    assert known
    assert Rehearsal(GridWorld(), 0)(known, fixed) == {}
    assert Rehearsal(GridWorld(), 0)([], fixed) == {}


def test_the_same_seed_rehearses_the_same_and_a_second_call_elsewhere(trained):
    few = list(trained.library)[:30]
    ours, theirs = (Rehearsal(GridWorld(shuffle=True), 3) for _ in range(2))
    assert ours(few, trained) == theirs(few, trained)
    before = ours.world.layout
    ours(few, trained)
    assert ours.world.layout != before


def test_rehearsals_happen_in_the_world_as_it_is(trained):
    world = BrokenWorld(shuffle=True)
    world.broken = frozenset({Action.PICK_UP})
    found = Rehearsal(world, 0)(trained.library, trained)
    fetching = [name for name in found if "has_key" in trained.library[name].effects]
    assert fetching
    assert not any(found[name] for name in fetching)


@pytest.mark.parametrize(
    ("after", "passes"),
    [
        ([9, 10, 10], True),
        ([10, 10, 10], False),  # nothing gained
        ([5, 12, 10], True),  # one room is worse: within the budget
        ([5, 11, 11], False),
        ([8, 14, 10], False),
    ],
)
def test_a_net_gain_within_a_budget_of_worse_rooms(after, passes):
    assert net_gain([10, 10, 10], after) is passes
    assert net_gain([10, 10, 10], after, budget=2) is (sum(after) < 30)


def steps_of(agent, seeds):
    agent = deepcopy(agent)
    return sum(len(agent.run_episode(learn=False, seed=seed)) for seed in seeds)


def test_a_gate_lets_in_what_makes_the_agent_better_and_nothing_else():
    young = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=1)
    young.train(6)
    known = [skill.name for skill in young.library]
    older = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=2)
    older.train(40)
    useless = useless_skills(older.create_embedding, 40, 0)
    for skill in useless:
        older.library.add(skill)
    young.library.merge(older.library, status="candidate")
    gate = Gate(GridWorld(shuffle=True), practice_seeds(3, 12))
    before = steps_of(young, gate.seeds)
    Retention(admit=gate).tidy(young)
    admitted = {skill.name for skill in young.library} - set(known)
    assert admitted
    assert not any(skill.life.status == "candidate" for skill in young.library)
    assert steps_of(young, gate.seeds) < before
    assert len(admitted & {skill.name for skill in useless}) < len(admitted) / 2


def test_a_gate_walks_only_for_what_would_be_chosen(trained):
    gate = Gate(GridWorld(shuffle=True), [1, 2, 3])
    agent = deepcopy(trained)
    far = replace(
        agent.library["has_key #1"],
        name="far",
        embedding=-agent.create_embedding(agent.env.reset(seed=1)[0], ()),
    )
    assert gate([far], agent) == {"far": False}
    assert gate.walks == 3
    assert [skill.name for skill in agent.library] == [skill.name for skill in trained.library]
