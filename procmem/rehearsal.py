"""Whether a skill works elsewhere, tried out in rooms where it was not learned."""

from collections import deque

import numpy as np

from procmem.arguments import function, generator, having, instance, real, whole
from procmem.embedding import unit
from procmem.episode import holds, split, state_key


def would_work(skill, state, transition):
    """Whether ``skill``, used in ``state``, would bring about its effects.

    ``transition(state, action)`` returns the state that follows. The skill is done as the agent
    does it: it fails with an action that changes nothing, and a closed-loop skill fails as well
    when it comes back to a state.
    """
    function("transition", transition)
    if not having("skill", skill, "applicable", "act", "effects").applicable(state):
        return False
    t, visited = 0, set()
    while (action := skill.act(state, t)) is not None:
        following = transition(state, action)
        if following == state:
            return False
        if skill.effects and holds(skill.effects, following):
            return True
        visited.add(state_key(state))
        if getattr(skill, "closed_loop", False) and state_key(following) in visited:
            return False
        state, t = following, t + 1
    return t > 0 and holds(skill.effects, state)


def reachable(world, state, limit=10_000):
    """Return the states that the world's actions lead to from ``state``, nearest first.

    A breadth-first search with the world's own ``transition``, up to ``limit`` states.
    """
    having("world", world, "get_wrapper_attr")
    limit = whole("limit", limit, 1)
    instance("state", state, dict)
    actions, transition = (world.get_wrapper_attr(name) for name in ("actions", "transition"))
    found, frontier = {state_key(state): state}, deque([state])
    while frontier and len(found) < limit:
        state = frontier.popleft()
        for action in actions:
            following = transition(state, action)
            if state_key(following) not in found:
                found[state_key(following)] = following
                frontier.append(following)
    return list(found.values())[:limit]


class Rehearsal:
    """Tries skills out in other rooms of ``world``; made to be the ``admit`` of a ``Retention``.

    Each call draws ``rooms`` rooms and leaves out those for validation and examination. In a room a
    skill is tried once: of at most ``limit`` states that can be reached there, in the one that it
    fits best. A recording must fit at least by ``alike``, and not in the state that it comes from.
    A skill must work in more than half of its first ``tries`` rooms.
    """

    def __init__(self, world, rng=None, *, rooms=20, tries=3, alike=0.99, limit=10_000):
        having("world", world, "reset", "has_wrapper_attr")
        if not world.has_wrapper_attr("transition"):
            raise ValueError(f"world must have a transition(state, action), got {world}")
        self.world, self.rng = world, generator("rng", rng)
        self.rooms, self.tries = whole("rooms", rooms, 1), whole("tries", tries, 1)
        self.alike, self.limit = real("alike", alike, -1, 1), whole("limit", limit, 1)

    def __call__(self, skills, agent):
        """Return by name whether each skill works; one that fits into no room is missing."""
        skills, outcomes = list(skills), {}
        for seed in self.rng.integers(2**31, size=self.rooms).tolist():
            waiting = [one for one in skills if len(outcomes.get(one.name, ())) < self.tries]
            first, _ = self.world.reset(seed=seed)
            if waiting and split(first) == "practice":
                for skill, worked in self._try(waiting, first, agent):
                    outcomes.setdefault(skill.name, []).append(worked)
        return {name: 2 * sum(worked) > len(worked) for name, worked in outcomes.items()}

    def _try(self, skills, first, agent):
        """Yield each skill that fits somewhere in this room, and whether it worked there."""
        states = reachable(self.world, first, self.limit)
        directions = np.array([unit(agent.create_embedding(state, ())) for state in states])
        for skill in skills:
            similarities = np.round(directions @ unit(skill.embedding), 6).tolist()
            pairs = zip(similarities, states, strict=True)
            fits = [(skill.fit(*pair), pair[1]) for pair in pairs if skill.applicable(pair[1])]
            best, state = max(fits, key=lambda one: one[0], default=(-1.0, None))
            enough = best > 0 if skill.self_assessing else best >= self.alike
            if enough and state not in (None, skill.situation):
                yield skill, would_work(skill, state, self.world.get_wrapper_attr("transition"))
