"""The memory itself: store skills, merge twins, retrieve by likeness, explain, save, load, forget.

One list of skills is the truth. The matrices and dictionaries beside it are an index over that
list, made anew when a library is loaded.
"""

import html
from dataclasses import dataclass, replace

import numpy as np

from procmem import storage
from procmem.embedding import fingerprint, unit
from procmem.episode import Candidate
from procmem.gridworld import Action
from procmem.skill import Skill, describe

PRECISION = 1e6
"""Similarities are rounded to one part in this many before they are compared."""


class SkillLibrary:
    """Skills in the order in which they were learned, searched by cosine similarity.

    ``dim`` is the length of every embedding; ``None`` takes it from the first skill. ``encoder`` is
    the name of what made the embeddings: vectors of different encoders cannot be compared.
    ``archive`` holds, by name, the skills that were put aside, and ``age`` counts the episodes
    that the library has learned from.
    """

    def __init__(self, dim=None, encoder=""):
        whole = isinstance(dim, (int, np.integer)) and not isinstance(dim, bool)
        if dim is not None and not (whole and dim >= 1):
            raise ValueError(f"dim must be None or a whole number from 1 up, got {dim!r}")
        if not isinstance(encoder, str):
            raise ValueError(f"encoder must be the name of an encoder, got {encoder!r}")
        self.dim = dim if dim is None else int(dim)
        self.encoder = encoder
        self.added = 0
        self.age = 0
        self.archive = {}
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
        taken = self._by_name.get(skill.name, row) != row or skill.name in self.archive
        if taken:
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
        vars(self).update(vars(fresh) | {n: vars(self)[n] for n in ("added", "age", "archive")})

    def new_name(self, stem):
        """Return a name that no skill of this library has had."""
        number = self.added + 1
        # Whoever came from another library has kept its name.
        while (name := f"{stem} #{number}") in self or name in self.archive:
            number += 1
        return name

    # ---------------------------------------------------------------- put aside, take back, share

    def retire(self, *names):
        """Move the skills called ``names`` to the archive: not offered any more, but not lost."""
        gone = {self[name].name for name in names}
        staying = [skill for skill in self._skills if skill.name not in gone]
        leaving = [skill for skill in self._skills if skill.name in gone]
        if leaving:
            self.rebuild(staying)
            for skill in leaving:
                self._put_aside(skill)

    def _put_aside(self, skill):
        if skill.name in self.archive or skill.name in self:
            raise ValueError(f"name must be new in the library, got {skill.name!r}")
        skill.status = "archived"
        self.archive[skill.name] = skill

    def restore(self, name):
        """Take a skill back from the archive, active, and return it.

        Where a better twin stands in its place, that one is returned, and the skill stays archived.
        """
        if name not in self.archive:
            raise KeyError(f"no skill in the archive is called {name!r}")
        skill = self.archive.pop(name)
        skill.status, skill.last_used = "active", max(skill.last_used, self.age)
        standing = self.add(skill)
        if standing is not skill:
            self._put_aside(skill)
        return standing

    def merge(self, other, status=None):
        """Add copies of another library's skills, as learned just now; return those that stay.

        ``status`` is what they start with, by default what they had: ``"candidate"`` for those of
        a stranger. A name that is taken is exchanged for a new one; of twins the better stays.
        """
        if not isinstance(other, SkillLibrary):
            raise ValueError(f"other must be a SkillLibrary, got {type(other).__name__}")
        if self.dim is None and not self.encoder:  # nothing is known yet: it takes after the other
            self.encoder = other.encoder
        if (other.dim, other.encoder) != (self.dim or other.dim, self.encoder):
            raise ValueError(
                f"other must hold vectors of {self.dim} numbers by the encoder {self.encoder!r}, "
                f"got {other.dim} by {other.encoder!r}"
            )
        now = {"source": None, "last_used": self.age}  # episodes of another life mean nothing here
        copies = [replace(skill, status=status or skill.status, **now) for skill in other]
        return [skill for skill in copies if self._take(skill)]

    def _take(self, skill):
        if skill.name in self or skill.name in self.archive:
            skill.name = self.new_name(skill.name.split(" #")[0])
        return self.add(skill) is skill

    def compare(self, earlier):
        """Return the ``Difference`` to another library: what was learned since, and what went."""
        ours, theirs = ({_moment(skill): skill for skill in library} for library in (self, earlier))
        both = [(ours[moment], theirs[moment]) for moment in ours if moment in theirs]
        return Difference(
            learned=tuple(skill.name for moment, skill in ours.items() if moment not in theirs),
            gone=tuple(skill.name for moment, skill in theirs.items() if moment not in ours),
            shorter=tuple(now.name for now, then in both if len(now) < len(then)),
            practised=tuple(now.name for now, then in both if now.times_used > then.times_used),
        )

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
            "encoder": self.encoder,
            "dim": self.dim,
            "added": self.added,
            "age": self.age,
            "skills": [storage.to_data(skill) for skill in self],
            "archive": [storage.to_data(skill) for skill in self.archive.values()],
        }
        storage.write(document, path)

    @classmethod
    def load(cls, path, *, encoder=None, actions=Action, verify=True):
        """Return the library stored at ``path``.

        ``encoder`` is the encoder's name that the reader expects, ``None`` for any; ``actions`` the
        enumeration that the stored action names belong to. Raises ``ValueError`` where the file is
        cut off, foreign, of an unknown format or of another encoder, or where its content does not
        match its digest; ``verify=False`` is for a file that was edited by hand, on purpose.
        """
        document = storage.read(path, verify)
        if encoder is not None and document.get("encoder") != encoder:
            raise ValueError(
                f"encoder of {path} must be {encoder!r}, got {document.get('encoder')!r}"
            )
        try:
            return cls._from_document(document, actions)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise ValueError(
                f"skills in {path} must be complete and sound, got {error!r}"
            ) from None

    @classmethod
    def _from_document(cls, document, actions):
        checked = storage.checked
        library = cls(document["dim"], checked(document["encoder"], str))
        for data in checked(document["skills"], list):
            library.add(storage.from_data(data, actions))
        for data in checked(document.get("archive", []), list):
            library._put_aside(storage.from_data(data, actions))
        if checked(document["added"], int) < len(library):
            raise ValueError(f"added must be at least {len(library)}, got {document['added']}")
        if checked(document.get("age", 0), int) < 0:
            raise ValueError(f"age must be a whole number from 0 up, got {document['age']}")
        library.added, library.age = document["added"], document.get("age", 0)
        return library


@dataclass(frozen=True)
class Difference:
    """The names of the skills that are new, gone, shorter than they were, or used more often."""

    learned: tuple[str, ...]
    gone: tuple[str, ...]
    shorter: tuple[str, ...]
    practised: tuple[str, ...]

    def __str__(self):
        counts = [f"{len(names)} {what}" for what, names in vars(self).items()]
        return ", ".join(counts)


def _moment(skill):
    """Return what tells skills apart across libraries: when, to what effect, from where."""
    where = skill.situation and tuple(sorted(skill.situation.items()))
    return *_behaviour(skill)[:2], where or skill.fingerprint or skill.name


_HEADINGS = ("skill", "when", "do", "then", "used", "worked")


def _behaviour(skill):
    when, then = (tuple(sorted(part.items())) for part in (skill.preconditions, skill.effects))
    cue = skill.fingerprint or fingerprint(skill.embedding)
    # A candidate may not push out what is trusted: the two meet when it is trusted itself.
    return when, then, cue, skill.status == "candidate"


def _standing(skill):
    """Return how a skill compares with its twins, smaller being better."""
    return max(0.0, 0.5 - skill.success_estimate), len(skill)


def _judge(skill, similarity, state, threshold, min_success, tried):
    applicable = skill.applicable(state)
    if not applicable:
        verdict = f"not here: it needs {describe(skill.preconditions)}"
    elif skill.status == "candidate":
        verdict = "not verified in another room yet"
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
