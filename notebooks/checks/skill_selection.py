"""The exercises of lesson 04, Skill selection, and the walks that they are tried on."""

from dataclasses import dataclass
from itertools import pairwise

from procmem_checks.exercise import Exercise

from procmem import Candidate, Step, known_paths


class Walk(list):
    """Steps from cell to cell; the cells are letters."""

    cells = ""

    def __repr__(self):
        return f"walk({self.cells!r})"


class Move(Step):
    """A step that is shown by its two cells."""

    def __repr__(self):
        return f"{self.state['cell']}→{self.next_state['cell']}"


def walk(cells):
    """Return the steps of a walk through cells such as ``"ABACD"``."""
    steps = Walk(
        Move({"cell": here}, None, 0.0, {"cell": there}, False, False)
        for here, there in pairwise(cells)
    )
    steps.cells = cells
    return steps


def through(path):
    """Return the cells of a path as a text, such as ``A→C→D``."""
    return "→".join([path[0].state["cell"], *(step.next_state["cell"] for step in path)])


# ---------------------------------------------------------------- 04.1


def _right_paths(args, given):
    best = {path[0].state["cell"]: len(path) for path in known_paths(args[0])}
    lengths = {path[0].state["cell"]: len(path) for path in given}
    return len(given) == len(best) and lengths == best and not any(_flaws(args[0], given))


def _flaws(steps, given):
    """Yield what is wrong with single paths."""
    walked, end = set(pairwise(steps.cells)), steps.cells[-1]
    for path in given:
        if len(path) == 0:
            yield "an empty list is no path: the end needs none"
            continue
        moves = [(step.state["cell"], step.next_state["cell"]) for step in path]
        for (_, there), (here, _) in pairwise(moves):
            if there != here:
                yield f"{list(path)} does not hang together: after {there} it goes on from {here}"
        if moves[-1][1] != end:
            yield f"{through(path)} does not lead to {end}, where the walk ended"
        if not set(moves) <= walked:
            yield f"{through(path)} holds a step that was never walked"


def _why_paths(args, given, expected):
    steps = args[0]
    if isinstance(given, dict):
        return "a list of paths is wanted, not a dict"
    if given and all(isinstance(step, Step) for step in given):
        return "a list of paths is wanted, one for each cell, and this is one path alone"
    if flaw := next(_flaws(steps, given), None):
        return flaw
    starts = [path[0].state["cell"] for path in given]
    if doubled := [cell for i, cell in enumerate(starts) if cell in starts[:i]]:
        return f"two paths begin in {doubled[0]}, and one is enough"
    right = {path[0].state["cell"]: path for path in expected}
    if missing := [cell for cell in right if cell not in starts]:
        return f"the path from {missing[0]} is missing: {through(right[missing[0]])}"
    for path in given:
        best = right.get(path[0].state["cell"], path)
        if len(path) > len(best):
            return f"{through(path)} has {len(path)} steps, and the walk knows {through(best)}"
    return None


# ---------------------------------------------------------------- 04.2 and 04.4


@dataclass(frozen=True)
class Case(Candidate):
    """A candidate that is shown by what the questions are about."""

    def __repr__(self):
        fits = "facts fit" if self.preconditions_hold else "facts do not fit"
        failed = ", just failed" if self.just_failed else ""
        return (
            f"<{self.name}: {fits}, similarity {self.similarity}, estimate "
            f"{self.success_estimate}, {self.n_steps} steps{failed}>"
        )


def choose(candidates, threshold=0.2, min_success=0.2):
    """Return the most similar candidate that passes all four questions, of equals the shortest."""
    passed = [one for one in candidates if not _objections(one, threshold, min_success)]
    return min(passed, key=lambda one: (-one.similarity, one.n_steps), default=None)


def _objections(one, threshold, min_success):
    """Return which of the four questions speak against a candidate, in words."""
    answers = {
        "its preconditions do not hold": not one.preconditions_hold,
        f"its similarity {one.similarity} is below {threshold}": one.similarity < threshold,
        f"its success estimate {one.success_estimate} is below {min_success}": (
            one.success_estimate < min_success
        ),
        "it has just failed from here": one.just_failed,
    }
    return [words for words, is_so in answers.items() if is_so]


def _limits(candidates, threshold=0.2, min_success=0.2):
    return threshold, min_success


def _why_not(args, given, expected):
    """Return why a candidate may not be used, or why one should have been."""
    passed = [one for one in args[0] if not _objections(one, *_limits(*args))]
    if isinstance(given, str) and not isinstance(given, Candidate):
        return "the candidate itself is wanted, not its name"
    if isinstance(given, list | tuple):
        return "one candidate is wanted, or None, not a list"
    if given is None:
        return f"{passed[0].name} passes all four questions" if passed else None
    if isinstance(given, Candidate) and (no := _objections(given, *_limits(*args))):
        return f"{given.name} must not be used: {no[0]}"
    return None if isinstance(given, Candidate) else "one of the candidates is wanted, or None"


def _why_choice(args, given, expected):
    if why := _why_not(args, given, expected):
        return why
    if expected.similarity > given.similarity:
        return f"{expected.name} passes as well and is more similar"
    if expected.n_steps < given.n_steps:
        return f"{expected.name} is equally similar and shorter"
    return f"{expected.name} is equally similar, equally long and comes first"


def _weighing_trust(candidates, threshold=0.2, min_success=0.2):
    """Return a candidate that passes, by another rule than 04.2; the lesson shows what it costs."""
    passed = [one for one in candidates if not _objections(one, threshold, min_success)]
    return max(passed, key=lambda one: one.similarity * one.success_estimate, default=None)


def _may_be_used(args, given):
    passed = [one for one in args[0] if not _objections(one, *_limits(*args))]
    return given in passed if passed else given is None


def _case(name, similarity, fits=True, estimate=0.5, n_steps=3, failed=False):
    return Case(name, similarity, fits, estimate, failed, n_steps=n_steps)


_FIRST_IS_OUT = [
    _case("A", 0.97, fits=False),
    _case("B", 0.93, failed=True),
    _case("C", 0.88, estimate=0.17),
    _case("D", 0.55, n_steps=5),
    _case("E", 0.4, n_steps=1),
]
_ON_THE_LINE = [_case("A", 0.2, estimate=0.9), _case("B", 0.19)]
_TWINS = [_case("A", 0.9, n_steps=4), _case("B", 0.9, n_steps=2), _case("C", 0.9, n_steps=2)]
_POOR = [_case("A", 0.99, estimate=0.2, n_steps=9), _case("B", 0.98, estimate=0.9)]
_LAST_IS_BEST = [*_TWINS[::-1], _case("D", 0.95, estimate=0.6, n_steps=7)]
_CHOICES = (
    ([],),
    ([_case("A", 0.97, fits=False)],),
    ([_case("A", 0.97, failed=True)],),
    ([_case("A", 0.15)],),
    (_FIRST_IS_OUT,),
    (_FIRST_IS_OUT, 0.8),
    (_FIRST_IS_OUT, 0.8, 0.1),
    (_ON_THE_LINE,),
    (_POOR,),
    (_TWINS,),
    (_LAST_IS_BEST,),
)


# ---------------------------------------------------------------- 04.3


def _cost(threshold, tries, price):
    wrong = sum(similarity >= threshold and not works for similarity, works in tries)
    missed = sum(similarity < threshold and works for similarity, works in tries)
    return price * wrong + missed


def _best_threshold(tries, thresholds, price):
    return min(thresholds, key=lambda threshold: (_cost(threshold, tries, price), threshold))


def _why_threshold(args, given, expected):
    tries, thresholds, price = args
    if given not in thresholds:
        return "only a threshold from the list can be chosen"
    best, yours = (f"{_cost(one, tries, price):g}" for one in (expected, given))
    if best == yours:
        return f"both cost {best}, and of equally good ones the lowest is wanted"
    return f"{given} costs {yours} in all and {expected} costs {best}"


_TRIES = [(0.95, True), (0.9, True), (0.85, False), (0.8, True), (0.6, False), (0.5, True)]
_GRID = [0.0, 0.55, 0.7, 0.82, 0.88, 1.0]


EXERCISES = {
    "04.1": Exercise(
        known_paths,
        tuple((walk(cells),) for cells in ("AB", "ABCD", "ABACD", "ACABCD", "ABCDBED", "ABCBDEAF")),
        accepts=_right_paths,
        explain=_why_paths,
        plug_in=True,
    ),
    "04.2": Exercise(choose, _CHOICES, explain=_why_choice, plug_in=True),
    "04.3": Exercise(
        _best_threshold,
        (
            (_TRIES, _GRID, 1),
            (_TRIES, _GRID, 10),
            (_TRIES, _GRID, 0.1),
            (_TRIES[:2], _GRID, 1),
            (_TRIES, _GRID[::-1], 3),
            ([(0.9, False)], _GRID, 1),
            ([(0.9, True)], [0.8, 0.5], 1),
            ([(0.7, True), (0.6, False)], [0.6, 0.7, 0.8], 1),
        ),
        explain=_why_threshold,
        note="The more a wrong use costs, the higher the threshold.",
        repair=True,
    ),
    "04.4": Exercise(
        _weighing_trust,
        _CHOICES,
        accepts=_may_be_used,
        explain=_why_not,
        note="It uses only what passes; whether it chooses well, the table says.",
        plug_in=True,
    ),
}
