"""What a library keeps: new skills are verified, unused ones become stale, the least needed go.

A skill that is put aside goes to the library's archive, from where it can be restored. Of twins the
library itself keeps only the better one.

A *policy* is called with a library, with the number of skills that are too many (0 or less: none)
and with a generator of random numbers. It returns the skills to put aside. Closed-loop skills,
such as networks, stay unless they fail.
"""

import math
from functools import partial

from procmem.arguments import function, generator, having, instance, whole
from procmem.library import SkillLibrary


def at_random(library, surplus, rng):
    """Return skills drawn at random."""
    rng = generator("rng", rng)
    return _least(library, surplus, rng, lambda skill: rng.random())


def least_recently_used(library, surplus, rng):
    """Return what was not used (or learned) for the longest time."""
    return _least(library, surplus, rng, lambda skill: skill.life.last_seen)


def least_used(library, surplus, rng):
    """Return what was used least often; of equals, what was not seen for the longest time."""
    return _least(library, surplus, rng, lambda skill: (skill.times_used, skill.life.last_seen))


def least_useful(library, surplus, rng, *, utility):
    """Return the skills for which ``utility(skill, library)``, a number, is lowest."""
    function("utility", utility)
    return _least(library, surplus, rng, lambda skill: utility(skill, library))


def failing(library, surplus, rng):
    """Return what worked in less than half of at least three uses, surplus or not (as Memp)."""
    evidence = ((skill, *skill.evidence) for skill in _checked(library, surplus, rng))
    return [skill for skill, worked, used in evidence if used >= 3 and 2 * worked < used]


def _checked(library, surplus, rng):
    whole("surplus", surplus, -math.inf)
    generator("rng", rng)
    return instance("library", library, SkillLibrary)


def _least(library, surplus, rng, key):
    """Return as many skills as are too many, the stale ones before the others."""
    skills = [skill for skill in _checked(library, surplus, rng) if not skill.closed_loop]
    skills.sort(key=lambda skill: (skill.life.status != "stale", key(skill)))
    return skills[: max(0, surplus)]


class Retention:
    """Looks after a library between episodes.

    ``policies`` are asked in turn what to put aside, each with what the one before has left; the
    surplus is what exceeds ``limit``. After them the skills with the lowest
    ``utility(skill, library)`` go. A skill not seen for ``idle`` episodes is stale: it goes first.

    With ``admit`` new skills are candidates, which are not used. ``admit(skills, agent)`` returns,
    by name, whether a candidate becomes active or is put aside; a missing one waits. ``same(a, b)``
    says whether two skills are twins beyond the library's own; the worse of them is put aside.
    """

    def __init__(
        self, *policies, limit=None, idle=None, admit=None, same=None, utility=None, rng=0
    ):
        self.policies = [function("policies", policy) for policy in policies]
        if utility is not None:
            utility = function("utility", utility)
            self.policies.append(partial(least_useful, utility=utility))
        self.limit = None if limit is None else whole("limit", limit, 1)
        self.idle = None if idle is None else whole("idle", idle, 1)
        self.admit = function("admit", admit, optional=True)
        self.same = function("same", same, optional=True)
        self.rng = generator("rng", rng)
        self.initial_status = "candidate" if admit else "active"

    def tidy(self, agent):
        """Verify candidates, merge twins, mark what is stale and put aside what is too much."""
        library = having("agent", agent, "library").library
        if self.admit:
            self._verify(agent)
        if self.same:
            library.retire(*self._twins(library))
        for skill in library:
            unseen = library.age - skill.life.last_seen
            if self.idle and skill.life.status == "active" and unseen >= self.idle:
                skill.life.status = "stale"
        for policy in self.policies:
            surplus = len(library) - self.limit if self.limit else 0
            library.retire(*(skill.name for skill in policy(library, surplus, self.rng)))

    def _verify(self, agent):
        library = agent.library
        waiting = [skill for skill in library if skill.life.status == "candidate"]
        verdicts = self.admit(waiting, agent)
        library.retire(*(name for name, admitted in verdicts.items() if not admitted))
        for skill in waiting:
            if verdicts.get(skill.name):
                skill.life.status = "active"
        if any(verdicts.values()):
            library.rebuild(library)  # what has become active may be the twin of another

    def _twins(self, library):
        """Return the names of skills, candidates aside, that have a better twin."""
        kept, gone = [], []
        known = (skill for skill in library if skill.life.status != "candidate")
        # In the library's order of twins: what mostly fails comes last, then what is longer.
        for skill in sorted(known, key=lambda one: (max(0, 0.5 - one.success_estimate), len(one))):
            twin = any(self.same(other, skill) for other in kept)
            (gone if twin else kept).append(skill.name if twin else skill)
        return gone
