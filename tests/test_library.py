"""The memory: stored, merged, found, explained, saved and loaded; and nothing is ever lost."""

import contextlib
import copy
import json
import os
import pickle
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from enum import IntEnum

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procmem.agent import ProceduralMemoryAgent
from procmem.embedding import cosine_similarity
from procmem.gridworld import GridWorld
from procmem.library import SkillLibrary
from procmem.neural import MLP, NeuralSkill
from procmem.skill import Skill

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
    return library.dim, library.encoder, library.added, skills


@pytest.fixture(scope="module")
def trained():
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
    agent.train(3, seeds=range(3))
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


def test_a_library_can_be_pickled(trained):
    assert contents(pickle.loads(pickle.dumps(trained))) == contents(trained)


# ---------------------------------------------------------------- adding and merging


def test_the_first_skill_sets_the_dimension():
    assert library_of([1, 2, 3]).dim == 3


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("walk", "skill must be a Skill, got str"),
        (None, "skill must be a Skill, got NoneType"),
        (skill("new", [1, 2, 3]), "embedding of 'new' must have dimension 2, got 3"),
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


@pytest.mark.parametrize("dim", [-1, 0, True, 2.0, "2"])
def test_a_dimension_that_no_vector_has_is_refused(dim):
    with pytest.raises(ValueError, match=f"dim must be .*whole number.*, got {dim!r}"):
        SkillLibrary(dim)


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
        {"fingerprint": "another situation"},
    ],
)
def test_skills_that_differ_in_when_or_what_for_are_no_twins(changed):
    library = SkillLibrary()
    library.add(skill("one", fingerprint=""))
    library.add(skill("two", **changed))
    assert len(library) == 2


def test_twins_are_told_by_the_situation_not_by_the_actions():
    library = SkillLibrary()
    library.add(skill("one", (1.0, 0.0), fingerprint="here"))
    library.add(skill("two", (0.9, 0.1), fingerprint="here"))
    assert len(library) == 1


def test_a_replaced_twin_leaves_no_trace_in_retrieval():
    library = SkillLibrary()
    library.add(skill("long", (1.0, 0.0), actions=(0, 1), fingerprint="here"))
    library.add(skill("short", (0.0, 1.0), actions=(0,), fingerprint="here"))
    assert [(s, stored.name) for s, stored in library.retrieve([0, 1])] == [(1.0, "short")]


behaviours = st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(0, 6), st.integers(0, 6))


@given(st.lists(behaviours, max_size=40))
def test_adding_never_loses_another_skill(rows):
    library = SkillLibrary()
    for number, (where, length, uses, successes) in enumerate(rows):
        before = {stored.name for stored in library}
        kept = library.add(
            skill(
                str(number),
                actions=(0,) * length,
                fingerprint=str(where),
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


@pytest.mark.parametrize(
    ("query", "k", "message"),
    [
        ([1, 2, 3], 3, r"query must have shape \(2,\), got \(3,\)"),
        (1.0, 3, r"query must have shape \(2,\), got \(\)"),
        ([[1, 2]], 3, r"query must have shape \(2,\), got \(1, 2\)"),
        ([float("nan"), 1], 3, "query must hold finite numbers only, got NaN"),
        ([float("inf"), 1], 3, "query must hold finite numbers only, got NaN.*infinity"),
        ([1, 0], 0, "k must be a whole number from 1 up, got 0"),
        ([1, 0], -1, "k must be a whole number from 1 up, got -1"),
        ([1, 0], 2.0, r"k must be a whole number from 1 up, got 2\.0"),
    ],
)
@pytest.mark.parametrize("vectors", [[[1, 0]], [[1, 0]] * 9])
def test_a_bad_query_is_refused(vectors, query, k, message):
    with pytest.raises(ValueError, match=message):
        library_of(*vectors).retrieve(query, k)


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
        (skill("a", (1.0, 1.0)), (), "too unlike: similarity below 0.90"),
        (skill("a", times_used=8), (), "not trusted: success estimate below 0.20"),
        (skill("a"), ("a",), "just tried in vain from here"),
    ],
)
def test_every_candidate_comes_with_a_verdict(stored, tried, verdict):
    candidate = judged(stored, tried=tried)
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
    library.add(skill("fetch", actions=(1, 4), success_count=1, times_used=4, **effects))
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


# ---------------------------------------------------------------- saving and loading


def test_saved_and_loaded_it_is_the_same(trained, tmp_path):
    trained.save(tmp_path / "library.json")
    loaded = SkillLibrary.load(tmp_path / "library.json", encoder="relevance")
    assert contents(loaded) == contents(trained)


def test_saved_and_loaded_it_finds_the_same(trained, tmp_path):
    trained.save(tmp_path / "library.json")
    loaded = SkillLibrary.load(tmp_path / "library.json")
    for stored in list(trained)[:20]:
        assert found(loaded, stored.embedding, 5) == found(trained, stored.embedding, 5)


def test_an_empty_library_can_be_saved_and_loaded(tmp_path):
    SkillLibrary().save(tmp_path / "library.json")
    assert contents(SkillLibrary.load(tmp_path / "library.json")) == contents(SkillLibrary())


def test_states_from_numpy_can_be_saved(tmp_path):
    library = SkillLibrary()
    where = (np.int64(1), np.int64(2))
    library.add(skill("fetch", preconditions={"has_key": np.False_}, situation={"agent": where}))
    library.save(tmp_path / "library.json")
    loaded = SkillLibrary.load(tmp_path / "library.json")["fetch"]
    assert (loaded.preconditions, loaded.situation) == ({"has_key": False}, {"agent": (1, 2)})


def test_actions_of_another_world_are_saved_by_name(tmp_path):
    class Turn(IntEnum):
        WEST = 3
        EAST = 4

    library = SkillLibrary()
    library.add(skill("turn", actions=[Turn.EAST]))
    library.save(tmp_path / "library.json")
    loaded = SkillLibrary.load(tmp_path / "library.json", actions=Turn)
    assert loaded["turn"].action_sequence == (Turn.EAST,)
    with pytest.raises(ValueError, match="EAST"):
        SkillLibrary.load(tmp_path / "library.json")


def test_the_file_may_be_named_by_a_string_and_is_plain_json(small, tmp_path):
    small.save(str(tmp_path / "library.json"))
    document = json.loads((tmp_path / "library.json").read_text(encoding="utf-8"))
    assert [data["name"] for data in document["skills"]] == [stored.name for stored in small]
    assert len(SkillLibrary.load(str(tmp_path / "library.json"))) == len(small)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_saved_file_can_be_read_by_whom_other_new_files_can(small, tmp_path):
    small.save(tmp_path / "library.json")
    (tmp_path / "plain.txt").write_text("")
    modes = [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()]
    assert modes[0] == modes[1]


class Accident(Exception):
    """Stands for whatever may happen in the middle of saving."""


def interrupted(*_, **__):
    raise Accident


@pytest.mark.parametrize("where", ["os.replace", "os.fsync", "json.dumps"])
def test_an_interrupted_save_leaves_the_old_file_whole(small, tmp_path, monkeypatch, where):
    path = tmp_path / "library.json"
    small.save(path)
    before = path.read_bytes()
    monkeypatch.setattr(f"procmem.storage.{where}", interrupted)
    with pytest.raises(Accident):
        library_of([1, 0]).save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_has_faded_is_saved_too(small, tmp_path):
    old = next(iter(small))
    old.record(True)
    old.fade(0.75)
    small.save(tmp_path / "library.json")
    assert contents(SkillLibrary.load(tmp_path / "library.json")) == contents(small)


def test_an_interrupted_first_save_leaves_no_litter(small, tmp_path, monkeypatch):
    monkeypatch.setattr("procmem.storage.os.replace", interrupted)
    with pytest.raises(Accident):
        small.save(tmp_path / "library.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows replaces no file that somebody reads")
def test_several_threads_may_save_to_one_place(small, tmp_path):
    path = tmp_path / "library.json"

    def save_and_load(turn):
        small.save(path)
        return len(SkillLibrary.load(path))

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(save_and_load, range(60))) == {len(small)}
    assert list(tmp_path.iterdir()) == [path]


def test_saving_where_no_directory_is_is_an_oserror(small, tmp_path):
    with pytest.raises(OSError, match="missing"):
        small.save(tmp_path / "missing" / "library.json")


def test_loading_what_is_not_there_is_an_oserror(tmp_path):
    with pytest.raises(OSError, match="missing"):
        SkillLibrary.load(tmp_path / "missing.json")


@pytest.fixture
def document(small, tmp_path):
    """Return a sound file's content, to be spoilt."""
    small.save(tmp_path / "sound.json")
    return json.loads((tmp_path / "sound.json").read_text(encoding="utf-8"))


def load_bytes(raw, directory, verify=False):
    """Load without the digest, which would notice first: everything else has to hold, too."""
    path = directory / "spoilt.json"
    path.write_bytes(raw)
    return SkillLibrary.load(path, verify=verify)


def load_document(data, directory):
    return load_bytes(json.dumps(data).encode(), directory)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"format": 4}, r"format of .* must be in 1\.\.3, got 4"),
        ({"format": "1"}, r"format of .* must be in 1\.\.3, got '1'"),
        ({"format": True}, r"format of .* must be in 1\.\.3, got True"),
        ({"format": None}, r"format of .* must be in 1\.\.3, got None"),
    ],
)
def test_another_format_is_refused(document, tmp_path, changed, message):
    with pytest.raises(ValueError, match=message):
        load_document({**document, **changed}, tmp_path)


def test_another_encoder_is_refused(small, tmp_path):
    small.save(tmp_path / "library.json")
    with pytest.raises(ValueError, match=r"encoder of .* must be 'hashed', got 'relevance'"):
        SkillLibrary.load(tmp_path / "library.json", encoder="hashed")


@pytest.mark.parametrize("data", [None, 3, "text", [], [1], {}, {"skills": []}, {"cells": []}])
def test_foreign_json_is_refused(data, tmp_path):
    with pytest.raises(ValueError, match="path must hold a skill library"):
        load_document(data, tmp_path)


DEEP = [b"[" * 100_000, b'{"a":' * 100_000]


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"\x80", b"{", *DEEP])
def test_what_is_no_json_is_refused(raw, tmp_path):
    with pytest.raises(ValueError, match="path must hold a complete JSON file"):
        load_bytes(raw, tmp_path)


@pytest.mark.parametrize("field", ["format", "encoder", "dim", "added", "skills"])
def test_a_missing_field_is_refused(document, tmp_path, field):
    del document[field]
    with pytest.raises(ValueError, match=r"spoilt\.json"):
        load_document(document, tmp_path)


WRONG_FIELDS = [
    ("dim", "64"),
    ("dim", 63),
    ("dim", -1),
    ("dim", [64]),
    ("dim", 64.5),
    ("added", "4"),
    ("added", None),
    ("added", -1),
    ("added", 0),
    ("added", 4.5),
    ("added", float("nan")),
    ("encoder", 3),
    ("encoder", None),
    ("skills", None),
    ("skills", ""),
    ("skills", {}),
    ("skills", 7),
    ("skills", [None]),
    ("skills", [[]]),
    ("skills", [{}]),
    ("skills", ["skill"]),
]


@pytest.mark.parametrize(("field", "value"), WRONG_FIELDS)
def test_a_field_of_the_wrong_kind_is_refused(document, tmp_path, field, value):
    with pytest.raises(ValueError, match=r"spoilt\.json"):
        load_document({**document, field: value}, tmp_path)


@pytest.mark.parametrize("dim", [{}, "", [], False, 0])
def test_a_dimension_of_the_wrong_kind_is_refused_even_without_skills(dim, tmp_path):
    empty = {"format": 1, "encoder": "", "dim": dim, "added": 0, "skills": []}
    with pytest.raises(ValueError, match=r"spoilt\.json"):
        load_document(empty, tmp_path)


WRONG_SKILLS = [
    ("name", None),
    ("name", ""),
    ("name", ["a"]),
    ("preconditions", None),
    ("preconditions", [1]),
    ("preconditions", {"has_key": "yes"}),
    ("effects", {"agent": [[1], [2]]}),
    ("effects", 3),
    ("origin", 5),
    ("situation", {"agent": None}),
    ("outcome", {"agent": {"a": {"b": []}}}),
    ("action_sequence", None),
    ("action_sequence", "UP"),
    ("action_sequence", ["JUMP"]),
    ("action_sequence", [["UP"]]),
    ("embedding", None),
    ("embedding", []),
    ("embedding", [1.0]),
    ("embedding", "1.0"),
    ("embedding", ["1.0"] * 64),
    ("embedding", [None] * 64),
    ("embedding", [float("nan")] * 64),
    ("embedding", [10**400] * 64),
    ("embedding", {"0": 1.0}),
    ("success_count", -1),
    ("success_count", True),
    ("success_count", "1"),
    ("times_used", 1.5),
    ("times_used", None),
    ("fingerprint", []),
    ("fingerprint", 5),
]


@pytest.mark.parametrize(("field", "value"), WRONG_SKILLS)
def test_a_skill_that_is_not_sound_is_refused(document, tmp_path, field, value):
    document["skills"][1][field] = value
    with pytest.raises(ValueError, match=r"spoilt\.json"):
        load_document(document, tmp_path)


@pytest.mark.parametrize("field", ["name", "embedding", "situation", "fingerprint"])
def test_a_skill_with_a_missing_field_is_refused(document, tmp_path, field):
    del document["skills"][1][field]
    with pytest.raises(ValueError, match=r"spoilt\.json"):
        load_document(document, tmp_path)


def test_two_skills_of_one_name_are_refused(document, tmp_path):
    document["skills"][1]["name"] = document["skills"][0]["name"]
    with pytest.raises(ValueError, match="name must be new"):
        load_document(document, tmp_path)


def load_or_refuse(raw, directory):
    """Return the library, or `None` where it was refused as it may be: by ValueError or OSError."""
    try:
        return load_bytes(raw, directory)
    except (ValueError, OSError):
        return None


def test_a_file_cut_off_anywhere_is_refused(document, tmp_path):
    raw = json.dumps(document).encode()
    for length in range(0, len(raw), len(raw) // 200):
        with pytest.raises(ValueError, match="path must hold a complete JSON file"):
            load_bytes(raw[:length], tmp_path)


# Every example overwrites the same file, so that the directory may be shared.
FUZZ = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@FUZZ
@given(data=st.data())
def test_a_file_with_flipped_bits_is_loaded_or_refused(document, tmp_path, data):
    raw = bytearray(json.dumps(document).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    library = load_or_refuse(bytes(raw), tmp_path)
    assert library is None or len(library.rows()) == len(library)


@FUZZ
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_refused(tmp_path, raw):
    with pytest.raises(ValueError, match="path must hold"):
        load_bytes(raw, tmp_path)


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JUNK = st.recursive(
    LEAVES,
    lambda j: st.lists(j, max_size=3) | st.dictionaries(st.text(max_size=3), j, max_size=3),
    max_leaves=6,
)


@FUZZ
@given(data=st.data(), junk=JUNK)
def test_foreign_values_anywhere_are_loaded_or_refused(document, tmp_path, data, junk):
    spoilt = copy.deepcopy(document)
    # One level of nesting is left at random each time.
    place = data.draw(st.sampled_from([spoilt, spoilt["skills"], spoilt["skills"][0]]))
    if data.draw(st.booleans()):
        place = spoilt["skills"][0]["situation"]
    at = list(place) if isinstance(place, dict) else list(range(len(place)))
    place[data.draw(st.sampled_from(at))] = junk
    library = load_or_refuse(json.dumps(spoilt).encode(), tmp_path)
    assert library is None or len(library.rows()) == len(library)


# ---------------------------------------------------------------- silent damage


@pytest.fixture
def sound(small, tmp_path):
    """Return the bytes of a sound file."""
    small.save(tmp_path / "sound.json")
    return (tmp_path / "sound.json").read_bytes()


def test_a_file_of_the_first_format_is_still_read(document, small, tmp_path):
    del document["digest"]
    old = json.dumps({**document, "format": 1}).encode()
    assert contents(load_bytes(old, tmp_path, verify=True)) == contents(small)


@pytest.mark.parametrize(
    "change", [{"digest": "0" * 32}, {"digest": None}, {"added": 9}, {"format": 1}, {"more": 1}]
)
def test_a_change_by_hand_is_noticed_and_may_be_wanted(document, tmp_path, change):
    raw = json.dumps({**document, **change}).encode()
    with pytest.raises(ValueError, match=r"digest of .* must be .* verify=False"):
        load_bytes(raw, tmp_path, verify=True)
    assert len(load_bytes(raw, tmp_path)) == len(document["skills"])


def test_spaces_are_no_damage(document, small, tmp_path):
    for raw in (json.dumps(document), json.dumps(document, indent=7, sort_keys=True)):
        assert contents(load_bytes(raw.encode(), tmp_path, verify=True)) == contents(small)


def damaged(raw, rng):
    """Return the bytes with a bit flipped, cut off, a byte lost or doubled, or a piece swapped."""
    at = int(rng.integers(len(raw)))
    kind = rng.integers(5)
    if kind == 0:
        return raw[:at] + bytes([raw[at] ^ (1 << int(rng.integers(8)))]) + raw[at + 1 :]
    if kind == 1:
        return raw[:at]
    if kind == 2:
        return raw[:at] + raw[at + 1 :]
    if kind == 3:
        return raw[:at] + raw[at : at + 1] + raw[at:]
    other = int(rng.integers(len(raw)))
    first, second = sorted((at, other))
    return raw[:first] + raw[second : second + 9] + raw[first:second] + raw[second + 9 :]


def test_ten_thousand_damaged_files_are_refused_or_hold_the_same(tmp_path):
    library, rng = library_of([1, 0, 0.5], [0, 1, 0.25]), np.random.default_rng(0)
    library.save(tmp_path / "sound.json")
    raw = (tmp_path / "sound.json").read_bytes()
    meant, refused = contents(library), 0
    for _ in range(10_000):
        try:
            loaded = load_bytes(damaged(raw, rng), tmp_path, verify=True)
        except ValueError:
            refused += 1
        else:
            assert contents(loaded) == meant  # only spaces between the words were hit
    assert refused > 7_000


KILLED = """
import os, sys
from pathlib import Path
import procmem.neural
from procmem import SkillLibrary
path = Path(sys.argv[1])
old, new = (SkillLibrary.load(path.with_name(name)) for name in ("old.json", "new.json"))
for turn in range(int(sys.argv[2])):
    child = os.fork()
    if not child:
        while True:
            new.save(path)
            old.save(path)
    import random, signal, time
    time.sleep(random.Random(turn).uniform(0.001, 0.02))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert len(SkillLibrary.load(path)) in (len(old), len(new)), turn
print("whole every time")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked")
def test_killed_two_hundred_times_while_saving_the_file_is_whole_every_time(tmp_path):
    new = library_of([1, 0], [0, 1], [1, 1])
    # Networks lie in a file of their own: the pair must be whole, too.
    looks = {"network": MLP(10, 3, 1, 0), "names": ("key",)}
    new.add(NeuralSkill("walk", {}, [0], [0.0, 0.0], effects={"has_key": True}, **looks))
    library_of([1, 0]).save(tmp_path / "old.json")
    new.save(tmp_path / "new.json")
    library_of([1, 0]).save(tmp_path / "library.json")
    command = [sys.executable, "-c", KILLED, str(tmp_path / "library.json"), "200"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "whole every time\n", done.stderr


# ---------------------------------------------------------------- put aside, taken back, shared


def test_what_is_retired_is_not_offered_and_not_lost():
    library = library_of([1, 0], [0, 1])
    first = library["0"]
    library.retire("0")
    assert "0" not in library
    assert library.archive == {"0": first}
    assert first.status == "archived"
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
    assert (restored.status, restored.last_seen, library.archive) == ("active", 7, {})


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
    assert library.archive["long"].status == "archived"


def test_a_name_in_the_archive_is_taken():
    library = library_of([1, 0])
    library.retire("0")
    with pytest.raises(ValueError, match="name must be new in the library, got '0'"):
        library.add(skill("0"))


def test_the_archive_is_saved_too(tmp_path):
    library = library_of([1, 0], [0, 1])
    library.age = 4
    library["0"].source, library["0"].last_used = (2, 1, 5), 3
    library.retire("0")
    library.save(tmp_path / "library.json")
    loaded = SkillLibrary.load(tmp_path / "library.json")
    old = loaded.archive["0"]
    assert (loaded.age, list(loaded.archive), len(loaded)) == (4, ["0"], 1)
    assert (old.status, old.source, old.last_used) == ("archived", (2, 1, 5), 3)


@pytest.mark.parametrize(
    "change",
    [
        {"age": -1},
        {"age": True},
        {"age": "1"},
        {"archive": {}},
        {"archive": [3]},
        {"archive": None},
    ],
)
def test_an_unsound_age_or_archive_is_refused(document, tmp_path, change):
    with pytest.raises(ValueError, match="must be complete and sound"):
        load_document({**document, **change}, tmp_path)


def test_a_skill_that_is_stored_and_archived_is_refused(document, tmp_path):
    with pytest.raises(ValueError, match="name must be new"):
        load_document({**document, "archive": document["skills"][:1]}, tmp_path)


def test_a_file_of_the_second_format_is_still_read(document, small, tmp_path):
    old = {n: v for n, v in document.items() if n not in ("age", "archive")}
    for data in old["skills"]:
        for name in ("status", "source", "last_used"):
            del data[name]
    loaded = load_document({**old, "format": 2}, tmp_path)
    assert (loaded.age, loaded.archive) == (0, {})
    assert [(s.status, s.source, s.last_used) for s in loaded] == [("active", None, 0)] * len(small)


def test_merging_adds_copies_under_names_that_are_free():
    mine, yours = library_of([1, 0]), library_of([0, 1], [1, 1])
    mine.age = 5
    yours["0"].source, yours["0"].preconditions = (90, 1, 2), {"other": True}
    new = mine.merge(yours)
    assert [s.name for s in mine] == ["0", "0 #2", "1"]
    assert [s.name for s in new] == ["0 #2", "1"]
    assert [(s.source, s.last_seen) for s in new] == [(None, 5)] * 2
    assert all(copied is not own for copied, own in zip(new, yours, strict=True))
    assert (len(yours), yours["0"].source) == (2, (90, 1, 2))


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
    assert [s.status for s in mine] == ["active", "candidate"]
    assert not mine.explain([1, 0], {"fact0": True})[1].eligible


@pytest.mark.parametrize(
    "other", [SkillLibrary(3), SkillLibrary(2, "another encoder")], ids=["dimension", "encoder"]
)
def test_libraries_of_different_kinds_do_not_merge(other):
    mine = library_of([1, 0])
    with pytest.raises(ValueError, match="other must hold vectors of 2 numbers by the encoder ''"):
        mine.merge(other)
    assert len(mine) == 1


def test_comparing_tells_what_was_learned_lost_improved_and_practised():
    def moment(name, column, **fields):
        where = {"agent": (0, column), "has_key": False}
        return skill(name, situation=where, fingerprint=name, **fields)

    earlier, now = SkillLibrary(), SkillLibrary()
    for name, column, actions in (("a", 0, (0, 1)), ("b", 1, (0,)), ("c", 2, (0,))):
        earlier.add(moment(name, column, actions=actions))
    now.add(moment("a again", 0))
    now.add(moment("b", 1, times_used=4))
    now.add(moment("d", 3))
    found = now.compare(earlier)
    assert (found.learned, found.gone) == (("d",), ("c",))
    assert (found.shorter, found.practised) == (("a again",), ("b",))
    assert str(found) == "1 learned, 1 gone, 1 shorter, 1 practised"
    assert str(now.compare(now)) == "0 learned, 0 gone, 0 shorter, 0 practised"


def test_after_a_merge_new_names_are_still_new():
    mine, yours = SkillLibrary(), library_of([1, 0], [0, 1])
    for number, stored in enumerate(yours):
        stored.name = f"walk #{number + 2}"
    yours.rebuild(list(yours))
    mine.merge(yours)
    mine.retire("walk #3")
    assert mine.new_name("walk") == "walk #4"


def test_an_empty_library_takes_after_the_first_that_is_merged():
    mine, yours = SkillLibrary(), SkillLibrary(2, "an encoder")
    yours.add(skill("it"))
    assert [s.name for s in mine.merge(yours)] == ["it"]
    assert (mine.dim, mine.encoder) == (2, "an encoder")


@pytest.mark.parametrize("other", [None, [1], "library.json"])
def test_only_libraries_can_be_merged(other):
    with pytest.raises(ValueError, match="other must be a SkillLibrary, got"):
        SkillLibrary().merge(other)


@pytest.mark.parametrize("encoder", [None, 3])
def test_a_library_that_could_not_be_loaded_again_is_refused(encoder):
    with pytest.raises(ValueError, match="encoder must be the name of an encoder"):
        SkillLibrary(3, encoder)


def test_numbers_from_numpy_can_be_saved(tmp_path):
    library = SkillLibrary(np.int64(2))
    library.add(skill("it", source=(np.int64(1), np.int64(2), 3)))
    library.save(tmp_path / "library.json")
    assert SkillLibrary.load(tmp_path / "library.json")["it"].source == (1, 2, 3)
