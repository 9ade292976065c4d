"""Skills in words: an office seen by roles, the likeness of requests, and skills as text files."""

import json
import re
from collections import Counter
from copy import copy
from dataclasses import replace
from enum import IntEnum
from itertools import product
from pathlib import Path

import gymnasium
import numpy as np
from gymnasium import spaces

from procmem import arguments
from procmem.arguments import each, function, having, instance, whole
from procmem.embedding import padded, unit
from procmem.episode import facts, true_facts
from procmem.library import SkillLibrary
from procmem.office import TOOLS, shortest_path
from procmem.skill import PlainAction, Recording, Skill, action_name, describe

Role = IntEnum(
    "Role", [f"{tool}_{role}" for tool, role in product(TOOLS, ("file", "person"))], start=0
)
Role.__doc__ = "A tool used on what has a role in the request."


# ---------------------------------------------------------------- roles in the place of slots


def roles(state):
    """Return ``{role: slot}``: where on the desk the things lie that the request names."""
    slots = {name: thing for name, thing in state.items() if name.startswith("slot_")}
    return {
        "file" if " " in thing else "person": int(name.removeprefix("slot_"))
        for name, thing in slots.items()
        if thing in state["request"]
    }


def lift(state):
    """Return the state without the desk, and with roles in the place of names in the request."""
    lifted = {name: value for name, value in state.items() if not name.startswith("slot_")}
    for role, slot in roles(state).items():
        lifted["request"] = lifted["request"].replace(state[f"slot_{slot}"], f"${role}")
    return lifted


def bind(name, state):
    """Return the name of the office's action for a tool used on a role: ``SIGN_4``."""
    tool, role = name.split("_")
    return f"{tool}_{roles(state)[role]}"


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
    state, _ = env.reset(seed=seed)
    found = []
    for action in shortest_path(env):
        tool, slot = action.name.split("_")
        role = next(
            name for name, where in roles(env.unwrapped.state).items() if where == int(slot)
        )
        needed = Role[f"{tool}_{role}"]
        found.append((state, needed))
        state, *_ = env.step(needed)
    return found


def examine_requests(agent, env, seeds, use_skills=True):
    """Return steps / optimum for each request, without learning."""
    agent, ratios = copy(agent), []
    agent.env = having("env", env, "reset", "step")
    for seed in seeds:
        env.reset(seed=seed)
        optimum = len(shortest_path(env))
        agent.rng = np.random.default_rng(seed)
        ratios.append(len(agent.run_episode(use_skills, learn=False, seed=seed)) / optimum)
    return ratios


def printing(env, count, wanted=True):
    """Return seeds of the first ``count`` requests that ask (or do not ask) to print something."""
    found, seed = [], 0
    while len(found) < count:
        request = env.reset(seed=seed)[0]["request"].lower()
        if ("print" in request or "paper" in request) is wanted:
            found.append(seed)
        seed += 1
    return found


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

    ``effects[i]`` is what worked when ``requests[i]`` was asked.
    """
    requests, effects = each("requests", requests, str), each("effects", effects, object)
    if len(requests) != len(effects):
        raise ValueError(f"effects must be one for each of requests, got {len(effects)}")
    pairs = [
        (set(words(request)), effect) for request, effect in zip(requests, effects, strict=True)
    ]
    known = sorted(set().union(*(found for found, _ in pairs)))
    parted = {
        w: [[e for found, e in pairs if (w in found) is has] for has in (True, False)]
        for w in known
    }
    return {
        word: (_bits(effects) - sum(map(_bits, parts))) / len(pairs)
        for word, parts in parted.items()
    }


def _bits(effects):
    """Return in bits how many yes-or-no questions it takes to tell all these effects."""
    counts = np.array(list(Counter(effects).values()), dtype=np.float64)
    return float(-(counts * np.log2(counts / counts.sum())).sum()) if len(counts) else 0.0


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
        self.weights, self._seen, self._directions = {}, {}, {}

    def __call__(self, state):
        """Return the vector of ``state``, of length 1."""
        known, vector = true_facts(state), np.zeros(self.dim)
        weights = self.weights.get(known)
        for word in sorted(set(words(state.get("request", "")))):
            vector += (1.0 if weights is None else weights.get(word, 0.0)) * self._direction(word)
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
                weights = self.weigh(*zip(*sorted(pairs), strict=True))
                # A tenth is close enough: else every request would change every vector.
                self.weights[known] = {word: round(weight, 1) for word, weight in weights.items()}
        return self.weights != before

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


# ---------------------------------------------------------------- skills as text files

PARTS = ("When", "Steps", "Then")


def to_skill_md(skill):
    """Return a skill as the text of a ``SKILL.md``: what it does, when to use it, and how."""
    when = instance("skill", skill, Skill).situation or skill.preconditions
    request = f" and the request is like: {when['request']}" if "request" in when else ""
    does = " ".join(action_name(action) for action in skill.action_sequence)
    description = f"Brings about {describe(skill.effects)} by {does}. "
    description += f"Use when {describe(skill.preconditions)}{request}"
    steps = [f"{i}. {action_name(a)} ({int(a)})" for i, a in enumerate(skill.action_sequence, 1)]
    lists = ["\n".join(map(_entry, when.items())), "\n".join(steps)]
    lists.append("\n".join(map(_entry, skill.effects.items())))
    body = [f"## {part}\n{text}" for part, text in zip(PARTS, lists, strict=True)]
    counts = f"Worked {skill.success_count} of {skill.times_used} times."
    front = f"---\nname: {folder_name(skill.name)}\ndescription: {json.dumps(description[:1000])}"
    return "\n\n".join([f"{front}\n---", f"# {skill.name}", *body, counts]) + "\n"


def folder_name(name):
    """Return a name of at most 64 letters a-z, digits and single hyphens."""
    return (
        re.sub(r"[^a-z0-9]+", "-", instance("name", name, str).lower()).strip("-")[:64].strip("-")
        or "skill"
    )


def _entry(item):
    name, value = item
    if isinstance(value, bool):
        return f"- {name}: {'yes' if value else 'no'}"
    return f"- {name}: {json.dumps(value)}"  # a place becomes [row, col]


def from_skill_md(text, encoder):
    """Return the skill that a ``SKILL.md`` describes; its vector is made by ``encoder``.

    The text is read, never run. ``ValueError`` says what is missing.
    """
    text, encoder = instance("text", text, str), function("encoder", encoder)
    front = re.match(r"---\nname: ([a-z0-9-]{1,64})\ndescription: (.+)\n---\n", text)
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    parts = {part: re.search(rf"^## {part}\n((?:.+\n)+)", text, re.MULTILINE) for part in PARTS}
    lacking = [part for part, found in parts.items() if not found]
    counts = re.search(r"^Worked (\d+) of (\d+) times\.$", text, re.MULTILINE)
    if not front or not title or not counts or lacking:
        missing = f"the part {lacking[0]}" if lacking else "name, description, title and counts"
        raise ValueError(f"text must be a SKILL.md of this course, got one without {missing}")
    when, then = (_entries(parts[part][1]) for part in ("When", "Then"))
    steps = re.findall(r"^\d+\. (\w+) \((\d+)\)$", parts["Steps"][1], re.MULTILINE)
    worked, used = counts.groups()
    return Skill(
        title[1],
        facts(when),
        [PlainAction(int(number), name) for name, number in steps],
        encoder(when),
        int(worked),
        times_used=int(used),
        effects=then,
        recording=Recording(when, when, {**when, **then}),
    )


def _entries(lines):
    pairs = re.findall(r"^- (\w+): (.+)$", lines, re.MULTILINE)
    words = {"yes": True, "no": False}
    values = {name: words[text] if text in words else json.loads(text) for name, text in pairs}
    return {n: tuple(value) if isinstance(value, list) else value for n, value in values.items()}


def export_skills(library, folder):
    """Write each skill of a library as ``folder/NAME/SKILL.md``; return the paths."""
    paths = []
    for skill in instance("library", library, SkillLibrary):
        path = Path(folder) / folder_name(skill.name) / "SKILL.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(to_skill_md(skill), encoding="utf-8")
        paths.append(path)
    return paths


def import_skills(folder, encoder):
    """Return a library of the skills in ``folder``, in the order of their numbers."""
    library = SkillLibrary(encoder=encoder)
    paths = Path(folder).glob("*/SKILL.md")
    for path in sorted(paths, key=lambda p: [int(n) for n in re.findall(r"\d+", p.parent.name)]):
        library.add(from_skill_md(path.read_text(encoding="utf-8"), encoder))
    return library
