"""The exercises of lesson 00, Start here."""

from procmem_checks.exercise import Exercise


def _ratios(steps, optimum):
    return [a / b for a, b in zip(steps, optimum, strict=True)]


def _trend(solved):
    half = len(solved) // 2
    first, second = sum(solved[:half]), sum(solved[half:])
    if second > first:
        return "learning"
    return "unlearning" if second < first else "neither"


EXERCISES = {
    "00.1": Exercise(
        reference=_ratios,
        cases=(([9, 14], [9, 7]), ([30], [12]), ([], [])),
        note="14 steps where 7 would do is 2: twice as long as needed.",
    ),
    "00.2": Exercise(
        reference=_trend,
        cases=(
            ([False, False, True, True],),
            ([True, True, False, True],),
            ([True, False, False, True],),
            ([],),
        ),
    ),
}
