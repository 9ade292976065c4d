"""Whether a skill works elsewhere, and whether an agent is better with it: tried out beforehand."""

import math
from copy import copy
from dataclasses import replace
from itertools import groupby, islice

import numpy as np

from procmem.arguments import function, generator, having, instance, real, several, vector, whole
from procmem.embedding import unit
from procmem.episode import holds, split, state_key
from procmem.search import breadth_first
from procmem.skill import Life


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
    found = breadth_first(state, actions, transition, state_key)
    return [state for state, _ in islice(found, limit)]


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
            enough = best > 0 if skill.closed_loop else best >= self.alike
            if enough and state not in (None, skill.situation):
                yield skill, would_work(skill, state, self.world.get_wrapper_attr("transition"))


def net_gain(before, after, budget=1):
    """Return whether ``after`` saves steps over ``before`` in total, and costs some in few rooms.

    Both hold the steps in the same rooms; ``budget`` is in how many of them it may cost steps.
    """
    before = vector("before", before)
    saved, budget = before - vector("after", after, len(before)), whole("budget", budget)
    return bool(saved.sum() > 0 and (saved < 0).sum() <= budget)


class Gate:
    """Admits a skill if the agent is better with it; made to be the ``admit`` of a ``Retention``.

    ``seeds`` start the probe rooms in ``world``, an environment of the gate's own. The agent walks
    them frozen, without and with the skill; ``passes(before, after)`` decides by the steps in each
    room. Skills are tried one after the other, each beside those that have passed. Rooms in which
    a skill would be chosen nowhere stay as they were, and are not walked again. ``walks`` counts
    the walks so far: the gate has its price as well.
    """

    def __init__(self, world, seeds, *, passes=net_gain):
        self.world = having("world", world, "reset", "step")
        self.seeds = [whole("each of seeds", seed, 0, math.inf) for seed in several("seeds", seeds)]
        self.passes, self.walks = function("passes", passes), 0

    def __call__(self, skills, agent):
        """Return by name whether each skill passes."""
        trial = copy(agent)
        trial.env, trial.library = self.world, copy(agent.library)
        trial.library.rebuild(one for one in agent.library if one.life.status != "candidate")
        verdicts, standing = {}, [self._walk(trial, seed) for seed in self.seeds]
        for skill in skills:
            verdicts[skill.name], known = False, list(trial.library)
            again = [_would_be_chosen(skill, trial, episode) for episode in standing]
            if not any(again):
                continue
            trial.library.add(replace(skill, life=Life()))
            tried = [
                self._walk(trial, seed) if anew else episode
                for seed, anew, episode in zip(self.seeds, again, standing, strict=True)
            ]
            if self.passes(*([*map(len, walks)] for walks in (standing, tried))):
                verdicts[skill.name], standing = True, tried
            else:
                trial.library.rebuild(known)
        return verdicts

    def _walk(self, trial, seed):
        """Return the episode in one probe room; chance is the same each time."""
        self.walks += 1
        trial.rng = np.random.default_rng(seed)
        return trial.run_episode(learn=False, seed=seed)


def _would_be_chosen(skill, trial, episode):
    """Whether a skill is as similar as what was chosen, at any decision of the episode."""
    direction = unit(skill.embedding)
    for _, (step, *_) in groupby(episode.steps, key=lambda step: id(step.decision)):
        offered = {one.name: one for one in step.decision.candidates if not one.closed_loop}
        chosen = offered.get(step.decision.skill)
        needed = chosen.similarity if chosen else trial.frozen_threshold
        alike = trial.create_embedding(step.state, ()) @ direction >= needed - 1e-6
        if skill.closed_loop or alike:
            return True
    return False
