"""A skill library as one JSON file: replaced whole or not at all, and data only, never code.

Arrays are base64 of little-endian float64, so that what was trained is what is loaded. A digest
over everything tells damage from data.
"""

import base64
import hashlib
import json
import os
import stat
import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import numpy as np

from procmem import arguments
from procmem.arguments import vector, whole
from procmem.embedding import Encoder
from procmem.skill import KINDS, Life, PlainAction, Recording, Skill, action_name

LARGEST = 200_000_000
"""No library is read from a file of more bytes."""
FORMAT = 4
"""Number of the format. Files up to 3 kept networks in a second file; they are not read."""
_MODULES = {"network": "procmem.neural"}

# ---------------------------------------------------------------- files


def write(document, path):
    """Write the document with its digest; an existing file is replaced whole or not at all.

    A symbolic link stays one, and a file keeps its permissions.
    """
    target = Path(os.path.realpath(_checked_path(path)))
    document = {"format": FORMAT, **document}
    text = _text(document | {"digest": _digest(document)})
    try:
        _replace(target, text.encode("ascii"))
    except OSError as error:
        raise OSError(error.errno, f"cannot write: {error.strerror}", str(path)) from None


def _checked_path(path):
    if not isinstance(path, str | os.PathLike) or "\0" in os.fspath(path):
        raise ValueError(f"path must be a file's name, got {path!r}")
    return path


def _replace(target, content):
    """Write a draft beside the target and put it in its place; drafts of the dead are removed."""
    stem = f".{target.name[:40]}."
    handle, draft = tempfile.mkstemp(prefix=f"{stem}{os.getpid()}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, _mode(target))
        os.replace(draft, target)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft)
    for left in target.parent.iterdir():
        writer = left.name.removeprefix(stem).partition(".")[0] if left.name[0] == "." else ""
        if left.name.startswith(stem) and writer.isdigit() and not _runs(int(writer)):
            left.unlink(missing_ok=True)


def _runs(process):
    """Whether a process still runs; always ``True`` where asking would end it."""
    try:
        if os.name == "posix":
            os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True


def _mode(target):
    """Return the permissions of a file, or those that a new file gets."""
    with suppress(FileNotFoundError):
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def read(path, verify=True):
    """Return the document at ``path``; ``ValueError`` if it is damaged or of another format.

    ``verify=False`` does not ask for the digest.
    """
    details = os.stat(_checked_path(path))
    if not stat.S_ISREG(details.st_mode) or details.st_size > LARGEST:
        raise ValueError(f"path must be a file of at most {LARGEST} bytes, got {path}")
    try:
        text = Path(path).read_text(encoding="utf-8")
        document = json.loads(text, object_pairs_hook=_without_duplicates)
        found = document.pop("digest", None) if isinstance(document, dict) else None
        digest = _digest(document)
    except (ValueError, RecursionError) as error:  # text that is no Unicode is a ValueError
        raise ValueError(f"path must hold a complete JSON file, got {path}: {error}") from None
    if not isinstance(document, dict) or "format" not in document:
        raise ValueError(f"path must hold a skill library, got another kind of JSON: {path}")
    if type(document["format"]) is not int or document["format"] != FORMAT:
        raise ValueError(
            f"format of {path} must be {FORMAT}, got {document['format']!r}: files of older "
            "versions are not read; train the agent anew"
        )
    if arguments.flag("verify", verify) and found != digest:
        raise ValueError(
            f"digest of {path} must be that of its content, got {found!r}: the file was damaged "
            "or edited; verify=False loads it all the same"
        )
    return document


def _without_duplicates(pairs):
    entries = dict(pairs)
    if len(entries) < len(pairs):
        raise ValueError(f"two entries of the same name among {[name for name, _ in pairs]!r:.80}")
    return entries


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
    """Return a short text that changes with anything in the document, white space excepted."""
    content = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # Half of a surrogate pair is no text, and cannot be encoded.
    return hashlib.blake2b(content.encode("utf-8"), digest_size=16).hexdigest()


# ---------------------------------------------------------------- arrays and plain types


def array_to_data(array):
    """Return an array as its shape and the base64 of its little-endian float64 numbers."""
    numbers = np.asarray(array, dtype="<f8")
    if not np.isfinite(numbers).all():
        raise ValueError("an array must hold finite numbers only to be saved, got NaN or infinity")
    return {
        "shape": list(numbers.shape),
        "base64": base64.b64encode(numbers.tobytes()).decode("ascii"),
    }


def array_from_data(data):
    """Return the array, of finite numbers; an error of some kind if the data are not sound."""
    content = base64.b64decode(checked(data["base64"], str), validate=True)
    shape = [checked(n, int) for n in checked(data["shape"], list)]
    if min(shape, default=1) < 0:
        raise ValueError(f"shape must hold sizes from 0 up, got {shape}")
    array = np.frombuffer(content, dtype="<f8").reshape(shape).astype(np.float64)
    if not np.isfinite(array).all():
        raise ValueError("an array must hold finite numbers only, got NaN or infinity")
    return array


def checked(value, kind):
    """Return ``value``, which must be of the type ``kind``, exactly."""
    if type(value) is not kind:
        raise ValueError(f"a {kind.__name__} was expected, got {value!r}")
    return value


# ---------------------------------------------------------------- skills


def skill_to_data(skill):
    """Return everything about a skill as plain data."""
    if not isinstance(skill, Skill):
        raise ValueError(f"skill must be a Skill to be saved, got a {type(skill).__name__}")
    life, recording = vars(skill.life), skill.recording
    return {
        "kind": skill.kind,
        "name": skill.name,
        "preconditions": skill.preconditions,
        "effects": skill.effects,
        "action_sequence": [[action_name(one), int(one)] for one in skill.action_sequence],
        "success_count": skill.success_count,
        "times_used": skill.times_used,
        "recording": recording and vars(recording),
        "life": {name: list(v) if isinstance(v, tuple) else v for name, v in life.items()},
        "embedding": array_to_data(skill.embedding),
        **skill.to_data(),
    }


def skill_from_data(data):
    """Return the skill; an error of some kind if the data are not sound."""
    kind = _kind(data["kind"])
    recording = data["recording"]
    return kind(
        data["name"],
        _state(data["preconditions"]),
        [_action(*pair) for pair in checked(data["action_sequence"], list)],
        array_from_data(data["embedding"]),
        data["success_count"],
        times_used=data["times_used"],
        effects=_state(data["effects"]),
        recording=recording and _recording(recording),
        life=Life(**data["life"]),
        **kind.from_data(data),
    )


def _recording(data):
    states = (data[name] for name in ("begin", "situation", "end"))
    return Recording(*(None if state is None else _state(state) for state in states))


def _kind(name):
    """Return the class of skill that a file names; the package's own are imported by need."""
    if name in _MODULES:
        import_module(_MODULES[name])
    if name not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(sorted(KINDS))}, got {name!r}")
    return KINDS[name]


def _action(name, number):
    number = checked(number, int)
    return number if checked(name, str) == str(number) else PlainAction(number, name)


def _state(state):
    # JSON knows no tuples.
    items = checked(state, dict).items()
    return {name: tuple(value) if isinstance(value, list) else value for name, value in items}


# ---------------------------------------------------------------- libraries


def library_to_data(library):
    """Return a library as plain data, what its encoder has learned included."""
    encoder = library.encoder
    relevance = getattr(encoder, "relevance", {})
    return {
        "dim": library.dim,
        "encoder": encoder and encoder.describe(),
        "relevance": sorted([sorted(known), sorted(names)] for known, names in relevance.items()),
        "added": library.added,
        "age": library.age,
        "skills": [skill_to_data(skill) for skill in library],
        "archive": [skill_to_data(skill) for skill in library.archive.values()],
    }


def library_from_data(cls, document, path, encoder=None):
    """Return the library, an instance of ``cls``; ``path`` is named in errors."""
    try:
        library = cls(document["dim"], _encoder(document, encoder))
        for data in checked(document["skills"], list):
            library.add(skill_from_data(data))
        for data in checked(document["archive"], list):
            skill = skill_from_data(data)
            if skill.name in library or skill.name in library.archive:
                raise ValueError(f"name must be new in the library, got {skill.name!r}")
            vector(f"embedding of {skill.name!r}", skill.embedding, library.dim)
            library.archive[skill.name] = skill
        library.added = whole("added", document["added"], len(library))
        library.age = whole("age", document["age"], high=10**8)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ValueError(f"library in {path} must be complete and sound, got {error}") from None
    return library


def _encoder(document, encoder):
    wanted = document["encoder"]
    if wanted is None:
        return encoder
    if encoder is None:
        if checked(wanted, dict).get("kind") != Encoder.kind:
            raise ValueError(f"vectors by {wanted}: give that encoder by encoder=")
        encoder = Encoder(wanted["dim"], length_scale=wanted["length_scale"])
    if encoder.describe() != wanted:
        raise ValueError(
            f"vectors by {wanted}, and encoder must be the same, not {encoder.describe()}"
        )
    relevance = checked(document["relevance"], list)
    if relevance:
        encoder.relevance = {
            frozenset(checked(one, str) for one in known): frozenset(checked(n, str) for n in names)
            for known, names in relevance
        }
    return encoder
