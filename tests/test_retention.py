"""What a library keeps: rehearsed, aged, given up by each policy, archived and restored."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from procmem import Action, GridWorld, ProceduralMemoryAgent, Skill, SkillLibrary
from procmem.embedding import fingerprint
from procmem.gridworld import holds
from procmem.lab.baselines import sham_library
from procmem.lab.experiment import HELD_OUT, VALIDATION, evaluate, train_many, training_layouts
from procmem.lab.worlds import BrokenWorld
from procmem.neural import MLP
from procmem.retention import (
    REHEARSAL,
    Keeper,
    at_random,
    competence_preserving,
    failing,
    keep_all,
    least_recently_used,
    least_used,
    rehearse,
    would_work,
)

RNG = np.random.default_rng
POLICIES = [keep_all, at_random, least_recently_used, least_used, failing, competence_preserving]


@pytest.fixture(scope="module")
def trained():
    """Return an agent that has practised a hundred episodes; tests must leave it as it is."""
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
    agent.train(100, seeds=training_layouts(0, 100))
    return agent


def library_of(*skills):
    library = SkillLibrary(2)
    for skill in skills:
        library.add(skill)
    return library


def skill(name, used=0, worked=0, *, embedding=(1.0, 0.0), actions=(0,), end=(0, 0), **fields):
    states = {
        "situation": {"agent": (0, 0), "key": (1, 1), "has_key": False},
        "outcome": {"agent": end, "key": (1, 1), "has_key": False},
    }
    options = {**states, "times_used": used, "fingerprint": name, **fields}
    return Skill(name, {}, actions, embedding, worked, **options)


def names(skills):
    return [one.name for one in skills]


# ---------------------------------------------------------------- rehearsal


def test_layouts_for_rehearsals_are_used_for_nothing_else():
    others = [*VALIDATION, *HELD_OUT, *training_layouts(99, 10_000)]
    assert not set(REHEARSAL) & set(others)


def test_what_the_agent_learned_works_elsewhere_and_what_is_random_does_not(trained):
    sham = sham_library(trained.library, Action, rng=0)
    verdicts = [
        rehearse(list(few), trained.create_embedding, GridWorld(shuffle=True), RNG(0))
        for few in (trained.library, sham)
    ]
    real, random = (sum(found.values()) / len(found) for found in verdicts)
    assert all(len(found) > 60 for found in verdicts)
    assert real > 0.85
    assert random < 0.1


def test_a_rehearsal_is_what_happens_there(trained):
    one = next(s for s in trained.library if s.effects == {"has_key": True} and len(s) > 3)
    env = GridWorld(shuffle=True)
    for seed in range(REHEARSAL[0], REHEARSAL[0] + 400):
        state, _ = env.reset(seed=seed)
        if np.array_equal(
            trained.create_embedding(state, ()), trained.create_embedding(one.situation, ())
        ):
            expected = would_work(one, env.layout, state)
            for action in one.action_sequence:
                state = env.step(action)[0]
            assert holds(one.effects, state) == expected
            return
    pytest.fail("no room looked like home")


def test_the_room_it_comes_from_is_no_rehearsal():
    env = GridWorld()  # every room is the same
    agent = ProceduralMemoryAgent(env, rng=0)
    agent.train(5)
    known = [one for one in agent.library if one.situation == env.reset()[0]]
    assert known
    assert rehearse(known, agent.create_embedding, GridWorld(), RNG(0)) == {}


def test_nothing_to_rehearse_is_no_trouble(trained):
    assert rehearse([], trained.create_embedding, GridWorld(), RNG(0)) == {}


def test_the_same_seed_rehearses_the_same(trained):
    few = list(trained.library)[:20]
    found = [
        rehearse(few, trained.create_embedding, GridWorld(shuffle=True), RNG(3)) for _ in range(2)
    ]
    assert found[0] == found[1]


def test_rehearsals_happen_in_the_world_as_it_is(trained):
    world = BrokenWorld(shuffle=True)
    world.broken = frozenset(Action)
    found = rehearse(list(trained.library), trained.create_embedding, world, RNG(0))
    assert found
    assert not any(found.values())


# ---------------------------------------------------------------- what may go


@pytest.mark.parametrize("policy", [policy for policy in POLICIES if policy is not failing])
def test_no_policy_gives_up_anything_while_there_is_room(trained, policy):
    assert policy(trained.library, 0, RNG(0)) == []
    assert policy(SkillLibrary(), 5, RNG(0)) == []


@pytest.mark.parametrize("policy", [at_random, least_recently_used, least_used])
def test_as_many_go_as_are_too_many(trained, policy):
    gone = policy(trained.library, 40, RNG(0))
    assert len(set(names(gone))) == 40
    assert len(policy(trained.library, 10_000, RNG(0))) == len(trained.library)


def test_recently_used_is_told_by_use_or_else_by_learning():
    library = library_of(
        skill("used lately", 1, last_used=9, source=(1, 1, 1)),
        skill("learned lately", source=(5, 1, 1)),
        skill("long ago", 1, last_used=2, source=(2, 1, 1)),
    )
    assert names(least_recently_used(library, 2, RNG(0))) == ["long ago", "learned lately"]


def test_least_used_goes_first_and_of_equals_the_longest_unseen():
    library = library_of(
        skill("often", 9), skill("new", source=(8, 1, 1)), skill("old", source=(3, 1, 1))
    )
    assert names(least_used(library, 2, RNG(0))) == ["old", "new"]


@pytest.mark.parametrize("policy", [at_random, least_recently_used, least_used])
def test_the_stale_go_before_the_others(policy):
    library = library_of(*(skill(str(n)) for n in range(5)), skill("stale", 9, status="stale"))
    assert names(policy(library, 1, RNG(0))) == ["stale"]


@pytest.mark.parametrize(
    ("used", "worked", "goes"), [(2, 0, False), (3, 1, True), (4, 2, False), (3, 0, True)]
)
def test_failing_is_less_than_half_of_at_least_three(used, worked, goes):
    assert bool(failing(library_of(skill("it", used, worked)), 0, RNG(0))) is goes


def test_nothing_covers_the_only_skill_for_a_situation():
    library = library_of(skill("east"), skill("south", embedding=(0.0, 1.0)))
    assert competence_preserving(library, 2, RNG(0)) == []


@pytest.mark.parametrize(
    ("other", "covers"),
    [
        ({}, True),
        ({"embedding": (1.0, 0.5)}, True),
        ({"embedding": (0.0, 1.0)}, False),
        ({"actions": (0, 1, 2)}, False),  # longer
        ({"end": (0, 1)}, False),  # leads elsewhere
        ({"effects": {"has_key": True}}, False),
        ({"outcome": None}, False),
    ],
)
def test_a_skill_goes_if_another_would_do_the_same_in_its_place(other, covers):
    library = library_of(skill("spare", actions=(0, 1)), skill("stays", 5, **other))
    gone = competence_preserving(library, 1, RNG(0))
    assert (names(gone) == ["spare"]) is covers


def test_two_that_cover_each_other_do_not_both_go():
    library = library_of(skill("one"), skill("other"))
    assert names(competence_preserving(library, 2, RNG(0))) == ["one"]


def test_nobody_who_went_loses_a_stand_in_later():
    here, there, yonder = (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)
    library = library_of(
        skill("here", embedding=here), skill("there", embedding=there), skill("y", embedding=yonder)
    )
    # The middle one covers both ends, and they cover it; but neither end covers the other.
    gone = names(competence_preserving(library, 3, RNG(0)))
    assert gone == ["here", "y"]


def test_networks_cover_what_they_have_learned_and_stay(trained):
    agent = deepcopy(trained)
    agent.consolidate()
    gone = competence_preserving(agent.library, 10_000, RNG(0))
    assert len(gone) > 0.6 * len(agent.library)
    assert not any(one.general for one in gone)
    for one in gone:
        network = next(s for s in agent.library if s.general and s.effects == one.effects)
        covered = network.act(one.situation, 0) == one.action_sequence[0]
        assert covered or any(
            kept.effects == one.effects and len(kept) <= len(one) and kept not in gone
            for kept in agent.library
        )


# ---------------------------------------------------------------- the keeper


@pytest.mark.parametrize("number", [0, -1, 2.5, True, "many"])
@pytest.mark.parametrize("option", ["limit", "idle"])
def test_a_bound_that_is_none_is_refused(option, number):
    with pytest.raises(ValueError, match=rf"{option} must be None or a whole number from 1 up"):
        Keeper(**{option: number})


def kept(env, rng, **options):
    keeper = Keeper(least_used, rng=rng, **options)
    return ProceduralMemoryAgent(env, rng=rng, keeper=keeper)


def test_a_bound_is_kept_and_nothing_is_lost():
    agent = kept(GridWorld(shuffle=True), 0, limit=40)
    agent.train(30, seeds=training_layouts(0, 30))
    assert len(agent.library) == 40
    assert agent.library.archive
    assert len(agent.library) + len(agent.library.archive) <= agent.library.added
    assert {one.status for one in agent.library.archive.values()} == {"archived"}


def test_a_frozen_agent_keeps_everything():
    agent = kept(GridWorld(shuffle=True), 0)
    agent.train(10, seeds=training_layouts(0, 10))
    agent.keeper.limit = 3
    before = names(agent.library)
    agent.run_episode(learn=False, seed=HELD_OUT[0])
    assert names(agent.library) == before


def test_candidates_are_not_used_until_they_are_verified():
    agent = kept(GridWorld(shuffle=True), 0, world=GridWorld(shuffle=True))
    assert agent.keeper.welcome == "candidate"
    episodes = agent.train(20, seeds=training_layouts(0, 20))
    used = {name for episode in episodes for name in episode.skills}
    waiting = [one for one in agent.library if one.status == "candidate"]
    assert used
    assert waiting
    assert not used & set(names(waiting))
    verdicts = {
        candidate.verdict
        for episode in episodes
        for decision in episode.decisions
        for candidate in decision.candidates
    }
    assert "not verified in another room yet" in verdicts


def test_a_stranger_who_sends_nonsense_is_found_out(trained):
    agent = deepcopy(trained)
    nonsense = sham_library(trained.library, Action, rng=1)
    nonsense.rebuild(replace(one, fingerprint=f"strange {one.name}") for one in nonsense)
    agent.library.merge(nonsense, status="candidate")
    agent.keeper = Keeper(world=GridWorld(shuffle=True), rng=0)
    for _ in range(4):
        agent.keeper.verify(agent)
    strangers = [s for s in agent.library if s.fingerprint.startswith("strange")]
    active = [one for one in strangers if one.status == "active"]
    assert len(active) < 0.1 * len(nonsense)
    assert len(agent.library.archive) > 0.5 * len(nonsense)


def test_a_strangers_networks_must_prove_themselves_too(trained):
    agent, other = deepcopy(trained), deepcopy(trained)
    other.consolidate()
    networks = SkillLibrary(64, "relevance")
    for one in other.library:
        if one.general:
            networks.add(one)
    deaf = replace(next(iter(networks)), name="deaf", fingerprint="deaf")
    deaf.network = MLP(deaf.network.weights[0].shape[0], 4, len(deaf), 0)  # never trained
    networks.add(deaf)
    agent.library.merge(networks, status="candidate")
    agent.keeper = Keeper(world=GridWorld(shuffle=True), rng=0)
    agent.keeper.verify(agent)
    found = {one.name: one.status for one in agent.library if one.general}
    assert found == {one.name: "active" for one in networks if one is not deaf}
    assert "deaf" in agent.library.archive


def test_who_is_trusted_at_last_meets_its_twin():
    library = library_of(skill("long", actions=(0, 1), fingerprint="same"))
    library.add(skill("short", fingerprint="same", status="candidate"))
    assert len(library) == 2
    library["short"].status = "active"
    library.rebuild(list(library))
    assert names(library) == ["short"]


def test_what_is_not_seen_grows_stale_and_recovers_with_success():
    agent = kept(GridWorld(), 0, idle=3)
    agent.train(12)
    stale = [one for one in agent.library if one.status == "stale"]
    assert stale
    assert all(agent.library.age - one.last_seen >= 3 for one in stale)
    stale[0].record(False, 13)
    assert stale[0].status == "stale"
    stale[0].record(True, 13)
    assert (stale[0].status, stale[0].last_seen) == ("active", 13)


def test_each_skill_tells_where_it_comes_from():
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
    episodes = agent.train(8, seeds=training_layouts(0, 8))
    for one in agent.library:
        episode, first, last = one.source
        steps = episodes[episode - 1].steps[first - 1 : last]
        assert one.situation in [step.state for step in steps]
        assert one.outcome == steps[-1].next_state


def test_networks_and_relevance_reach_the_archive_too(trained):
    agent = deepcopy(trained)
    name = next(iter(agent.library)).name
    agent.library.retire(name)
    agent.encoder.relevance = {}
    agent._attend()
    archived = agent.library.archive[name]
    cue = fingerprint(agent.create_embedding(archived.situation, ()))
    assert archived.fingerprint == cue


def test_a_bound_of_two_hundred_costs_next_to_nothing():
    unbounded, _ = train_many(ProceduralMemoryAgent, range(4), 100)
    bounded, _ = train_many(Bounded, range(4), 100)
    free, tight = (evaluate(few, HELD_OUT[:40]).steps.mean() for few in (unbounded, bounded))
    assert tight <= 1.05 * free


class Bounded(ProceduralMemoryAgent):
    """An agent with room for two hundred skills."""

    def __init__(self, env, rng):
        super().__init__(env, rng=rng, keeper=Keeper(least_used, limit=200, rng=rng))
