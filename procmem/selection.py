"""Which skill to use, if any: a verdict on each candidate, and the choice between them."""

from procmem.arguments import each
from procmem.episode import Candidate
from procmem.skill import describe, is_candidate

NEARLY_IDENTICAL = 0.99
"""From this similarity on, a recording counts as made in the present situation.

One from farther away is followed for a single step, and then memory is asked again.
"""


def choose(candidates):
    """Return the ``Candidate`` to use, or ``None`` to explore.

    Recordings of nearly the same situation come first, then closed-loop skills, then other
    recordings. Within each the most similar wins; of equals the one that brings about more, then
    the shorter, then the more successful, then the first.
    """
    candidates = each("candidates", candidates, Candidate)
    eligible = [candidate for candidate in candidates if candidate.eligible]
    return min(eligible, key=_order, default=None)


def _order(candidate):
    recorded = not candidate.closed_loop
    group = 0 if recorded and candidate.similarity >= NEARLY_IDENTICAL else 1 + recorded
    n_effects, n_steps = candidate.n_effects, candidate.n_steps
    return group, -candidate.similarity, -n_effects, n_steps, -candidate.success_estimate


def judge(skill, similarity, state, threshold, min_success, failed):
    """Return the ``Candidate`` record of one skill in ``state``: may it be used, and why not?

    ``similarity`` is that of its embedding to the query. ``failed`` holds what has just failed from
    here: names of skills, and actions, which changed nothing.
    """
    similarity = skill.fit(similarity, state) if hasattr(skill, "fit") else similarity
    applicable, estimate = skill.applicable(state), skill.success_estimate
    just_failed = skill.name in failed or (
        bool(failed) and applicable and skill.act(state, 0) in failed
    )
    if not applicable:
        verdict = f"not here: it needs {describe(skill.preconditions)}"
    elif is_candidate(skill):
        verdict = "not verified in another room yet"
    elif similarity < threshold:
        verdict = f"too unlike: similarity below {threshold:.2f}"
    elif estimate < min_success:
        verdict = f"not trusted: success estimate below {min_success:.2f}"
    elif just_failed:
        verdict = "just failed from here"
    else:
        verdict = "eligible"
    return Candidate(
        skill.name,
        similarity,
        applicable,
        estimate,
        just_failed,
        getattr(skill, "closed_loop", False),
        len(skill.effects),
        len(skill.action_sequence),
        verdict,
        verdict == "eligible",
    )
