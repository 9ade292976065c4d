"""Skills in words: an office seen by roles, the likeness of requests, and a growing library."""

import itertools
import re
from collections import Counter, defaultdict
from copy import copy
from dataclasses import replace
from enum import IntEnum

import gymnasium
import numpy as np
from gymnasium import spaces

from procmem import arguments
from procmem.arguments import each, flag, function, having, instance, several, whole
from procmem.embedding import padded, unit
from procmem.episode import partial_state, true_facts
from procmem.library import SkillLibrary
from procmem.office import TOOLS, shortest_path
from procmem.skill import Recording

_USES = [f"{tool}_{role}" for tool, role in itertools.product(TOOLS, ("file", "person"))]
Role = IntEnum("Role", _USES, start=0)
Role.__doc__ = "A tool used on what has a role in the request."


# ---------------------------------------------------------------- roles in the place of slots


def roles(state):
    """Return ``{role: slot}``: where on the desk the things lie that the request names."""
    return {
        "file" if " " in thing else "person": int(name.removeprefix("slot_"))
        for name, thing in partial_state("state", state).items()
        if name.startswith("slot_") and thing in state["request"]
    }


def lift(state):
    """Return the state without the desk, and with roles in the place of names in the request."""
    found = roles(state)
    lifted = {name: value for name, value in state.items() if not name.startswith("slot_")}
    for role, slot in found.items():
        lifted["request"] = lifted["request"].replace(state[f"slot_{slot}"], f"${role}")
    return lifted


def bind(name, state):
    """Return the name of the office's action for a tool used on a role: ``SIGN_4``."""
    tool, _, role = instance("name", name, str).partition("_")
    known = roles(state)
    if role not in known:
        raise ValueError(f"name must end in a role of the state, as SIGN_file does, got {name!r}")
    return f"{tool}_{known[role]}"


class Roles(gymnasium.Wrapper, gymnasium.utils.RecordConstructorArgs):
    """Shows an ``Office`` by roles: states are lifted, and tools are used on a role.

    ``lift(state)`` returns what the agent sees, ``bind(name, state)`` the name of the office's
    action for a role's; either may be replaced.
    """

    actions = Role

    def __init__(self, env, *, lift=lift, bind=bind):
        gymnasium.utils.RecordConstructorArgs.__init__(self, lift=lift, bind=bind)
        gymnasium.Wrapper.__init__(self, having("env", env, "reset", "step", "get_wrapper_attr"))
        self.lift, self.bind = function("lift", lift), function("bind", bind)
        self.action_space = spaces.Discrete(len(Role))

    def reset(self, *, seed=None, options=None):
        """Begin with a new request."""
        state, info = self.env.reset(seed=seed, options=options)
        return self.lift(state), info

    def step(self, action):
        """Do ``action``; return ``(state, reward, terminated, truncated, info)``."""
        role = arguments.action(action, Role, self.action_space)
        name = self.bind(role.name, self.env.get_wrapper_attr("state"))
        state, *rest = self.env.step(self.env.get_wrapper_attr("actions")[name])
        return self.lift(state), *rest


def moments(env, seed):
    """Return every moment of the shortest solution: pairs (what the agent sees, what is needed)."""
    state, _ = having("env", env, "reset", "step", "unwrapped").reset(seed=seed)
    role_of = {str(slot): role for role, slot in roles(env.unwrapped.state).items()}
    found = []
    for action in shortest_path(env):
        tool, slot = action.name.split("_")
        found.append((state, Role[f"{tool}_{role_of[slot]}"]))
        state, *_ = env.step(found[-1][1])
    return found


def examine_requests(agent, env, seeds, use_skills=True):
    """Return steps / optimum for each request, without learning."""
    agent, ratios = copy(having("agent", agent, "run_episode", "rng")), []
    agent.env = having("env", env, "reset", "step", "unwrapped")
    use_skills = flag("use_skills", use_skills)
    for seed in [whole("each of seeds", one) for one in several("seeds", seeds)]:
        env.reset(seed=seed)
        optimum = len(shortest_path(env))
        agent.rng = np.random.default_rng(seed)
        ratios.append(len(agent.run_episode(use_skills, learn=False, seed=seed)) / optimum)
    return ratios


def printing(env, count, wanted=True):
    """Return seeds of the first ``count`` requests that ask (or do not ask) to print something."""
    having("env", env, "reset")
    count, wanted = whole("count", count), flag("wanted", wanted)

    def prints(seed):
        request = env.reset(seed=seed)[0]["request"].lower()
        return "print" in request or "paper" in request

    wanted_seeds = (seed for seed in itertools.count() if prints(seed) is wanted)
    return list(itertools.islice(wanted_seeds, count))


# ---------------------------------------------------------------- the likeness of requests


def words(text):
    """Return the words of a text in lower case; roles such as ``$file`` are words."""
    return re.findall(r"\$?\w+", instance("text", text, str).lower())


def inverse_document_frequencies(requests, effects=()):
    """Return ``{word: weight}``: the logarithm of all requests by those that have the word."""
    requests = each("requests", requests, str)
    counts = Counter(word for request in requests for word in set(words(request)))
    return {word: float(np.log(len(requests) / count)) for word, count in sorted(counts.items())}


def informative(requests, effects):
    """Return ``{word: bits}``: how much a word tells of the effect, its mutual information with it.

    That is by how many bits it is easier to tell the effect if it is known whether the request has
    the word. ``effects[i]`` is what worked when ``requests[i]`` was asked.
    """
    requests, effects = each("requests", requests, str), each("effects", effects, object)
    if len(requests) != len(effects):
        raise ValueError(f"effects must be one for each of requests, got {len(effects)}")
    total, beside = Counter(effects), defaultdict(Counter)
    for request, effect in zip(requests, effects, strict=True):
        for word in sorted(set(words(request))):
            beside[word][effect] += 1
    return {
        word: (_bits(total) - _bits(has) - _bits(total - has)) / total.total()
        for word, has in sorted(beside.items())
    }


def _bits(counts):
    """Return how many yes-or-no questions it takes at least to tell the effects of all requests."""
    n = np.array(sorted(counts.values()), dtype=np.float64)
    return float(-(n * np.log2(n / n.sum())).sum())


class WordEncoder:
    """The words of a request, each with its weight, and the true facts, as a ``(dim,)`` vector.

    Half of the similarity is that of the words, half is whether all facts agree. For each set of
    true facts ``weigh(requests, effects)`` returns ``{word: weight}`` from what has worked there;
    other words count nothing, and where nothing is known, each counts 1. A word has a random
    direction of its own, the same in every process: different words are nearly at right angles.
    """

    kind = "words"

    def __init__(self, dim=256, *, weigh=informative):
        self.dim, self.weigh = whole("dim", dim, 2, 10**6), function("weigh", weigh)
        self.weights, self._seen, self._directions, self._vectors = {}, {}, {}, {}

    def __call__(self, state):
        """Return the vector of ``state``, of length 1."""
        known, request = true_facts(state), state.get("request", "")
        # One weight that changes has all skills encoded anew, but for most facts none changes.
        vectors = self._vectors.setdefault(known, {})
        if request not in vectors:
            vectors[request] = self._vector(known, request)
        return vectors[request].copy()

    def _vector(self, known, request):
        weights, vector = self.weights.get(known), np.zeros(self.dim)
        for word in sorted(set(words(request))):
            weight = 1.0 if weights is None else weights.get(word, 0.0)
            if weight:
                vector += weight * self._direction(word)
        return padded(unit(vector) + unit(self._direction(" ".join(sorted(known)))), self.dim)

    def _direction(self, word):
        if word not in self._directions:
            rng = np.random.default_rng([7, *word.encode()])
            self._directions[word] = rng.standard_normal(self.dim)
        return self._directions[word]

    def learn(self, recordings):
        """Set the weights from recordings; return whether they changed."""
        groups, before = {}, dict(self.weights)
        for one in each("recordings", recordings, Recording):
            effect = tuple(sorted(true_facts(one.end) - true_facts(one.situation)))
            request = one.situation.get("request", "")
            groups.setdefault(true_facts(one.situation), set()).add((request, effect))
        for known, pairs in groups.items():
            if pairs != self._seen.get(known):
                self._seen[known] = pairs
                self._weigh(known, sorted(pairs))
        return self.weights != before

    def _weigh(self, known, pairs):
        # A tenth is close enough: else every request would change every vector.
        found = self.weigh(*zip(*pairs, strict=True)).items()
        weights = {word: round(weight, 1) for word, weight in found}
        if weights != self.weights.get(known):
            self.weights[known] = weights
            self._vectors.pop(known, None)

    def describe(self):
        """Return what must agree for two encoders' vectors to be compared, as plain data."""
        return {"kind": self.kind, "dim": self.dim}


# ---------------------------------------------------------------- what a growing library does


def cause(needed, stored, offered, chosen):
    """Return "right", or where the right skill was lost.

    ``needed`` and ``chosen`` are actions; ``stored`` and ``offered`` hold the first actions of all
    skills that may be used here, and of those that were retrieved.
    """
    if chosen == needed:
        return "right"
    if needed not in stored:
        return "not in the library"
    return "not chosen" if needed in offered else "not retrieved"


def causes(agent, env, seeds, *, cause=cause):
    """Return for each request the causes at all its moments, a list of lists of text."""
    having("agent", agent, "select", "frozen_threshold", "library")
    function("cause", cause)
    seeds = several("seeds", seeds)
    return [[_cause(agent, *one, cause) for one in moments(env, seed)] for seed in seeds]


def _cause(agent, state, needed, cause):
    decision = agent.select(state, threshold=agent.frozen_threshold)
    firsts = {one.name: one.action_sequence[0] for one in agent.library if one.applicable(state)}
    offered = {firsts[one.name] for one in decision.candidates if one.name in firsts}
    return cause(needed, set(firsts.values()), offered, firsts.get(decision.skill))


def grow(agent, library, count):
    """Return a copy of an agent with the first ``count`` skills of another library added."""
    having("agent", agent, "library", "encoder")
    instance("library", library, SkillLibrary)
    agent, part = copy(agent), SkillLibrary(encoder=library.encoder)
    for skill in list(library)[: whole("count", count)]:
        part.add(replace(skill))
    agent.library.merge(part)
    agent.encoder.learn([skill.recording for skill in agent.library if skill.recording])
    agent.library.reencode()
    return agent
