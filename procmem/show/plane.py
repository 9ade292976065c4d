"""Requests and skills in a plane of their words: type a request, and see which skill is found."""

from html import escape

import ipywidgets
import numpy as np

from procmem.arguments import function
from procmem.embedding import cosine_similarity
from procmem.episode import partial_state
from procmem.show.picture import group, mark, path, words
from procmem.show.style import GREEN, INK, JOINT, SKY, VERMILLION, Look
from procmem.show.touch import Control
from procmem.show.widget import named, row

WIDE, HIGH, LINE, PAD = 580, 210, 18, 14  # pixels: the plane, a line below it, the edge
TALL, COLUMNS, MOST = HIGH + 8 * LINE, (14, 50, 118), 80  # a card, texts in a line, signs in one
MARKS = {"request": Look(INK, "P"), "right": Look(GREEN, "^")}
MARKS |= {"shadowing": Look(VERMILLION, "s"), "retrieved": Look(SKY, "o")}


class WordPlane(Control):
    """Type a request: where it lies among the skills, and which of them memory would use.

    ``agents`` maps names to agents, chosen above. The facts of ``state`` hold, its request is asked
    first; ``asked(request)`` returns the effect it asks for next, ``None`` if that cannot be told.
    """

    def __init__(self, agents, state, asked):
        self.agents, self.size = dict(named("agents", agents)), (WIDE, TALL)
        self.state = {"request": "", **partial_state("state", state)}
        self.asked, wide = function("asked", asked), {"width": "100%", "max_width": f"{WIDE}px"}
        self.memory = ipywidgets.Dropdown(options=list(agents), description="Memory")
        self.request = ipywidgets.Text(self.state["request"], description="Request", layout=wide)
        super().__init__([row(self.memory), row(self.request)], "words")
        for part in (self.memory, self.request):
            part.observe(lambda _: self.act(self._said), "value")
        self.act(self._said)

    def answer(self, name):
        """Return the ``Answer`` of the agent of that name to the request in the field."""
        if name not in self._answers:
            state = {**self.state, "request": self.request.value}
            wanted = self.asked(self.request.value)
            self._answers[name] = Answer(name, self.agents[name], state, wanted)
        return self._answers[name]

    def _said(self):
        self._answers = {}  # to the present request, by name: the picture needs the same ones
        return escape(self.answer(self.memory.value).said)

    def panels(self, live):
        """Return the plane and the ranking of the chosen agent, or of all."""
        answers = map(self.answer, [self.memory.value] if live else self.agents)
        return [(answer.label, answer.body()) for answer in answers]

    def told(self):
        """Return in words what all agents make of the request."""
        return "Plane of words. " + " ".join(self.answer(name).label for name in self.agents)

    def picture(self):
        """Return the planes and rankings of all agents as a ``Picture``."""
        return super().picture(columns=1)


class Answer:
    """What an agent makes of a request: ``ranking``, ``marks``, ``said``, and a picture of it.

    ``marks`` names the skills that were retrieved, the most similar one that brings about
    ``wanted``, and the one that is used in its place.
    """

    def __init__(self, name, agent, state, wanted):
        self.query = agent.create_embedding(state, ())
        self.skills = [skill for skill in agent.library if skill.applicable(state)]
        self.skills.sort(key=lambda one: -cosine_similarity(self.query, one.embedding))
        decision = agent.select(state, threshold=agent.frozen_threshold)
        self.ranking = [(one.similarity, agent.library[one.name]) for one in decision.candidates]
        self.said = self._mark(decision.skill, wanted)
        if (self.query == agent.create_embedding({**state, "request": ""}, ())).all():
            self.said = f"No word in the field tells this memory anything here. {self.said}"
        found = ", ".join(f"{skill.name} {alike:.2f}" for alike, skill in self.ranking)
        asks = f"{name}, asked: {state['request'][:MOST]}"
        self.name, self.label = name, f"{asks} {self.said} Retrieved: {found}."

    def _mark(self, used, wanted):
        ranked = [skill.name for skill in self.skills]
        right = [skill.name for skill in self.skills if wanted in skill.effects]
        self.marks = dict.fromkeys((skill.name for _, skill in self.ranking), "retrieved")
        best = used if used in right else next(iter(right), None)
        ends = (used, "shadowing"), (best, "right")  # the same skill, if memory is right
        self.marks |= {name: kind for name, kind in ends if name and best}
        said = f"Memory would use {used}" if used else "Memory would explore"
        if best is None:
            return f"{said}; which skill would be right is not known."
        if best == used:
            return f"{said}, and that is right."
        return f"{said}; right would be {best}, number {ranked.index(best) + 1} by likeness."

    def body(self):
        """Return the plane, the ranking and the marks' meaning, as SVG."""
        *dots, here = plane([skill.embedding for skill in self.skills], self.query)
        drawn = words(PAD, LINE, self.name, 13, INK, "start")
        drawn += path("".join(f"M{x} {y}h.01" for x, y in dots), pen=JOINT, width=4)
        drawn += _line((*here, 2.4), "request")  # below the others: it may be where they are
        for skill, place in zip(self.skills[::-1], dots[::-1], strict=True):
            if skill.name in self.marks:
                drawn += _line((*place, 1.6), self.marks[skill.name])
        for n, (similarity, skill) in enumerate(self.ranking, start=1):
            asks = (skill.situation or {}).get("request", "")[:MOST]
            texts = f"{similarity:.2f}", " ".join(skill.effects), asks
            drawn += _line((PAD, HIGH + LINE * (n + 0.5), 1.4), self.marks[skill.name], texts)
        for n, kind in enumerate(MARKS):
            drawn += _line((PAD + 110 * n, HIGH + 7 * LINE, 1.4), kind, (kind,))
        return drawn


def _line(place, kind, texts=()):
    x, y, _ = place
    told = [words(x + COLUMNS[n], y + 4, one, 11, INK, "start") for n, one in enumerate(texts)]
    return group(mark(MARKS[kind], 0, 0), place) + "".join(told)


def plane(vectors, query):
    """Return a place in whole pixels for each vector, where they vary most, and for the query."""
    every, count = np.array([*vectors, query]), len(vectors) or 1
    middle = every[:count].mean(axis=0)
    _, sizes, axes = np.linalg.svd(every[:count] - middle, full_matrices=False)
    flat = np.zeros((len(every), 2))  # where nothing varies, an axis would be any direction
    for n, axis in enumerate(axes[:2][sizes[:2] > 1e-9]):
        flat[:, n] = (every - middle) @ (axis * np.sign(axis[np.abs(axis).argmax()]))
    flat = (flat / (2 * np.abs(flat[:count]).max() or 1)).clip(-0.5, 0.5) + 0.5
    places = np.round(flat * (WIDE - 2 * PAD, HIGH - 2 * PAD - LINE) + (PAD, PAD + LINE))
    return [tuple(map(int, place)) for place in places]
