"""The memory itself: add skills, retrieve them by similarity, explain, put aside, save and load.

One list of skills is the truth. The matrices and dictionaries beside it are an index over it.
"""

import html
from copy import copy, deepcopy
from dataclasses import replace
from itertools import accumulate

import numpy as np

from procmem import storage
from procmem.arguments import each, function, having, instance, real, several, vector, whole
from procmem.embedding import unit
from procmem.selection import judge
from procmem.skill import HEADINGS, STATUSES, Life, is_candidate, preference, summary, twin_key

NEEDED = ("name", "preconditions", "effects", "embedding", "times_used", "success_count")
NEEDED += ("applicable", "act", "record", "success_estimate")
"""The attributes of a skill that a library and an agent rely on."""

ARCHIVED = 500
"""How many skills the archive holds: all are still learned from, which takes its time."""


class SkillLibrary:
    """Skills in the order in which they were learned, searched by cosine similarity.

    ``dim`` is the length of every embedding; ``None`` takes it from the first skill. ``encoder`` is
    what made the embeddings, ``None`` if they were made by hand. ``archive`` holds, by name, the
    skills that were put aside, and ``age`` counts the episodes that the library has learned from.
    A skill is whatever has the attributes of a ``Skill``.
    """

    def __init__(self, dim=None, encoder=None):
        self.dim = None if dim is None else whole("dim", dim, 1)
        if encoder is not None:
            own = having("encoder", encoder, "dim", "learn", "describe").dim
            if self.dim not in (None, own):
                raise ValueError(f"dim must be the encoder's, {own}, got {dim}")
            self.dim = own
        self.encoder = encoder
        self.added = 0
        self.age = 0
        self.archive = {}
        self._clear()

    def _clear(self):
        self._skills = []
        self._by_name = {}
        self._by_twin = {}
        self._closed_loops = []
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
        if instance("name", name, str) not in self._by_name:
            raise KeyError(f"no skill is called {name!r}")
        return self._skills[self._by_name[name]]

    def add(self, skill):
        """Store ``skill``; return it, or the twin that was kept instead.

        Twins have the same preconditions, the same effects and the same embedding. The shorter one
        stays, and of two equally short ones the older; but one that has failed more often than it
        worked gives way. How often their paths were walked is added up.
        """
        return self._add(having("skill", skill, *NEEDED))

    def _add(self, skill):
        embedding = vector(f"embedding of {skill.name!r}", skill.embedding, self.dim)
        key = twin_key(skill)
        row = self._by_twin.get(key)
        twin = None if row is None else self._skills[row]
        if twin is not None and preference(skill) >= preference(twin):
            _add_walks(twin, skill)
            return twin
        taken = self._by_name.get(skill.name, row) != row
        if taken or self.archive.get(skill.name, skill) is not skill:
            raise ValueError(f"name must be new in the library, got {skill.name!r}")
        if self.dim is None:
            self.dim = len(embedding)
            self._clear()
        self._put(len(self) if row is None else row, skill, unit(embedding))
        self._by_twin[key] = self._by_name[skill.name]
        _add_walks(skill, twin)
        self.added += 1
        return skill

    def _put(self, row, skill, direction):
        if row == len(self):
            self._skills.append(skill)
            self._grow()
        else:
            del self._by_name[self._skills[row].name]
            self._skills[row] = skill
        self._by_name[skill.name] = row
        self._directions[row] = self._shortlist[row] = direction
        kept = [one for one in self._closed_loops if one.name in self._by_name]
        self._closed_loops = kept + [skill] * getattr(skill, "closed_loop", False)

    def _grow(self):
        # Doubling keeps the cost of one more skill the same, however many there are.
        if len(self) > len(self._directions):
            room = np.zeros((max(16, len(self._directions)), self.dim))
            self._directions = np.vstack([self._directions, room])
            self._shortlist = self._directions.astype(np.float32)

    def forget(self, name):
        """Remove the skill called ``name`` and return it."""
        skill = self[name]
        self.rebuild(other for other in self._skills if other is not skill)
        return skill

    def rebuild(self, skills):
        """Put ``skills`` in the place of what is stored, merging twins; all of them or none."""
        fresh = SkillLibrary(self.dim)
        fresh.archive = self.archive
        for skill in several("skills", skills):
            fresh._add(having("each of skills", skill, *NEEDED))
        kept = {name: vars(self)[name] for name in ("encoder", "added", "age")}
        vars(self).update(vars(fresh) | kept)

    def new_name(self, stem):
        """Return a name that no skill of this library has."""
        instance("stem", stem, str)
        number = self.added + 1
        while (name := f"{stem} #{number}") in self or name in self.archive:
            number += 1
        return name

    # ---------------------------------------------------------------- put aside, take back, share

    def retire(self, *names):
        """Move the skills called ``names`` to the archive: not offered any more, but kept.

        The archive holds the ``ARCHIVED`` skills that were put aside last.
        """
        gone = {self[name].name: self[name] for name in names}
        if gone:
            self.rebuild(skill for skill in self._skills if skill.name not in gone)
        for name, skill in gone.items():
            skill.life.status = "archived"
            self.archive[name] = skill
        for name in list(self.archive)[:-ARCHIVED]:
            del self.archive[name]

    def restore(self, name):
        """Take a skill back from the archive, active, and return it.

        If a better twin stands in its place, that one is returned, and the skill stays archived.
        """
        if instance("name", name, str) not in self.archive:
            raise KeyError(f"no skill in the archive is called {name!r}")
        skill = self.archive[name]
        before = copy(skill.life)
        skill.life.status = "active"
        skill.life.last_used = max(skill.life.last_used, self.age)
        try:
            standing = self.add(skill)
        except ValueError:
            skill.life = before
            raise
        if standing is skill:
            del self.archive[name]
        else:
            skill.life = before
        return standing

    def merge(self, other, status=None):
        """Add copies of another library's skills, as learned just now; return those that stay.

        ``status`` is what they start with, by default what they had: ``"candidate"`` for those of
        a stranger. A name that is taken is exchanged for a new one; of twins the better stays. The
        encoders must agree but for what they have learned: then the newcomers are encoded anew.
        """
        instance("other", other, SkillLibrary)
        if status is not None and instance("status", status, str) not in STATUSES:
            raise ValueError(f"status must be one of {', '.join(STATUSES)}, got {status!r}")
        if self.encoder is None and self.dim is None:  # nothing is known yet
            self.encoder, self.dim = other.encoder, other.dim
            self._clear()
        ours, theirs = (_made_by(library) for library in (self, other))
        if ours != theirs:
            raise ValueError(f"other must hold vectors made by {ours}, got {theirs}")
        return [copied for skill in other if self._take(copied := self._newcomer(skill, status))]

    def _newcomer(self, skill, status):
        # Episodes of another library mean nothing here.
        known = skill.life
        life = Life(status or known.status, None, self.age, known.discounted, known.walked)
        return self.encoded(replace(skill, life=life))

    def _take(self, skill):
        if skill.name in self or skill.name in self.archive:
            skill.name = self.new_name(skill.name.split(" #")[0])
        return self.add(skill) is skill

    # ---------------------------------------------------------------- encode anew

    def encoded(self, skill, embed=None):
        """Return a recorded skill with the embedding it would get now; a copy where that differs.

        ``embed(state, action_sequence)`` makes embeddings; by default the library's encoder does.
        """
        function("embed", embed, optional=True)
        return self._encoded(having("skill", skill, *NEEDED), embed)

    def _encoded(self, skill, embed):
        situation = getattr(skill, "situation", None)
        if situation is None or not (embed or self.encoder):
            return skill
        embedding = embed(situation, skill.action_sequence) if embed else self.encoder(situation)
        same = np.array_equal(embedding, skill.embedding)
        return skill if same else replace(skill, embedding=embedding)

    def reencode(self, embed=None):
        """Encode every recorded skill anew, those in the archive as well; twins are merged."""
        function("embed", embed, optional=True)
        archive = {name: self._encoded(skill, embed) for name, skill in self.archive.items()}
        self.rebuild([self._encoded(skill, embed) for skill in self])
        self.archive = archive

    # ---------------------------------------------------------------- retrieve and explain

    def retrieve(self, query, k=3):
        """Return the ``k`` most similar skills as pairs (similarity, skill), best first.

        Similarity is the cosine, in ``[-1, 1]``, rounded to six decimals; ties go to the older
        skill. A query of length zero is similar to nothing: 0. If fewer are stored, fewer pairs
        come back.
        """
        query = unit(vector("query", query, self.dim))
        k = whole("k", k, 1)
        if not self._skills:
            return []
        rows = self._likely(query, k)
        exact = self._directions.take(rows, axis=0).dot(query)
        rounded = (exact * -1e6).round().tolist()  # negative: the best sorts first
        ranked = sorted(zip(rounded, rows.tolist(), strict=True))
        return [(negative / -1e6 + 0.0, self._skills[row]) for negative, row in ranked[:k]]

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

    def explain(self, query, state, *, k=5, threshold=0.8, min_success=0.2, failed=()):
        """Return the ``k`` most similar skills as ``Candidate`` records, best first.

        Closed-loop skills, such as networks, are always among them. Skills that wait to be verified
        are listed, but do not count. ``failed`` holds what has just failed from this state: names
        of skills, and actions, which changed nothing.
        """
        threshold = real("threshold", threshold, -1, 1)
        min_success = real("min_success", min_success, 0, 1)
        failed = each("failed", failed, str | int)
        found = self._offered(query, k)
        listed = {skill.name for _, skill in found}
        found += [(0.0, skill) for skill in self._closed_loops if skill.name not in listed]
        candidates = [
            judge(skill, similarity, state, threshold, min_success, failed)
            for similarity, skill in found
        ]
        return tuple(sorted(candidates, key=lambda one: -one.similarity))  # stable among equals

    def _offered(self, query, k):
        """Return the ``k`` most similar verified skills, and whatever is as similar and waits."""
        wanted = k
        while True:
            found = self.retrieve(query, wanted)
            ranks = list(accumulate(not is_candidate(skill) for _, skill in found))
            if wanted >= len(self) or ranks[-1] >= k:
                return [pair for pair, rank in zip(found, ranks, strict=True) if rank <= k]
            wanted *= 2

    # ---------------------------------------------------------------- show, save and load

    def __str__(self):
        rows = [HEADINGS, *map(summary, self)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(map(str.ljust, texts, widths)).rstrip() for texts in rows]
        return "\n".join([f"{len(self)} skills", *(lines if len(self) else [])])

    def __copy__(self):
        return deepcopy(self)  # a library that shared its skills with another would be no copy

    def __repr__(self):
        return f"<SkillLibrary: {len(self)} skills, dimension {self.dim}>"

    def _repr_html_(self):
        head = "".join(f'<th scope="col">{text}</th>' for text in HEADINGS)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in texts) + "</tr>"
            for texts in map(summary, self)
        )
        return f"<table><caption>{len(self)} skills</caption><tr>{head}</tr>{body}</table>"

    def save(self, path):
        """Write everything to one JSON file; an existing file is replaced whole or not at all."""
        storage.write(storage.library_to_data(self), path)

    @classmethod
    def load(cls, path, *, encoder=None, verify=True):
        """Return the library stored at ``path``; its actions are plain numbers with names.

        ``encoder`` is needed where the file's was not the package's own; its kind, dimension and
        length scale must be those of the file, and a new one takes over what that had learned.
        ``verify=False`` loads a file that was edited by hand. Raises ``ValueError`` if the file is
        damaged, of another format or of another encoder.
        """
        return storage.library_from_data(cls, storage.read(path, verify), path, encoder)


def _made_by(library):
    return library.encoder.describe() if library.encoder else {"kind": None, "dim": library.dim}


def _add_walks(kept, other):
    if hasattr(kept, "life") and hasattr(other, "life") and kept is not other:
        kept.life.walked += other.life.walked
