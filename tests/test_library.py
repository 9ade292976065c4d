"""The memory: stored, merged, found, explained, saved and loaded; and nothing is ever lost."""

import contextlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmem.agent import ProceduralMemoryAgent
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
    skills = [{**vars(stored), "embedding": stored.embedding.tolist()} for stored in library]
    encoder = library.encoder and (library.encoder.describe(), library.encoder.relevance)
    return library.dim, encoder, library.added, skills


@pytest.fixture(scope="module")
def trained():
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
    agent.train(3)
    return agent.library


@pytest.fixture
def small(trained):
    """Return the first few skills of a trained library."""
    library = SkillLibrary(trained.dim, trained.encoder)
    for stored in list(trained)[:2]:
        library.add(replace(stored))
    return library


# ---------------------------------------------------------------- a collection


def test_a_new_library_is_empty():
    library = SkillLibrary()
    assert (len(library), list(library), "a" in library) == (0, [], False)


def test_skills_keep_the_order_in_which_they_were_learned():
    library = library_of([1, 0], [0, 1], [1, 1])
    assert [stored.name for stored in library] == ["0", "1", "2"]


def test_a_skill_is_found_by_its_name():
    library = SkillLibrary()
    stored = library.add(skill("fetch"))
    assert "fetch" in library
    assert library["fetch"] is stored


def test_an_unknown_name_is_an_error_that_says_it():
    with pytest.raises(KeyError, match="no skill is called 'dance'"):
        library_of([1, 0])["dance"]


def test_forget_removes_one_skill_and_no_other():
    library = library_of([1, 0], [0, 1], [1, 1])
    assert library.forget("1").name == "1"
    assert [stored.name for stored in library] == ["0", "2"]
    assert [stored.name for _, stored in library.retrieve([0, 1])] == ["2", "0"]


def test_an_unknown_name_cannot_be_forgotten():
    library = library_of([1, 0])
    with pytest.raises(KeyError, match="no skill is called 'dance'"):
        library.forget("dance")
    assert len(library) == 1


def test_a_new_name_was_never_used_even_by_a_forgotten_skill():
    library = SkillLibrary()
    for _ in range(3):
        library.add(skill(library.new_name("fetch"), effects={f"fact{library.added}": True}))
    library.forget("fetch #3")
    assert library.new_name("fetch") == "fetch #4"


# ---------------------------------------------------------------- adding and merging


def test_the_first_skill_sets_the_dimension():
    assert library_of([1, 2, 3]).dim == 3


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("walk", "skill must have the attribute name, got 'walk'"),
        (None, "skill must have the attribute name, got None"),
        (skill("new", [1, 2, 3]), "embedding of 'new' must have shape \\(2,\\), got \\(3,\\)"),
        (skill("0", [5, 5]), "name must be new in the library, got '0'"),
    ],
)
def test_what_cannot_be_added_is_refused_and_changes_nothing(bad, message):
    library = library_of([1, 0], [0, 1])
    before = contents(library)
    with pytest.raises(ValueError, match=message):
        library.add(bad)
    assert contents(library) == before


def test_a_vector_too_long_to_measure_is_never_half_stored():
    library = library_of([1, 0])
    # Refused by the skill or by the library, but not between the two.
    with contextlib.suppress(ValueError):
        library.add(skill("huge", [1.7e308, 1.7e308]))
    assert all(np.isfinite(similarity) for similarity, _ in library.retrieve([1, 1]))
    assert all(stored.name in library for stored in library)


def test_of_two_twins_the_shorter_survives():
    library = SkillLibrary()
    library.add(skill("long", actions=(0, 1, 0)))
    assert library.add(skill("short", actions=(0,))).name == "short"
    assert [stored.name for stored in library] == ["short"]


def test_of_two_equally_short_twins_the_older_survives():
    library = SkillLibrary()
    library.add(skill("old", actions=(0,)))
    assert library.add(skill("new", actions=(1,))).name == "old"
    assert [stored.name for stored in library] == ["old"]


@pytest.mark.parametrize("lengths", [(1, 1, 2), (2, 1, 1), (1, 2, 1)])
def test_how_often_twins_were_walked_is_added_up(lengths):
    library = SkillLibrary()
    for number, length in enumerate(lengths):
        stored = library.add(skill(f"way {number}", actions=(0,) * length))
    assert stored.life.walked == 3
    assert library.add(stored).life.walked == 3  # it is no twin of itself


def test_a_twin_that_fails_more_often_than_it_works_makes_way():
    library = SkillLibrary()
    library.add(skill("old", actions=(0,), times_used=3, success_count=1))
    library.add(skill("new", actions=(1, 1)))
    assert [stored.name for stored in library] == ["new"]


@pytest.mark.parametrize(
    "changed",
    [
        {"preconditions": {"has_key": True}},
        {"effects": {"has_key": True}},
        {"embedding": (0.9, 0.1)},
        {"embedding": (0.9, 0.1)},
    ],
)
def test_skills_that_differ_in_when_or_what_for_are_no_twins(changed):
    library = SkillLibrary()
    library.add(skill("one"))
    library.add(skill("two", **changed))
    assert len(library) == 2


def test_twins_are_told_by_the_situation_not_by_the_actions():
    library = SkillLibrary()
    library.add(skill("one", (1.0, 0.0)))
    library.add(skill("two", (1.00001, 0.0), (1, 2)))
    assert len(library) == 1


def test_a_replaced_twin_leaves_no_trace_in_retrieval():
    library = SkillLibrary()
    library.add(skill("long", (1.0, 0.0), actions=(0, 1)))
    library.add(skill("short", (1.0, 0.0), actions=(0,)))
    assert [(s, stored.name) for s, stored in library.retrieve([1, 0])] == [(1.0, "short")]


behaviours = st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(0, 6), st.integers(0, 6))


@given(st.lists(behaviours, max_size=40))
def test_adding_never_loses_another_skill(rows):
    library = SkillLibrary()
    for number, (where, length, uses, successes) in enumerate(rows):
        before = {stored.name for stored in library}
        kept = library.add(
            skill(
                str(number),
                (where, 1.0),
                actions=(0,) * length,
                times_used=uses,
                success_count=min(uses, successes),
            )
        )
        lost = before - {stored.name for stored in library}
        assert len(lost) <= (kept.name == str(number))
        assert kept in list(library)
    assert len(library) == len({where for where, *_ in rows})


def test_rebuilding_puts_new_skills_in_the_place_of_the_old():
    library = library_of([1, 0], [0, 1])
    library.rebuild([skill("other", [1, 1])])
    assert [stored.name for stored in library] == ["other"]


@pytest.mark.parametrize("bad", [None, skill("long", [1, 2, 3])])
def test_a_rebuild_that_fails_loses_nothing(bad):
    library = library_of([1, 0], [0, 1])
    before = contents(library)
    with pytest.raises(ValueError, match="must"):
        library.rebuild([skill("good", [1, 1]), bad])
    assert contents(library) == before
    assert [stored.name for _, stored in library.retrieve([1, 0])] == ["0", "1"]


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


def test_ties_go_to_the_older_skill():
    library = library_of(*[[2.0**n, 0.0] for n in range(30)])
    assert [name for _, name in found(library, [1, 0], 3)] == ["0", "1", "2"]


def test_a_difference_in_the_last_bit_is_a_tie():
    library = library_of([1.0, 1.0], [1.0, 1.0 + 1e-9])
    assert [name for _, name in found(library, [0.0, 1.0], 2)] == ["0", "1"]


def test_a_query_of_zeros_is_similar_to_nothing():
    assert found(library_of([1, 0], [0, 1]), [0, 0], 2) == [(0.0, "0"), (0.0, "1")]


def test_a_skill_without_a_direction_is_similar_to_nothing():
    assert found(library_of([0, 0], [1, 0]), [1, 0], 2) == [(1.0, "1"), (0.0, "0")]


@pytest.mark.parametrize("scale", [1e-200, 1e-3, 1e3, 1e200])
def test_the_length_of_a_query_does_not_matter(scale):
    library = library_of([1, 0], [1, 1])
    assert found(library, [0.0, scale], 2) == found(library, [0.0, 1.0], 2)


def test_fewer_come_back_where_fewer_are_stored():
    assert len(library_of([1, 0]).retrieve([1, 0], 5)) == 1


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
    ("stored", "tried", "verdict"),
    [
        (skill("a"), (), "eligible"),
        (skill("a", preconditions={"has_key": True}), (), "not here: it needs has_key"),
        (skill("a", actions=()), (), "not"),
        (skill("a", (1.0, 1.0)), (), "too unlike: similarity below 0.80"),
        (skill("a", times_used=8), (), "not trusted: success estimate below 0.20"),
        (skill("a"), ("a",), "just failed from here"),
        (skill("a", actions=(2, 1)), (1,), "eligible"),
        (skill("a", actions=(2, 1)), (2,), "just failed from here"),
    ],
)
def test_every_candidate_comes_with_a_verdict(stored, tried, verdict):
    candidate = judged(stored, failed=tried)
    assert candidate.verdict.startswith(verdict)
    assert candidate.eligible is (verdict == "eligible")


def test_an_explanation_gives_the_figures_behind_the_verdict():
    candidate = judged(skill("a", (1.0, 1.0), success_count=2, times_used=3))
    figures = candidate.similarity, candidate.preconditions_hold, candidate.success_estimate
    assert figures == (pytest.approx(0.707107), True, pytest.approx(3 / 5))


@pytest.mark.parametrize(
    ("option", "eligible"),
    [({"threshold": 0.7}, True), ({"threshold": 0.8}, False), ({"min_success": 0.6}, False)],
)
def test_limits_decide_who_is_eligible(option, eligible):
    options = {"threshold": 0.5, **option}
    assert judged(skill("a", (1.0, 1.0)), **options).eligible is eligible


def test_candidates_come_best_first():
    library = library_of([1, 0], [0, 1], [1, 1])
    names = [candidate.name for candidate in library.explain([0, 1], STATE, k=2)]
    assert names == ["1", "2"]


# ---------------------------------------------------------------- showing


def test_the_table_has_a_row_for_each_skill():
    library = SkillLibrary()
    effects = {"preconditions": {"has_key": False}, "effects": {"has_key": True}}
    library.add(
        skill(
            "fetch", actions=(Action.DOWN, Action.PICK_UP), success_count=1, times_used=4, **effects
        )
    )
    title, _, row = str(library).split("\n")
    assert title.startswith("1 skill")
    assert row.split() == ["fetch", "not", "has_key", "down", "pick_up", "has_key", "4", "25%"]


def test_an_empty_library_prints_itself():
    assert str(SkillLibrary()) == "0 skills"


def test_the_notebooks_table_escapes_hostile_names():
    html = library_of([1, 0])._repr_html_()
    assert html.count("<tr>") == 2
    library = SkillLibrary()
    library.add(skill("<script>alert('x')</script>", preconditions={"<b>&": True}))
    html = library._repr_html_()
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
    assert [s.name for _, s in library.retrieve([1, 0], 5)] == ["1"]


@pytest.mark.parametrize("names", [("2",), ("0", "2")])
def test_retiring_an_unknown_skill_changes_nothing(names):
    library = library_of([1, 0], [0, 1])
    with pytest.raises(KeyError, match="no skill is called '2'"):
        library.retire(*names)
    assert (len(library), library.archive) == (2, {})


def test_what_is_restored_is_active_and_counts_as_seen_now():
    library = library_of([1, 0])
    library.retire("0")
    library.age = 7
    restored = library.restore("0")
    assert library["0"] is restored
    assert (restored.life.status, restored.life.last_seen, library.archive) == ("active", 7, {})


def test_restoring_what_is_not_archived_is_an_error_that_says_it():
    with pytest.raises(KeyError, match="no skill in the archive is called '0'"):
        library_of([1, 0]).restore("0")


def test_who_finds_a_better_twin_in_its_place_stays_archived():
    library = SkillLibrary()
    library.add(skill("long", actions=(0, 1)))
    library.retire("long")
    short = library.add(skill("short"))
    assert library.restore("long") is short
    assert list(library.archive) == ["long"]
    assert library.archive["long"].life.status == "archived"


def test_a_name_in_the_archive_is_taken():
    library = library_of([1, 0])
    library.retire("0")
    with pytest.raises(ValueError, match="name must be new in the library, got '0'"):
        library.add(skill("0"))


def test_merging_adds_copies_under_names_that_are_free():
    mine, yours = library_of([1, 0]), library_of([0, 1], [1, 1])
    mine.age = 5
    yours["0"].life, yours["0"].preconditions = Life(source=(90, 1, 2)), {"other": True}
    new = mine.merge(yours)
    assert [s.name for s in mine] == ["0", "0 #2", "1"]
    assert [s.name for s in new] == ["0 #2", "1"]
    assert [(s.life.source, s.life.last_seen) for s in new] == [(None, 5)] * 2
    assert all(copied is not own for copied, own in zip(new, yours, strict=True))
    assert (len(yours), yours["0"].life.source) == (2, (90, 1, 2))


def test_of_twins_the_better_stays_when_libraries_merge():
    mine, yours = SkillLibrary(), SkillLibrary()
    mine.add(skill("mine", actions=(0, 1)))
    yours.add(skill("yours"))
    assert [s.name for s in mine.merge(yours)] == ["yours"]
    assert mine.merge(yours) == []
    assert [s.name for s in mine] == ["yours"]


def test_a_strangers_skills_may_come_as_candidates():
    mine = library_of([1, 0])
    mine.merge(library_of([1, 0]), status="candidate")
    assert [s.life.status for s in mine] == ["active", "candidate"]
    assert not mine.explain([1, 0], {"fact0": True})[1].eligible


@pytest.mark.parametrize(
    "other", [SkillLibrary(3), SkillLibrary(2, Encoder(2))], ids=["dimension", "encoder"]
)
def test_libraries_of_different_kinds_do_not_merge(other):
    mine = library_of([1, 0])
    with pytest.raises(ValueError, match=r"other must hold vectors made by .*, got"):
        mine.merge(other)
    assert len(mine) == 1


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
    assert [s.name for s in mine.merge(yours)] == ["it"]
    assert (mine.dim, mine.encoder) == (2, yours.encoder)


# ---------------------------------------------------------------- refused means unchanged


def test_a_refused_first_skill_does_not_set_the_dimension():
    library = SkillLibrary()
    library.archive["it"] = skill("it")
    with pytest.raises(ValueError, match="name must be new in the library, got 'it'"):
        library.add(skill("it", [1, 2, 3]))
    assert (library.dim, len(library)) == (None, 0)


def test_a_rebuild_with_an_archived_name_is_refused_and_keeps_both():
    library = library_of([1, 0], [0, 1])
    library.retire("0")
    with pytest.raises(ValueError, match="name must be new in the library, got '0'"):
        library.rebuild([skill("0", [1, 1])])
    assert ([s.name for s in library], list(library.archive)) == (["1"], ["0"])


def test_a_restore_that_fails_keeps_the_skill_archived():
    library = library_of([1, 0])
    library.retire("0")
    library.add(skill("other", [1, 1]))
    library.archive["0"].name = "other"
    with pytest.raises(ValueError, match="name must be new"):
        library.restore("0")
    assert list(library.archive) == ["0"]
    assert library.archive["0"].life.status == "archived"


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


def test_a_skill_is_whatever_has_the_attributes_of_one():
    class Mine:
        name, preconditions, effects = "mine", {}, {"has_key": True}
        action_sequence, embedding = (Action.UP,), [1.0, 0.0]
        success_count, times_used, success_estimate = 0, 0, 0.5

        def applicable(self, state):
            return True

        def act(self, state, t):
            return None

        def record(self, succeeded, now=0):
            pass

    library = library_of([0, 1])
    library.add(Mine())
    (candidate, _) = library.explain([1, 0], STATE)
    assert (candidate.name, candidate.eligible, candidate.closed_loop) == ("mine", True, False)
    library.retire("0")
    assert [stored.name for stored in library] == ["mine"]


def test_an_estimate_exactly_at_the_limit_will_do():
    assert judged(skill("a", times_used=3), min_success=0.2).eligible


def test_the_archive_holds_what_was_put_aside_last(monkeypatch):
    monkeypatch.setattr("procmem.library.ARCHIVED", 2)
    library = library_of([1, 0], [0, 1], [1, 1], [1, 2])
    library.retire("0")
    library.retire("2", "1")
    assert (list(library.archive), [one.name for one in library]) == (["2", "1"], ["3"])
