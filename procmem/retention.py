"""What a library keeps: new skills are verified, unused ones grow stale, the least needed go.

Nothing is deleted. What goes, goes to the library's archive, from where it can be restored.
"""

from functools import partial

import numpy as np

from procmem.embedding import unit
from procmem.gridworld import MOVES, facts, holds, successor

REHEARSAL = range(3_000_000, 4_000_000)
"""Layout seeds for rehearsals, used for nothing else."""

# ---------------------------------------------------------------- does it work there, too?


def would_work(skill, layout, state):
    """Whether ``skill``, used in ``state`` of a room, would bring about its effects there."""
    return replay(skill, state, partial(successor, layout))


def replay(skill, state, answer):
    """Whether ``skill`` works from ``state``, where ``answer(state, action)`` says what follows.

    It is done as the agent does it: up to the goal, the effects, or an action in vain.
    """
    if not skill.applicable(state):
        return False
    t, been = 0, {_key(state)}
    while (action := skill.act(state, t)) is not None:
        following = answer(state, action)
        if following == state or (skill.general and _key(following) in been):
            return False
        state, t = following, t + 1
        been.add(_key(state))
        if facts(state)["at_goal"] or (skill.effects and holds(skill.effects, state)):
            break
    return holds(skill.effects, state)


def rehearse(skills, encode, world, rng, *, rooms=20, tries=3, alike=0.99):
    """Return whether each skill works elsewhere, by name; those that fit into no room are missing.

    ``world`` is a ``GridWorld`` to practise in. In each of its ``rooms`` a skill is replayed where
    it looks most like home, if it is at least ``alike`` there, and not the very state it comes
    from; a general skill, which has no home, where it is surest. It must work in most of ``tries``
    rooms. ``encode`` is the agent's ``create_embedding``.
    """
    found = {}
    for seed in rng.choice(REHEARSAL, size=rooms, replace=False).tolist():
        world.reset(seed=seed)
        places = _places(world, skills)
        waiting = [skill for skill in skills if len(found.get(skill.name, ())) < tries]
        for skill, state in _fitting(waiting, places, encode, alike):
            found.setdefault(skill.name, []).append(replay(skill, state, world.answer))
    return {name: 2 * sum(worked) > len(worked) for name, worked in found.items()}


def _places(world, skills):
    """Return every state of the room that can be walked to while the facts of some skill hold."""
    wanted = {tuple(sorted(skill.preconditions.items())) for skill in skills}
    return [
        place
        for known in sorted(wanted)
        for place in reachable(world.layout, _knowing(world.state, dict(known)))
    ]


def _knowing(start, known):
    key = start["agent"] if known.get("has_key") else start["key"]
    return {**start, "key": key, **known}


def reachable(layout, state):
    """Return the states of a room that moves lead to from ``state``, the goal left out."""
    found, frontier = {}, [state]
    while frontier:
        state = frontier.pop()
        if _key(state) not in found and not facts(state)["at_goal"]:
            found[_key(state)] = state
            frontier += [successor(layout, state, move) for move in MOVES]
    return list(found.values())


def _fitting(skills, places, encode, alike):
    """Yield each skill with the place that looks most like its own situation, if one does."""
    if not skills or not places:
        return
    looks = np.array([unit(encode(state, ())) for state in places])
    for skill in skills:
        if skill.general:
            likeness = [skill.applicable(p) and skill.likeness(0.0, p) for p in places]
        else:
            likeness = np.round(looks @ unit(encode(skill.situation, ())), 6)
        best, least = int(np.argmax(likeness)), 0.0 if skill.general else alike
        if likeness[best] >= least and places[best] != skill.situation:
            yield skill, places[best]


def _key(state):
    return frozenset(state.items())


# ---------------------------------------------------------------- what may go?
#
# A policy is called with a library, with how many skills are too many, and with a generator of
# random numbers; it returns the skills that may go. General skills, such as networks, stay, as long
# as they work.


def keep_all(library, surplus, rng):
    """Give up nothing."""
    return []


def at_random(library, surplus, rng):
    """Give up whichever skills the dice name."""
    skills = _dispensable(library)
    return _first(surplus, [skills[i] for i in rng.permutation(len(skills))])


def least_recently_used(library, surplus, rng):
    """Give up what was not used (or learned) for the longest time."""
    return _first(surplus, sorted(_dispensable(library), key=lambda skill: skill.last_seen))


def least_used(library, surplus, rng):
    """Give up what was used least often, and of those what was not seen for the longest time."""
    return _first(surplus, sorted(_dispensable(library), key=_use))


def failing(library, surplus, rng):
    """Give up what worked in less than half of at least three uses, surplus or not (as Memp)."""
    return [s for s in library if s.lately[1] >= 3 and 2 * s.lately[0] < s.lately[1]]


def competence_preserving(library, surplus, rng, *, threshold=0.7):
    """Give up, least used first, only what a skill that stays can do in its place.

    What can be rebuilt from the rest may go, the only skill for a situation never does (Smyth &
    Keane 1995; Derbinsky & Laird for Soar).
    """
    if surplus <= 0:
        return []
    skills, gone = list(library), []
    covering = _covering(skills, threshold)
    stand_ins = covering.sum(axis=0)  # how many of those who stay could do each skill's job
    for i in sorted(range(len(skills)), key=lambda i: _use(skills[i])):
        if len(gone) == surplus:
            break
        left = stand_ins - covering[i]
        # Neither this one nor any that went before may be left without one who stays.
        if not skills[i].general and (left[[*gone, i]] > 0).all():
            gone, stand_ins = [*gone, i], left
    return [skills[i] for i in gone]


def _dispensable(library):
    return [skill for skill in library if not skill.general]


def _first(surplus, skills):
    """Return as many as are too many, the stale before the others."""
    return sorted(skills, key=lambda skill: skill.status != "stale")[: max(0, surplus)]


def _use(skill):
    return skill.status != "stale", skill.times_used, skill.last_seen


def _covering(skills, threshold):
    """Return an array ``(n, n)`` of bools: whether skill ``i`` can stand in for skill ``j``.

    A recording can where it would be used, since it looks alike, and leads as far in no more steps;
    a general skill where it is sure of the same first action.
    """
    kinds = [(frozenset(s.preconditions.items()), frozenset(s.effects.items())) for s in skills]
    numbers = {kind: number for number, kind in enumerate(dict.fromkeys(kinds))}
    kind = np.array([numbers[one] for one in kinds])
    alike = kind[:, None] == kind
    looks = np.array([unit(skill.embedding) for skill in skills])
    lengths = np.array([len(skill) for skill in skills])
    near = np.round(looks @ looks.T, 6) >= threshold
    led = np.array([_led(skill) for skill in skills])
    as_far = (led[:, None] == led).all(axis=-1)  # never where a way is not known: NaN
    covering = alike & near & as_far & (lengths[:, None] <= lengths)
    for i, skill in enumerate(skills):
        if skill.general:
            covering[i] = alike[i] & [_stands_in(skill, other, threshold) for other in skills]
    np.fill_diagonal(covering, False)
    return covering


def _led(skill):
    """Return how many rows and columns the skill moved the agent."""
    if skill.situation is None or skill.outcome is None:
        return np.nan, np.nan
    return tuple(np.subtract(skill.outcome["agent"], skill.situation["agent"]).tolist())


def _stands_in(general, skill, threshold):
    if skill.general or skill.situation is None:
        return False
    sure = general.likeness(0.0, skill.situation) >= threshold
    return sure and general.act(skill.situation, 0) == skill.action_sequence[0]


# ---------------------------------------------------------------- who does it


class Keeper:
    """Looks after a library between episodes.

    ``policies`` are asked in turn who may go, as long as there are more than ``limit`` skills; each
    decides among those that the one before has left. New skills are candidates until a rehearsal in
    ``world`` has verified them; without a ``world`` they are trusted at once. A skill that was not
    seen for ``idle`` episodes is stale, and goes before others.
    """

    def __init__(self, *policies, limit=None, world=None, idle=None, rng=0):
        for name, number in (("limit", limit), ("idle", idle)):
            whole = isinstance(number, (int, np.integer)) and not isinstance(number, bool)
            if number is not None and not (whole and number >= 1):
                raise ValueError(f"{name} must be None or a whole number from 1 up, got {number!r}")
        self.policies = policies
        self.limit = limit
        self.world = world
        self.idle = idle
        self.rng = np.random.default_rng(rng)

    @property
    def welcome(self):
        """The status of a skill that was just learned."""
        return "candidate" if self.world else "active"

    def tidy(self, agent):
        """Verify, let age, and put aside."""
        if self.world:
            self.verify(agent)
        if self.idle:
            self.let_age(agent.library)
        self.make_room(agent.library)

    def verify(self, agent):
        """Rehearse all candidates: what works becomes active, what fails is put aside."""
        library = agent.library
        waiting = [s for s in library if s.status == "candidate" and (s.situation or s.general)]
        verdicts = rehearse(waiting, agent.create_embedding, self.world, self.rng)
        library.retire(*(name for name, worked in verdicts.items() if not worked))
        for skill in waiting:
            if verdicts.get(skill.name):
                skill.status = "active"
        if any(verdicts.values()):
            library.rebuild(list(library))  # who is trusted now may be the twin of another

    def let_age(self, library):
        """Mark as stale what was not used or learned for ``idle`` episodes."""
        for skill in library:
            if skill.status == "active" and library.age - skill.last_seen >= self.idle:
                skill.status = "stale"

    def make_room(self, library):
        """Put aside what the policies, asked in turn, give up."""
        for policy in self.policies:
            surplus = len(library) - self.limit if self.limit else 0
            library.retire(*(skill.name for skill in policy(library, surplus, self.rng)))
