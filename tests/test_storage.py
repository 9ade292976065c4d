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
from test_library import Mine, contents, library_of, skill

from procmem import Action, GridWorld, ProceduralMemoryAgent, SkillLibrary
from procmem.embedding import Encoder
from procmem.neural import MLP, NeuralSkill
from procmem.skill import Life, PlainAction, Recording, in_world
from procmem.storage import array_from_data, array_to_data

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


@pytest.fixture
def path(tmp_path):
    return tmp_path / "library.json"


def reloaded(library, path):
    """Return the library after it was saved and loaded."""
    library.save(path)
    return SkillLibrary.load(path)


def document_of(library, path):
    """Return what a library's file holds, to be spoilt."""
    library.save(path)
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def document(small, path):
    return document_of(small, path)


def load(content, path, verify=False):
    """Load without the digest, which would notice first: everything else has to hold, too."""
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return SkillLibrary.load(path, verify=verify)


def network(hidden=3, seed=0):
    fields = {"effects": {"has_key": True}, "network": MLP(8, hidden, 2, seed), "names": ("key",)}
    return NeuralSkill("walk", {}, [Action.UP, Action.DOWN], [0.0, 0.0], **fields)


# ---------------------------------------------------------------- saving and loading


def test_saved_and_loaded_it_is_the_same(trained, small, path):
    next(iter(small)).record(True)
    next(iter(small)).discount(0.75)
    old = library_of([1, 0], [0, 1])
    old.age = 400
    old["0"].life = Life("active", (2, 1, 5), 3)
    old.retire("0")
    for library in (trained, small, old, SkillLibrary()):
        assert contents(reloaded(library, path)) == contents(library)


def test_what_is_from_numpy_can_be_saved(path):
    library = SkillLibrary(np.int64(2))
    where = {"agent": (np.int64(1), np.int64(2))}
    life = Life(source=(np.int64(1), np.int64(2), 3))
    recording = Recording(None, where, None)
    library.add(skill("it", preconditions={"has_key": np.False_}, recording=recording, life=life))
    it = reloaded(library, path)["it"]
    assert (it.preconditions, it.situation) == ({"has_key": False}, {"agent": (1, 2)})
    assert it.life.source == (1, 2, 3)


def test_the_file_may_be_named_by_a_string_and_is_plain_json(small, path):
    small.save(str(path))
    document = json.loads(path.read_text(encoding="utf-8"))
    assert [data["name"] for data in document["skills"]] == [stored.name for stored in small]
    assert len(SkillLibrary.load(str(path))) == len(small)


def test_what_is_small_stands_on_one_line_and_the_digest_is_the_same_everywhere(path):
    library = library_of([1, 0])
    library["0"].life = Life(source=(1, 2, 3))
    library.save(path)
    lines = [line.strip() for line in path.read_text(encoding="ascii").splitlines()]
    for line in ('"preconditions": {"fact0": true},', '"action_sequence": [["0", 0]],'):
        assert line in lines
    assert '"source": [1, 2, 3],' in lines
    assert lines[-2] == '"digest": "12398c6c0bc21188c1efe43ee36f4e68"'


def test_networks_are_in_the_file_to_the_last_bit_and_go_where_it_goes(path):
    library = library_of([1, 0])
    library.add(network())
    library.save(path)
    path = path.rename(path.with_name("renamed.json"))
    loaded = reloaded(SkillLibrary.load(path), path.with_name("again.json"))
    pairs = zip(loaded["walk"].network.weights, library["walk"].network.weights, strict=True)
    assert all(np.array_equal(*pair) for pair in pairs)
    assert loaded["walk"].names == ("key",)
    assert sorted(file.name for file in path.parent.iterdir()) == ["again.json", "renamed.json"]


def test_an_action_keeps_its_name_and_number_and_the_agent_finds_it_in_its_world(path):
    class Turn(IntEnum):
        EAST = 4

    library = SkillLibrary()
    library.add(skill("turn", actions=[Turn.EAST]))
    (action,) = reloaded(library, path)["turn"].action_sequence
    assert (type(action), action, action.name) == (PlainAction, 4, "EAST")
    agent = ProceduralMemoryAgent(GridWorld())
    assert in_world(action, agent.actions) is None  # a skill from another world ends there
    assert in_world(PlainAction(4, "PICK_UP"), agent.actions) is Action.PICK_UP
    with pytest.raises(ValueError, match=r"action must be one of the world's \(UP, .* got 9"):
        in_world(9, agent.actions)


def test_what_the_encoder_has_learned_is_in_the_file(trained, path):
    loaded = reloaded(trained, path)
    assert loaded.encoder.relevance == trained.encoder.relevance != {}
    assert ProceduralMemoryAgent(GridWorld(), library=loaded).encoder is loaded.encoder


def test_a_file_of_another_encoder_is_refused_or_read_with_it(trained, path):
    trained.save(path)
    with pytest.raises(ValueError, match="encoder must be the same"):
        SkillLibrary.load(path, encoder=Encoder(length_scale=1.5))
    fresh = Encoder()
    assert SkillLibrary.load(path, encoder=fresh).encoder is fresh
    assert fresh.relevance == trained.encoder.relevance


def test_a_function_as_encoder_has_to_be_given_again(path):
    agent = ProceduralMemoryAgent(GridWorld(), 2, encoder=lambda state: [1.0, 0.0])
    agent.train(1)
    agent.library.save(path)
    with pytest.raises(ValueError, match="give that encoder by encoder="):
        SkillLibrary.load(path)
    assert len(SkillLibrary.load(path, encoder=agent.encoder))


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


# ---------------------------------------------------------------- the file, whole or not at all


class Accident(Exception):
    """Stands for whatever may happen in the middle of saving."""


@pytest.mark.parametrize("where", ["os.replace", "os.fsync", "json.dumps"])
@pytest.mark.parametrize("existing", [True, False])
def test_an_interrupted_save_leaves_what_was_there(small, path, monkeypatch, where, existing):
    if existing:
        small.save(path)
    before = {file: file.read_bytes() for file in path.parent.iterdir()}

    def interrupted(*_, **__):
        raise Accident

    monkeypatch.setattr(f"procmem.storage.{where}", interrupted)
    with pytest.raises(Accident):
        library_of([1, 0]).save(path)
    assert {file: file.read_bytes() for file in path.parent.iterdir()} == before


def test_what_cannot_be_saved_is_refused_and_the_file_stays(path):
    library_of([1, 0]).save(path)
    before = path.read_bytes()
    for unsound, message in (
        (Mine(), "skill must be a Skill to be saved, got a Mine"),
        (
            replace(network(), features=lambda state, names: np.zeros(8)),
            "features and network of 'walk' must be the package's",
        ),
    ):
        library = library_of([1, 0])
        library.add(unsound)
        with pytest.raises(ValueError, match=message):
            library.save(path)
        assert path.read_bytes() == before


def test_a_missing_folder_or_file_is_an_oserror(small, path):
    with pytest.raises(OSError, match="missing"):
        small.save(path.parent / "missing" / "library.json")
    with pytest.raises(OSError, match="missing"):
        SkillLibrary.load(path.with_name("missing.json"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions and links")
def test_a_file_keeps_its_mode_a_link_stays_one_and_a_new_file_is_like_others(small, path):
    target, plain = path.with_name("target.json"), path.with_name("plain.txt")
    small.save(target)
    plain.write_text("", encoding="utf-8")
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    target.chmod(0o640)
    path.symlink_to(target)
    small.save(path)
    assert path.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


ODD = ["é", "日本", "🙂", "a b", "[x]", "{x}", "'", '"', "\\", "%s", "#", ";", "ñ" * 80, "x" * 200]


@pytest.mark.parametrize("name", ODD)
def test_odd_names_of_files_and_skills_save_and_load(tmp_path, name):
    library = SkillLibrary()
    library.add(skill(name))
    assert name in reloaded(library, tmp_path / f"{name}.json".replace("/", ""))


@pytest.mark.skipif(os.name == "nt", reason="Windows replaces no file that is being read")
def test_beside_writers_no_load_fails_and_what_is_left_is_whole(small, path):
    other = library_of([1, 0], [0, 1], [1, 1])
    small.save(path)

    def write_and_read(turn):
        return len(reloaded(small if turn % 2 else other, path))

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(write_and_read, range(300 * SCALE))) <= {2, 3}
    assert list(path.parent.iterdir()) == [path]


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
def test_killed_again_and_again_while_saving_the_file_is_whole_every_time(path):
    new = library_of([1, 0], [0, 1], [1, 1])
    new.add(network())
    library_of([1, 0]).save(path.with_name("old.json"))
    new.save(path.with_name("new.json"))
    library_of([1, 0]).save(path)
    command = [sys.executable, "-c", KILLED, str(path), str(40 * SCALE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "whole every time\n", done.stderr
    new.save(path)
    assert {file.name for file in path.parent.iterdir()} == {"library.json", "new.json", "old.json"}


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize("version", [3, "4", True, None])
def test_another_format_is_refused(document, path, version):
    message = f"format of .* must be 4, got {version!r}: files of older versions are not read"
    with pytest.raises(ValueError, match=message):
        load({**document, "format": version}, path)


@pytest.mark.parametrize("data", [None, 3, "text", [], [1], {}, {"skills": []}, {"cells": []}])
def test_foreign_json_is_refused(data, path):
    with pytest.raises(ValueError, match="path must hold a skill library"):
        load(data, path)


NO_JSON = {
    "nothing": b"",
    "no text": b"\xff\xfe",
    "cut off": b'{"format": 4, "skills": [',
    "two of a name": b'{"format": 4, "format": 4}',
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "a huge number": b'{"format": 4, "dim": ' + b"9" * 5000 + b"}",
    "half a sign": b'{"format": 4, "name": "\\ud800"}',
    "byte order mark": "\ufeff{}".encode(),
}


@pytest.mark.parametrize("raw", NO_JSON.values(), ids=NO_JSON)
def test_what_is_no_json_or_what_json_would_let_pass_is_refused(raw, path):
    with pytest.raises(ValueError, match="path must hold a complete JSON file, got "):
        load(raw, path)


MISSING = object()
WRONG = {
    "format": [MISSING],
    "dim": [MISSING, "64", 63, -1, [64], 64.5],
    "added": [MISSING, "4", None, -1, 0, 4.5, float("nan")],
    "age": [-1, True, "1"],
    "encoder": [MISSING, 3],
    "skills": [MISSING, None, "", {}, 7, [None], [[]], [{}], ["skill"]],
    "archive": [{}, [3], None],
}
WRONG_SKILLS = {
    "kind": ["magic", "os", ["network"], None, 3],
    "name": [MISSING, None, "", ["a"]],
    "preconditions": [None, [1], {"has_key": 1.5}],
    "effects": [3, {"agent": [[1], [2]]}],
    "recording": [MISSING, 5, {"begin": None, "situation": {"agent": None}, "end": None}],
    "life": [MISSING, [], {"status": "asleep"}],
    "action_sequence": [None, "UP", [["UP"]], [["UP", "0"]], [[3, 0]]],
    "embedding": [
        *(MISSING, None, [1.0], {"shape": [64], "base64": "AAAA"}),
        {"shape": [1], "base64": "AAAAAAAA8D8="},
        {"shape": [-1], "base64": "AAAAAAAA8D8="},
        {"shape": [10**400], "base64": ""},
        {"shape": [64], "base64": "no base64"},
        {"shape": [3], "base64": "////////////////////////////////"},
    ],
    "success_count": [-1, True, "1"],
    "times_used": [1.5, None],
}


def entries(table):
    return [(field, value) for field, values in table.items() for value in values]


def put(place, field, value):
    place.pop(field) if value is MISSING else place.update({field: value})


@pytest.mark.parametrize(("field", "value"), entries(WRONG))
def test_a_field_that_is_missing_or_unsound_is_refused(document, path, field, value):
    put(document, field, value)
    with pytest.raises(ValueError, match=r"library\.json"):
        load(document, path)


@pytest.mark.parametrize("dim", [{}, "", [], False, 0])
def test_a_dimension_of_the_wrong_kind_is_refused_even_without_skills(dim, path):
    with pytest.raises(ValueError, match="must be complete and sound"):
        load({**document_of(SkillLibrary(), path), "dim": dim}, path)


@pytest.mark.parametrize(("field", "value"), entries(WRONG_SKILLS))
def test_a_skill_that_is_not_sound_is_refused(document, path, field, value):
    put(document["skills"][1], field, value)
    with pytest.raises(ValueError, match="must be complete and sound"):
        load(document, path)


def test_two_skills_of_one_name_are_refused_wherever_they_are(document, path):
    first, second = document["skills"]
    for change in ({"skills": [first, {**second, "name": first["name"]}]}, {"archive": [first]}):
        with pytest.raises(ValueError, match="name must be new"):
            load(document | change, path)


def test_an_archived_skill_of_another_dimension_is_refused(document, path):
    document["archive"] = [document["skills"].pop()]
    document["archive"][0]["embedding"] = array_to_data([1.0, 2.0])
    with pytest.raises(ValueError, match=r"embedding of .* must have shape \(64,\), got \(2,\)"):
        load(document, path)


def test_an_array_may_be_empty_but_its_numbers_are_finite():
    assert array_from_data(array_to_data(np.zeros((0, 3)))).shape == (0, 3)
    with pytest.raises(ValueError, match="finite numbers only to be saved"):
        array_to_data([np.inf])
    with pytest.raises(ValueError, match="finite numbers only, got NaN or infinity"):
        array_from_data({"shape": [3], "base64": "////////////////////////////////"})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs POSIX files")
@pytest.mark.parametrize("kind", ["pipe", "device", "directory", "too large"])
def test_what_is_no_file_of_a_sane_size_is_refused_at_once(path, kind):
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


# ---------------------------------------------------------------- damage


@pytest.mark.parametrize(
    "change", [{"digest": "0" * 32}, {"digest": None}, {"added": 9}, {"more": 1}]
)
def test_a_change_by_hand_is_noticed_and_may_be_wanted(document, path, change):
    with pytest.raises(ValueError, match=r"digest of .* must be .* verify=False"):
        load({**document, **change}, path, verify=True)
    assert len(load({**document, **change}, path)) == len(document["skills"])


def test_spaces_are_no_damage(document, small, path):
    for raw in (json.dumps(document), json.dumps(document, indent=7, sort_keys=True)):
        assert contents(load(raw.encode(), path, verify=True)) == contents(small)


def damaged(raw, rng):
    """Return the bytes with a bit flipped, cut off, a byte lost or doubled, or a piece swapped."""
    at = int(rng.integers(len(raw)))
    first, second = sorted((at, int(rng.integers(len(raw)))))
    return [
        raw[:at] + bytes([raw[at] ^ (1 << int(rng.integers(8)))]) + raw[at + 1 :],
        raw[:at],
        raw[:at] + raw[at + 1 :],
        raw[:at] + raw[at : at + 1] + raw[at:],
        raw[:first] + raw[second : second + 9] + raw[first:second] + raw[second + 9 :],
    ][rng.integers(5)]


def test_a_thousand_damaged_files_are_refused_or_hold_the_same(path):
    library, rng = library_of([1, 0, 0.5], [0, 1, 0.25]), np.random.default_rng(0)
    library.save(path)
    raw, meant, refused = path.read_bytes(), contents(library), 0
    for _ in range(1_000 * SCALE):
        spoilt = damaged(raw, rng)
        try:
            assert str(load(spoilt, path))
            assert contents(load(spoilt, path, verify=True)) == meant  # only spaces were hit
        except ValueError:
            refused += 1
    assert refused > 700 * SCALE


JUNK = [None, True, -1, 0.5, float("nan"), 10**400, "", "key", "\ud800", [], {}, [1, 2], {"a": []}]


def spoilt(document, rng):
    """Return a copy in which a few entries, anywhere, are lost, exchanged, or something else."""
    document = copy.deepcopy(document)
    for _ in range(rng.integers(1, 4)):
        place = document
        while True:
            keys = list(place) if isinstance(place, dict) else range(len(place))
            at, other = keys[int(rng.integers(len(keys)))], keys[int(rng.integers(len(keys)))]
            if not isinstance(place[at], dict | list) or not place[at] or rng.random() < 0.2:
                break
            place = place[at]
        match rng.integers(3):
            case 0:
                del place[at]
            case 1:
                place[at], place[other] = place[other], place[at]
            case _:
                place[at] = JUNK[rng.integers(len(JUNK))]
    return document


def use(library, number, path):
    """Do with a library whatever one does with a library."""
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
    assert len(reloaded(library, path)) == len(library)


def test_what_is_loaded_from_a_spoilt_file_holds_up_in_every_use(path):
    agent = ProceduralMemoryAgent(GridWorld(4, shuffle=True), 8, rng=0)
    agent.train(3)
    agent.consolidate(at_least=3)
    library = SkillLibrary(8, agent.encoder)
    for kept in [one for i, one in enumerate(agent.library) if one.closed_loop or i % 6 == 0]:
        library.add(kept)
    library.retire(next(iter(library)).name)
    document, rng, loaded = document_of(library, path), np.random.default_rng(0), 0
    for number in range(300 * SCALE):
        try:
            library = load(spoilt(document, rng), path)
        except ValueError:
            continue
        use(library, number, path)
        loaded += 1
    assert loaded > 20 * SCALE  # else the damage is too great to tell anything
