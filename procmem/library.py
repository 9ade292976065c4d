"""The memory itself: store skills, merge twins, retrieve by likeness, explain, save, load, forget.

One list of skills is the truth. The matrices and dictionaries beside it are an index over that
list, made anew when a library is loaded.
"""

import hashlib
import html
import json
import os
import threading
from pathlib import Path

import numpy as np

from procmem.embedding import fingerprint, unit
from procmem.episode import Candidate
from procmem.gridworld import Action
from procmem.skill import KINDS, Skill, describe

FORMAT = 2
"""Number of the file format written by ``save``; 1 had no digest, and is still read."""
PRECISION = 1e6
"""Similarities are rounded to one part in this many before they are compared."""


class SkillLibrary:
    """Skills in the order in which they were learned, searched by cosine similarity.

    ``dim`` is the length of every embedding; ``None`` takes it from the first skill. ``encoder`` is
    the name of what made the embeddings: vectors of different encoders cannot be compared.
    """

    def __init__(self, dim=None, encoder=""):
        whole = isinstance(dim, (int, np.integer)) and not isinstance(dim, bool)
        if dim is not None and not (whole and dim >= 1):
            raise ValueError(f"dim must be None or a whole number from 1 up, got {dim!r}")
        self.dim = dim
        self.encoder = encoder
        self.added = 0
        self._clear()

    def _clear(self):
        self._skills = []
        self._by_name = {}
        self._by_behaviour = {}
        self._general = []
        self._directions = np.zeros((0, self.dim or 0))  # unit embeddings, to be exact
        self._shortlist = np.zeros((0, self.dim or 0), np.float32)  # the same, to be fast

    # ---------------------------------------------------------------- a collection of skills

    def __len__(self):
        return len(self._skills)

    def __iter__(self):
        return iter(tuple(self._skills))

    def __contains__(self, name):
        return name in self._by_name

    def __getitem__(self, name):
        if name not in self._by_name:
            raise KeyError(f"no skill is called {name!r}")
        return self._skills[self._by_name[name]]

    def add(self, skill):
        """Store ``skill``; return it, or the twin that was kept instead.

        Twins have the same preconditions, the same effects and situations that look the same. The
        shorter one stays, and of two equally short ones the older; but one that has failed more
        often than it worked gives way.
        """
        self._check(skill)
        row = self._by_behaviour.get(_behaviour(skill))
        if row is not None and _standing(skill) >= _standing(self._skills[row]):
            return self._skills[row]
        if skill.name in self._by_name and self._by_name[skill.name] != row:
            raise ValueError(f"name must be new in the library, got {skill.name!r}")
        self._put(len(self) if row is None else row, skill)
        self.added += 1
        return skill

    def _check(self, skill):
        if not isinstance(skill, Skill):
            raise ValueError(f"skill must be a Skill, got {type(skill).__name__}")
        if self.dim is None:
            self.dim = len(skill.embedding)
            self._clear()
        if len(skill.embedding) != self.dim:
            raise ValueError(
                f"embedding of {skill.name!r} must have dimension {self.dim}, "
                f"got {len(skill.embedding)}"
            )

    def _put(self, row, skill):
        if row == len(self):
            self._skills.append(skill)
            self._grow()
        else:
            del self._by_name[self._skills[row].name]
            self._skills[row] = skill
        self._general = [one for one in self._general if one.name in self._by_name]
        self._general += [skill] if skill.general else []
        self._by_name[skill.name] = row
        self._by_behaviour[_behaviour(skill)] = row
        self._directions[row] = self._shortlist[row] = unit(skill.embedding)

    def _grow(self):
        # Doubling keeps the price of one more skill the same, however many there are.
        if len(self) > len(self._directions):
            room = np.zeros((max(16, len(self._directions)), self.dim))
            self._directions = np.vstack([self._directions, room])
            self._shortlist = self._directions.astype(np.float32)

    def forget(self, name):
        """Remove the skill called ``name`` and return it."""
        skill = self[name]
        self.rebuild([other for other in self._skills if other is not skill])
        return skill

    def rebuild(self, skills):
        """Put ``skills`` in the place of what is stored, merging twins; all of them or none."""
        fresh = SkillLibrary(self.dim, self.encoder)
        for skill in skills:
            fresh.add(skill)
        fresh.added = self.added
        vars(self).update(vars(fresh))

    def new_name(self, stem):
        """Return a name that no skill of this library has had."""
        return f"{stem} #{self.added + 1}"

    # ---------------------------------------------------------------- retrieve and explain

    def retrieve(self, query, k=3):
        """Return the ``k`` most similar skills as pairs (similarity, skill), best first.

        Similarity is the cosine, in ``[-1, 1]``, rounded to six decimals; ties go to the older
        skill. A query of length zero is similar to nothing: 0. Fewer pairs come back where fewer
        are stored.
        """
        query = self._direction(query)
        if not isinstance(k, (int, np.integer)) or k < 1:
            raise ValueError(f"k must be a whole number from 1 up, got {k!r}")
        if not self._skills:
            return []
        rows = self._likely(query, k)
        exact = self._directions.take(rows, axis=0).dot(query)
        rounded = (exact * -PRECISION).round().tolist()  # negative: the best sorts first
        ranked = sorted(zip(rounded, rows.tolist(), strict=True))
        return [(negative / -PRECISION + 0.0, self._skills[row]) for negative, row in ranked[:k]]

    def _direction(self, query):
        query = np.asarray(query, dtype=np.float64)
        if query.ndim != 1 or (self.dim is not None and len(query) != self.dim):
            raise ValueError(f"query must have shape ({self.dim},), got {query.shape}")
        return unit(query, "query")

    def _likely(self, query, k):
        """Return the rows that can be among the first ``k``: fast, in single precision."""
        count = len(self._skills)
        if count <= k:
            return np.arange(count)
        rough = self._shortlist[:count].dot(query.astype(np.float32))
        ordered = rough.copy()
        ordered.partition(count - k)
        # Single precision errs by less than 1e-5 here, and ties must all come along.
        return (rough >= ordered.item(count - k) - 2e-5).nonzero()[0]

    def explain(self, query, state, *, k=5, threshold=0.9, min_success=0.2, tried=()):
        """Return the ``k`` most similar as ``Candidate`` records, each with a verdict in words.

        General skills, which may fit where nothing similar was seen, are always among them.

        ``tried`` holds names of skills that have just been tried in vain from here.
        """
        found = self.retrieve(query, k)
        listed = {skill.name for _, skill in found}
        found += [(0.0, skill) for skill in self._general if skill.name not in listed]
        fitting = [(skill.likeness(similarity, state), skill) for similarity, skill in found]
        # Stable: among equals the order of retrieval stays.
        ranked = sorted(fitting, key=lambda pair: -pair[0]) if self._general else fitting
        return tuple(
            _judge(skill, likeness, state, threshold, min_success, tried)
            for likeness, skill in ranked
        )

    # ---------------------------------------------------------------- show

    def rows(self):
        """Return one row of texts for each skill: name, when, what, effect, used, worked."""
        return [
            (
                skill.name,
                describe(skill.preconditions),
                " ".join(action.name.lower() for action in skill.action_sequence),
                describe(skill.effects),
                str(skill.times_used),
                f"{skill.success_count / skill.times_used:.0%}" if skill.times_used else "-",
            )
            for skill in self
        ]

    def __str__(self):
        rows = [_HEADINGS, *self.rows()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
        lines = [
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        return "\n".join([f"{len(self)} skills", *(lines if len(self) else [])])

    def __repr__(self):
        return f"<SkillLibrary: {len(self)} skills, dimension {self.dim}>"

    def _repr_html_(self):
        head = "".join(f'<th scope="col">{text}</th>' for text in _HEADINGS)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>"
            for row in self.rows()
        )
        return f"<table><caption>{len(self)} skills</caption><tr>{head}</tr>{body}</table>"

    # ---------------------------------------------------------------- save and load

    def save(self, path):
        """Write everything to one JSON file; an existing file is replaced whole or not at all."""
        document = {
            "format": FORMAT,
            "encoder": self.encoder,
            "dim": self.dim,
            "added": self.added,
            "skills": [_to_data(skill) for skill in self],
        }
        path = Path(path)
        text = json.dumps(document | {"digest": _digest(document)}, indent=1, allow_nan=False)
        draft = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
        try:
            with draft.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)

    @classmethod
    def load(cls, path, *, encoder=None, actions=Action, verify=True):
        """Return the library stored at ``path``.

        ``encoder`` is the encoder's name that the reader expects, ``None`` for any; ``actions`` the
        enumeration that the stored action names belong to. Raises ``ValueError`` where the file is
        cut off, foreign, of another format or of another encoder, or where its content does not
        match its digest; ``verify=False`` is for a file that was edited by hand, on purpose.
        """
        try:
            document = json.loads(Path(path).read_text(encoding="utf-8"))
        except (
            ValueError,
            RecursionError,
        ) as error:  # bytes that are no text are a ValueError, too
            raise ValueError(f"path must hold a complete JSON file, got {path}: {error}") from None
        if not isinstance(document, dict) or "format" not in document:
            raise ValueError(f"path must hold a skill library, got another kind of JSON: {path}")
        if document["format"] not in (1, FORMAT) or isinstance(document["format"], bool):
            raise ValueError(f"format of {path} must be 1 or {FORMAT}, got {document['format']!r}")
        if verify:
            _verify(document, path)
        if encoder is not None and document.get("encoder") != encoder:
            raise ValueError(
                f"encoder of {path} must be {encoder!r}, got {document.get('encoder')!r}"
            )
        return cls._from_document(document, path, actions)

    @classmethod
    def _from_document(cls, document, path, actions):
        try:
            library = cls(document["dim"], _checked(document["encoder"], str))
            for data in _checked(document["skills"], list):
                library.add(_from_data(data, actions))
            if _checked(document["added"], int) < len(library):
                raise ValueError(f"added must be at least {len(library)}, got {document['added']}")
            library.added = document["added"]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ValueError(
                f"skills in {path} must be complete and sound, got {error!r}"
            ) from None
        return library


def _digest(document):
    """Return a short text that changes with anything in the document, spaces excepted."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _verify(document, path):
    content = {name: value for name, value in document.items() if name != "digest"}
    wanted = None if document["format"] == 1 else _digest(content)
    if document.get("digest") != wanted:
        raise ValueError(
            f"digest of {path} must be {wanted}, got {document.get('digest')!r}: the file was "
            "damaged or edited; verify=False loads it all the same"
        )


def _checked(value, kind):
    if type(value) is not kind:
        raise ValueError(f"a {kind.__name__} was expected, got {value!r}")
    return value


_HEADINGS = ("skill", "when", "do", "then", "used", "worked")


def _behaviour(skill):
    when, then = (tuple(sorted(part.items())) for part in (skill.preconditions, skill.effects))
    return when, then, skill.fingerprint or fingerprint(skill.embedding)


def _standing(skill):
    """Return how a skill compares with its twins, smaller being better."""
    return max(0.0, 0.5 - skill.success_estimate), len(skill)


def _judge(skill, similarity, state, threshold, min_success, tried):
    applicable = skill.applicable(state)
    if not applicable:
        verdict = f"not here: it needs {describe(skill.preconditions)}"
    elif similarity < threshold:
        verdict = f"too unlike: similarity below {threshold:.2f}"
    elif skill.success_estimate < min_success:
        verdict = f"not trusted: success estimate below {min_success:.2f}"
    elif skill.name in tried:
        verdict = "just tried in vain from here"
    else:
        verdict = "eligible"
    estimate = skill.success_estimate
    return Candidate(skill.name, similarity, applicable, estimate, verdict, verdict == "eligible")


_STATES = ("preconditions", "effects", "origin", "situation", "outcome")


def _to_data(skill):
    return {
        "name": skill.name,
        **{name: getattr(skill, name) for name in _STATES},
        "action_sequence": [action.name for action in skill.action_sequence],
        "embedding": skill.embedding.tolist(),
        "success_count": int(skill.success_count),
        "times_used": int(skill.times_used),
        "fingerprint": skill.fingerprint,
        **({"faded": list(skill.faded)} if any(skill.faded) else {}),
        **({} if skill.kind == Skill.kind else {"kind": skill.kind, **skill.extras()}),
    }


def _from_data(data, actions):
    states = {name: _state_from_data(data[name]) for name in _STATES}
    kind = KINDS.get(data.get("kind", Skill.kind))
    if kind is None:
        raise ValueError(
            f"kind must be one of {', '.join(sorted(KINDS))}, got {data['kind']!r} "
            "(networks need `import procmem.neural` first)"
        )
    return kind(
        data["name"],
        states.pop("preconditions"),
        [actions[name] for name in _checked(data["action_sequence"], list)],
        data["embedding"],
        data["success_count"],
        times_used=data["times_used"],
        fingerprint=data["fingerprint"],
        faded=_checked(data.get("faded", [0.0, 0.0]), list),
        **states,
        **kind.revive(data),
    )


def _state_from_data(state):
    # JSON knows no tuples.
    if state is None:
        return None
    return {name: tuple(v) if isinstance(v, list) else v for name, v in state.items()}
