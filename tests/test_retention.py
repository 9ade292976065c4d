"""What a library keeps: verified, aged, put aside by each policy, archived and restored."""

import pickle
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from procmem import GridWorld, ProceduralMemoryAgent, Skill, SkillLibrary
from procmem.rehearsal import Rehearsal
from procmem.retention import Retention, at_random, failing, least_recently_used, least_used
from procmem.skill import Life, Recording

RNG = np.random.default_rng
BEGIN = {"agent": (0, 0), "key": (1, 1), "has_key": False}


@pytest.fixture(scope="module")
def trained():
    """Return an agent that has practised a hundred episodes; tests must leave it as it is."""
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
    agent.train(100)
    return agent


def skill(name, used=0, worked=0, *, embedding=(1.0, 0.0), actions=(0,), end=(0, 0), **fields):
    recording = Recording(BEGIN, BEGIN, end and {**BEGIN, "agent": end})
    life = Life(**{key: fields.pop(key) for key in vars(Life()) if key in fields})
    options = {"recording": recording, "life": life, "times_used": used, **fields}
    return Skill(name, {}, actions, embedding, worked, **options)


def library_of(*skills):
    library = SkillLibrary(2)
    for number, one in enumerate(skills, start=1):  # scaled, so that no two of them are twins
        library.add(replace(one, embedding=number * one.embedding))
    return library


def names(skills):
    return [one.name for one in skills]


def tidy(library, *policies, **options):
    Retention(*policies, **options).tidy(SimpleNamespace(library=library))


@pytest.mark.parametrize("policy", [at_random, least_recently_used, least_used])
def test_as_many_go_as_are_too_many_and_the_stale_first(trained, policy):
    assert len(set(names(policy(trained.library, 40, RNG(0))))) == 40
    assert len(policy(trained.library, 10_000, RNG(0))) == len(trained.library)
    library = library_of(*(skill(str(n)) for n in range(5)), skill("stale", 9, status="stale"))
    assert names(policy(library, 1, RNG(0))) == ["stale"]
    assert policy(trained.library, 0, RNG(0)) == policy(SkillLibrary(), 5, RNG(0)) == []


def test_the_longest_unused_and_the_least_used_go_first():
    library = library_of(
        skill("often", 9, last_used=9, source=(1, 1, 1)),
        skill("new", source=(8, 1, 1)),
        skill("old", source=(3, 1, 1)),
        skill("once", 1, last_used=2, source=(2, 1, 1)),
    )
    assert names(least_recently_used(library, 3, RNG(0))) == ["once", "old", "new"]
    assert names(least_used(library, 3, RNG(0))) == ["old", "new", "once"]


@pytest.mark.parametrize(
    ("used", "worked", "goes"), [(2, 0, False), (3, 1, True), (4, 2, False), (3, 0, True)]
)
def test_failing_is_less_than_half_of_at_least_three(used, worked, goes):
    assert bool(failing(library_of(skill("it", used, worked)), 0, RNG(0))) is goes


def test_a_limit_is_kept_and_what_goes_is_archived():
    agent = ProceduralMemoryAgent(
        GridWorld(shuffle=True), rng=0, retention=Retention(least_used, limit=40)
    )
    agent.train(30)
    assert len(agent.library) == 40
    assert agent.library.archive
    assert {one.life.status for one in agent.library.archive.values()} == {"archived"}
    agent.retention.limit = 3
    agent.run_episode(learn=False, seed=1)
    assert len(agent.library) == 40  # a frozen agent keeps everything


def test_the_least_useful_go_after_the_policies_have_been_asked():
    library = library_of(skill("failing", 9, 1), *(skill(name * 3) for name in "dacb"))
    tidy(library, failing, limit=2, utility=alphabetically)
    assert names(library) == ["ddd", "ccc"]
    assert set(library.archive) == {"failing", "aaa", "bbb"}
    assert pickle.loads(pickle.dumps(Retention(utility=alphabetically))).policies


def alphabetically(one, library):
    assert one.name in library
    return ord(one.name[0])


def test_candidates_are_not_used_until_they_are_admitted():
    retention = Retention(admit=Rehearsal(GridWorld(shuffle=True), 0))
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0, retention=retention)
    assert agent.retention.initial_status == "candidate"
    assert Retention().initial_status == "active"
    episodes = agent.train(20)
    used = {name for episode in episodes for name in episode.skills}
    waiting = [one for one in agent.library if one.life.status == "candidate"]
    assert used
    assert waiting
    assert not used & set(names(waiting))


def test_admit_decides_by_name_and_what_it_leaves_out_waits():
    library = library_of(*(skill(name, status="candidate") for name in ("good", "bad", "new")))
    tidy(library, admit=lambda skills, agent: {"good": len(skills) == 3, "bad": False})
    assert {one.name: one.life.status for one in library} == {"good": "active", "new": "candidate"}
    assert list(library.archive) == ["bad"]


def test_what_is_admitted_at_last_meets_its_twin():
    library = SkillLibrary(2)
    library.add(skill("long", actions=(0, 1)))
    library.add(skill("short", status="candidate"))
    tidy(library, admit=lambda skills, agent: {})
    assert names(library) == ["long", "short"]
    tidy(library, admit=lambda skills, agent: {"short": True})
    assert names(library) == ["short"]


def test_of_two_that_do_the_same_the_better_one_stays():
    waiting = skill("waiting", status="candidate")
    library = library_of(
        skill("long", 5, 5, actions=(0, 1)), skill("short"), skill("bad", 3), waiting
    )
    tidy(library, same=lambda one, other: "short" in (one.name, other.name))
    assert names(library) == ["short", "waiting"]
    assert list(library.archive) == ["long", "bad"]


def test_what_is_not_seen_becomes_stale_and_recovers_with_success():
    agent = ProceduralMemoryAgent(GridWorld(), rng=0, retention=Retention(idle=3))
    agent.train(12)
    stale = [one for one in agent.library if one.life.status == "stale"]
    assert stale
    assert all(agent.library.age - one.life.last_seen >= 3 for one in stale)
    stale[0].record(False, 13)
    assert stale[0].life.status == "stale"
    stale[0].record(True, 13)
    assert (stale[0].life.status, stale[0].life.last_seen) == ("active", 13)
