"""Networks on disk: beside the library, never mixed up with another's, and never code."""

import json
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from test_library import damaged

from procmem import SkillLibrary
from procmem.neural import MLP, NeuralSkill


def network(seed, hidden=2):
    """Return a skill whose policy is a small random network."""
    options = {"effects": {"has_key": True}, "fingerprint": "n", "names": ("key",)}
    return NeuralSkill("walk", {}, [0, 1], [0.0], network=MLP(10, hidden, 2, seed), **options)


def library_with(*skills):
    library = SkillLibrary(1)
    for skill in skills:
        library.add(skill)
    return library


def weights(library):
    return [weight for skill in library for weight in skill.network.weights]


def same(library, other):
    return all(np.array_equal(*pair) for pair in zip(weights(library), weights(other), strict=True))


def files(directory):
    return sorted(path.name for path in directory.iterdir())


@pytest.fixture
def path(tmp_path):
    """Return where a library with one network was saved."""
    library_with(network(0)).save(tmp_path / "mine.json")
    return tmp_path / "mine.json"


def beside(path):
    return path.with_name(json.loads(path.read_text(encoding="utf-8"))["networks"])


def test_weights_lie_beside_the_library_and_not_in_it(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["skills"][0]["weights"] == ["array0", "array1", "array2", "array3"]
    assert files(path.parent) == sorted([path.name, document["networks"]])
    with np.load(beside(path), allow_pickle=False) as arrays:
        assert [arrays[f"array{n}"].shape for n in range(4)] == [(10, 2), (2,), (2, 2), (2,)]


def test_the_same_networks_give_the_same_bytes(path, tmp_path):
    before = {name: (tmp_path / name).read_bytes() for name in files(tmp_path)}
    library_with(network(0)).save(path)
    assert {name: (tmp_path / name).read_bytes() for name in files(tmp_path)} == before


def test_older_networks_are_cleared_away_and_no_others(path):
    library_with(network(1)).save(path.with_name("yours.json"))
    library_with(network(2)).save(path)
    assert same(SkillLibrary.load(path), library_with(network(2)))
    assert same(SkillLibrary.load(path.with_name("yours.json")), library_with(network(1)))
    assert len(files(path.parent)) == 4
    library_with().save(path)
    assert len(files(path.parent)) == 3


def test_only_its_own_networks_are_cleared_away(path):
    stranger = path.with_name("letters.npz")
    stranger.write_bytes(b"dear diary")
    for name in ("letters.npz", "../letters.npz", f"{path.name}.txt", 3, None):
        path.write_text(json.dumps({"networks": name}), encoding="utf-8")
        library_with(network(2)).save(path)
        assert stranger.read_bytes() == b"dear diary"


def test_networks_that_are_missing_are_an_error_that_names_them(path):
    name = beside(path)
    name.unlink()
    with pytest.raises(ValueError, match=rf"networks of .* must be whole in {name.name}"):
        SkillLibrary.load(path)


def test_networks_of_another_library_are_refused(path):
    other = path.with_name("other.json")
    library_with(network(1)).save(other)
    beside(path).write_bytes(beside(other).read_bytes())
    with pytest.raises(ValueError, match="its content does not match its name"):
        SkillLibrary.load(path)
    assert same(SkillLibrary.load(path, verify=False), library_with(network(1)))


@pytest.mark.parametrize("verify", [True, False])
def test_damaged_networks_are_refused_or_hold_numbers(path, verify):
    raw, rng, refused = beside(path).read_bytes(), np.random.default_rng(0), 0
    for _ in range(500):
        changed = damaged(raw, rng)
        beside(path).write_bytes(changed)
        try:
            loaded = SkillLibrary.load(path, verify=verify)
        except ValueError:
            refused += 1
        else:
            assert not verify or changed == raw
            assert all(np.isfinite(weight).all() for weight in weights(loaded))
    assert refused > (490 if verify else 250)


class Trap:
    """Something that does harm when it is unpickled."""

    def __init__(self, victim):
        self.victim = victim

    def __reduce__(self):
        """Say how to make it again: by removing a file."""
        return os.remove, (self.victim,)


@pytest.mark.parametrize("wrapped", [True, False])
def test_no_code_in_a_file_of_networks_is_run(path, tmp_path, wrapped):
    victim = tmp_path / "victim"
    victim.touch()
    if wrapped:
        traps = {f"array{n}": np.array([Trap(str(victim))], dtype=object) for n in range(4)}
        with beside(path).open("wb") as file:
            np.savez(file, **traps)
    else:
        beside(path).write_bytes(pickle.dumps(Trap(str(victim))))
    with pytest.raises(ValueError, match="must be whole"):
        SkillLibrary.load(path, verify=False)
    assert victim.exists()


@pytest.mark.parametrize(
    "name", ["../mine.json", "/etc/passwd", "mine.json", "x.npz", 3, ["a"], "C:\\x" + "0" * 32]
)
def test_only_a_file_beside_the_library_is_opened(path, name):
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, "networks": name}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"networks of .* must name a file beside it"):
        SkillLibrary.load(path, verify=False)


@pytest.mark.parametrize("weights", [["array0"] * 3 + ["array9"], "array0", [3], None])
def test_weights_that_are_not_there_are_refused(path, weights):
    document = json.loads(path.read_text(encoding="utf-8"))
    document["skills"][0]["weights"] = weights
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ValueError, match="must be complete and sound"):
        SkillLibrary.load(path, verify=False)


def test_what_is_no_data_is_not_saved_and_nothing_is_lost(path):
    before = path.read_bytes()
    library = library_with(network(0))
    library["walk"].network.weights[0] = object()
    with pytest.raises(TypeError, match="only plain data and arrays can be saved"):
        library.save(path)
    assert path.read_bytes() == before
    assert len(files(path.parent)) == 2


def test_a_person_can_read_the_file(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["{", ' "format": 3,']
    assert '   "effects": {"has_key": true},' in lines
    assert '   "weights": ["array0", "array1", "array2", "array3"]' in lines


def test_who_loads_networks_need_not_know_that_there_are_any(path):
    code = "import sys; from procmem import SkillLibrary; print(*SkillLibrary.load(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "walk" in done.stdout


@pytest.mark.parametrize("kind", ["magic", "os", ["network"], None, 3])
def test_no_other_kind_is_imported(path, kind):
    document = json.loads(path.read_text(encoding="utf-8"))
    document["skills"][0]["kind"] = kind
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ValueError, match="must be complete and sound"):
        SkillLibrary.load(path, verify=False)
