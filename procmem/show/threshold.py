"""Where to set the threshold: what it does to reuse, and what its mistakes cost."""

from functools import partial
from itertools import groupby

from procmem.arguments import real
from procmem.gridworld import transition
from procmem.rehearsal import would_work
from procmem.show.picture import Picture, box, card, group, path, words
from procmem.show.player import Stepper
from procmem.show.record import slot
from procmem.show.style import GRID, INK, LOOKS

FATES = ("Hits", "False reuse", "Misses", "Left alone")
_MEANING = (
    "used, and it works",
    "used, but it fails",
    "not used, but it would work",
    "not used, and it would fail",
)
LONG, HIGH, TOP = 400, 90, 96  # pixels: from threshold 0 to 1; the curve's height, and its top


def reuse_queries(agent, situations, k=5):
    """Return what ``ThresholdExplorer`` asks for, one pair for each situation and skill.

    ``situations`` are pairs (layout, state). Of the ``k`` most similar skills those count whose
    preconditions hold there.
    """
    return [
        (similarity, would_work(skill, state, partial(transition, layout)))
        for layout, state in situations
        for similarity, skill in agent.library.retrieve(agent.create_embedding(state, ()), k)
        if skill.applicable(state)
    ]


class ThresholdExplorer(Stepper):
    """What a threshold of similarity does to reuse; ``queries`` are pairs (similarity, works).

    Each query is a dot, a circle where reuse works and a cross where it fails. The line is dragged,
    or moved by the controls, in hundredths; the curve below is ``cost``: so much for each false
    reuse, and so much for each miss. ``counts(threshold)`` says how many queries met which fate.
    """

    def __init__(self, queries, threshold=0.8, *, cost=(1.0, 1.0)):
        self.queries = [(float(similarity), bool(works)) for similarity, works in queries]
        self.threshold = round(real("threshold", threshold, 0, 1), 2)
        false_reuse, miss = cost
        self.cost = real("cost", false_reuse, 0), real("cost", miss, 0)
        marks = [n / 100 for n in range(101)]
        self._costs = [self._cost(mark) for mark in marks]
        frames = [self._frame(n) for n in range(101)]
        said = slot("say", [frame["say"] for frame in frames])
        html = f'<div role="status">{said}</div>{self._card("0")}'
        super().__init__(html, frames, label="Threshold, hundredths", step=round(100 * threshold))
        self.add_class("procmem-threshold")

    def counts(self, threshold):
        """Return how many queries are hits, false reuse, misses and left alone, by name."""
        fates = dict.fromkeys(FATES, 0)
        for similarity, works in self.queries:
            used = similarity >= threshold
            fates[FATES[(0 if works else 1) if used else (2 if works else 3)]] += 1
        return fates

    def _cost(self, threshold):
        counts = self.counts(threshold)
        return self.cost[0] * counts["False reuse"] + self.cost[1] * counts["Misses"]

    def _frame(self, n):
        height = TOP + HIGH * (1 - self._costs[n] / max(1, *self._costs))
        line = round(LONG * n / 100, 1)
        return {
            "line": (line, 0, 1),
            "dot": (line, round(height, 1), 1),
            "say": self._told(n / 100),
        }

    def _told(self, threshold):
        counts = self.counts(threshold).items()
        listed = "; ".join(
            f"{name.lower()} {count} ({words})"
            for (name, count), words in zip(counts, _MEANING, strict=True)
        )
        cost = self._cost(threshold)
        return (
            f"At threshold {threshold:.2f}, of {len(self.queries)} queries: {listed}. "
            f"Cost: {cost:g}."
        )

    def _card(self, part=""):
        frame = self._frame(round(100 * self.threshold))
        moves = [group(path("M0 -2V190", pen=INK, width=2), frame["line"], part and "line")]
        moves += [group(path("M0 0h.01", pen=INK, width=9), frame["dot"], part and "dot")]
        points = (f"{LONG * n / 100:g} {self._frame(n)['dot'][1]:g}" for n in range(101))
        curve = path(f"M{'L'.join(points)}", pen=INK, width=1.8)
        track = f'<rect data-steps="100" y="-10" width="{LONG}" height="210" fill="transparent"/>'
        plot = box(0, TOP, LONG, HIGH, "none", GRID, 1) + curve + self._dots() + "".join(moves)
        labels = [(LONG + 8, 22, "works", "start"), (LONG + 8, 66, "fails", "start")]
        labels += [
            (LONG + 8, TOP + HIGH / 2, "cost", "start"),
            (LONG / 2, 218, "threshold", "middle"),
        ]
        labels += [(LONG * value, 204, f"{value:g}", "middle") for value in (0, 0.5, 1)]
        told = "".join(words(x, y, text, 12, INK, anchor) for x, y, text, anchor in labels)
        label = "Similarity of each query, and the cost of each threshold"
        return card(
            LONG + 76, 240, label, group(plot + told + (track if part else ""), (20, 14, 1))
        )

    def _dots(self):
        """Return a mark for each query, one above the other where they are equally similar."""
        works, fails = "", ""
        for good in (True, False):
            chosen = sorted(round(s * LONG / 4) * 4 for s, works in self.queries if works == good)
            for x, same in groupby(chosen):
                heap = len(list(same))
                for n in range(heap):
                    y = (34 if good else 80) - n * min(4, 34 / heap)
                    works += f"M{max(0, x)} {y:.3g}h.01" if good else ""
                    fails += "" if good else f"M{max(0, x) - 2} {y - 2:.3g}l4 4m0 -4l-4 4"
        good, bad = LOOKS["worked"].colour, LOOKS["failed"].colour
        return path(works, pen=good, width=4.5) + path(fails, pen=bad, width=1.3)

    def picture(self):
        """Return the dots and the curve as a ``Picture``."""
        return Picture(self._card(), f"Threshold explorer. {self._told(self.threshold)}")
