"""Where to set the threshold: what it does to reuse, and what its mistakes cost."""

from collections import Counter
from functools import partial

from procmem.arguments import real
from procmem.gridworld import transition
from procmem.rehearsal import would_work
from procmem.show.picture import Picture, box, card, group, path, words
from procmem.show.player import Stepper
from procmem.show.record import slot
from procmem.show.style import GRID, INK, LOOKS

FATES = {
    "Hits": ((True, True), "used, and it works"),
    "False reuse": ((True, False), "used, but it fails"),
    "Misses": ((False, True), "not used, but it would work"),
    "Left alone": ((False, False), "not used, and it would fail"),
}
"""What can become of a query: whether it is used and works, and that in words."""
LONG, HIGH, TOP = 400, 90, 96  # pixels: from threshold 0 to 1; the curve's height, and its top


def reuse_queries(agent, situations, k=5):
    """Return a pair (similarity, works) for each of the ``k`` most similar skills that apply.

    ``situations`` are pairs (layout, state).
    """
    return [
        (similarity, would_work(skill, state, partial(transition, layout)))
        for layout, state in situations
        for similarity, skill in agent.library.retrieve(agent.create_embedding(state, ()), k)
        if skill.applicable(state)
    ]


class ThresholdExplorer(Stepper):
    """What a threshold of similarity does to reuse; ``queries`` are pairs (similarity, works).

    Each query is a dot where reuse works, and a cross where it fails. The line is dragged, or moved
    by the controls, in hundredths; ``cost`` is that of each false reuse and of each miss.
    """

    def __init__(self, queries, threshold=0.8, *, cost=(1.0, 1.0)):
        self.queries = [(float(similarity), bool(works)) for similarity, works in queries]
        self.threshold = round(real("threshold", threshold, 0, 1), 2)
        false_reuse, miss = cost
        self.cost = real("cost", false_reuse, 0), real("cost", miss, 0)
        self._costs = [self._cost(n / 100) for n in range(101)]
        frames = [self._frame(n) for n in range(101)]
        said = slot("say", [frame["say"] for frame in frames])
        html = f'<div role="status">{said}</div>{self._card()}'
        super().__init__(html, frames, label="Threshold, hundredths", step=round(100 * threshold))
        self.add_class("procmem-threshold")

    def counts(self, threshold):
        """Return how many queries are hits, false reuse, misses and left alone, by name."""
        found = Counter((alike >= threshold, works) for alike, works in self.queries)
        return {name: found[fate] for name, (fate, _) in FATES.items()}

    def _cost(self, threshold):
        counts = self.counts(threshold)
        return self.cost[0] * counts["False reuse"] + self.cost[1] * counts["Misses"]

    def _told(self, threshold):
        listed = "; ".join(
            f"{name.lower()} {count} ({FATES[name][1]})"
            for name, count in self.counts(threshold).items()
        )
        return (
            f"At threshold {threshold:.2f}, of {len(self.queries)} tries: {listed}. "
            f"Cost: {self._cost(threshold):g}."
        )

    def _frame(self, n):
        height = TOP + HIGH * (1 - self._costs[n] / max(1, *self._costs))
        line, told = round(LONG * n / 100, 1), self._told(n / 100)
        return {"line": (line, 0, 1), "dot": (line, round(height, 1), 1), "say": told}

    def _card(self, part=True):
        frame = self._frame(round(100 * self.threshold))
        moves = group(path("M0 -2V190", pen=INK, width=2), frame["line"], part and "line")
        moves += group(path("M0 0h.01", pen=INK, width=9), frame["dot"], part and "dot")
        points = (f"{LONG * n / 100:g} {self._frame(n)['dot'][1]:g}" for n in range(101))
        curve = path(f"M{'L'.join(points)}", pen=INK, width=1.8)
        plot = box(0, TOP, LONG, HIGH, "none", GRID, 1) + curve + self._dots() + moves
        beside = {"works": 22, "fails": 66, "cost": TOP + HIGH / 2}
        plot += "".join(words(LONG + 8, y, text, 12, INK, "start") for text, y in beside.items())
        plot += words(LONG / 2, 218, "threshold", 12, INK)
        plot += "".join(words(LONG * at, 204, f"{at:g}", 12, INK) for at in (0, 0.5, 1))
        track = f'<rect data-steps="100" y="-10" width="{LONG}" height="210" fill="transparent"/>'
        label = "Similarity of each query, and the cost of each threshold"
        return card(LONG + 76, 240, label, group(plot + (track if part else ""), (20, 14, 1)))

    def _dots(self):
        """Return a mark for each query, one above the other where they are equally similar."""
        drawn = ""
        for good, foot in ((True, 34), (False, 80)):
            places = (max(0, round(s * LONG / 4) * 4) for s, works in self.queries if works == good)
            dots = ""
            for x, heap in Counter(places).items():
                for n in range(heap):
                    y = foot - n * min(4, 34 / heap)
                    dots += f"M{x} {y:.3g}h.01" if good else f"M{x - 2} {y - 2:.3g}l4 4m0 -4l-4 4"
            look = LOOKS["worked" if good else "failed"]
            drawn += path(dots, pen=look.colour, width=4.5 if good else 1.3)
        return drawn

    def picture(self):
        """Return the dots and the curve as a ``Picture``."""
        told = f"Threshold explorer. {self._told(self.threshold)}"
        return Picture(self._card(part=False), told)
