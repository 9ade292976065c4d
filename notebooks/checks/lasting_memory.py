"""The exercises of lesson 08, Lasting memory."""

import numpy as np
from procmem_checks.exercise import Exercise, equal

from procmem import Action, Life, Skill, SkillLibrary, cosine_similarity, net_gain

# ---------------------------------------------------------------- 08.1: a gate


def _why_passes(args, given, expected):
    before, after, *more = args
    budget = more[0] if more else 1
    saved = [a - b for a, b in zip(before, after, strict=True)]
    worse = sum(one < 0 for one in saved)
    told = f"with the skill the rooms take {sum(after)} steps instead of {sum(before)}"
    if expected:
        return f"{told}, and it costs steps in {worse} of them, within the budget of {budget}"
    if not any(saved):
        return "a skill that changes nothing saves nothing"
    if sum(saved) > 0:
        return f"it costs steps in {worse} rooms, and the budget is {budget}"
    return told if sum(saved) else f"{told}: nothing is saved in total"


# ---------------------------------------------------------------- 08.2: twins


def _same(a, b):
    claims = a.preconditions == b.preconditions and a.effects == b.effects
    does = a.action_sequence == b.action_sequence
    return claims and does and cosine_similarity(a.embedding, b.embedding) >= 0.9


def _skill(name, **changes):
    fields = {
        "preconditions": {"has_key": False, "door_open": False},
        "action_sequence": [Action.LEFT, Action.PICK_UP],
        "embedding": [2.0, 0.0],
        "effects": {"has_key": True},
    }
    fields |= changes
    return Skill(name, **fields)


_A = _skill("a")
_OTHERS = (
    _skill("b in a like situation", embedding=[1.0, 0.3]),
    _skill("b in an unlike situation", embedding=[0.3, 0.3]),
    _skill("b in another order", action_sequence=[Action.PICK_UP, Action.LEFT]),
    _skill("b as long as a", action_sequence=[Action.RIGHT, Action.PICK_UP]),
    _skill("b for another effect", effects={"door_open": True}),
    _skill("b with other preconditions", preconditions={"has_key": True, "door_open": False}),
    _skill("b with a longer embedding", embedding=[2.0, 2.0]),
)


def _why_same(args, given, expected):
    a, b = args
    if a.action_sequence != b.action_sequence:
        return "their action sequences differ"
    if (a.preconditions, a.effects) != (b.preconditions, b.effects):
        return f"their {'effects' if a.effects != b.effects else 'preconditions'} differ"
    alike = cosine_similarity(a.embedding, b.embedding)
    if expected:
        return f"all four conditions hold: the cosine similarity is {alike:.2f}"
    product = float(np.dot(a.embedding, b.embedding))
    if product >= 0.9 and alike < 0.9:
        return f"the cosine similarity is {alike:.2f}: a product of embeddings is not yet a cosine"
    return f"the cosine similarity is {alike:.2f}, less than 0.9"


# ---------------------------------------------------------------- 08.3: utility


def _learned(skill):
    return skill.life.source[0] if skill.life.source else 10


def _utility(skill, library):
    return skill.success_count / (1 + library.age - _learned(skill))


def _case(worked, used, learned, age, steps=3):
    life = Life(source=learned and (learned, 1, 1))
    actions = [Action.LEFT] * steps
    skill = Skill("it", {}, actions, [1.0, 0.0], worked, times_used=used, life=life)
    library = SkillLibrary()
    library.age = age
    return skill, library


def _why_utility(args, given, expected):
    skill, library = args
    since = 1 + library.age - _learned(skill)
    worked, used = skill.success_count, skill.times_used
    if equal(given, used / since) and used != worked:
        return f"only uses that worked count: {worked} of {used}"
    if equal(given, worked) and since != 1:
        return f"it is per episode, and there were {since} of them"
    if equal(given, expected * len(skill)):
        return "the length has no part in it"
    if since > 1 and equal(given, worked / (since - 1)):
        return f"the present episode counts as well: {since} episodes, not {since - 1}"
    if equal(given, worked / (1 + library.age)):
        return f"only episodes since it was learned count: {since} of {library.age}"
    return f"it worked {worked} times in {since} episodes"


def _described(args):
    skill, library = args
    worked = f"a skill that worked {skill.success_count} of {skill.times_used} times"
    return f"{worked}, learned in episode {_learned(skill)}, in episode {library.age}"


# ---------------------------------------------------------------- 08.4: two become one


def _joined(first, second):
    return {
        "needs": dict(first["needs"]),
        "does": [*first["does"], *second["does"]],
        "makes": {**first["makes"], **second["makes"]},
    }


def _why_joined(args, given, expected):
    if not isinstance(given, dict) or given.keys() != expected.keys():
        return "the answer is a dict with the keys needs, does and makes"
    first, second = args
    if not equal(given["needs"], expected["needs"]):
        return "what the second one needs, the first one may bring about: only the first counts"
    if not equal(given["does"], expected["does"]):
        return "all actions of the first come before all actions of the second"
    if equal(given["makes"], {**second["makes"], **first["makes"]}):
        return "where they disagree, the second has the last word"
    return "it makes true what both make true"


_FETCH = {"needs": {"has_key": False}, "does": ["left", "pick up"], "makes": {"has_key": True}}
_UNLOCK = {"needs": {"has_key": True}, "does": ["down", "open"], "makes": {"door_open": True}}
_LEAVE = {"needs": {}, "does": ["drop"], "makes": {"has_key": False, "at_goal": True}}

EXERCISES = {
    "08.1": Exercise(
        net_gain,
        (
            ([10, 12], [8, 13]),
            ([10, 12, 9], [10, 12, 9]),
            ([20, 10, 10], [10, 11, 12]),
            ([20, 10, 10], [10, 11, 12], 2),
            ([8, 9], [9, 12]),
            ([8, 9], [7, 10]),
            ([5, 5], [5, 4], 0),
        ),
        explain=_why_passes,
        plug_in=True,
        repair=True,
    ),
    "08.2": Exercise(
        _same,
        tuple((_A, other) for other in _OTHERS),
        explain=_why_same,
        describe=lambda args: f"same(a, b), {args[1].name},",
        plug_in=True,
    ),
    "08.3": Exercise(
        _utility,
        (_case(6, 9, 5, 10), _case(2, 2, 7, 7), _case(3, 4, None, 12), _case(0, 2, 1, 40)),
        explain=_why_utility,
        describe=_described,
        plug_in=True,
    ),
    "08.4": Exercise(
        _joined,
        ((_FETCH, _UNLOCK), (_UNLOCK, _FETCH), (_FETCH, _LEAVE)),
        explain=_why_joined,
    ),
}
