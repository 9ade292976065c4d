"""A skill library on disk: written whole or not at all, and data only, never code.

One JSON file holds everything but the weights of networks. Those lie beside it in an ``.npz`` file
that is named after its own content: a library and its networks cannot be mixed up, and whoever is
interrupted while saving leaves either the old pair or the new one.
"""

import hashlib
import io
import json
import os
import re
import threading
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import numpy as np

from procmem.skill import KINDS, Skill

FORMAT = 3
"""Number of the format written; all before it are still read.

1 had no digest, and 2 no life of skills, and its networks were in the JSON file.
"""
_SAVING = threading.Lock()

# ---------------------------------------------------------------- files


def write(document, path):
    """Write the document with its digest; an existing file is replaced whole or not at all.

    Arrays in it go into a file beside it.
    """
    path, arrays = Path(path), {}
    document = _without_arrays({"format": FORMAT, **document}, arrays)
    packed = _pack(arrays)
    if arrays:
        document["networks"] = f"{path.name}.{_hash(packed)}.npz"
    text = _text(document | {"digest": _digest(document)})
    with _SAVING:  # lest another thread take the networks away that we count on
        before = _networks_of(path)
        if arrays:
            _replace(path.with_name(document["networks"]), packed)
        _replace(path, text.encode())
        if before and before != document.get("networks"):
            with suppress(OSError):  # somebody is reading it: then it stays
                path.with_name(before).unlink(missing_ok=True)


def _replace(path, content):
    draft = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def read(path, verify=True):
    """Return the document at ``path``; ``ValueError`` where it is none, or not as it was written.

    ``verify=False`` does not ask for the digests.
    """
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:  # bytes that are no text are a ValueError, too
        raise ValueError(f"path must hold a complete JSON file, got {path}: {error}") from None
    if not isinstance(document, dict) or "format" not in document:
        raise ValueError(f"path must hold a skill library, got another kind of JSON: {path}")
    known = range(1, FORMAT + 1)
    if document["format"] not in known or isinstance(document["format"], bool):
        raise ValueError(f"format of {path} must be in 1..{FORMAT}, got {document['format']!r}")
    if verify:
        _verify(document, path)
    if document.get("networks") is not None:
        _put_back(document, _unpack(Path(path), document["networks"], verify))
    return document


def _text(value, margin="\n"):
    """Return JSON for people: a line for each entry, what is small on one line."""
    if isinstance(value, dict) and any(map(_is_large, value.values())):
        rows = [f"{json.dumps(name)}: {_text(one, margin + ' ')}" for name, one in value.items()]
        return f"{{{margin} {f',{margin} '.join(rows)}{margin}}}"
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        rows = [_text(one, margin + " ") for one in value]
        return f"[{margin} {f',{margin} '.join(rows)}{margin}]"
    return json.dumps(value, allow_nan=False)


def _is_large(value):
    several = isinstance(value, list) and (len(value) > 2 or any(map(_is_large, value)))
    return several or isinstance(value, dict)


def _digest(document):
    """Return a short text that changes with anything in the document, spaces excepted."""
    return _hash(json.dumps(document, sort_keys=True, separators=(",", ":")).encode())


def _hash(content):
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _verify(document, path):
    content = {name: value for name, value in document.items() if name != "digest"}
    wanted = None if document["format"] == 1 else _digest(content)
    if document.get("digest") != wanted:
        raise ValueError(
            f"digest of {path} must be {wanted}, got {document.get('digest')!r}: the file was "
            "damaged or edited; verify=False loads it all the same"
        )


# ---------------------------------------------------------------- arrays


def _without_arrays(document, arrays):
    """Return the document with a name in the place of each array, put into ``arrays``."""

    def name(array):
        if not isinstance(array, np.ndarray):
            raise TypeError(f"only plain data and arrays can be saved, got {array!r}")
        arrays[f"array{len(arrays)}"] = array
        return f"array{len(arrays) - 1}"

    return json.loads(json.dumps(document, default=name, allow_nan=False))


def _put_back(document, arrays):
    """Put arrays in the place of their names, wherever a skill or a part of one has weights.

    What is no name of an array is left for whoever wants to make a network of it.
    """
    waiting = [document.get("skills"), document.get("archive")]
    while waiting:
        data = waiting.pop()
        if isinstance(data, list):
            waiting += data
        elif isinstance(data, dict):
            if isinstance(data.get("weights"), list):
                data["weights"] = [arrays.get(str(name), name) for name in data["weights"]]
            waiting.append(data.get("parts"))


def _pack(arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)  # the same arrays give the same bytes: no time is written
    return file.getvalue()


def _unpack(path, name, verify):
    """Return the arrays in the file ``name`` beside ``path``, by name; none of them runs code."""
    if not isinstance(name, str) or not re.fullmatch(r"[\w .-]+\.[0-9a-f]{32}\.npz", name):
        raise ValueError(f"networks of {path} must name a file beside it, got {name!r}")
    try:
        content = path.with_name(name).read_bytes()
        if verify and _hash(content) != name.split(".")[-2]:
            raise ValueError("its content does not match its name")
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return dict(arrays)
    except Exception as error:  # a damaged archive raises nearly anything
        raise ValueError(f"networks of {path} must be whole in {name}, got: {error}") from None


def _networks_of(path):
    """Return the name of the file beside ``path`` that holds its networks, or ``None``."""
    try:
        name = json.loads(path.read_text(encoding="utf-8")).get("networks")
    except (OSError, ValueError, RecursionError, AttributeError):
        return None
    ours = isinstance(name, str) and name.startswith(f"{path.name}.") and name.endswith(".npz")
    return name if ours and Path(name).name == name else None


# ---------------------------------------------------------------- skills as plain data

_STATES = ("preconditions", "effects", "origin", "situation", "outcome")


def to_data(skill):
    """Return everything about a skill as plain data."""
    return {
        "name": skill.name,
        **{name: getattr(skill, name) for name in _STATES},
        "action_sequence": [action.name for action in skill.action_sequence],
        "embedding": skill.embedding.tolist(),
        "success_count": int(skill.success_count),
        "times_used": int(skill.times_used),
        "fingerprint": skill.fingerprint,
        "status": skill.status,
        "source": list(skill.source) if skill.source else None,
        "last_used": int(skill.last_used),
        **({"faded": list(skill.faded)} if any(skill.faded) else {}),
        **({} if skill.kind == Skill.kind else {"kind": skill.kind, **skill.extras()}),
    }


def from_data(data, actions):
    """Return the skill; an error of some kind where the data are not sound."""
    states = {name: _state(data[name]) for name in _STATES}
    kind = _kind(data.get("kind", Skill.kind))
    return kind(
        data["name"],
        states.pop("preconditions"),
        [actions[name] for name in checked(data["action_sequence"], list)],
        data["embedding"],
        data["success_count"],
        times_used=data["times_used"],
        fingerprint=data["fingerprint"],
        faded=checked(data.get("faded", [0.0, 0.0]), list),
        status=data.get("status", "active"),
        source=data.get("source"),
        last_used=data.get("last_used", 0),
        **states,
        **kind.revive(data, actions),
    )


def _kind(name):
    """Return the class of skill that a file names; ours are imported when they are named."""
    if name in _MODULES:
        import_module(_MODULES[name])
    if name not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(sorted(KINDS))}, got {name!r}")
    return KINDS[name]


_MODULES = {"network": "procmem.neural", "composite": "procmem.composition"}


def checked(value, kind):
    """Return ``value``, which must be of the type ``kind``, exactly."""
    if type(value) is not kind:
        raise ValueError(f"a {kind.__name__} was expected, got {value!r}")
    return value


def _state(state):
    # JSON knows no tuples.
    if state is None:
        return None
    return {name: tuple(v) if isinstance(v, list) else v for name, v in state.items()}
