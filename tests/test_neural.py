"""Networks: gradients by finite differences, cloning, initiation and end, saving, a lesion."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmem import Action, GridWorld, ProceduralMemoryAgent, Skill, SkillLibrary
from procmem.gridworld import MOVES
from procmem.lab.experiment import evaluate, examination_seeds, train_many
from procmem.lab.statistics import interquartile_mean, paired_interval
from procmem.neural import MLP, REACH, clipped_offsets, clone, consolidate, train_network
from procmem.skill import Life, Recording

STATE = {"agent": (1, 1), "key": (3, 1), "door": (4, 4), "goal": (0, 1), "has_key": False}


@pytest.fixture(scope="module")
def agents():
    """Return ten agents that have practised a hundred episodes."""
    return train_many(ProceduralMemoryAgent, range(10), 100)[0]


@pytest.fixture(scope="module")
def networks(agents):
    """Return agents that hold networks and no recordings."""
    return [only_networks(number, agent) for number, agent in enumerate(agents)]


def only_networks(number, agent):
    library = SkillLibrary(agent.library.dim, agent.library.encoder)
    for skill in consolidate(agent.library, agent.encoder.relevance, rng=number):
        library.add(skill)
    options = {"encoder": agent.encoder, "library": library, "threshold": 0}
    return ProceduralMemoryAgent(GridWorld(shuffle=True), rng=number, **options)


# ---------------------------------------------------------------- the network


@given(st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_gradients_agree_with_finite_differences(seed):
    rng = np.random.default_rng(seed)
    network = MLP(4, 3, 2, rng)
    x, targets = rng.standard_normal((5, 4)), np.eye(2)[rng.integers(2, size=5)]
    for weight, slope in zip(network.weights, network.backward(x, targets), strict=True):
        for place in np.ndindex(weight.shape):
            kept, losses = weight[place], []
            for shift in (1e-5, -1e-5):
                weight[place] = kept + shift
                losses.append(network.loss(x, targets))
            weight[place] = kept
            assert slope[place] == pytest.approx((losses[0] - losses[1]) / 2e-5, abs=1e-6)


def test_probabilities_are_probabilities_and_the_same_seed_gives_the_same():
    x = np.random.default_rng(0).standard_normal((7, 3)) * 100
    first, second = (MLP(3, 5, 4, 0).forward(x) for _ in range(2))
    assert first.shape == (7, 4)
    assert np.allclose(first.sum(axis=1), 1)
    assert (first >= 0).all()
    assert np.array_equal(first, second)


def test_training_lowers_the_loss_and_learns_what_no_line_can_separate():
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    targets = np.eye(2)[[0, 1, 1, 0]]
    network = MLP(2, 8, 2, 0)
    losses = network.train(x, targets, steps=500)
    assert losses[-1] < 0.2 * losses[0]
    assert network.forward(x).argmax(axis=1).tolist() == [0, 1, 1, 0]


# ---------------------------------------------------------------- what it sees


def test_each_row_and_column_is_an_ordinal_code():
    seen = clipped_offsets(STATE, ["key", "goal"]).reshape(4, 2 * REACH)
    assert set(seen.ravel().tolist()) == {-1.0, 1.0}
    assert ((seen > 0).sum(axis=1) - REACH).tolist() == [2, 0, -1, 0]
    assert (np.diff(seen, axis=1) <= 0).all()


def test_what_is_far_is_seen_by_its_direction_only():
    near, far = {**STATE, "door": (3, 3)}, {**STATE, "door": (30, 31)}
    assert np.array_equal(clipped_offsets(near, ["door"]), clipped_offsets(far, ["door"]))


# ---------------------------------------------------------------- the skill


def recordings():
    """Return skills that walk to a key by the shortest way, from everywhere around it."""
    skills = []
    for row in range(5):
        for col in range(5):
            ways = [Action.DOWN] * (2 - row) + [Action.UP] * (row - 2)
            ways += [Action.RIGHT] * (2 - col) + [Action.LEFT] * (col - 2) + [Action.PICK_UP]
            state = {"agent": (row, col), "key": (2, 2), "has_key": False}
            recording = Recording(state, state, {**state, "has_key": True})
            fields = {"effects": {"has_key": True}, "recording": recording}
            skills.append(Skill(f"{row}{col}", {"has_key": False}, ways, [1.0], **fields))
    return skills


@pytest.fixture(scope="module")
def walker():
    return clone(recordings(), "walk", ["key"], rng=0)


def test_a_clone_does_what_its_recordings_do_first_and_ends_when_its_effects_hold(walker):
    for recording in recordings():
        assert walker.act(recording.situation, 0) == recording.action_sequence[0]
    state = recordings()[0].situation
    assert walker.act({**state, "has_key": True}, 0) is None
    assert walker.act(state, 1000) is not None


def test_a_clone_walks_on_where_nothing_was_recorded(walker):
    state, steps = {"agent": (40, 3), "key": (2, 30), "has_key": False}, []
    while state["agent"] != state["key"]:
        steps.append(walker.act(state, len(steps)))
        move = MOVES[steps[-1]]
        state = {**state, "agent": tuple(np.add(state["agent"], move).tolist())}
    assert len(steps) == 38 + 27
    assert walker.act(state, len(steps)) == Action.PICK_UP


def test_a_network_that_goes_round_in_circles_is_stopped(walker):
    skill = replace(walker, embedding=np.zeros(64))
    skill.act = lambda state, t: (Action.RIGHT, Action.LEFT)[state["agent"][1] > 0]
    agent = ProceduralMemoryAgent(GridWorld(), rng=0, threshold=0)
    agent.library.add(skill)
    first = agent.select(agent.env.state)
    steps = list(agent.execute(first, agent.env.state))
    assert [step.action for step in steps] == [Action.RIGHT, Action.LEFT]


def test_how_sure_it_is_takes_the_place_of_similarity(walker):
    state = recordings()[0].situation
    assert walker.fit(-1.0, state) == pytest.approx(walker.probabilities(state).max(), abs=1e-6)
    assert 0 <= walker.fit(0.0, state) <= 1


def test_a_kind_with_too_few_recordings_becomes_no_network(agents):
    assert consolidate(agents[0].library, {}, at_least=10_000) == []
    assert consolidate(SkillLibrary(), {}) == []


# ---------------------------------------------------------------- the agent


def test_hundreds_of_recordings_become_three_networks(agents, networks):
    assert len(agents[0].library) > 100
    effects = [tuple(skill.effects) for skill in networks[0].library]
    assert sorted(effects) == [("at_goal",), ("door_open",), ("has_key",)]


@pytest.mark.parametrize(("size", "rooms", "middle"), [(5, 40, 1.05), (8, 40, 1.05), (16, 20, 1.1)])
def test_networks_cloned_in_small_rooms_solve_large_ones(networks, size, rooms, middle):
    results = evaluate(networks, examination_seeds(rooms, size=size), size=size)
    assert results.solved.mean() >= 0.99
    assert interquartile_mean(results.ratio) <= middle


def test_consolidating_keeps_the_recordings_and_replaces_older_networks(agents):
    agent = only_networks(0, agents[0])
    agent.library = SkillLibrary(agents[0].library.dim, agents[0].library.encoder)
    for skill in agents[0].library:
        agent.library.add(skill)
    before = len(agent.library)
    agent.consolidate()
    agent.consolidate()
    assert len(agent.library) == before + 3
    assert sum(skill.closed_loop for skill in agent.library) == 3


def test_networks_are_always_among_the_candidates(networks):
    agent = networks[0]
    decision = agent.select(GridWorld(16, shuffle=True).state)
    assert {one.name for one in decision.candidates} == {skill.name for skill in agent.library}
    assert decision.skill.startswith("network: has_key")


@pytest.mark.parametrize("effect", ["has_key", "door_open", "at_goal"])
def test_a_lesion_hurts_its_own_sub_task_and_no_other(networks, effect):
    """Without one network its fact is reached by chance, the others as ever."""
    for agent in networks[:4]:
        options = {"rng": 0, "encoder": agent.encoder, "threshold": 0}
        lesioned = ProceduralMemoryAgent(GridWorld(8, shuffle=True), **options)
        left = [skill for skill in agent.library if effect not in skill.effects]
        lesioned.library.rebuild(left)
        for seed in examination_seeds(5, size=8):
            used = set(lesioned.run_episode(learn=False, seed=seed).skills)
            assert used <= {skill.name for skill in left}


# ---------------------------------------------------------------- saved and loaded


@pytest.mark.parametrize(
    "change",
    [
        lambda skill: skill["weights"].pop(),
        lambda skill: skill["weights"][1].update(shape=[1]),
        lambda skill: skill["weights"][0].update(base64="x"),
        lambda skill: skill.update(weights=[None]),
        lambda skill: skill.update(weights="AAAA"),
        lambda skill: skill.update(places=["key", 3]),
        lambda skill: skill.update(places=[]),
        lambda skill: skill.pop("weights"),
    ],
)
def test_a_damaged_network_is_refused(networks, tmp_path, change):
    path = tmp_path / "networks.json"
    networks[0].library.save(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document["skills"][0])
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ValueError, match=r"library in .* must be complete and sound"):
        SkillLibrary.load(path, verify=False)


# ---------------------------------------------------------------- what it is worth


@pytest.mark.parametrize(("size", "rooms"), [(5, 30), (8, 30), (16, 12)])
def test_consolidated_an_agent_is_as_good_as_the_better_of_its_parts(agents, networks, size, rooms):
    whole = [only_networks(number, agent) for number, agent in enumerate(agents)]
    for agent, trained in zip(whole, agents, strict=True):
        agent.library.rebuild([*trained.library, *agent.library])
    seeds = examination_seeds(rooms, size=size)
    parts = [evaluate(part, seeds, size=size).ratio for part in (agents, networks)]
    better = min(parts, key=np.mean)
    both = evaluate(whole, seeds, size=size).ratio
    assert paired_interval(both, better, np.mean)[1] <= 0.02


def test_features_and_training_may_be_replaced(agents):
    class Table:
        """The action seen most often for an input, looked up."""

        def __init__(self, x, targets):
            self.x, self.targets = x, targets

        def forward(self, x):
            same = (self.x == x).all(axis=1)
            return (self.targets[same].mean(axis=0) if same.any() else self.targets[0])[None]

    def one_hot(state, names):
        return (clipped_offsets(state, names) > 0).astype(float)

    options = {"features": one_hot, "train": lambda x, targets, rng: Table(x, targets)}
    table = consolidate(agents[0].library, agents[0].encoder.relevance, **options)
    recordings = [skill for skill in agents[0].library if "has_key" in skill.effects]
    fetch = next(skill for skill in table if "has_key" in skill.effects)
    found = [fetch.act(one.situation, 0) == one.action_sequence[0] for one in recordings]
    assert np.mean(found) > 0.8


def test_a_way_that_was_walked_often_is_practised_as_often():
    seen = []

    def train(x, targets, rng):
        seen.append(targets.sum(axis=0).tolist())
        return train_network(x, targets, rng)

    agent = ProceduralMemoryAgent(GridWorld(), rng=0)
    agent.train(3)
    first = next(iter(agent.library))
    habit = replace(first, action_sequence=[Action.UP], life=Life(walked=9))
    detour = replace(first, action_sequence=[Action.DOWN], life=Life(walked=1))
    clone([detour, habit], "both", ["key"], train=train)
    assert seen == [[9.0, 1.0]]
    habit.life.walked = 10**6
    clone([detour, habit], "both", ["key"], train=train)
    assert seen[1] == [pytest.approx(1000, abs=1), 1.0]  # bounded, however long the agent lives
