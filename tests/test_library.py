"""The memory: stored, merged, found, explained, saved and loaded; and nothing is ever lost."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmem.embedding import Encoder, cosine_similarity
from procmem.gridworld import Action, GridWorld
from procmem.library import SkillLibrary
from procmem.skill import Life, Recording, Skill

STATE = GridWorld().state


def skill(name, embedding=(1.0, 0.0), actions=(0,), **fields):
    return Skill(name, fields.pop("preconditions", {}), actions, embedding, **fields)


def library_of(*vectors):
    """Return a library whose skills are named by their number."""
    library = SkillLibrary()
    for number, vector in enumerate(vectors):
        # Different preconditions: no two are twins.
        library.add(skill(str(number), vector, preconditions={f"fact{number}": True}))
    return library


def contents(library):
    """Return everything a library knows, comparable."""
    skills, archive = (
        [
            {**vars(one), "embedding": one.embedding.tolist(), "life": replace(one.life)}
            for one in several
        ]
        for several in (library, library.archive.values())
    )
    encoder = library.encoder and (library.encoder.describe(), library.encoder.relevance)
    return library.dim, encoder, library.added, library.age, skills, archive


class Mine:
    """What a library needs of a skill, and nothing else."""

    name, preconditions, effects, action_sequence = "mine", {}, {"has_key": True}, (Action.UP,)
    embedding, success_count, times_used, success_estimate = [1.0, 0.0], 0, 0, 0.5
    act = record = print

    def applicable(self, state):
        return True


def names(library):
    return [stored.name for stored in library]


# ---------------------------------------------------------------- a collection


def test_a_new_library_is_empty():
    library = SkillLibrary()
    assert (len(library), list(library), "a" in library) == (0, [], False)
    assert str(library) == "0 skills"
    assert repr(library) == "<SkillLibrary: 0 skills, dimension None>"


def test_skills_keep_their_order_and_are_found_by_their_names():
    library = library_of([1, 0], [0, 1], [1, 1])
    assert names(library) == ["0", "1", "2"]
    assert library.dim == 2
    stored = library.add(skill("fetch"))
    assert "fetch" in library
    assert library["fetch"] is stored


@pytest.mark.parametrize("ask", [SkillLibrary.__getitem__, SkillLibrary.forget])
def test_an_unknown_name_is_an_error_that_says_it(ask):
    library = library_of([1, 0])
    with pytest.raises(KeyError, match="no skill is called 'dance'"):
        ask(library, "dance")
    assert len(library) == 1


def test_forget_removes_one_skill_and_no_other():
    library = library_of([1, 0], [0, 1], [1, 1])
    assert library.forget("1").name == "1"
    assert names(library) == ["0", "2"]
    assert [name for _, name in found(library, [0, 1], 3)] == ["2", "0"]


def test_a_new_name_was_never_used_even_by_a_forgotten_skill():
    library = SkillLibrary()
    for _ in range(3):
        library.add(skill(library.new_name("fetch"), effects={f"fact{library.added}": True}))
    library.forget("fetch #3")
    assert library.new_name("fetch") == "fetch #4"


def test_a_skill_is_whatever_has_the_attributes_of_one():
    library = library_of([0, 1])
    library.add(Mine())
    (candidate, _) = library.explain([1, 0], STATE)
    assert (candidate.name, candidate.eligible, candidate.closed_loop) == ("mine", True, False)
    twin = Mine()
    twin.name = "twin"
    assert library.add(twin).name == "mine"
    library.retire("0")
    assert names(library) == ["mine"]


# ---------------------------------------------------------------- adding, twins


@pytest.mark.parametrize(
    ("first", "second", "survivor"),
    [
        ({"actions": (0, 1, 0)}, {"actions": (0,)}, "second"),
        ({"actions": (0,)}, {"actions": (1,)}, "first"),
        ({"times_used": 3, "success_count": 1}, {"actions": (1, 1)}, "second"),
        ({"actions": (0, 1), "success_count": 8}, {"actions": (1,)}, "second"),
        ({}, {"embedding": (1.00001, 0.0), "actions": (1, 2)}, "first"),
    ],
    ids=["the shorter", "the older", "what works", "not what works better", "whatever it does"],
)
def test_of_two_twins_survives(first, second, survivor):
    library = SkillLibrary()
    library.add(skill("first", **first))
    assert library.add(skill("second", **second)).name == survivor
    assert found(library, [1, 0], 3) == [(1.0, survivor)]


@pytest.mark.parametrize(
    "changed",
    [
        {"preconditions": {"has_key": True}},
        {"effects": {"has_key": True}},
        {"embedding": (0.9, 0.1)},
    ],
)
def test_skills_that_differ_in_when_or_what_for_are_no_twins(changed):
    library = SkillLibrary()
    library.add(skill("one"))
    library.add(skill("two", **changed))
    assert len(library) == 2


@pytest.mark.parametrize("lengths", [(1, 1, 2), (2, 1, 1), (1, 2, 1)])
def test_how_often_twins_were_walked_is_added_up(lengths):
    library = SkillLibrary()
    for number, length in enumerate(lengths):
        stored = library.add(skill(f"way {number}", actions=(0,) * length))
    assert stored.life.walked == 3
    assert library.add(stored).life.walked == 3  # it is no twin of itself


behaviours = st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(0, 6), st.integers(0, 6))


@given(st.lists(behaviours, max_size=40))
def test_adding_never_loses_another_skill(rows):
    library = SkillLibrary()
    for number, (where, length, uses, successes) in enumerate(rows):
        before = set(names(library))
        counts = {"times_used": uses, "success_count": min(uses, successes)}
        kept = library.add(skill(str(number), (where, 1.0), (0,) * length, **counts))
        lost = before - set(names(library))
        assert len(lost) <= (kept.name == str(number))
        assert kept in list(library)
    assert len(library) == len({where for where, *_ in rows})


def test_rebuilding_puts_new_skills_in_the_place_of_the_old():
    library = library_of([1, 0], [0, 1])
    library.rebuild([skill("other", [1, 1])])
    assert names(library) == ["other"]


# ---------------------------------------------------------------- refused means unchanged


def half_archived():
    """Return a library of "1", with "0" in its archive."""
    library = library_of([1, 0], [0, 1])
    library.retire("0")
    return library


@pytest.mark.parametrize(
    ("do", "message"),
    [
        (lambda one: one.add("walk"), "skill must have the attribute name, got 'walk'"),
        (lambda one: one.add(None), "skill must have the attribute name, got None"),
        (
            lambda one: one.add(skill("new", [1, 2, 3])),
            r"embedding of 'new' must have shape \(2,\), got \(3,\)",
        ),
        (lambda one: one.add(skill("1", [5, 5])), "name must be new in the library, got '1'"),
        (lambda one: one.add(skill("0", [5, 5])), "name must be new in the library, got '0'"),
        (lambda one: one.rebuild([skill("0", [1, 1])]), "name must be new in the library, got '0'"),
        (lambda one: one.rebuild([skill("good", [1, 1]), None]), "each of skills must have"),
        (lambda one: one.rebuild([skill("long", [1, 2, 3])]), "must have shape"),
        (lambda one: one.merge(SkillLibrary(3)), "other must hold vectors made by .*, got"),
        (lambda one: one.merge(SkillLibrary(2, Encoder(2))), "other must hold vectors made by"),
        (lambda one: one.retire("2"), "no skill is called '2'"),
        (lambda one: one.retire("1", "2"), "no skill is called '2'"),
        (lambda one: one.restore("1"), "no skill in the archive is called '1'"),
    ],
)
def test_what_is_refused_changes_nothing(do, message):
    library = half_archived()
    before = contents(library)
    with pytest.raises((ValueError, KeyError), match=message):
        do(library)
    assert contents(library) == before
    assert found(library, [0, 1], 3) == [(1.0, "1")]


def test_a_restore_that_fails_keeps_the_skill_archived():
    library = half_archived()
    library.archive["0"].name = "1"
    before = contents(library)
    with pytest.raises(ValueError, match="name must be new"):
        library.restore("0")
    assert contents(library) == before


def test_a_refused_first_skill_does_not_set_the_dimension():
    library = SkillLibrary()
    library.archive["it"] = skill("it")
    with pytest.raises(ValueError, match="name must be new in the library, got 'it'"):
        library.add(skill("it", [1, 2, 3]))
    assert (library.dim, len(library)) == (None, 0)


# ---------------------------------------------------------------- retrieving


def by_hand(library, query, k):
    """Return what a plain sort over exact cosines finds: best first, ties to the older."""
    found = [(round(cosine_similarity(query, s.embedding), 6), s.name) for s in library]
    return sorted(found, key=lambda pair: -pair[0])[:k]


def found(library, query, k):
    return [(similarity, stored.name) for similarity, stored in library.retrieve(query, k)]


small_vectors = st.lists(st.integers(-3, 3), min_size=3, max_size=3)


@given(st.lists(small_vectors, max_size=30), small_vectors, st.integers(1, 12))
def test_retrieving_equals_a_plain_sort_ties_included(vectors, query, k):
    library = library_of(*vectors)
    assert found(library, query, k) == by_hand(library, query, k)


@pytest.mark.parametrize("count", [1, 15, 16, 17, 300])
def test_retrieving_equals_a_plain_sort_at_every_size(count):
    rng = np.random.default_rng(count)
    library = library_of(*rng.standard_normal((count, 64)))
    for query in rng.standard_normal((10, 64)):
        assert found(library, query, 5) == by_hand(library, query, 5)


def test_retrieving_does_not_hang_on_single_precision():
    # All cosines agree to six decimals, but not in single precision.
    rng = np.random.default_rng(0)
    query, vector = rng.standard_normal((2, 64))
    library = library_of(*(vector + 1e-7 * rng.standard_normal((200, 64))))
    assert [name for _, name in found(library, query, 3)] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("vectors", "query", "expected"),
    [
        ([[2.0**n, 0.0] for n in range(30)], [1, 0], [(1.0, "0"), (1.0, "1"), (1.0, "2")]),
        ([[1.0, 1.0], [1.0, 1.0 + 1e-9]], [0, 1], [(0.707107, "0"), (0.707107, "1")]),
        ([[1, 0], [0, 1]], [0, 0], [(0.0, "0"), (0.0, "1")]),
        ([[0, 0], [1, 0]], [1, 0], [(1.0, "1"), (0.0, "0")]),
        ([[1, 0]], [1, 0], [(1.0, "0")]),
        ([[1, 0]], [-1e-9, 1], [(0.0, "0")]),  # and not -0.0
        ([[1, 0], [1, 1]], [0, 1e-200], [(0.707107, "1"), (0.0, "0")]),
        ([[1, 0], [1, 1]], [0, 1e200], [(0.707107, "1"), (0.0, "0")]),
    ],
    ids=["ties", "last bit", "zero query", "zero skill", "few", "sign", "short", "long"],
)
def test_what_is_retrieved(vectors, query, expected):
    assert repr(found(library_of(*vectors), query, 3)) == repr(expected)


@pytest.mark.parametrize("dim", [None, 2])
def test_an_empty_library_offers_nothing(dim):
    library = SkillLibrary(dim)
    assert library.retrieve([1, 0]) == []
    assert library.explain([1, 0], STATE) == ()


# ---------------------------------------------------------------- explaining


def judged(stored, **options):
    library = SkillLibrary()
    library.add(stored)
    return library.explain([1.0, 0.0], STATE, **options)[0]


@pytest.mark.parametrize(
    ("fields", "options", "verdict"),
    [
        ({}, {}, "eligible"),
        ({"preconditions": {"has_key": True}}, {}, "not here: it needs has_key"),
        ({"actions": ()}, {}, "not"),
        ({"life": Life("candidate")}, {}, "not verified in another room yet"),
        ({"embedding": (1.0, 1.0)}, {}, "too unlike: similarity below 0.80"),
        ({"embedding": (1.0, 1.0)}, {"threshold": 0.707107}, "eligible"),
        ({"times_used": 8}, {}, "not trusted: success estimate below 0.20"),
        ({"times_used": 3}, {"min_success": 0.2}, "eligible"),
        ({}, {"min_success": 0.6}, "not trusted: success estimate below 0.60"),
        ({}, {"failed": ("a",)}, "just failed from here"),
        ({"actions": (2, 1)}, {"failed": (1,)}, "eligible"),
        ({"actions": (2, 1)}, {"failed": (2,)}, "just failed from here"),
    ],
)
def test_every_candidate_comes_with_a_verdict(fields, options, verdict):
    candidate = judged(skill("a", **fields), **options)
    assert candidate.verdict.startswith(verdict)
    assert candidate.eligible is (verdict == "eligible")


def test_an_explanation_gives_the_figures_behind_the_verdict():
    candidate = judged(skill("a", (1.0, 1.0), success_count=2, times_used=3))
    figures = candidate.similarity, candidate.preconditions_hold, candidate.success_estimate
    assert figures == (pytest.approx(0.707107), True, pytest.approx(3 / 5))


def test_candidates_come_best_first():
    library = library_of([1, 0], [0, 1], [1, 1])
    assert names(library.explain([0, 1], STATE, k=2)) == ["1", "2"]
    assert len(library_of(*np.eye(6)).explain(np.ones(6), STATE)) == 5
    assert len(library_of(*np.eye(6)).retrieve(np.ones(6))) == 3


def test_closed_loop_skills_are_always_among_the_candidates():
    library = library_of([1, 0], [1, 1])
    network = Mine()
    network.closed_loop, network.embedding = True, [0.0, 1.0]
    library.add(network)
    assert names(library.explain([1, 0], STATE, k=1)) == ["0", "mine"]
    assert sorted(names(library.explain([1, 0], STATE))) == ["0", "1", "mine"]


def test_skills_that_wait_take_no_verified_skill_s_place_among_the_candidates():
    library = library_of([1, 0], [0, 1], [1, 1])
    waiting = library.merge(library_of(*[[1, 0.01 * n] for n in range(20)]), status="candidate")
    found = names(library.explain([1, 0], STATE, k=2))
    assert [name for name in found if name not in names(waiting)] == ["0", "2"]
    assert len(library.explain([1, 0], STATE, k=100)) == 23


# ---------------------------------------------------------------- showing


def test_the_table_has_a_row_for_each_skill():
    library = SkillLibrary()
    fields = {"preconditions": {"has_key": False}, "effects": {"has_key": True}}
    fields |= {"success_count": 1, "times_used": 4}
    library.add(skill("fetch", actions=(Action.DOWN, Action.PICK_UP), **fields))
    title, _, row = str(library).split("\n")
    assert title.startswith("1 skill")
    assert row.split() == ["fetch", "not", "has_key", "down", "pick_up", "has_key", "4", "25%"]


def test_the_notebooks_table_escapes_hostile_names():
    library = SkillLibrary()
    library.add(skill("<script>alert('x')</script>", preconditions={"<b>&": True}))
    html = library._repr_html_()
    assert html.count("<tr>") == 2
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html


# ---------------------------------------------------------------- put aside, taken back, shared


def test_what_is_retired_is_not_offered_and_not_lost():
    library = library_of([1, 0], [0, 1])
    first = library["0"]
    library.retire("0")
    assert "0" not in library
    assert library.archive == {"0": first}
    assert first.life.status == "archived"
    assert [name for _, name in found(library, [1, 0], 5)] == ["1"]


def test_the_archive_holds_what_was_put_aside_last(monkeypatch):
    monkeypatch.setattr("procmem.library.ARCHIVED", 2)
    library = library_of([1, 0], [0, 1], [1, 1], [1, 2])
    library.retire("0")
    library.retire("2", "1")
    assert (list(library.archive), names(library)) == (["2", "1"], ["3"])


def test_what_is_restored_is_active_and_counts_as_seen_now():
    library = half_archived()
    library.age = 7
    restored = library.restore("0")
    assert library["0"] is restored
    assert (restored.life.status, restored.life.last_seen, library.archive) == ("active", 7, {})


def test_if_a_better_twin_has_come_the_old_one_stays_archived():
    library = SkillLibrary()
    library.add(skill("long", actions=(0, 1)))
    library.retire("long")
    short = library.add(skill("short"))
    assert library.restore("long") is short
    assert list(library.archive) == ["long"]
    assert library.archive["long"].life.status == "archived"


def test_merging_adds_copies_under_names_that_are_free():
    mine, yours = library_of([1, 0]), library_of([0, 1], [1, 1])
    mine.age = 5
    yours["0"].life, yours["0"].preconditions = Life(source=(90, 1, 2)), {"other": True}
    new = mine.merge(yours)
    assert (names(mine), names(new)) == (["0", "0 #2", "1"], ["0 #2", "1"])
    assert [(s.life.source, s.life.last_seen) for s in new] == [(None, 5)] * 2
    assert all(copied is not own for copied, own in zip(new, yours, strict=True))
    assert (len(yours), yours["0"].life.source) == (2, (90, 1, 2))


def test_of_twins_the_better_stays_when_libraries_merge():
    mine, yours = SkillLibrary(), SkillLibrary()
    mine.add(skill("mine", actions=(0, 1)))
    yours.add(skill("yours"))
    assert names(mine.merge(yours)) == ["yours"]
    assert mine.merge(yours) == []
    assert names(mine) == ["yours"]


def test_a_strangers_skills_may_come_as_candidates():
    mine = library_of([1, 0])
    mine.merge(library_of([1, 0]), status="candidate")
    assert [s.life.status for s in mine] == ["active", "candidate"]
    assert not mine.explain([1, 0], {"fact0": True})[1].eligible


def test_after_a_merge_new_names_are_still_new():
    mine, yours = SkillLibrary(), library_of([1, 0], [0, 1])
    for number, stored in enumerate(yours):
        stored.name = f"walk #{number + 2}"
    yours.rebuild(list(yours))
    mine.merge(yours)
    mine.retire("walk #3")
    assert mine.new_name("walk") == "walk #4"


def test_an_empty_library_takes_after_the_first_that_is_merged():
    mine, yours = SkillLibrary(), SkillLibrary(2, Encoder(2))
    yours.add(skill("it"))
    assert names(mine.merge(yours)) == ["it"]
    assert (mine.dim, mine.encoder) == (2, yours.encoder)


# ---------------------------------------------------------------- what the encoder had learned


def seen(length_scale=4.0, relevance=None):
    """Return a library with one recording, seen through an encoder of its own."""
    encoder = Encoder(16, length_scale=length_scale)
    encoder.relevance = relevance or {}
    library = SkillLibrary(encoder=encoder)
    recording = Recording(STATE, STATE, {**STATE, "has_key": True})
    library.add(skill("it", encoder(STATE), recording=recording))
    return library


def test_encoders_of_another_length_scale_do_not_merge():
    mine = seen()
    with pytest.raises(ValueError, match=r"other must hold vectors made by .*4\.0.*got .*1\.5"):
        mine.merge(seen(1.5))
    assert len(mine) == 1


def test_if_only_the_relevance_differs_newcomers_are_encoded_anew():
    mine, other = seen(), seen(relevance={frozenset(): frozenset({"key"})})
    other["it"].preconditions = {"door_open": False}
    other.rebuild(list(other))
    before = other["it"].embedding.tolist()
    (new,) = mine.merge(other)
    assert new.embedding.tolist() == mine.encoder(STATE).tolist() != before
    assert other["it"].embedding.tolist() == before


def test_a_copy_of_a_skill_has_a_life_of_its_own():
    one = skill("it")
    replace(one).record(True, now=7)
    assert (one.life.last_used, one.times_used) == (0, 0)
