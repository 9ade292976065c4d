"""A skill as the text of a ``SKILL.md``, for people to read, and back again."""

import json
import re

from procmem.arguments import function, instance
from procmem.episode import facts
from procmem.skill import PlainAction, Recording, Skill, action_name, describe

PAGE = """---
name: {folder}
description: {description}
---

# {name}

## When
{when}

## Steps
{steps}

## Then
{then}

Worked {worked} of {used} times.
"""
_PARTS = {
    "a name": r"\A---\nname: ([a-z0-9-]{1,64})\n",
    "a description": r"^description: (.+)\n---\n",
    "a title": r"^# (.+)$",
    "the part When": r"^## When\n((?:- .+\n)*)",
    "the part Steps": r"^## Steps\n((?:\d+\. \w+ \(\d+\)\n)+)",
    "the part Then": r"^## Then\n((?:- .+\n)*)",
    "counts": r"^Worked (\d+ of \d+) times\.$",
}


def to_skill_md(skill):
    """Return a skill as the text of a ``SKILL.md``: what it does, when to use it, and how."""
    when = instance("skill", skill, Skill).situation or skill.preconditions
    names = map(action_name, skill.action_sequence)
    request = f" and the request is like: {when['request']}" if "request" in when else ""
    does = f"Brings about {describe(skill.effects)} by {' '.join(names)}."
    description = f"{does} Use when {describe(skill.preconditions)}{request}"
    steps = [f"{i}. {action_name(a)} ({int(a)})" for i, a in enumerate(skill.action_sequence, 1)]
    return PAGE.format(
        folder=folder_name(skill.name),
        description=json.dumps(description[:1000]),
        name=skill.name,
        when=_listed(when),
        steps="\n".join(steps),
        then=_listed(skill.effects),
        worked=skill.success_count,
        used=skill.times_used,
    )


def folder_name(name):
    """Return a name of at most 64 letters a-z, digits and single hyphens; its end is kept."""
    hyphened = re.sub(r"[^a-z0-9]+", "-", instance("name", name, str).lower())
    return hyphened.strip("-")[-64:].strip("-") or "skill"


def _listed(state):
    return "\n".join(f"- {name}: {json.dumps(value)}" for name, value in state.items())


def _read(lines):
    try:
        pairs = re.findall(r"^- (\w+): (.+)$", lines, re.MULTILINE)
        values = {name: json.loads(value) for name, value in pairs}
    except json.JSONDecodeError:
        raise ValueError(f"text must list true, false, texts and places, got {lines!r}") from None
    return {n: tuple(value) if isinstance(value, list) else value for n, value in values.items()}


def from_skill_md(text, encoder):
    """Return the skill that a ``SKILL.md`` describes; its vector is made by ``encoder``.

    The text is read, never run. ``ValueError`` says what is missing.
    """
    text, encoder = instance("text", text, str), function("encoder", encoder)
    found = {part: re.search(form, text, re.MULTILINE) for part, form in _PARTS.items()}
    if lacking := [part for part, match in found.items() if not match]:
        raise ValueError(f"text must be a SKILL.md of this course, got one without {lacking[0]}")
    _, _, title, when, steps, then, counts = (match[1] for match in found.values())
    when, then = _read(when), _read(then)
    steps = re.findall(r"^\d+\. (\w+) \((\d+)\)$", steps, re.MULTILINE)
    worked, used = map(int, counts.split(" of "))
    return Skill(
        title,
        facts(when),
        [PlainAction(int(number), name) for name, number in steps],
        encoder(when),
        worked,
        times_used=used,
        effects=then,
        recording=Recording(when, when, {**when, **then}),
    )
