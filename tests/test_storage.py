"""A library on disk: one file, whole or not at all, and never code."""

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
from test_library import contents, found, library_of, skill

from procmem import Action, GridWorld, ProceduralMemoryAgent, SkillLibrary
from procmem.embedding import Encoder
from procmem.neural import MLP, NeuralSkill
from procmem.skill import Life, PlainAction, Recording
from procmem.storage import array_to_data

SCALE = int(os.environ.get("PROCMEM_SCALE", "1"))
"""How many times as long the long tests run: 10 once a week."""


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


# ---------------------------------------------------------------- saving and loading


def test_saved_and_loaded_it_is_the_same(trained, tmp_path):
    trained.save(tmp_path / "library.json")
    loaded = SkillLibrary.load(tmp_path / "library.json")
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
    library.add(
        skill(
            "fetch",
            preconditions={"has_key": np.False_},
            recording=Recording(None, {"agent": where}, None),
        )
    )
    library.save(tmp_path / "library.json")
    loaded = SkillLibrary.load(tmp_path / "library.json")["fetch"]
    assert (loaded.preconditions, loaded.situation) == ({"has_key": False}, {"agent": (1, 2)})


def test_the_file_may_be_named_by_a_string_and_is_plain_json(small, tmp_path):
    small.save(str(tmp_path / "library.json"))
    document = json.loads((tmp_path / "library.json").read_text(encoding="utf-8"))
    assert [data["name"] for data in document["skills"]] == [stored.name for stored in small]
    assert len(SkillLibrary.load(str(tmp_path / "library.json"))) == len(small)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_saved_file_can_be_read_by_whom_other_new_files_can(small, tmp_path):
    small.save(tmp_path / "library.json")
    (tmp_path / "plain.txt").write_text("", encoding="utf-8")
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
    old.discount(0.75)
    small.save(tmp_path / "library.json")
    assert contents(SkillLibrary.load(tmp_path / "library.json")) == contents(small)


def test_an_interrupted_first_save_leaves_no_litter(small, tmp_path, monkeypatch):
    monkeypatch.setattr("procmem.storage.os.replace", interrupted)
    with pytest.raises(Accident):
        small.save(tmp_path / "library.json")
    assert list(tmp_path.iterdir()) == []


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
        ({"format": 3}, "format of .* must be 4, got 3: files of older versions are not read"),
        ({"format": "4"}, "format of .* must be 4, got '4'"),
        ({"format": True}, "format of .* must be 4, got True"),
        ({"format": None}, "format of .* must be 4, got None"),
    ],
)
def test_another_format_is_refused(document, tmp_path, changed, message):
    with pytest.raises(ValueError, match=message):
        load_document({**document, **changed}, tmp_path)


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
    empty = {"format": 4, "encoder": None, "relevance": [], "dim": dim, "added": 0, "age": 0}
    empty |= {"skills": [], "archive": []}
    with pytest.raises(ValueError, match=r"spoilt\.json"):
        load_document(empty, tmp_path)


WRONG_SKILLS = [
    ("name", None),
    ("name", ""),
    ("name", ["a"]),
    ("preconditions", None),
    ("preconditions", [1]),
    ("preconditions", {"has_key": 1.5}),
    ("effects", {"agent": [[1], [2]]}),
    ("effects", 3),
    ("recording", 5),
    ("recording", {"begin": None, "situation": {"agent": None}, "end": None}),
    ("life", {"status": "asleep"}),
    ("life", []),
    ("action_sequence", None),
    ("action_sequence", "UP"),
    ("action_sequence", [["UP"]]),
    ("action_sequence", [["UP", "0"]]),
    ("action_sequence", [[3, 0]]),
    ("embedding", None),
    ("embedding", [1.0]),
    ("embedding", {"shape": [64], "base64": "AAAA"}),
    ("embedding", {"shape": [1], "base64": "AAAAAAAA8D8="}),
    ("embedding", {"shape": [-1], "base64": "AAAAAAAA8D8="}),
    ("embedding", {"shape": [10**400], "base64": ""}),
    ("embedding", {"shape": [64], "base64": "no base64"}),
    ("embedding", {"shape": [3], "base64": "////////////////////////////////"}),
    ("success_count", -1),
    ("success_count", True),
    ("success_count", "1"),
    ("times_used", 1.5),
    ("times_used", None),
]


@pytest.mark.parametrize(("field", "value"), WRONG_SKILLS)
def test_a_skill_that_is_not_sound_is_refused(document, tmp_path, field, value):
    document["skills"][1][field] = value
    with pytest.raises(ValueError, match=r"spoilt\.json"):
        load_document(document, tmp_path)


@pytest.mark.parametrize("field", ["name", "embedding", "recording", "life"])
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
    assert library is None or str(library)


@FUZZ
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_refused(tmp_path, raw):
    with pytest.raises(ValueError, match="path must hold"):
        load_bytes(raw, tmp_path)


JUNK = [None, True, -1, 0.5, float("nan"), 10**400, "", "key", "\ud800", [], {}, [1, 2], {"a": []}]


def spoilt(document, rng):
    """Return a copy in which a few entries, anywhere, are lost, exchanged, or something else."""
    document = copy.deepcopy(document)
    for _ in range(rng.integers(1, 4)):
        place = document
        while True:
            at = int(rng.integers(len(place)))
            at = list(place)[at] if isinstance(place, dict) else at
            if not isinstance(place[at], dict | list) or not place[at] or rng.random() < 0.2:
                break
            place = place[at]
        other = list(place)[int(rng.integers(len(place)))] if isinstance(place, dict) else 0
        match rng.integers(3):
            case 0:
                del place[at]
            case 1:
                place[at], place[other] = place[other], place[at]
            case _:
                place[at] = JUNK[rng.integers(len(JUNK))]
    return document


@pytest.fixture(scope="module")
def consolidated():
    """Return a library with networks and an archive, in a world of its own."""
    agent = ProceduralMemoryAgent(GridWorld(4, shuffle=True), 8, rng=0)
    agent.train(3)
    agent.consolidate(at_least=3)
    library = SkillLibrary(8, agent.encoder)
    for kept in [one for i, one in enumerate(agent.library) if one.closed_loop or i % 6 == 0]:
        library.add(kept)
    library.retire(next(iter(library)).name)
    return library


def test_what_is_loaded_from_a_spoilt_file_holds_up_in_every_use(consolidated, tmp_path):
    rng, loaded = np.random.default_rng(0), 0
    path = tmp_path / "library.json"
    consolidated.save(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    for number in range(300 * SCALE):
        path.write_text(json.dumps(spoilt(document, rng)), encoding="utf-8")
        try:
            library = SkillLibrary.load(path, verify=False)
        except ValueError:
            continue
        loaded += 1
        env = GridWorld(4, shuffle=True)
        env.max_steps = 30
        state = env.reset(seed=number)[0]
        library.retrieve(np.ones(library.dim or 1))
        library.explain(np.ones(library.dim or 1), state)
        if library.encoder:
            agent = ProceduralMemoryAgent(env, library=library, rng=0)
            agent.run_episode(learn=False, seed=number)
            agent.run_episode(seed=number)
        SkillLibrary().merge(library)
        library.save(path)
        assert len(SkillLibrary.load(path)) == len(library)
    assert loaded > 20 * SCALE  # else the damage is too great to tell anything


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs POSIX files")
@pytest.mark.parametrize("kind", ["pipe", "device", "directory", "too large"])
def test_what_is_no_file_of_a_sane_size_is_refused_at_once(tmp_path, kind):
    path = tmp_path / "library.json"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "directory":
        path.mkdir()
    else:
        with path.open("wb") as file:
            file.truncate(4_000_000_000)  # a hole: it takes no room on the disk
    with pytest.raises(ValueError, match=r"path must be a file of at most 200000000 bytes, got "):
        SkillLibrary.load(path)


@pytest.mark.parametrize(
    "text",
    [
        '{"format": 4, "format": 4}',
        "[" * 100_000,
        '{"format": 4, "dim": ' + "9" * 5000 + "}",
        '{"format": 4, "name": "\\ud800"}',
        "\ufeff{}",
    ],
    ids=["two of a name", "deep", "a huge number", "half a sign", "byte order mark"],
)
def test_what_json_itself_would_let_pass_or_stumble_over_is_refused(tmp_path, text):
    with pytest.raises(ValueError, match=r"path must hold a complete JSON file, got "):
        load_bytes(text.encode(), tmp_path)


def test_an_archived_skill_of_another_dimension_is_refused(consolidated, tmp_path):
    path = tmp_path / "library.json"
    consolidated.save(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["archive"][0]["embedding"] = array_to_data([1.0, 2.0])
    with pytest.raises(ValueError, match=r"embedding of .* must have shape \(8,\), got \(2,\)"):
        load_document(document, tmp_path)


def pickled(thing):
    """Return what comes out of a pickle of `thing`, as another process gets it."""
    return pickle.loads(pickle.dumps(thing))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled])
def test_a_copy_is_equal_and_independent(copied):
    agent = ProceduralMemoryAgent(GridWorld(4, shuffle=True), 8, rng=0)
    agent.train(2)
    twin, before = copied(agent), contents(agent.library)
    assert contents(twin.library) == contents(copied(agent.library)) == before
    assert [len(one) for one in twin.train(3)] == [len(one) for one in copied(agent).train(3)]
    assert contents(agent.library) == before != contents(twin.library)


# ---------------------------------------------------------------- silent damage


@pytest.fixture
def sound(small, tmp_path):
    """Return the bytes of a sound file."""
    small.save(tmp_path / "sound.json")
    return (tmp_path / "sound.json").read_bytes()


@pytest.mark.parametrize(
    "change", [{"digest": "0" * 32}, {"digest": None}, {"added": 9}, {"more": 1}]
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


def test_a_thousand_damaged_files_are_refused_or_hold_the_same(tmp_path):
    library, rng = library_of([1, 0, 0.5], [0, 1, 0.25]), np.random.default_rng(0)
    library.save(tmp_path / "sound.json")
    raw = (tmp_path / "sound.json").read_bytes()
    meant, refused = contents(library), 0
    for _ in range(1_000 * SCALE):
        try:
            loaded = load_bytes(damaged(raw, rng), tmp_path, verify=True)
        except ValueError:
            refused += 1
        else:
            assert contents(loaded) == meant  # only spaces between the words were hit
    assert refused > 700 * SCALE


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
def test_killed_again_and_again_while_saving_the_file_is_whole_every_time(tmp_path):
    new = library_of([1, 0], [0, 1], [1, 1])
    network = {"network": MLP(8, 3, 1, 0), "names": ("key",)}
    new.add(NeuralSkill("walk", {}, [0], [0.0, 0.0], effects={"has_key": True}, **network))
    library_of([1, 0]).save(tmp_path / "old.json")
    new.save(tmp_path / "new.json")
    library_of([1, 0]).save(tmp_path / "library.json")
    command = [sys.executable, "-c", KILLED, str(tmp_path / "library.json"), str(40 * SCALE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "whole every time\n", done.stderr
    SkillLibrary.load(tmp_path / "new.json").save(tmp_path / "library.json")
    assert {file.name for file in tmp_path.iterdir()} == {"library.json", "new.json", "old.json"}


def test_the_archive_is_saved_too(tmp_path):
    library = library_of([1, 0], [0, 1])
    library.age = 4
    library["0"].life = Life("active", (2, 1, 5), 3)
    library.retire("0")
    library.save(tmp_path / "library.json")
    loaded = SkillLibrary.load(tmp_path / "library.json")
    old = loaded.archive["0"]
    assert (loaded.age, list(loaded.archive), len(loaded)) == (4, ["0"], 1)
    assert old.life == Life("archived", (2, 1, 5), 3)


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


def test_numbers_from_numpy_can_be_saved(tmp_path):
    library = SkillLibrary(np.int64(2))
    library.add(skill("it", life=Life(source=(np.int64(1), np.int64(2), 3))))
    library.save(tmp_path / "library.json")
    assert SkillLibrary.load(tmp_path / "library.json")["it"].life.source == (1, 2, 3)


# ---------------------------------------------------------------- one file


def network(hidden=3, seed=0):
    fields = {"effects": {"has_key": True}, "network": MLP(8, hidden, 2, seed), "names": ("key",)}
    return NeuralSkill("walk", {}, [Action.UP, Action.DOWN], [0.0, 0.0], **fields)


def test_networks_are_in_the_file_to_the_last_bit_and_go_where_it_goes(tmp_path):
    library = library_of([1, 0])
    library.add(network())
    library.save(tmp_path / "library.json")
    (tmp_path / "library.json").rename(tmp_path / "renamed.json")
    SkillLibrary.load(tmp_path / "renamed.json").save(tmp_path / "again.json")
    loaded = SkillLibrary.load(tmp_path / "again.json")
    pairs = zip(loaded["walk"].network.weights, library["walk"].network.weights, strict=True)
    assert all(np.array_equal(*pair) for pair in pairs)
    assert loaded["walk"].names == ("key",)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.json", "renamed.json"]


@pytest.mark.parametrize("weights", [[], [None], 3, "AAAA", [{"shape": [8, 3]}]])
def test_weights_that_are_not_sound_are_refused(tmp_path, weights):
    library = library_of([1, 0])
    library.add(network())
    library.save(tmp_path / "library.json")
    document = json.loads((tmp_path / "library.json").read_text(encoding="utf-8"))
    document["skills"][1]["weights"] = weights
    with pytest.raises(ValueError, match=r"spoilt\.json must be complete and sound"):
        load_document(document, tmp_path)


def test_networks_that_see_through_a_function_of_ones_own_are_not_saved(tmp_path):
    library = library_of([1, 0])
    library.save(tmp_path / "library.json")
    before = (tmp_path / "library.json").read_bytes()
    library.add(replace(network(), features=lambda state, names: np.zeros(8)))
    with pytest.raises(ValueError, match="features and network of 'walk' must be the package's"):
        library.save(tmp_path / "library.json")
    assert (tmp_path / "library.json").read_bytes() == before


@pytest.mark.parametrize("kind", ["magic", "os", ["network"], None, 3])
def test_no_other_kind_is_imported(document, tmp_path, kind):
    document["skills"][0]["kind"] = kind
    with pytest.raises(ValueError, match="must be complete and sound"):
        load_document(document, tmp_path)


def test_an_action_keeps_its_name_and_number_and_the_agent_finds_it_in_its_world(tmp_path):
    class Turn(IntEnum):
        EAST = 4

    library = SkillLibrary()
    library.add(skill("turn", actions=[Turn.EAST]))
    library.save(tmp_path / "library.json")
    (action,) = SkillLibrary.load(tmp_path / "library.json")["turn"].action_sequence
    assert (type(action), action, action.name) == (PlainAction, 4, "EAST")
    assert pickle.loads(pickle.dumps(action)).name == copy.deepcopy(action).name == "EAST"
    agent = ProceduralMemoryAgent(GridWorld())
    assert agent._in_world(action) is None  # a skill from another world ends there
    assert agent._in_world(PlainAction(4, "PICK_UP")) is Action.PICK_UP
    with pytest.raises(ValueError, match=r"action must be one of the world's \(UP, .* got 9"):
        agent._in_world(9)


def test_what_the_encoder_has_learned_is_in_the_file(trained, tmp_path):
    trained.save(tmp_path / "library.json")
    loaded = SkillLibrary.load(tmp_path / "library.json")
    assert loaded.encoder.relevance == trained.encoder.relevance != {}
    heir = ProceduralMemoryAgent(GridWorld(), library=loaded)
    assert heir.encoder is loaded.encoder


def test_a_file_of_another_encoder_is_refused_or_read_with_it(trained, tmp_path):
    trained.save(tmp_path / "library.json")
    with pytest.raises(ValueError, match="encoder must be the same"):
        SkillLibrary.load(tmp_path / "library.json", encoder=Encoder(length_scale=1.5))
    fresh = Encoder()
    assert SkillLibrary.load(tmp_path / "library.json", encoder=fresh).encoder is fresh
    assert fresh.relevance == trained.encoder.relevance


def test_a_function_as_encoder_has_to_be_given_again(tmp_path):
    def mine(state):
        return [1.0, 0.0]

    agent = ProceduralMemoryAgent(GridWorld(), 2, encoder=mine)
    agent.train(1)
    agent.library.save(tmp_path / "mine.json")
    with pytest.raises(ValueError, match="give that encoder by encoder="):
        SkillLibrary.load(tmp_path / "mine.json")
    assert len(SkillLibrary.load(tmp_path / "mine.json", encoder=agent.encoder))


ODD = ["é", "日本", "🙂", "a b", "[x]", "{x}", "'", '"', "\\", "%s", "#", ";", "ñ" * 80, "x" * 200]


@pytest.mark.parametrize("name", ODD)
def test_odd_names_of_files_and_skills_save_and_load(tmp_path, name):
    library = SkillLibrary()
    library.add(skill(name))
    path = tmp_path / f"{name}.json".replace("/", "")
    library.save(path)
    assert name in SkillLibrary.load(path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions and links")
def test_a_file_keeps_its_mode_and_a_link_stays_one(small, tmp_path):
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    small.save(target)
    target.chmod(0o640)
    link.symlink_to(target)
    small.save(link)
    assert link.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt", reason="Windows replaces no file that is being read")
def test_beside_writers_no_load_fails_and_what_is_left_is_whole(small, tmp_path):
    path, other = tmp_path / "library.json", library_of([1, 0], [0, 1], [1, 1])
    small.save(path)

    def write_and_read(turn):
        (small if turn % 2 else other).save(path)
        return len(SkillLibrary.load(path))

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(write_and_read, range(300 * SCALE))) <= {2, 3}
    assert list(tmp_path.iterdir()) == [path]


def test_a_skill_that_is_no_skill_cannot_be_saved_and_the_file_stays(small, tmp_path):
    class Mine:
        """What a library needs of a skill, and nothing else."""

        name, preconditions, effects, action_sequence = "mine", {}, {"done": True}, (0,)
        embedding, success_count, times_used, success_estimate = [1.0, 0.0], 0, 0, 0.5

        def applicable(self, state):
            return True

        def act(self, state, t):
            return None

        def record(self, succeeded, now=0):
            pass

    library = SkillLibrary()
    library.add(Mine())
    with pytest.raises(ValueError, match="skill must be a Skill to be saved, got a Mine"):
        library.save(tmp_path / "library.json")
    assert list(tmp_path.iterdir()) == []
